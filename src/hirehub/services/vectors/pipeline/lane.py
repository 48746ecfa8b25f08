"""Several transactions at once, committed in the order in which their rows came.

A group is stored by one of a few writers; before it moves the checkpoint and commits it waits for its turn, the commit
of the group before it. So the checkpoint never passes a gap. That wait is invisible to PostgreSQL, which finds circles
of locks only; it is bounded, and a group whose turn does not come lets go of everything and starts over when it is
there. A group that shares an id with one under way starts after it. All waiting is bounded by the queue: a caller
that brings groups faster than they are stored waits in `put`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from psycopg import errors as pg

from hirehub.kernel.db import Database, DatabaseBusy, DatabaseUnavailable, Transaction
from hirehub.services.vectors.domain.domains import Domain
from hirehub.services.vectors.pipeline.backoff import delay
from hirehub.services.vectors.pipeline.faults import reach
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.storing import Outcome, store_group
from hirehub.services.vectors.settings import IngestSettings
from hirehub.services.vectors.store import rows

TURN_SECONDS: Final = 2.0
"""How long a group holds its locks while it waits for its turn; less than others wait for a lock."""

Seal = Callable[[Transaction, Group, Outcome], Awaitable[None]]
"""The last writes of a group's transaction: dead letters, progress, checkpoint."""
Counted = Callable[[Transaction], Awaitable[int]]
"""The rows that the seals of this load have counted so far; waits for a seal that is being committed."""
Committed = Callable[[Group, Outcome], None]


class _TurnTooLate(Exception):
    """The turn did not come while the group's locks could be held."""


@dataclass(eq=False)
class _Job:
    """A group on its way."""

    group: Group
    upto: int
    """Rows of the load up to the group's last: once so many are counted, the group has committed."""
    fast: bool
    previous: "asyncio.Future[None] | None"
    """Done when the group before it has committed."""
    sharing: "list[asyncio.Future[None]]"
    """Done when the groups under way that share an id with it have committed."""
    done: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    sealed: Outcome | None = None
    """What the transaction stored whose commit was asked for."""


class Lane:
    """Stores the groups of one domain that one load brings: `async with Lane(...) as lane: await lane.put(group)`."""

    def __init__(self, db: Database, settings: IngestSettings, domain: Domain, *, seal: Seal, counted: Counted) -> None:
        self.committed: Committed | None = None
        """Called after each commit, in the order of the groups."""
        self._db = db
        self._settings = settings
        self._domain = domain
        self._seal = seal
        self._counted = counted
        self._received = 0
        self._queue: asyncio.Queue[_Job] = asyncio.Queue(settings.queue)
        self._open: list[_Job] = []
        self._last: asyncio.Future[None] | None = None
        self._greatest = b""
        self._failure: BaseException | None = None
        self._writers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self._learn_greatest()
        async with self._db.transaction() as tx:
            self._received = await self._counted(tx)
        self._writers = [
            asyncio.create_task(self._work(), name=f"writer of {self._domain.name} {number}")
            for number in range(self._settings.writers)
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the writers; what they have not committed is rolled back. `drain` first to keep it."""
        for writer in self._writers:
            writer.cancel()
        if self._writers:
            await asyncio.wait(self._writers)

    async def put(self, group: Group) -> None:
        """Hands over a settled group; waits while the queue is full. Raises what made an earlier group fail."""
        if self._failure is not None:
            raise self._failure
        fast = bool(group.ids) and group.ids[0] > self._greatest
        if group.ids:
            self._greatest = max(self._greatest, group.ids[-1])
        self._received += group.received
        sharing = [other.done for other in self._open if _share(other.group, group)]
        job = _Job(group, self._received, fast, self._last, sharing)
        self._open.append(job)
        self._last = job.done
        await self._queue.put(job)

    async def drain(self) -> None:
        """Waits until every group handed over is durable; raises what made one fail."""
        if self._last is not None:
            await asyncio.shield(self._last)

    async def _work(self) -> None:
        while True:
            job = await self._queue.get()
            try:
                if self._failure is not None:
                    raise self._failure
                await self._store(job)
            except asyncio.CancelledError:
                job.done.cancel()
                raise
            except Exception as error:  # noqa: BLE001 - whoever puts or drains gets it
                self._failure = self._failure or error
                job.done.set_exception(error)
                job.done.exception()
            else:
                job.done.set_result(None)
            finally:
                self._open.remove(job)

    async def _store(self, job: _Job) -> None:
        """Stores one group, trying again where that may pass; raises where it cannot."""
        for other in job.sharing:
            await asyncio.shield(other)
        failures, in_turn = 0, False
        while True:
            try:
                if in_turn and job.previous is not None:
                    await asyncio.shield(job.previous)
                outcome = await self._attempt(job, in_turn=in_turn)
                break
            except _TurnTooLate:
                in_turn = True
            except (DatabaseBusy, DatabaseUnavailable, pg.IdleInTransactionSessionTimeout):
                in_turn = True
                failures += 1
                if job.sealed is not None and await self._has_committed(job):
                    outcome = job.sealed
                    break
                if failures >= self._settings.attempts:
                    raise
                await asyncio.sleep(delay(self._settings, failures))
        reach("after_commit")
        if self.committed is not None:
            self.committed(job.group, outcome)
        if job.fast and not outcome.copied:
            await self._learn_greatest()

    async def _attempt(self, job: _Job, *, in_turn: bool) -> Outcome:
        job.sealed = None
        async with self._db.transaction() as tx:
            reach("after_begin")
            outcome = await store_group(tx, job.group, fast=job.fast)
            if not in_turn:
                await _turn(job)
            reach("after_turn")
            await self._seal(tx, job.group, outcome)
            job.sealed = outcome
            reach("before_commit")
        return outcome

    async def _has_committed(self, job: _Job) -> bool:
        """Whether a commit whose answer was lost has happened.

        The load's own books tell it, as groups commit in order. PostgreSQL's word about a transaction's number would
        not do: a server that was killed may give the number of one that it lost to another, which commits.
        """
        failures = 0
        while True:
            try:
                async with self._db.transaction() as tx:
                    return await self._counted(tx) >= job.upto
            except (DatabaseBusy, DatabaseUnavailable):
                failures += 1
                if failures >= self._settings.attempts:
                    raise
                await asyncio.sleep(delay(self._settings, failures))

    async def _learn_greatest(self) -> None:
        async with self._db.transaction() as tx:
            found: UUID | None = await rows.greatest_id(tx, self._domain)
        if found is not None:
            self._greatest = max(self._greatest, found.bytes)


async def _turn(job: _Job) -> None:
    """Waits for the commit of the group before, while our own transaction is open, but not for ever."""
    if job.previous is None:
        return
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await asyncio.shield(job.previous)
    except TimeoutError:
        raise _TurnTooLate from None


def _share(one: Group, other: Group) -> bool:
    """Whether two settled groups have an id in common."""
    if not one.ids or not other.ids or one.ids[-1] < other.ids[0] or other.ids[-1] < one.ids[0]:
        return False
    return not set(one.ids).isdisjoint(other.ids)
