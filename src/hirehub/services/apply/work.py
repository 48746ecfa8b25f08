"""What `apply` does by itself: lets held rejections come."""

from typing import Final

from hirehub.kernel.background import every
from hirehub.kernel.db import Database
from hirehub.services.apply.settings import ApplySettings
from hirehub.services.apply.usecases import applications

_MOST: Final = 100


async def release_held(db: Database, settings: ApplySettings) -> None:
    """Lets rejections come for ever; several processes share the work."""

    async def more() -> bool:
        async with db.transaction() as tx:
            return await applications.release(tx, most=_MOST) == _MOST

    await every(settings.hold_interval, more, name="apply.held")
