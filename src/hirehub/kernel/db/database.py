"""Pools of connections to one database: one that writes, one that reads.

Sessions speak UTC, and every statement and every wait for a lock has a time limit, so that nothing hangs for ever.
Connections that the server has closed meanwhile (a restart) are noticed before use, without a round trip.
"""

import select
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import psycopg
from psycopg import AsyncConnection
from psycopg.abc import QueryNoTemplate as Query
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from hirehub.kernel.db.errors import DatabaseBusy, not_connected, takes_no_changes, translate, unavailable
from hirehub.kernel.db.transactions import ReadTransaction, Transaction
from hirehub.kernel.settings import DatabaseSettings

_MILLIS = 1000
_RECONNECT_SECONDS = 2.0
"""After that a pool gives up by itself, and tries at once for the next who asks. Left alone it waits twice as long
after each failure, and finds a server that is back up to a quarter of a minute late.
"""
_IDLE_SECONDS = 15.0
"""A pool that has had more than it used for so long closes one: what a rush has opened goes one by one."""

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]


class Database:
    """One database of the product. Open it inside the event loop that uses it; close it there."""

    def __init__(self, writer: Pool, reader: Pool, dsn: str) -> None:
        self._writer = writer
        self._reader = reader
        self._bells: dict[str, list[Callable[[], None]]] = {}
        self.dsn = dsn
        """The writer's address, for a connection beside the pool."""

    @classmethod
    async def open(
        cls, dsn: str, *, reader_dsn: str | None = None, settings: DatabaseSettings | None = None, name: str = "hirehub"
    ) -> Self:
        """Opens the pools; DatabaseUnavailable with the reason where the server does not let us in.

        `name` is what the server's list of sessions shows. Without `reader_dsn` the writer's address is read from too.
        """
        bounds = settings or DatabaseSettings()
        await _probe(dsn, bounds)
        writer = _pool(dsn, bounds, name, read_only=False)
        reader = _pool(reader_dsn or dsn, bounds, f"{name} reader", read_only=True)
        database = cls(writer, reader, dsn)
        await writer.open()
        await reader.open()
        return database

    async def answers(self) -> None:
        """Returns when the server answers and takes changes; DatabaseUnavailable where it does not."""
        async with self.transaction() as tx:
            if await tx.fetch_value("SELECT current_setting('transaction_read_only')") != "off":
                raise takes_no_changes()

    @asynccontextmanager
    async def transaction(
        self, *, statement_timeout: float | None = None, lock_timeout: float | None = None
    ) -> AsyncIterator[Transaction]:
        """A transaction that commits at the end of the block and rolls back on an error. Time-outs are in seconds.

        It is begun here, and not by its first statement: a savepoint that came first would else be a transaction.
        """
        async with _session(self._writer) as connection:
            tx = Transaction(connection)
            async with connection.transaction():
                await _limit(tx, statement_timeout, lock_timeout)
                yield tx
        for channel in tx.announced:
            for bell in self._bells.get(channel, ()):
                bell()
        for call in tx.after:
            awaited = call()
            if awaited is not None:
                await awaited

    @asynccontextmanager
    async def read(
        self, *, statement_timeout: float | None = None, snapshot: bool = False
    ) -> AsyncIterator[ReadTransaction]:
        """A read-only transaction. With `snapshot` all its statements see the same moment."""
        async with _session(self._reader) as connection:
            tx = ReadTransaction(connection)
            if snapshot:
                await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            await _limit(tx, statement_timeout, None)
            yield tx

    async def glance(self, statement: Query) -> Any:  # noqa: ANN401 - whatever the column is
        """The first value of one statement that changes nothing, in one round trip: for looking often."""
        async with _session(self._writer) as connection:
            await connection.set_autocommit(True)
            try:
                row = await (await connection.execute(statement)).fetchone()
            finally:
                if not connection.closed:
                    await connection.set_autocommit(False)
        return None if row is None else row[0]

    def ring(self, channel: str, bell: Callable[[], None]) -> Callable[[], None]:
        """Lets `bell` be called after each commit here that announces the channel; what is returned ends that."""
        self._bells.setdefault(channel, []).append(bell)
        return lambda: self._bells[channel].remove(bell)

    async def close(self) -> None:
        """Closes all connections."""
        await self._writer.close()
        await self._reader.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def session_options(settings: DatabaseSettings, *, read_only: bool = False) -> str:
    """The parameters that every session starts with, in libpq's words."""
    values = {
        "TimeZone": "UTC",
        "statement_timeout": round(settings.statement_timeout * _MILLIS),
        "lock_timeout": round(settings.lock_timeout * _MILLIS),
    }
    if read_only:
        values["default_transaction_read_only"] = "on"
    return " ".join(f"-c {name}={value}" for name, value in values.items())


def _pool(dsn: str, settings: DatabaseSettings, name: str, *, read_only: bool) -> Pool:
    conninfo = make_conninfo(
        dsn,
        application_name=name,
        connect_timeout=max(2, round(settings.connect_timeout)),
        options=session_options(settings, read_only=read_only),
    )
    return AsyncConnectionPool(
        conninfo,
        min_size=0,
        max_size=settings.pool_size,
        timeout=settings.connect_timeout,
        max_idle=_IDLE_SECONDS,
        reconnect_timeout=_RECONNECT_SECONDS,
        check=_still_open,
        open=False,
    )


async def _probe(dsn: str, settings: DatabaseSettings) -> None:
    """Connects once, because a pool that cannot connect says only that time ran out."""
    try:
        connection = await AsyncConnection.connect(dsn, connect_timeout=max(2, round(settings.connect_timeout)))
    except psycopg.OperationalError as error:
        raise not_connected(error) from error
    await connection.close()


async def _still_open(connection: AsyncConnection[TupleRow]) -> None:
    """Raises for a connection that the server has closed: then there is something to read on it, the end."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        await AsyncConnectionPool.check_connection(connection)


@asynccontextmanager
async def _session(pool: Pool) -> AsyncIterator[AsyncConnection[TupleRow]]:
    try:
        async with pool.connection() as connection:
            yield connection
    except PoolTimeout as error:
        raise DatabaseBusy(
            "No connection to the database came free in time.",
            hint="Try again; raise HIREHUB_DATABASE__POOL_SIZE if it stays so.",
        ) from error
    except PoolClosed as error:
        raise unavailable("it is being closed") from error
    except psycopg.Error as error:
        told = translate(error)
        if told is None:
            raise
        raise told from error


async def _limit(tx: ReadTransaction, statement_timeout: float | None, lock_timeout: float | None) -> None:
    wanted = {"statement_timeout": statement_timeout, "lock_timeout": lock_timeout}
    millis = {name: round(seconds * _MILLIS) for name, seconds in wanted.items() if seconds is not None}
    if millis:
        await tx.set_local(millis)
