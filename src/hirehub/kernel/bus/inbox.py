"""What a subscriber keeps in its service's database: places, worked facts, facts that wait or are set aside.

Everything here happens in the transaction of the effects, so that a fact's effect and the memory of it stand or fall
together.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from hirehub.kernel.bus.facts import Fact
from hirehub.kernel.bus.outbox import columns
from hirehub.kernel.db import ReadTransaction, Transaction

_BEGIN = "INSERT INTO subscription (subscriber, topic, lane) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_PLACE = """
SELECT position FROM subscription WHERE subscriber = %s AND topic = %s AND lane = %s FOR UPDATE SKIP LOCKED
"""
_MOVE = """
UPDATE subscription SET position = %s, moved_at = clock_timestamp() WHERE subscriber = %s AND topic = %s AND lane = %s
"""
_HEAR = """
INSERT INTO inbox (subscriber, fact_id) SELECT %s, unnest(%s::uuid[]) ON CONFLICT DO NOTHING RETURNING fact_id
"""
_WAITING_KEYS = "SELECT DISTINCT key FROM parked_fact WHERE subscriber = %s AND topic = %s AND key = ANY(%s)"
_PARK = """
INSERT INTO parked_fact (subscriber, id, topic, key, source, time, body, attempts, reason, due_at)
SELECT %s, id, topic, key, source, time, body::json, attempts, reason,
       clock_timestamp() + seconds * interval '1 second'
  FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[],
              %s::int[], %s::text[], %s::float8[])
       WITH ORDINALITY AS parked (id, topic, key, source, time, body, attempts, reason, seconds, place)
 ORDER BY place
"""
_HEADS = """
WITH heads AS (
    SELECT DISTINCT ON (topic, key) seq, due_at FROM parked_fact
     WHERE subscriber = %s AND topic = %s ORDER BY topic, key, seq
)
SELECT parked.seq, parked.attempts, id, topic, key, source, time, body::text
  FROM heads JOIN parked_fact AS parked USING (seq)
 WHERE heads.due_at <= clock_timestamp() ORDER BY heads.due_at LIMIT %s FOR UPDATE OF parked SKIP LOCKED
"""
_NEXT_DUE = """
SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float8 FROM (
    SELECT DISTINCT ON (topic, key) due_at FROM parked_fact WHERE subscriber = %s AND topic = %s
     ORDER BY topic, key, seq
) AS heads
"""
_UNPARK = "DELETE FROM parked_fact WHERE seq = %s"
_PUT_OFF = """
UPDATE parked_fact SET attempts = %s, reason = %s, due_at = clock_timestamp() + %s * interval '1 second' WHERE seq = %s
"""
_SET_ASIDE = """
WITH gone AS (DELETE FROM parked_fact WHERE seq = %s RETURNING *)
INSERT INTO dead_fact (subscriber, id, topic, key, source, time, body, attempts, reason)
SELECT subscriber, id, topic, key, source, time, body, %s, %s FROM gone
ON CONFLICT (subscriber, id) DO UPDATE
   SET attempts = EXCLUDED.attempts, reason = EXCLUDED.reason, dead_at = clock_timestamp()
"""
_PLACES = "SELECT topic, min(position) FROM subscription WHERE subscriber = %s GROUP BY topic"
_FORGET = "DELETE FROM inbox WHERE subscriber = %s AND fact_id < %s"


@dataclass(frozen=True)
class Lane:
    """One subscriber's reading of one lane of one topic."""

    subscriber: str
    topic: str
    lane: int


@dataclass(frozen=True)
class Parked:
    """A fact that waits: after `attempts` failed ones for the next after `seconds`, or for others of its key."""

    fact: Fact
    attempts: int = 0
    reason: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Head:
    """The first waiting fact of a key, due now."""

    seq: int
    attempts: int
    fact: Fact


async def begin(tx: Transaction, lane: Lane) -> None:
    """Makes the lane's place where there is none."""
    await tx.execute(_BEGIN, (lane.subscriber, lane.topic, lane.lane))


async def place(tx: Transaction, lane: Lane) -> int | None:
    """The position up to which everything is worked or waits; nobody else moves it until the transaction ends.

    None where another process of the service is at it.
    """
    position = await tx.fetch_value(_PLACE, (lane.subscriber, lane.topic, lane.lane))
    return None if position is None else int(position)


async def move(tx: Transaction, lane: Lane, position: int) -> None:
    """Moves the place on."""
    await tx.execute(_MOVE, (position, lane.subscriber, lane.topic, lane.lane))


async def hear(tx: Transaction, subscriber: str, facts: Sequence[Fact]) -> list[Fact]:
    """Those of the facts that this subscriber has not heard before."""
    rows = await tx.fetch_all(_HEAR, (subscriber, [fact.id for fact in facts]))
    fresh = {row[0] for row in rows}
    return [fact for fact in facts if fact.id in fresh]


async def waiting_keys(tx: ReadTransaction, lane: Lane, keys: Collection[str]) -> set[str]:
    """Those of the keys of which facts wait already."""
    return {row[0] for row in await tx.fetch_all(_WAITING_KEYS, (lane.subscriber, lane.topic, list(keys)))}


async def park(tx: Transaction, lane: Lane, parked: Sequence[Parked]) -> None:
    """Lets facts wait, in their order."""
    if parked:
        own = (
            [one.attempts for one in parked],
            [one.reason for one in parked],
            [one.seconds for one in parked],
        )
        await tx.execute(_PARK, (lane.subscriber, *columns([one.fact for one in parked]), *own))


async def heads(tx: Transaction, lane: Lane, most: int) -> list[Head]:
    """The first waiting fact of each key, where it is due."""
    rows = await tx.fetch_all(_HEADS, (lane.subscriber, lane.topic, most))
    return [Head(row[0], row[1], Fact(*row[2:])) for row in rows]


async def seconds_to_next(tx: ReadTransaction, lane: Lane) -> float | None:
    """Until a waiting fact is due; None where none waits."""
    seconds = await tx.fetch_value(_NEXT_DUE, (lane.subscriber, lane.topic))
    return None if seconds is None else max(0.0, float(seconds))


async def unpark(tx: Transaction, head: Head) -> None:
    """Takes out a fact that is worked now."""
    await tx.execute(_UNPARK, (head.seq,))


async def put_off(tx: Transaction, head: Head, *, reason: str, seconds: float) -> None:
    """Counts a failed attempt and lets the fact wait again."""
    await tx.execute(_PUT_OFF, (head.attempts + 1, reason, seconds, head.seq))


async def set_aside(tx: Transaction, head: Head, *, reason: str) -> None:
    """Keeps a fact for a person to look at; those behind it on the same key may go on."""
    await tx.execute(_SET_ASIDE, (head.seq, head.attempts + 1, reason))


async def places(tx: ReadTransaction, subscriber: str) -> dict[str, int]:
    """How far the subscriber is in each topic."""
    return {row[0]: int(row[1]) for row in await tx.fetch_all(_PLACES, (subscriber,))}


async def forget(tx: Transaction, subscriber: str, before: UUID) -> int:
    """Forgets that facts older than this id were worked; the log must have lost them before."""
    return await tx.execute(_FORGET, (subscriber, before))
