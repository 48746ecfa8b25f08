"""The outbox: facts are written in the transaction of the change that they tell of, and leave with its commit only.

Invariant: two facts of one key are written in the order of their changes, since whoever changes an aggregate holds its
row until the commit. So the order of `seq` is the order of each key, though a number may become visible later than a
greater one of another key; therefore the outbox is emptied from its start and never paged by a last number.
"""

from collections.abc import Sequence
from typing import Final

from hirehub.kernel.bus.facts import Fact
from hirehub.kernel.db import Database, ReadTransaction, Transaction

CHANNEL: Final = "outbox"

_WRITE = """
INSERT INTO outbox (id, topic, key, source, time, body)
SELECT id, topic, key, source, time, body::json
  FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
       WITH ORDINALITY AS told (id, topic, key, source, time, body, place)
 ORDER BY place
"""

_TAKE = "SELECT seq, id, topic, key, source, time, body::text FROM outbox ORDER BY seq LIMIT %s"
_REMOVE = "DELETE FROM outbox WHERE seq = ANY(%s)"
_FILLED = "SELECT EXISTS (SELECT FROM outbox)"
_ALONE = "SELECT pg_advisory_xact_lock(x'6f7574626f78'::bigint)"


async def publish(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Tells facts with the transaction's commit, in their order. FactInvalid where one is beyond the limits."""
    if not facts:
        return
    await tx.execute(_WRITE, columns([fact.checked() for fact in facts]))
    tx.announce(CHANNEL)


def columns(facts: Sequence[Fact]) -> tuple[list[object], ...]:
    """The facts as one array a column, as statements over many rows take them."""
    return (
        [fact.id for fact in facts],
        [fact.topic for fact in facts],
        [fact.key for fact in facts],
        [fact.source for fact in facts],
        [fact.time for fact in facts],
        [fact.body for fact in facts],
    )


async def filled(database: Database) -> bool:
    """Whether facts wait there, in one round trip."""
    return bool(await database.glance(_FILLED))


async def alone(tx: Transaction) -> None:
    """Waits until no other relay empties this outbox, and keeps others out until the transaction ends."""
    await tx.execute(_ALONE)


async def take(tx: ReadTransaction, most: int) -> tuple[list[int], list[Fact]]:
    """The first facts of the outbox and their numbers."""
    rows = await tx.fetch_all(_TAKE, (most,), binary=True)
    return [row[0] for row in rows], [Fact(*row[1:]) for row in rows]


async def remove(tx: Transaction, numbers: Sequence[int]) -> None:
    """Takes facts out that the transport has."""
    await tx.execute(_REMOVE, (list(numbers),))
