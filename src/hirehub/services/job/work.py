"""What `job` does by itself: closes posts whose time or company is over, brings counted views into the posts."""

from typing import Final

from hirehub.kernel.background import every
from hirehub.kernel.db import Database
from hirehub.services.job.settings import JobSettings
from hirehub.services.job.store import counts
from hirehub.services.job.usecases import posts

_MOST: Final = 500


async def close_over(db: Database, settings: JobSettings) -> None:
    """Closes posts for ever; several processes share the work."""

    async def more() -> bool:
        async with db.transaction() as tx:
            over, left = await posts.close_over(tx, most=_MOST), await posts.close_left(tx, most=_MOST)
            return _MOST in (over, left)

    await every(settings.expiry_interval, more, name="job.expiry")


async def fold_views(db: Database, settings: JobSettings) -> None:
    """Brings views into posts for ever, all of them each time."""

    async def more() -> bool:
        async with db.transaction() as tx:
            return await counts.fold(tx, _MOST) > 0

    await every(settings.views_interval, more, name="job.views")
