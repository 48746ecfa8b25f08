"""Facts from a publisher's commit to their effects, over the PostgreSQL transport, beside a bare INSERT of as many.

Publisher, relay and subscriber share one process, as in `hirehub up`: one interpreter, one embedded PostgreSQL. The
effect of a fact is a row; the subscriber writes those of a batch in one statement. The bare side inserts the same rows
in transactions of the same size, and nobody carries or hears anything.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from sqlalchemy import MetaData, create_engine

from hirehub.kernel.broker import rights
from hirehub.kernel.broker.module import MODULE as BUS
from hirehub.kernel.bus import BusSettings, Fact, FactBody, Relay, Subscriber, publish, tables
from hirehub.kernel.bus.postgres import PostgresTransport
from hirehub.kernel.db import Database, Transaction, access, open_database
from hirehub.kernel.db.migrate import upgrade
from hirehub.kernel.db.provision import provision
from hirehub.kernel.module import Module
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings

TOPIC = "bench.counted"
KEYS, TOGETHER, PUBLISHERS = 1_000, 200, 16
SERVICE = Module(
    name="bench",
    doc="A service of the benchmark.",
    settings="hirehub.kernel.bus.settings:BusSettings",
    parts=(),
    database="hirehub_bench",
    tells=(TOPIC,),
    hears=(TOPIC,),
)
_BARE = "INSERT INTO effect (key, number) SELECT * FROM unnest(%s::text[], %s::int[])"


class Counted(FactBody):
    """The `number`-th fact of its `owner`."""

    topic: ClassVar[str] = TOPIC
    key_field: ClassVar[str] = "owner"

    owner: str
    number: int


@contextmanager
def server() -> Iterator[Settings]:
    """An embedded PostgreSQL with the bus's database and one of a service."""
    with tempfile.TemporaryDirectory(prefix="hirehub-bench-", ignore_cleanup_errors=True) as folder:
        settings = Settings(data_dir=Path(folder))
        with EmbeddedPostgres(settings.data_dir, settings.database):
            provision(settings, BUS, SERVICE)
            upgrade(settings, BUS)
            rights.follow(settings, [SERVICE])
            dsn = access.dsn(settings, SERVICE.name, "owner")
            metadata = MetaData()
            tables.outbox(metadata)
            tables.inbox(metadata)
            engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn))
            metadata.create_all(engine)
            engine.dispose()
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute("CREATE TABLE effect (key text NOT NULL, number int NOT NULL)")
            yield settings


class Effects:
    """The handler: a row a fact, and an event once all have come."""

    def __init__(self, expected: int) -> None:
        self.left = expected
        self.done = asyncio.Event()

    async def __call__(self, tx: Transaction, facts: Sequence[Fact]) -> None:
        """See Handler."""
        bodies = [fact.read(Counted) for fact in facts]
        await tx.execute(_BARE, ([body.owner for body in bodies], [body.number for body in bodies]))
        self.left -= len(facts)
        if self.left <= 0:
            self.done.set()


@asynccontextmanager
async def running(settings: Settings, db: Database, effects: Effects) -> AsyncIterator[None]:
    """Relay and subscriber at work."""
    transport = await PostgresTransport.open(settings, SERVICE.name)
    bounds = BusSettings()
    subscriber = Subscriber("bench", {TOPIC: effects}, database=db, transport=transport, settings=bounds)
    runners = (transport.run(), Relay(db, transport, bounds).run(), subscriber.run())
    tasks = [asyncio.ensure_future(one) for one in runners]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await transport.close()


async def tell(db: Database, numbers: Iterator[int], together: int) -> None:
    """Publishes what is left of `numbers`, so many a transaction."""
    while batch := list(islice(numbers, together)):
        facts = [Fact.of(Counted(owner=f"k{number % KEYS}", number=number), source="bench") for number in batch]
        async with db.transaction() as tx:
            await publish(tx, facts)


async def bare(db: Database, numbers: Iterator[int], together: int) -> None:
    """Inserts as many rows, so many a transaction."""
    while batch := list(islice(numbers, together)):
        async with db.transaction() as tx:
            await tx.execute(_BARE, ([f"k{number % KEYS}" for number in batch], batch))


async def measure(settings: Settings, facts: int, together: int, rounds: int) -> dict[str, Any]:
    """Facts a second, end to end and bare, in turn; medians."""
    found: dict[str, list[float]] = {"bus": [], "bare": []}
    publishers = 1 if together > 1 else PUBLISHERS
    async with await open_database(settings, SERVICE.name, reader=False) as db:
        for _ in range(rounds):
            numbers = iter(range(facts))
            began = time.perf_counter()
            await asyncio.gather(*(bare(db, numbers, together) for _ in range(publishers)))
            found["bare"].append(facts / (time.perf_counter() - began))
            effects, numbers = Effects(facts), iter(range(facts))
            async with running(settings, db, effects):
                began = time.perf_counter()
                await asyncio.gather(*(tell(db, numbers, together) for _ in range(publishers)))
                await effects.done.wait()
                found["bus"].append(facts / (time.perf_counter() - began))
    return {
        "facts": facts,
        "a_transaction": together,
        "publishers": publishers,
        **{name: round(statistics.median(rates)) for name, rates in found.items()},
        "rounds": {name: [round(rate) for rate in rates] for name, rates in found.items()},
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--facts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    with server() as settings:
        together = asyncio.run(measure(settings, words.facts, TOGETHER, words.rounds))
        alone = asyncio.run(measure(settings, words.facts // 10, 1, words.rounds))
    if words.json:
        print(json.dumps([together, alone]))
        return
    for one in (together, alone):
        print(
            f"{one['facts']:,} facts, {one['a_transaction']} a transaction, {one['publishers']} publishers:"
            f" {one['bus']:,} facts/s end to end; a bare INSERT {one['bare']:,} rows/s ({one['bus'] / one['bare']:.2f})"
        )


if __name__ == "__main__":
    main()
