"""A transaction as the use cases see it. They never commit: the block that opened it does, at its end."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, AsyncCursor
from psycopg.abc import QueryNoTemplate as Query
from psycopg.copy import AsyncCopy
from psycopg.rows import TupleRow, dict_row

Params = Sequence[Any] | Mapping[str, Any] | None
Row = tuple[Any, ...]


class ReadTransaction:
    """A session that may only read. Rows are tuples, in the order of the statement's columns."""

    def __init__(self, connection: AsyncConnection[TupleRow]) -> None:
        self._connection = connection

    @property
    def connection(self) -> AsyncConnection[TupleRow]:
        """The connection below, for what this class does not offer (binary cursors, pipelines)."""
        return self._connection

    async def fetch_all(self, statement: Query, params: Params = None, *, binary: bool = False) -> list[Row]:
        """All rows. `binary` asks the server for binary values, which is faster for vectors and numbers."""
        async with self._connection.cursor(binary=binary) as cursor:
            await cursor.execute(statement, params)
            return await cursor.fetchall()

    async def fetch_dicts(self, statement: Query, params: Params = None) -> list[dict[str, Any]]:
        """All rows, each by column name."""
        async with self._connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(statement, params)
            return await cursor.fetchall()

    async def fetch_one(self, statement: Query, params: Params = None, *, binary: bool = False) -> Row | None:
        """The first row, or None."""
        async with self._connection.cursor(binary=binary) as cursor:
            await cursor.execute(statement, params)
            return await cursor.fetchone()

    async def fetch_value(self, statement: Query, params: Params = None) -> Any:  # noqa: ANN401 - whatever the column is
        """The first column of the first row, or None."""
        row = await self.fetch_one(statement, params)
        return None if row is None else row[0]

    @asynccontextmanager
    async def stream(
        self, statement: Query, params: Params = None, *, rows: int = 1000
    ) -> AsyncIterator[AsyncCursor[TupleRow]]:
        """A cursor on the server, read `rows` at a time: for answers larger than memory."""
        async with self._connection.cursor(name="stream") as cursor:
            cursor.itersize = rows
            await cursor.execute(statement, params)
            yield cursor

    async def set_local(self, values: Mapping[str, str | int | float]) -> None:
        """Sets server parameters until the transaction's end."""
        for name, value in values.items():
            await self._connection.execute("SELECT set_config(%s, %s, true)", (name, str(value)))


class Transaction(ReadTransaction):
    """A session that may write."""

    def __init__(self, connection: AsyncConnection[TupleRow]) -> None:
        super().__init__(connection)
        self.announced: set[str] = set()
        self.after: list[Callable[[], Awaitable[None] | None]] = []

    def announce(self, channel: str) -> None:
        """Lets those in this process who listen to the channel (`Database.ring`) know of it after the commit."""
        self.announced.add(channel)

    def after_commit(self, call: Callable[[], Awaitable[None] | None]) -> None:
        """Calls back after the commit, also where a savepoint was undone in which this was asked for. What is to be
        awaited is, before the transaction's block is left; the connection has been given back by then.

        Nothing may depend on it: whoever is killed right after a commit calls nobody.
        """
        self.after.append(call)

    async def execute(self, statement: Query, params: Params = None) -> int:
        """Runs a statement; the number of rows it touched."""
        cursor = await self._connection.execute(statement, params)
        return cursor.rowcount

    async def execute_many(self, statement: Query, params: Sequence[Sequence[Any] | Mapping[str, Any]]) -> int:
        """Runs a statement once for each set of parameters, in few round trips."""
        async with self._connection.cursor() as cursor:
            await cursor.executemany(statement, params)
            return cursor.rowcount

    @asynccontextmanager
    async def copy_in(self, statement: Query, params: Params = None) -> AsyncIterator[AsyncCopy]:
        """COPY ... FROM STDIN: write bytes to what the block gets."""
        async with self._connection.cursor() as cursor, cursor.copy(statement, params) as copy:
            yield copy

    def savepoint(self) -> AbstractAsyncContextManager[Any]:
        """A block whose failure undoes the block alone."""
        return self._connection.transaction()
