"""The model of a process: opened once, apart from the loop that serves requests."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from hirehub.kernel.errors import HirehubError
from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.embedding.errors import ModelUnavailable, NoModel
from hirehub.services.ai.embedding.local import LocalEmbedder
from hirehub.services.ai.embedding.opening import open_embedder
from hirehub.services.ai.embedding.port import Embedder
from hirehub.services.ai.settings import ModelSettings

T = TypeVar("T")

_AGAIN_SECONDS: Final = 30.0
"""After a model could not be opened, until it is tried again."""

_log = get_logger(__name__)


class Model:
    """Opens the model that the settings name with the first need of it, and keeps it."""

    def __init__(self, settings: ModelSettings, data_dir: Path) -> None:
        self._settings, self._data_dir = settings, data_dir
        self._opening = asyncio.Lock()
        self._found: Embedder | None = None
        self._failed: tuple[float, HirehubError] | None = None

    async def opened(self) -> Embedder:
        """The model. NoModel where there is none, ModelUnavailable where it cannot be had or used now."""
        async with self._opening:
            if self._found is None:
                if self._failed is not None and monotonic() < self._failed[0]:
                    raise self._failed[1]
                try:
                    self._found = await _apart(partial(open_embedder, self._settings, self._data_dir))
                except HirehubError as error:
                    told = _unavailable(error)
                    self._failed = (monotonic() + _AGAIN_SECONDS, told)
                    raise told from None
            return self._found

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The texts' vectors; errors as of `opened`."""
        found = await self.opened()
        work = partial(found.embed, texts)
        try:
            return await (asyncio.to_thread(work) if isinstance(found, LocalEmbedder) else _apart(work))
        except HirehubError as error:
            raise _unavailable(error) from None

    async def prepare(self) -> None:
        """Opens the model ahead of its first use, and tells where that fails."""
        try:
            await self.opened()
        except HirehubError as error:
            _log.warning("no_model", code=error.code, reason=error.message)


def _unavailable(error: HirehubError) -> HirehubError:
    """A model that is wrong is our fault, not that of who sent texts."""
    if isinstance(error, NoModel | ModelUnavailable):
        return error
    return ModelUnavailable(error.message, hint=error.hint)


async def _apart(work: Callable[[], T]) -> T:
    """Works in a thread that nobody waits for at the end of the process: a hub or an endpoint may take minutes."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(found: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(found)  # type: ignore[arg-type]  # None only beside an error

    def run() -> None:
        found, failure = None, None
        try:
            found = work()
        except BaseException as error:  # noqa: BLE001 - handed to who waits
            failure = error
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, found, failure)

    threading.Thread(target=run, name="ai-model", daemon=True).start()
    return await done
