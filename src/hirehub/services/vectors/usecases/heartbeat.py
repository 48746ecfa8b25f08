"""Keeps a run alive in the database's eyes, over a connection beside the pool, so that busy writers cannot starve it.

Every third of a lease it renews lease and heartbeat and looks whether the run was asked to stop. It interrupts the
task that does the work, as a time-out does, in three cases: the run was taken over or closed by others; the database
was silent for the length of a lease, so that others may hold the domain by now; the run was asked to stop, was told so
by the event, and went on all the same.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from hirehub.kernel.db import Database, Transaction
from hirehub.services.vectors.store import lease, runs

GRACE = 5.0
"""Seconds that a body has to end by itself once it is asked to stop; no more than a lease."""


class Reason(StrEnum):
    """Why the work was interrupted."""

    LOST = "lost"
    CANCELLED = "cancelled"


class Line:
    """A connection for heartbeats, of one run or of many, one at a time; it is open while some run beats."""

    def __init__(self, db: Database, seconds: float) -> None:
        """`seconds`: the length of a lease, and the most that a beat may take."""
        self.seconds = seconds
        self._dsn = db.dsn
        self._turn = asyncio.Lock()
        self._users = 0
        self._connection: AsyncConnection[Any] | None = None

    @asynccontextmanager
    async def joined(self) -> AsyncGenerator[None]:
        """Uses the line for a while; the last who leaves closes it."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                await self._close()

    @asynccontextmanager
    async def use(self) -> AsyncGenerator[Transaction]:
        """The connection, when it is free. Each statement is a transaction; one that fails ends the connection."""
        async with asyncio.timeout(self.seconds), self._turn:
            if self._connection is None:
                self._connection = await self._connect()
            try:
                yield Transaction(self._connection)
            except BaseException:
                await self._close()
                raise

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _connect(self) -> AsyncConnection[Any]:
        millis = round(self.seconds * 1000)
        options = f"-c TimeZone=UTC -c statement_timeout={millis} -c lock_timeout={millis}"
        return await AsyncConnection.connect(
            self._dsn, autocommit=True, application_name="hirehub heartbeat", options=options, connect_timeout=5
        )


class Heartbeat:
    """The heartbeat of one run."""

    def __init__(self, line: Line, *, run_id: UUID, domain: str, token: UUID | None) -> None:
        self._line = line
        self._seconds = line.seconds
        self._run_id = run_id
        self._domain = domain
        self._token = token
        self._told = asyncio.Event()
        self._owner: asyncio.Task[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._grace: asyncio.TimerHandle | None = None
        self._reason: Reason | None = None
        self._over = False

    def start(self, told: asyncio.Event, owner: "asyncio.Task[Any] | None") -> None:
        """Begins to beat; `told` is set when the work should end, and `owner` is the task that does it."""
        self._told = told
        self._owner = owner
        self._task = asyncio.create_task(self._keep(), name=f"heartbeat of {self._run_id}")

    async def stop(self, *, interrupted: bool) -> Reason | None:
        """Ends the beat; says why the work was interrupted, if it was. `interrupted`: it ended by CancelledError."""
        self._over = True
        if self._grace is not None:
            self._grace.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._reason is not None and self._owner is not None:
            self._owner.uncancel()
            if not interrupted:
                await _absorb()
        return self._reason

    def _interrupt(self, reason: Reason) -> None:
        """Cancels the work, once, unless it is over."""
        if not self._over and self._reason is None and self._owner is not None:
            self._reason = reason
            self._told.set()
            self._owner.cancel()

    async def _keep(self) -> None:
        last = time.monotonic()
        async with self._line.joined():
            while True:
                await asyncio.sleep(self._seconds / 3)
                try:
                    async with self._line.use() as tx:
                        if not await self._beat(tx):
                            return self._interrupt(Reason.LOST)
                    last = time.monotonic()
                except (psycopg.Error, OSError, TimeoutError):
                    if time.monotonic() - last > self._seconds:
                        return self._interrupt(Reason.LOST)

    async def _beat(self, tx: Transaction) -> bool:
        """One beat; False when the run is no longer ours."""
        if self._token is not None and not await lease.renew(
            tx, domain=self._domain, token=self._token, seconds=self._seconds
        ):
            return False
        asked = await runs.beat(tx, self._run_id)
        if asked and self._grace is None:
            self._told.set()
            self._grace = asyncio.get_running_loop().call_later(
                min(GRACE, self._seconds), self._interrupt, Reason.CANCELLED
            )
        return asked is not None


async def _absorb() -> None:
    """Takes a cancellation that was sent, and not delivered before the work ended."""
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        return
