"""One stream of messages into lanes: the receiver never waits for a computation, the readers never for the wire.

A task receives into a bounded inbox; another has its messages read in a worker thread and hands the groups to the
lanes. Rows that fill no group are stored when the oldest has waited for a second, so what was received is soon durable.
While the sender takes its time nothing is held: what has come is stored, and the slot given back (see `slots`). A
cancellation ends the stream and not the storing: what has come by then is stored first, for a bounded time.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Final, Protocol

from hirehub.kernel.errors import HirehubError
from hirehub.kernel.grpc import CallCancelled, StreamIdle
from hirehub.services.vectors.pipeline.computing import compute
from hirehub.services.vectors.pipeline.faults import reach
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.inbox import Inbox
from hirehub.services.vectors.pipeline.reading import Reader
from hirehub.services.vectors.settings import IngestSettings
from hirehub.services.vectors.usecases.slots import Slot, unbounded

_AGE_SECONDS: Final = 1.0
"""Rows that have waited for so long are stored, though they fill no group; so long may a slot be held for a sender."""
_LAST_SECONDS: Final = 1.0
"""What has come when a load is cancelled gets so long to be stored."""
_INBOX_SHARE: Final = 4
"""The inbox holds bytes_per_write / this."""


class Lanes(Protocol):
    """Where the groups go: a `Lane`, or several by domain."""

    async def put(self, group: Group) -> None:
        """Takes a group, when there is room."""

    async def drain(self) -> None:
        """Waits until all that was put is durable."""


Translate = Callable[[Exception], HirehubError | None]
"""The product's word for an error of the transport; None for any other error."""


class Receiver:
    """Carries streams into lanes. `received` counts the bytes."""

    def __init__(
        self,
        reader: Reader,
        settings: IngestSettings,
        lanes: Lanes,
        *,
        idle: float,
        slot: Slot | None = None,
        translate: Translate | None = None,
    ) -> None:
        """`idle`: seconds without a row after which the stream is given up, whatever else it brings."""
        self.received = 0
        self._idle = idle
        self._rows_at = self._read_at = time.monotonic()
        self._slot = slot or unbounded()
        self._reader = reader
        self._settings = settings
        self._lanes = lanes
        self._translate = translate

    async def carry(self, messages: AsyncIterator[bytes]) -> HirehubError | None:
        """Stores all rows of a stream; when it returns or raises, whatever of them can be durable is.

        Cancelled, it takes no more and gives what has come a second; what is not stored by then is left out.

        Returns the error by which the transport ended the stream, None for a good end; raises what is wrong with the
        messages themselves. After a broken stream the rows of the last id are left out, since more of them may have
        been on their way; they will be asked for again.
        """
        self._rows_at = time.monotonic()
        inbox = Inbox(max(1, self._settings.bytes_per_write // _INBOX_SHARE))
        receiving = asyncio.create_task(self._receive(messages, inbox))
        receiving.add_done_callback(lambda _: inbox.close())
        storing = asyncio.create_task(self._store(inbox, receiving))
        try:
            return await asyncio.shield(storing)
        except asyncio.CancelledError:
            receiving.cancel()
            await asyncio.wait({storing}, timeout=_LAST_SECONDS)
            raise
        finally:
            receiving.cancel()
            storing.cancel()
            await asyncio.wait({receiving, storing})

    async def _store(self, inbox: Inbox, receiving: "asyncio.Task[HirehubError | None]") -> HirehubError | None:
        """Stores what comes until the receiving ends, however it does."""
        wrong = await self._read(inbox)
        if wrong is not None:
            receiving.cancel()
        await asyncio.wait({receiving})
        broken = wrong or _end_of(receiving)
        await self._put(self._reader.flush(whole=broken is None))
        await self._lanes.drain()
        if wrong is not None:
            raise wrong
        return broken

    async def _receive(self, messages: AsyncIterator[bytes], inbox: Inbox) -> HirehubError | None:
        try:
            async for message in messages:
                reach("after_receive")
                self.received += len(message)
                if message:
                    await self._slot.take()
                await inbox.put(message)
        except HirehubError as error:
            return error
        except Exception as error:
            told = self._translate(error) if self._translate else None
            if told is None:
                raise
            return told
        return None

    async def _read(self, inbox: Inbox) -> HirehubError | None:
        """Reads until the last message; returns early with what is wrong with one."""
        while True:
            messages = await inbox.take(self._patience())
            if messages:
                result = await compute(partial(self._reader.read, messages))
                await self._put(result.groups)
                wrong = result.error or self._idling(result.rows)
                if wrong is not None:
                    return wrong
            elif messages is not None:
                return None
            since = self._reader.since
            if messages is None or (since is not None and time.monotonic() >= since + _AGE_SECONDS):
                await self._put(self._reader.flush(whole=False))
            if messages is None:
                await self._lanes.drain()
                if inbox.empty:
                    self._slot.give_back()

    def _patience(self) -> float | None:
        """Seconds that the next message may take before what has come is stored; None where nothing is held for it."""
        since = self._reader.since
        if since is None and not self._slot.held:
            return None
        if self._slot.wanted:
            return 0.0
        return (self._read_at if since is None else since) + _AGE_SECONDS - time.monotonic()

    def _idling(self, rows: int) -> HirehubError | None:
        """What is to be said of a stream that goes on and on without a row. Time that the storing takes is not its."""
        self._read_at = time.monotonic()
        if rows:
            self._rows_at = self._read_at
        if self._read_at <= self._rows_at + self._idle:
            return None
        return StreamIdle(f"no row came for {self._idle:g} seconds", hint="Send rows, or end the stream.")

    async def _put(self, groups: Sequence[Group]) -> None:
        for group in groups:
            await self._lanes.put(group)


def _end_of(receiving: "asyncio.Task[HirehubError | None]") -> HirehubError | None:
    """How the receiving ended. A call that we cancel ourselves ends its reader's task."""
    if receiving.cancelled():
        return CallCancelled("The call was ended from here.")
    return receiving.result()


@contextlib.asynccontextmanager
async def told_to_stop(asked: asyncio.Event, stop: Callable[[], object]) -> AsyncIterator[None]:
    """Calls `stop` when the event is set while the block runs."""

    async def watch() -> None:
        await asked.wait()
        stop()

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait({watching})
