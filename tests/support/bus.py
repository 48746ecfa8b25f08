"""A service's database with an outbox, an inbox and a table of effects, and a bus beside it, for tests of the bus."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import MetaData, create_engine

from hirehub.kernel.bus import BusSettings, Fact, FactBody, publish, tables
from hirehub.kernel.db import Database, Transaction

T = TypeVar("T")

FAST = BusSettings(batch=50, attempts=3, backoff=0.02, backoff_limit=0.05, deadline=5.0, poll=0.1, quiet=0.1)
"""Short waits, so that a test sees the third attempt."""

EFFECT = "CREATE TABLE effect (seq bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL, number int NOT NULL)"


class Counted(FactBody):
    """A fact of the tests: the `number`-th of its `owner`."""

    topic: ClassVar[str] = "test.counted"
    key_field: ClassVar[str] = "owner"

    owner: str
    number: int
    poison: bool = False


def make_tables(dsn: str) -> None:
    """The bus's tables of a service that tells and hears, and where its effects go."""
    metadata = MetaData()
    tables.outbox(metadata)
    tables.inbox(metadata)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn))
    metadata.create_all(engine)
    engine.dispose()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(EFFECT)


def counted(owner: str, number: int, *, poison: bool = False) -> Fact:
    """A fact of the tests."""
    return Fact.of(Counted(owner=owner, number=number, poison=poison), source="test")


async def tell(db: Database, facts: Sequence[Fact]) -> None:
    """Publishes facts in one transaction."""
    async with db.transaction() as tx:
        await publish(tx, facts)


async def effects(db: Database) -> list[tuple[str, int]]:
    """Key and number of each effect, in the order in which they happened."""
    async with db.read() as tx:
        return [(row[0], row[1]) for row in await tx.fetch_all("SELECT key, number FROM effect ORDER BY seq")]


@dataclass
class Counter:
    """A handler that writes down what it works; poison facts fail until they are `cured`."""

    calls: int = 0
    cured: bool = False

    async def __call__(self, tx: Transaction, facts: Sequence[Fact]) -> None:
        self.calls += 1
        for fact in facts:
            body = fact.read(Counted)
            await tx.execute("INSERT INTO effect (key, number) VALUES (%s, %s)", (body.owner, body.number))
            if body.poison and not self.cured:
                raise ValueError("this one is poison")


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Database]:
    """The service's database."""
    db = await Database.open(dsn)
    try:
        yield db
    finally:
        await db.close()


def ids(facts: Sequence[Any]) -> list[UUID]:
    """The ids of facts."""
    return [fact.id for fact in facts]


async def until(look: Callable[[], Awaitable[T]], passes: Callable[[T], bool]) -> T:
    """What is seen once it passes; AssertionError with what is seen last when it does not."""
    for _ in range(600):
        found = await look()
        if passes(found):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"still {str(found)[:1000]}")
