"""The transport on PostgreSQL: one database beside the services' own, one table that only grows at its end.

A service reaches the log through two functions alone, which look up what its role may tell and hear; it can read no
table there. Appending takes one lock until the commit, so that positions become visible in their order and reading by
`position > last` skips nothing. NOTIFY goes once a batch.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from typing import Final, Self

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from hirehub.kernel.bus.facts import Fact
from hirehub.kernel.bus.outbox import columns
from hirehub.kernel.bus.transport import Bell, Bells, Delivered, again
from hirehub.kernel.db import Database
from hirehub.kernel.db.access import Role, address, database_name
from hirehub.kernel.settings import Settings
from hirehub.kernel.telemetry import get_logger

CHANNEL: Final = "facts"
BUS: Final = "bus"

_RETRY_SECONDS: Final = 1.0
_ALIVE: Final = {"keepalives_idle": "20", "keepalives_interval": "10", "keepalives_count": "3"}
"""A listener hears nothing of a connection that died without a word, but for these."""
_WAKE = "SELECT pg_notify(%s, %s)"
_APPEND = "SELECT append_facts(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])"
_SETTLE = "SELECT settle_facts(%s::text[], %s::bigint[], %s)"
_READ = "SELECT place, id, topic, key, source, time, body FROM read_facts(%s, %s, %s)"

_log = get_logger(__name__)


class PostgresTransport:
    """The bus as one service sees it."""

    def __init__(self, database: Database, dsn: str) -> None:
        self._database = database
        self._dsn = dsn
        self._bells = Bells()

    @classmethod
    async def open(cls, settings: Settings, service: str) -> Self:
        """Connects as the service's role; DatabaseUnavailable where the server does not let us in."""
        dsn = address(settings, database_name(BUS), service, Role.APP)
        database = await Database.open(dsn, settings=settings.database, name=f"hirehub {service} bus")
        return cls(database, dsn)

    async def append(self, facts: Sequence[Fact]) -> None:
        """See Transport.append."""
        if not facts:
            return
        async with self._database.transaction() as tx:
            await tx.execute(_APPEND, columns(facts))

    async def lanes(self, topic: str) -> Sequence[int]:  # noqa: ARG002 - all have one
        """See Transport.lanes."""
        return (0,)

    async def read(self, topic: str, lane: int, *, after: int, most: int) -> Sequence[Delivered]:  # noqa: ARG002
        """See Transport.read."""
        async with self._database.read() as tx:
            rows = await tx.fetch_all(_READ, (topic, after, most), binary=True)
        return [Delivered(row[0], Fact(*row[1:])) for row in rows]

    async def settle(self, places: Mapping[str, int], *, keep_days: int) -> None:
        """See Transport.settle."""
        async with self._database.transaction() as tx:
            await tx.execute(_SETTLE, (list(places), list(places.values()), keep_days))

    def ring(self, topics: Collection[str], bell: Bell) -> Callable[[], None]:
        """See Transport.ring."""
        return self._bells.ring(topics, bell)

    async def run(self) -> None:
        """See Transport.run."""
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                _log.warning("bus_connection_lost", error=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS)

    async def wake(self, topics: Collection[str]) -> None:
        """Lets who hears these topics, in whatever process, look at what was set aside and is to be worked again."""
        async with self._database.transaction() as tx:
            await tx.execute(_WAKE, (CHANNEL, ",".join(again(topic) for topic in topics)))

    async def _listen(self) -> None:
        """Sounds the bells of the topics that are told of, and once all of them, as news may have been missed."""
        connection = await AsyncConnection.connect(
            make_conninfo(self._dsn, **_ALIVE), autocommit=True, application_name="hirehub bus listener"
        )
        async with connection:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self._bells.sound_all()
            async with aclosing(_notices(connection)) as notices:
                async for topics in notices:
                    self._bells.sound(topics)

    async def close(self) -> None:
        """See Transport.close."""
        await self._database.close()


async def _notices(connection: AsyncConnection[TupleRow]) -> AsyncGenerator[list[str]]:
    """What each notice names, as it comes; psycopg.Error when the connection is lost.

    The library's own way wakes ten times a second for each connection; this one when there is something to read.
    """
    loop, readable, raw = asyncio.get_running_loop(), asyncio.Event(), connection.pgconn
    number = connection.fileno()
    loop.add_reader(number, readable.set)
    try:
        while True:
            await readable.wait()
            readable.clear()
            raw.consume_input()
            while (notice := raw.notifies()) is not None:
                yield notice.extra.decode().split(",")
    finally:
        loop.remove_reader(number)
