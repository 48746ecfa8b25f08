"""Takes rows that are pushed: the same lane as a pull, without a checkpoint and without the domain's lease.

The newest row wins, row by row, so an upload needs no lease beside a pull. A stream may hold rows of both domains; each
gets a run of its own, begun with its first row. What came before a message that cannot be read stays stored, and so
does what came before the sender went away: the last rows are stored, and begin a run, while the upload is being ended.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Final

from hirehub.contracts.vectors import DOMAINS
from hirehub.kernel.clock import Clock, SystemClock
from hirehub.kernel.db import Database
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.domain.deadletters import Cause
from hirehub.services.vectors.pipeline.arrivals import Arrivals
from hirehub.services.vectors.pipeline.faults import reach
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.lane import Lane
from hirehub.services.vectors.pipeline.reading import Reader
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.storing import Outcome
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases.after import finish_load
from hirehub.services.vectors.usecases.heartbeat import Line
from hirehub.services.vectors.usecases.ledger import Ledger
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from hirehub.services.vectors.usecases.receiving import Receiver
from hirehub.services.vectors.usecases.runs import RunSession, open_run
from hirehub.services.vectors.usecases.slots import Slot

_DIMENSIONS_TOLD: Final = 5


@dataclass(frozen=True)
class UploadSummary:
    """The fate of all rows of an upload, and one line that tells it to the sender."""

    counts: Counts
    message: str


@dataclass
class _Domain:
    """What an upload has of one domain."""

    rules: Rules
    run: RunSession
    lane: Lane
    counts: Counts = field(default_factory=Counts)
    dimensions: Counter[int] = field(default_factory=Counter)
    """Of the vectors that were refused for it."""

    def committed(self, _: Group, outcome: Outcome) -> None:
        """Notes what is durable."""
        self.counts += outcome.counts
        wrong = (letter for letter in outcome.letters if letter.cause is Cause.WRONG_DIMENSION)
        self.dimensions.update(letter.dimension or 0 for letter in wrong)

    def told(self) -> str:
        """The fate of its rows in one line."""
        counts = self.counts
        line = f"{self.rules.domain.name}: {counts.received} rows, {counts.stored} stored, {counts.skipped} skipped"
        if not counts.dead:
            return line
        causes = [self._cause(cause, number) for cause, number in sorted(counts.causes.items())]
        return f"{line}, {counts.dead} dead-lettered ({'; '.join(causes)})"

    def _cause(self, cause: str, number: int) -> str:
        if cause != Cause.WRONG_DIMENSION:
            return f"{cause} {number}"
        seen = [str(dimension) for dimension, _ in self.dimensions.most_common(_DIMENSIONS_TOLD)]
        more = " and others" if len(self.dimensions) > _DIMENSIONS_TOLD else ""
        return f"{cause} {number}: {', '.join(seen)}{more} floats instead of {self.rules.dimension}"


class _Upload:
    """The lanes of one upload, made in the task that ends it. A domain's is opened when its first rows come."""

    def __init__(
        self,
        db: Database,
        settings: VectorsSettings,
        source: str,
        *,
        runs: AsyncExitStack,
        lanes: AsyncExitStack,
        line: Line | None,
    ) -> None:
        self.domains: dict[str, _Domain] = {}
        self._db = db
        self._settings = settings
        self._source = source
        self._runs = runs
        self._lanes = lanes
        self._line = line
        self._owner = asyncio.current_task()

    async def put(self, group: Group) -> None:
        """Hands a group to the lane of its domain."""
        name = group.rules.domain.name
        if name not in self.domains:
            self.domains[name] = await self._open(group.rules)
        await self.domains[name].lane.put(group)

    async def drain(self) -> None:
        """Waits for all lanes."""
        for domain in self.domains.values():
            await domain.lane.drain()

    async def _open(self, rules: Rules) -> _Domain:
        """Begins the run of a domain."""
        domain, db, settings = rules.domain, self._db, self._settings
        run = await self._runs.enter_async_context(
            open_run(
                db,
                settings,
                domain=domain.name,
                kind="push",
                source=self._source,
                owner=self._owner,
                line=self._line,
            )
        )
        await self._lanes.enter_async_context(run.step("receive"))
        ledger = Ledger(run.id, run.token, domain, moves=False, targets=settings.targets())
        lane = Lane(db, settings.ingest, domain, seal=ledger.seal, counted=ledger.counted)
        opened = _Domain(rules, run, lane)
        lane.committed = opened.committed
        await self._lanes.enter_async_context(lane)
        return opened


async def receive(
    db: Database,
    messages: AsyncIterator[bytes],
    *,
    settings: VectorsSettings,
    kernel_settings: Settings,
    source: str = "upload",
    invalidator: CacheInvalidator | None = None,
    clock: Clock | None = None,
    slot: Slot | None = None,
    line: Line | None = None,
) -> UploadSummary:
    """Stores the rows of RowChunk messages; when it returns, each has got its fate and it is durable.

    `slot` and `line` are its share of what bounds the uploads of a process. Raises what is wrong with a message
    (UnreadableMessage) or with the stream; the rows before it stay.
    """
    rules = {name: Rules.of(settings, name) for name in DOMAINS}
    reader = Reader(rules, settings.ingest, Arrivals(clock or SystemClock()).next, ordered=False)
    async with AsyncExitStack() as runs:
        async with AsyncExitStack() as lanes:
            upload = _Upload(db, settings, source, runs=runs, lanes=lanes, line=line)
            idle = kernel_settings.grpc.idle_timeout
            broken = await Receiver(reader, settings.ingest, upload, idle=idle, slot=slot).carry(messages)
            if broken is not None:
                raise broken
        for domain in upload.domains.values():
            reach("before_end")
            await finish_load(
                domain.run,
                db=db,
                kernel=kernel_settings,
                settings=settings,
                stored=domain.counts.stored,
                invalidator=invalidator,
            )
    domains = upload.domains.values()
    return UploadSummary(
        sum((domain.counts for domain in domains), Counts()),
        "; ".join(domain.told() for domain in domains) or "no rows came",
    )
