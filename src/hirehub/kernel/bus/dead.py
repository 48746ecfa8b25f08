"""Facts that were set aside: looked at, worked again, or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hirehub.kernel.bus.facts import Fact
from hirehub.kernel.db import ReadTransaction, Transaction

_LIST = """
SELECT subscriber, attempts, reason, dead_at, id, topic, key, source, time, body::text FROM dead_fact
 WHERE (%(topic)s::text IS NULL OR topic = %(topic)s) AND (%(id)s::uuid IS NULL OR id = %(id)s)
 ORDER BY dead_at, id LIMIT %(most)s
"""
_REPLAY = """
WITH gone AS (DELETE FROM dead_fact WHERE id = ANY(%s) RETURNING *)
INSERT INTO parked_fact (subscriber, id, topic, key, source, time, body, attempts, reason)
SELECT subscriber, id, topic, key, source, time, body, 0, reason FROM gone ORDER BY dead_at, id
RETURNING topic
"""
_DROP = "DELETE FROM dead_fact WHERE id = ANY(%s)"


@dataclass(frozen=True)
class DeadFact:
    """A fact that a subscriber could not work, and why."""

    subscriber: str
    attempts: int
    reason: str
    dead_at: datetime
    fact: Fact


async def listed(
    tx: ReadTransaction, *, topic: str | None = None, fact_id: UUID | None = None, most: int = 100
) -> list[DeadFact]:
    """The facts that are set aside, oldest first."""
    rows = await tx.fetch_all(_LIST, {"topic": topic, "id": fact_id, "most": most})
    return [DeadFact(row[0], row[1], row[2], row[3], Fact(*row[4:])) for row in rows]


async def replay(tx: Transaction, ids: Sequence[UUID]) -> list[str]:
    """Lets them be worked again, with all their attempts; the topic of each fact. Doing it twice works them once.

    Subscribers find them within `quiet` seconds; `PostgresTransport.wake` has them look at once.
    """
    return [row[0] for row in await tx.fetch_all(_REPLAY, (list(ids),))]


async def drop(tx: Transaction, ids: Sequence[UUID]) -> int:
    """Gives them up; the number of facts."""
    return await tx.execute(_DROP, (list(ids),))
