"""A run from its start to its end: the lease of its domain, its heartbeat, its steps, its last word.

A pull holds its domain; uploads and replays do not need to, since the newest row wins. The heartbeat has a connection
beside the pool, so that busy writers cannot starve it. It sees that the run was asked to stop (the body is told by
`cancelled`, and interrupted if it does not end soon), and that the run is no longer the domain's holder or that the
database has been silent for the length of a lease (the body is interrupted at once).
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import errors as pg

from hirehub.kernel.db import Database, DatabaseBusy, Transaction
from hirehub.kernel.errors import Conflict, HirehubError
from hirehub.kernel.ids import uuid7
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import lease, runs
from hirehub.services.vectors.usecases import dimension, holding
from hirehub.services.vectors.usecases.heartbeat import Heartbeat, Line, Reason

_LEASED = frozenset({"pull"})
_POLL = 0.3
_LAST_WORD = 2.0
_ASKED = "asked to stop"


class RunCancelled(Conflict):
    """The run was asked to stop, and did."""

    code = "run_cancelled"


class RunSession:
    """A run under way. `cancelled` is set when the body should end; what is durable by then stays."""

    def __init__(self, db: Database, settings: VectorsSettings, *, run_id: UUID, domain: str, kind: str) -> None:
        self.id = run_id
        self.domain = domain
        self.kind = kind
        self.token: UUID | None = uuid4() if kind in _LEASED else None
        self.cancelled = asyncio.Event()
        self._db = db
        self._targets = settings.targets()

    def check(self) -> None:
        """Raises RunCancelled once the run is asked to stop."""
        if self.cancelled.is_set():
            raise _cancelled(self)

    @asynccontextmanager
    async def step(self, name: str) -> AsyncGenerator[None]:
        """One of receive, process, notify: begun here, and at the end marked by how the body ended."""
        async with self._db.transaction() as tx:
            await runs.start_step(tx, self.id, name)
        try:
            yield
        except BaseException as error:
            with contextlib.suppress(psycopg.Error, HirehubError, TimeoutError):
                await _finally(self._end_step(name, runs.FAILED, failure_text(error)))
            raise
        await self._end_step(name, runs.SUCCEEDED, None)

    async def skip(self, name: str, why: str) -> None:
        """Marks a step that has nothing to do."""
        await self._end_step(name, runs.SKIPPED, why)

    async def _end_step(self, name: str, status: str, detail: str | None) -> None:
        async with self._db.transaction() as tx:
            await runs.end_step(tx, self.id, name, status, detail)

    async def close(self, status: str, failure: str | None) -> bool:
        """Ends the run and lets go of the domain; False when others had ended it before.

        A run that stored rows and failed has told nobody that answers are stale, so that is owed from here on.
        """
        async with self._db.transaction() as tx:
            if self.token is not None:
                await lease.release(tx, domain=self.domain, token=self.token)
            ended = await runs.finish(tx, self.id, status, failure)
            if ended and status != runs.SUCCEEDED and await runs.stored(tx, self.id):
                await holding.owe_news(tx, self.domain, self._targets)
            return ended


@asynccontextmanager
async def open_run(
    db: Database,
    settings: VectorsSettings,
    *,
    domain: str,
    kind: str,
    source: str,
    options: Mapping[str, Any] | None = None,
    wait: bool = False,
    retried_of: UUID | None = None,
    owner: "asyncio.Task[Any] | None" = None,
    line: Line | None = None,
) -> AsyncGenerator[RunSession]:
    """Begins a run, keeps it alive while the body works, and ends it by how the body ended.

    `owner` is the task that ends the run and may be interrupted, where it is not the one that begins it; `line`
    the connection for its heartbeat, where others use it too. Raises DomainBusy (a pull, when another holds the domain;
    with `wait` only after `ingest.wait` seconds), DimensionMismatch, and at the end LeaseLost or RunCancelled where the
    body was interrupted for that.
    """
    run = RunSession(db, settings, run_id=uuid7(), domain=by_name(domain).name, kind=kind)
    begin = {"source": source, "options": dict(options or {}), "retried_of": retried_of}
    await _begin(db, settings, run, wait=wait, begin=begin)
    heartbeat = Heartbeat(line or Line(db, settings.ingest.lease), run_id=run.id, domain=run.domain, token=run.token)
    heartbeat.start(run.cancelled, owner or asyncio.current_task())
    try:
        yield run
    except BaseException as error:
        reason = await heartbeat.stop(interrupted=isinstance(error, asyncio.CancelledError))
        told = _translate(run, error, reason)
        stopped = isinstance(told, asyncio.CancelledError | KeyboardInterrupt | RunCancelled)
        with contextlib.suppress(psycopg.Error, HirehubError, TimeoutError):
            await _finally(run.close(runs.CANCELLED if stopped else runs.FAILED, failure_text(told)))
        if told is error:
            raise
        raise told from error
    reason = await heartbeat.stop(interrupted=False)
    stopped = run.cancelled.is_set() and reason is not Reason.LOST
    status, failure = (runs.CANCELLED, _ASKED) if stopped else (runs.SUCCEEDED, None)
    if not await run.close(status, failure):
        raise _closed_by_others(run)


async def _begin(
    db: Database, settings: VectorsSettings, run: RunSession, *, wait: bool, begin: Mapping[str, Any]
) -> None:
    """Writes the run, and takes its domain where its kind needs that; asks again until the wait is over."""
    deadline = time.monotonic() + (settings.ingest.wait if wait else 0.0)
    while True:
        try:
            async with db.transaction() as tx:
                await dimension.require(tx, settings, run.domain)
                if run.token is not None:
                    await _claim(tx, settings, run, run.token)
                await runs.insert(tx, run_id=run.id, domain=run.domain, kind=run.kind, **begin)
        except holding.DomainBusy:
            if time.monotonic() >= deadline:
                raise
        except DatabaseBusy as error:
            if not isinstance(error.__cause__, pg.LockNotAvailable) or time.monotonic() >= deadline:
                raise
        else:
            return
        await asyncio.sleep(_POLL)


async def _claim(tx: Transaction, settings: VectorsSettings, run: RunSession, token: UUID) -> None:
    """Takes the domain, and closes the run of a holder that has died; DomainBusy where the holder lives."""
    await holding.hold(tx, run.domain)
    await holding.close_dead(tx, settings, run.domain)
    await lease.take(
        tx,
        domain=run.domain,
        run_id=run.id,
        token=token,
        holder=holding.process_name(),
        seconds=settings.ingest.lease,
    )


def failure_text(error: BaseException) -> str:
    """What is kept of a failure. The text of a foreign error may quote a row, so only its kind is kept."""
    if isinstance(error, HirehubError):
        return error.message
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
        return "stopped by its caller"
    if isinstance(error, psycopg.Error):
        return f"database error {error.sqlstate or type(error).__name__}"
    return type(error).__name__


def _translate(run: RunSession, error: BaseException, reason: Reason | None) -> BaseException:
    """The error as others should see it: an interruption of ours by its reason."""
    if reason is Reason.LOST and isinstance(error, asyncio.CancelledError):
        return _closed_by_others(run)
    if reason is Reason.CANCELLED and isinstance(error, asyncio.CancelledError):
        return _cancelled(run)
    return error


def _cancelled(run: RunSession) -> RunCancelled:
    return RunCancelled(f"The run {run.id} was asked to stop.", hint=f"Go on with: hirehub vectors restart {run.id}")


def _closed_by_others(run: RunSession) -> lease.LeaseLost:
    return lease.LeaseLost(
        f"The run {run.id} was silent for too long and was closed; what it had stored by then stays.",
        hint=f"Go on with: hirehub vectors restart {run.id}",
    )


async def _finally(work: Coroutine[Any, Any, object]) -> None:
    """Does the last write of something that ends, within a few seconds, also when it ends because it is cancelled."""
    task = asyncio.ensure_future(work)
    try:
        async with asyncio.timeout(_LAST_WORD):
            await asyncio.shield(task)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
