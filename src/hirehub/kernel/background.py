"""The two shapes of work that goes on until it is cancelled; an error that we know is logged, and tried again later."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from hirehub.kernel.errors import Broken, HirehubError
from hirehub.kernel.telemetry import get_logger

_log = get_logger(__name__)


class Unforeseen(Broken):
    """Work that broke in a way that nobody has foreseen; the log says where."""

    code = "unforeseen"


def foreseen(error: Exception, *, name: str) -> HirehubError:
    """The error itself, or Unforeseen for one that is none of ours: one bad piece must not end the work on all others.

    The log tells its kind and its place, not its words: they may quote somebody's data.
    """
    if isinstance(error, HirehubError):
        return error
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    _log.error("background_work_broke", work=name, kind=type(error).__name__, where=where)
    return Unforeseen(f"{name} broke ({type(error).__name__}).", hint="The log says where.")


async def heard(event: asyncio.Event, seconds: float) -> None:
    """Waits for the event, so long at most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def every(seconds: float, work: Callable[[], Awaitable[object]], *, name: str) -> None:
    """Does the work now, and again so many seconds after its end, for ever. What it returns tells whether there is more
    to do at once.
    """
    await drained(work, news=asyncio.Event(), seconds=seconds, name=name)


async def drained(work: Callable[[], Awaitable[object]], *, news: asyncio.Event, seconds: float, name: str) -> None:
    """Works until `work` returns nothing that is true, then waits for news or so many seconds, for ever."""
    while True:
        news.clear()
        try:
            while await work():
                pass
        except HirehubError as error:
            _log.warning("background_work_waits", work=name, code=error.code)
        await heard(news, seconds)
