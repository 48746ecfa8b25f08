"""What the batch server does by itself: pulls by cron, dead letters replayed, news that is owed, indexes mended.

Several batch servers may run: a job is begun by whoever holds its row of `schedule_state`, once for each of its times,
by the database's clock. A job that fails is logged and comes again at its next time; it never ends the schedule.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

import psycopg

from hirehub.kernel.db import Database
from hirehub.kernel.errors import Busy, HirehubError
from hirehub.kernel.settings import Settings
from hirehub.kernel.telemetry import get_logger
from hirehub.services.vectors.domain.cron import Due, due, valid
from hirehub.services.vectors.domain.domains import DOMAINS, by_name
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import indexes, lease
from hirehub.services.vectors.store import schedule as store
from hirehub.services.vectors.usecases import holding, index, recall
from hirehub.services.vectors.usecases.dead_replay import Replayer
from hirehub.services.vectors.usecases.ingest import pull
from hirehub.services.vectors.usecases.notify import CacheInvalidator

TICK: Final = 15.0
"""Seconds between two looks at what is to be done."""

_log = get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """Work that is due at the times of a cron expression."""

    name: str
    cron: str
    run: Callable[[], Awaitable[object]]


@dataclass
class Schedule:
    """The jobs of a batch server: `run` until it is cancelled. `sources` stand in where settings name none."""

    db: Database
    settings: VectorsSettings
    kernel: Settings
    invalidator: CacheInvalidator
    sources: Mapping[str, str] = field(default_factory=dict)
    tick: float = TICK

    def __post_init__(self) -> None:
        """Raises InvalidSettings for a cron expression that is none."""
        self._jobs = {job.name: job for job in self._listed()}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._began: datetime | None = None

    def source(self, domain: str) -> str | None:
        """HOST:PORT of the AI server that scheduled pulls of the domain ask."""
        return self.settings.of(domain).source or self.sources.get(domain)

    def _listed(self) -> list[Job]:
        prefix = "HIREHUB_VECTORS__"
        jobs = []
        for domain in DOMAINS:
            own, source = self.settings.of(domain), self.source(domain)
            for name, cron, full in (("pull", own.cron, False), ("full_pull", own.full_cron, True)):
                if cron:
                    setting = f"{prefix}{domain.upper()}__{'FULL_CRON' if full else 'CRON'}"
                    checked = valid(cron, setting)
                    if source:
                        jobs.append(Job(f"{name}:{domain}", checked, self._pull(domain, source, full=full)))
        if cron := self.settings.dead.replay_cron:
            replayer = Replayer(self.db, self.settings, self.kernel, self.invalidator)
            jobs.append(Job("replay", valid(cron, f"{prefix}DEAD__REPLAY_CRON"), replayer.replay_what_may_pass))
        return jobs

    async def run(self) -> None:
        """Looks again and again at what is to be done; ends when it is cancelled, and its jobs with it."""
        try:
            while True:
                await self._guarded("schedule", self._look)
                await asyncio.sleep(self.tick)
        finally:
            for task in self._tasks.values():
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks.values())

    async def _look(self) -> None:
        """One look: begins what is due."""
        self._tasks = {name: task for name, task in self._tasks.items() if not task.done()}
        names = list(self._jobs)
        async with self.db.transaction() as tx:
            now, states = await store.states(tx, names)
            if missing := [name for name in names if name not in states]:
                await store.enrol(tx, missing)
        self._began = self._began or now
        for name, job in self._jobs.items():
            if name not in self._tasks and self._verdict(job, states.get(name), now) is not Due.NOT_YET:
                await self.claim(job)
        self._begin("news", self._tell_owed)
        self._begin("sweep", self._sweep)
        for domain in DOMAINS:
            self._begin(f"mend:{domain}", partial(self._mend, domain))

    def _verdict(self, job: Job, last: datetime | None, now: datetime) -> Due:
        return due(job.cron, last=last, now=now, began=self._began or now, catch_up=self.settings.catch_up)

    async def claim(self, job: Job) -> None:
        """Begins the job if it is due still, and no other process has begun it."""
        async with self.db.transaction() as tx:
            held = await store.lock(tx, job.name)
            if held is None:
                return
            last, now = held
            verdict = self._verdict(job, last, now)
            if verdict is Due.NOT_YET:
                return
            await store.begin(tx, job.name, now)
        if verdict is Due.NOW:
            _log.info("job_begins", job=job.name)
            self._begin(job.name, job.run)
        elif verdict is Due.MISSED:
            _log.info("job_missed", job=job.name)

    def _begin(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        if name not in self._tasks:
            self._tasks[name] = asyncio.create_task(self._guarded(name, work), name=name)

    async def _guarded(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Runs work whose failure is told in the log and ends nothing else."""
        try:
            await work()
        except Busy as busy:
            _log.info("job_put_off", job=name, reason=busy.message)
        except HirehubError as error:
            _log.warning("job_failed", job=name, error=error.code, reason=error.message, hint=error.hint)
        except psycopg.Error as error:
            _log.warning("job_failed", job=name, error=type(error).__name__, sqlstate=error.sqlstate)
        except Exception as error:  # noqa: BLE001 - one job's fault must not end the others
            _log.error("job_failed", job=name, error=type(error).__name__, at=_place(error))

    def _pull(self, domain: str, source: str, *, full: bool) -> Callable[[], Awaitable[object]]:
        async def run() -> None:
            await pull(
                self.db,
                settings=self.settings,
                kernel_settings=self.kernel,
                domain=domain,
                target=source,
                full=full,
                invalidator=self.invalidator,
            )

        return run

    async def _tell_owed(self) -> None:
        """Tells API servers what they are owed."""
        for told in await self.invalidator.retry_owed():
            if told.error is not None:
                _log.warning("cache_invalidation_owed", target=told.target, reason=told.error)

    async def _sweep(self) -> None:
        """Closes what dead processes left."""
        for run_id in await holding.sweep(self.db, self.settings):
            _log.warning("run_closed", run_id=str(run_id), reason="its process ended")

    async def _mend(self, domain: str) -> None:
        """Builds an index that a load which was cut off has left out. One that differs from the settings works."""
        async with self.db.transaction() as tx:
            if (await index.report(tx, self.settings, domain)).state is not index.IndexState.MISSING:
                return
            held = await lease.holder(tx, domain)
            if (held is not None and held.alive) or await indexes.is_empty(tx, by_name(domain)):
                return
        await index.build(self.kernel, self.settings, domain)
        await recall.check(self.db, self.settings, domain)


def _place(error: Exception) -> str:
    """Where a fault of ours is; not what it says, which may quote a row."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.name}:{frame.lineno}"
