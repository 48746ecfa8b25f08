"""What `job` does by itself: closes posts whose time is over, brings counted views into the posts, forgets old keys."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.idempotency import forget_old
from hirehub.kernel.telemetry import get_logger
from hirehub.services.job.settings import JobSettings
from hirehub.services.job.store import counts
from hirehub.services.job.usecases import posts

_MOST: Final = 500
_DAY: Final = 86_400.0

_log = get_logger(__name__)


async def close_over(db: Database, settings: JobSettings) -> None:
    """Closes posts for ever; several processes share the work."""

    async def once() -> None:
        async with db.transaction() as tx:
            more = await posts.close_over(tx, most=_MOST) == _MOST
        if more:
            await once()

    await _repeat(once, settings.expiry_interval)


async def fold_views(db: Database, settings: JobSettings) -> None:
    """Brings views into posts for ever."""

    async def once() -> None:
        async with db.transaction() as tx:
            await counts.fold(tx, _MOST)

    await _repeat(once, settings.views_interval)


async def forget_keys(db: Database) -> None:
    """Forgets Idempotency-Keys of more than a day ago, for ever."""

    async def once() -> None:
        async with db.transaction() as tx:
            await forget_old(tx)

    await _repeat(once, _DAY / 24)


async def _repeat(once: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await once()
        except HirehubError as error:
            _log.warning("job_work_waits", code=error.code)
        await asyncio.sleep(seconds)
