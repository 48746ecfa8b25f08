"""How the bus waits: between attempts, and for its last work when the process ends."""

import asyncio
import random
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final

from hirehub.kernel.bus.settings import BusSettings
from hirehub.kernel.errors import HirehubError

LAST_SECONDS: Final = 1.0
"""That work under way gets when the process ends."""


def backoff(settings: BusSettings, failed: int) -> float:
    """Seconds before the attempt after that many failed ones: doubled each time, up to half of it left to chance."""
    return spread(min(settings.backoff_limit, settings.backoff * 2.0 ** min(failed - 1, 30)))


def spread(seconds: float) -> float:
    """Up to half of a time left to chance, so that what began together does not come together for ever."""
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - keeps no secret


async def in_time(work: Awaitable[object]) -> None:
    """Last work of a task that is cancelled: what does not succeed now is done by who comes next."""
    with suppress(TimeoutError, HirehubError):
        async with asyncio.timeout(LAST_SECONDS):
            await work
