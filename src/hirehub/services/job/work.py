"""What `job` does by itself: closes posts whose time is over, brings counted views into the posts, forgets old keys."""

from typing import Final

from hirehub.kernel.background import every
from hirehub.kernel.db import Database
from hirehub.kernel.http.idempotency import forget_old
from hirehub.services.job.settings import JobSettings
from hirehub.services.job.store import counts
from hirehub.services.job.usecases import posts

_MOST: Final = 500
_HOUR: Final = 3_600.0


async def close_over(db: Database, settings: JobSettings) -> None:
    """Closes posts for ever; several processes share the work."""

    async def more() -> bool:
        async with db.transaction() as tx:
            return await posts.close_over(tx, most=_MOST) == _MOST

    await every(settings.expiry_interval, more, name="job.expiry")


async def fold_views(db: Database, settings: JobSettings) -> None:
    """Brings views into posts for ever, all of them each time."""

    async def more() -> bool:
        async with db.transaction() as tx:
            return await counts.fold(tx, _MOST) > 0

    await every(settings.views_interval, more, name="job.views")


async def forget_keys(db: Database) -> None:
    """Forgets Idempotency-Keys of more than a day ago, for ever."""

    async def all_old() -> None:
        async with db.transaction() as tx:
            await forget_old(tx)

    await every(_HOUR, all_old, name="job.keys")
