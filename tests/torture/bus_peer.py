"""The processes that the bus's torture kills: `python -m tests.torture.bus_peer ROLE DATA_DIR TOTAL`.

The publisher tells numbered facts, the number in the transaction of the fact; started again it goes on behind the last
one. All roles live through the database's death, and end only when they are killed or (the publisher) have told all.
"""

import asyncio
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from hirehub.kernel.bus import BusSettings, Fact, FactBody, Relay, Subscriber, publish
from hirehub.kernel.bus.postgres import PostgresTransport
from hirehub.kernel.db import Database, Transaction, open_database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.module import Module
from hirehub.kernel.settings import Settings
from tests.support.postgres import LEAN

TOPIC = "torture.counted"
KEYS = 50
PAUSE = 0.06
"""Seconds between two transactions on average, so that the storm lasts as long as there is somebody to kill."""
SERVICE = Module(
    name="torture",
    doc="A service of the torture.",
    settings="hirehub.kernel.bus.settings:BusSettings",
    parts=(),
    database="hirehub_torture",
    tells=(TOPIC,),
    hears=(TOPIC,),
)
TABLES = """
CREATE TABLE told (number int PRIMARY KEY, key text NOT NULL);
CREATE TABLE effect (seq bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL, number int NOT NULL);
CREATE TABLE aggregate (key text PRIMARY KEY);
"""
BOUNDS = BusSettings(batch=100, attempts=10_000, backoff=0.05, backoff_limit=0.2, poll=0.2, quiet=0.2)


class Counted(FactBody):
    """The `number`-th fact of all; its key is one of a few."""

    topic: ClassVar[str] = TOPIC
    key_field: ClassVar[str] = "owner"

    owner: str
    number: int


async def tell(db: Database, total: int) -> None:
    """Tells the facts that nobody has told yet, a few to a transaction."""
    while True:
        try:
            async with db.transaction() as tx:
                last = await tx.fetch_value("SELECT coalesce(max(number), 0) FROM told")
                if last >= total:
                    return
                await _tell_some(tx, last, min(total - last, random.randint(1, 60)))
            await asyncio.sleep(random.uniform(0, 2 * PAUSE))
        except HirehubError:
            await asyncio.sleep(0.05)


async def _tell_some(tx: Transaction, last: int, count: int) -> None:
    numbers = range(last + 1, last + 1 + count)
    facts = [Fact.of(Counted(owner=f"k{number % KEYS}", number=number), source=SERVICE.name) for number in numbers]
    await publish(tx, facts)
    await tx.execute(
        "INSERT INTO told SELECT * FROM unnest(%s::int[], %s::text[])", (list(numbers), [fact.key for fact in facts])
    )


async def work(tx: Transaction, facts: Sequence[Fact]) -> None:
    """The handler. Now and then it fails, and the fact has to wait."""
    if random.random() < 0.02:
        raise RuntimeError("a fault of chance")
    bodies = [fact.read(Counted) for fact in facts]
    await tx.execute(
        "INSERT INTO effect (key, number) SELECT * FROM unnest(%s::text[], %s::int[])",
        ([body.owner for body in bodies], [body.number for body in bodies]),
    )


async def play(role: str, settings: Settings, total: int) -> None:
    """One role, until it is killed or has nothing left to do."""
    async with await open_database(settings, SERVICE.name, reader=False) as db:
        if role == "publisher":
            return await tell(db, total)
        transport = await PostgresTransport.open(settings, SERVICE.name)
        if role == "relay":
            return await Relay(db, transport, BOUNDS).run()
        hearing = Subscriber("counter", {TOPIC: work}, database=db, transport=transport, settings=BOUNDS)
        await asyncio.gather(transport.run(), hearing.run())
    return None


if __name__ == "__main__":
    asyncio.run(play(sys.argv[1], Settings(data_dir=Path(sys.argv[2]), database=LEAN), int(sys.argv[3])))
