"""What `apply` does by itself: lets held rejections come, forgets old keys."""

from typing import Final

from hirehub.kernel.background import every
from hirehub.kernel.db import Database
from hirehub.kernel.http.idempotency import forget_old
from hirehub.services.apply.settings import ApplySettings
from hirehub.services.apply.usecases import applications

_MOST: Final = 100
_HOUR: Final = 3_600.0


async def release_held(db: Database, settings: ApplySettings) -> None:
    """Lets rejections come for ever; several processes share the work."""

    async def more() -> bool:
        async with db.transaction() as tx:
            return await applications.release(tx, most=_MOST) == _MOST

    await every(settings.hold_interval, more, name="apply.held")


async def forget_keys(db: Database) -> None:
    """Forgets Idempotency-Keys of more than a day ago, for ever."""

    async def all_old() -> None:
        async with db.transaction() as tx:
            await forget_old(tx)

    await every(_HOUR, all_old, name="apply.keys")
