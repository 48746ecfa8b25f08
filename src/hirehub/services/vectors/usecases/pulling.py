"""The receiving part of a pull: streams of an AI server, one after the other, until all of it is durable.

A stream that breaks is asked for again from behind the last row that is durable, with back-off; attempts are counted
between two moments of progress. Progress is what another attempt builds on: a durable position beyond the one asked
for or, of rows in any order, new rows stored. Rows that come again are none, however many. Whatever ends it, what was
committed stays and the checkpoint is true.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import grpc

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import GET_EMBEDDINGS
from hirehub.kernel.clock import Clock, SystemClock
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError, Kind, Unavailable
from hirehub.kernel.grpc import StreamIdle, from_rpc_error, open_channel, within_idle
from hirehub.kernel.settings import Settings
from hirehub.kernel.telemetry import get_logger
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.pipeline.arrivals import Arrivals
from hirehub.services.vectors.pipeline.backoff import delay
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.lane import Lane
from hirehub.services.vectors.pipeline.reading import Reader
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.storing import Outcome
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import checkpoint
from hirehub.services.vectors.usecases.ledger import Ledger
from hirehub.services.vectors.usecases.receiving import Receiver, told_to_stop
from hirehub.services.vectors.usecases.runs import RunSession

_log = get_logger(__name__)

_MAY_PASS: Final = frozenset({Kind.BUSY, Kind.UNAVAILABLE, Kind.BROKEN})
_NEVER_PASSES: Final = "UNIMPLEMENTED"


class StreamGivenUp(Unavailable):
    """The stream broke again and again without bringing a new row."""

    code = "stream_given_up"


@dataclass(frozen=True)
class Progress:
    """How far a pull has come."""

    counts: Counts
    received_bytes: int


@dataclass(frozen=True)
class Received:
    """What came of a pull that has ended well."""

    counts: Counts
    checkpoint: UUID | None
    size: int
    """Bytes of messages."""
    breaks: int
    """Streams that broke on the way."""
    seconds: float


Told = Callable[[Progress], None]


class Pull:
    """The receiving part of one run."""

    def __init__(
        self,
        db: Database,
        settings: VectorsSettings,
        kernel: Settings,
        run: RunSession,
        target: str,
        *,
        clock: Clock | None = None,
        progress: Told | None = None,
    ) -> None:
        self.counts = Counts()
        self._db = db
        self._settings = settings
        self._kernel = kernel
        self._run = run
        self._target = target
        self._clock = clock or SystemClock()
        self._progress = progress
        self._domain = by_name(run.domain)
        self._start: bytes | None = None
        self._greatest: bytes | None = None
        self._breaks = 0
        self._receiver: Receiver | None = None

    async def receive(self, *, full: bool, unordered: bool) -> Received:
        """Streams until the server says that all was sent, and all of it is durable.

        Raises StreamGivenUp, OutOfOrder, RunCancelled and whatever else the stream or the database did.
        """
        began = time.monotonic()
        if not full:
            async with self._db.transaction() as tx:
                start = await checkpoint.read(tx, self._domain)
            self._start = start.bytes if start else None
        ledger = Ledger(
            self._run.id, self._run.token, self._domain, moves=not unordered, targets=self._settings.targets()
        )
        rules = {self._domain.name: Rules.of(self._settings, self._domain.name)}
        reader = Reader(rules, self._settings.ingest, Arrivals(self._clock).next, ordered=not unordered)
        lane = Lane(self._db, self._settings.ingest, self._domain, seal=ledger.seal, counted=ledger.counted)
        lane.committed = self._committed
        async with lane, open_channel(self._target, self._kernel.grpc) as channel:
            await self._until_done(channel, reader, lane, unordered=unordered)
        if unordered and self._greatest is not None:
            async with self._db.transaction() as tx:
                await ledger.move(tx, Counts(), UUID(bytes=self._greatest))
        position = max(self._start or b"", self._greatest or b"")
        return Received(
            counts=self.counts,
            checkpoint=UUID(bytes=position) if position else None,
            size=self._size,
            breaks=self._breaks,
            seconds=round(time.monotonic() - began, 3),
        )

    async def _until_done(self, channel: grpc.aio.Channel, reader: Reader, lane: Lane, *, unordered: bool) -> None:
        failures = 0
        self._receiver = receiver = Receiver(
            reader, self._settings.ingest, lane, idle=self._kernel.grpc.idle_timeout, translate=self._translate
        )
        while True:
            stored, position = self.counts.stored, self._position(unordered=unordered)
            reader.restart(position)
            broken = await self._stream(channel, receiver, position)
            if broken is None:
                return
            self._run.check()
            if not _may_pass(broken):
                raise broken
            moved = self.counts.stored > stored if unordered else self._position(unordered=False) != position
            failures = 0 if moved else failures + 1
            await self._pause(broken, failures)

    def _position(self, *, unordered: bool) -> bytes | None:
        """What a stream is asked to go on from: the last durable id; for rows in any order, where the load began."""
        return self._start if unordered else self._greatest or self._start

    async def _stream(
        self, channel: grpc.aio.Channel, receiver: Receiver, position: bytes | None
    ) -> HirehubError | None:
        """One call; when it returns, all rows that were handed over are durable. The error that broke it, or None."""
        request = pb.StreamEmbeddingRequest(
            last_processed_uuid=str(UUID(bytes=position)) if position else "",
            chunk_size=self._settings.ingest.chunk_rows,
            domain=self._domain.name,
        )
        method: grpc.aio.UnaryStreamMultiCallable[bytes, bytes] = channel.unary_stream(GET_EMBEDDINGS)
        call = method(request.SerializeToString())
        try:
            messages = within_idle(call, self._kernel.grpc.idle_timeout, self._target)
            async with told_to_stop(self._run.cancelled, call.cancel):
                return await receiver.carry(messages)
        finally:
            call.cancel()

    async def _pause(self, broken: HirehubError, failures: int) -> None:
        """Waits before the next attempt, or gives up; ends at once when the run is asked to stop."""
        self._breaks += 1
        ingest = self._settings.ingest
        if failures >= ingest.attempts:
            raise StreamGivenUp(
                f"{self._target} broke off {failures} times in a row without a new row: {broken.message}",
                hint="What is stored stays; run the same command again to go on from there.",
            ) from broken
        seconds = delay(ingest, max(1, failures))
        _log.warning("stream_broken", domain=self._domain.name, reason=broken.message, failures=failures, wait=seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._run.cancelled.wait()
        self._run.check()

    @property
    def _size(self) -> int:
        return self._receiver.received if self._receiver else 0

    def _committed(self, group: Group, outcome: Outcome) -> None:
        """Notes what is durable; groups commit in the order of the stream."""
        self.counts += outcome.counts
        position = group.position
        if position is not None:
            self._greatest = max(self._greatest or b"", position)
        if self._progress is not None:
            self._progress(Progress(self.counts, self._size))

    def _translate(self, error: Exception) -> HirehubError | None:
        return from_rpc_error(error, self._target) if isinstance(error, grpc.aio.AioRpcError) else None


def _may_pass(error: HirehubError) -> bool:
    """Whether asking again may help."""
    if error.facts.get("status") == _NEVER_PASSES:
        return False
    return error.kind in _MAY_PASS or isinstance(error, StreamIdle)
