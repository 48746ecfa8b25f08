"""What `apply` does by itself: lets held rejections come, forgets old keys."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.idempotency import forget_old
from hirehub.kernel.telemetry import get_logger
from hirehub.services.apply.settings import ApplySettings
from hirehub.services.apply.usecases import applications

_MOST: Final = 100
_HOUR: Final = 3_600.0

_log = get_logger(__name__)


async def release_held(db: Database, settings: ApplySettings) -> None:
    """Lets rejections come for ever; several processes share the work."""

    async def once() -> None:
        more = True
        while more:
            async with db.transaction() as tx:
                more = await applications.release(tx, most=_MOST) == _MOST

    await _repeat(once, settings.hold_interval)


async def forget_keys(db: Database) -> None:
    """Forgets Idempotency-Keys of more than a day ago, for ever."""

    async def once() -> None:
        async with db.transaction() as tx:
            await forget_old(tx)

    await _repeat(once, _HOUR)


async def _repeat(once: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await once()
        except HirehubError as error:
            _log.warning("apply_work_waits", code=error.code)
        await asyncio.sleep(seconds)
