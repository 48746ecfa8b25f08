"""Posts and resumes that wait to be matched: whoever waits for an answer first, then in the order of asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hirehub.kernel.db import Transaction
from hirehub.services.ai.profiles.values import Source

RESUME: Final = 0
POST: Final = 1
AGAIN: Final = 2
LAST: Final = 3
"""Priorities: a person waits, a company waits, nobody waits; and the pairs of those, once all of them are read."""

_ASK = """
INSERT INTO match_work (source_type, source_id, priority) SELECT %s, unnest(%s::uuid[]), %s
"""
_LOOK = """
SELECT id, source_id FROM match_work WHERE due_at <= now() AND NOT source_id = ANY(%s) ORDER BY priority, id LIMIT 1
"""
_CLAIM = """
SELECT id, source_type, source_id, profiled, attempts FROM match_work WHERE id = %s FOR UPDATE SKIP LOCKED
"""
_FREE = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s::text, 11))"
_SAME = """
DELETE FROM match_work WHERE id IN (
    SELECT id FROM match_work WHERE source_type = %s AND source_id = %s AND id <> %s AND NOT profiled
       FOR UPDATE SKIP LOCKED)
"""
_PUT_OFF = """
UPDATE match_work SET attempts = attempts + 1, due_at = now() + %s * interval '1 second' WHERE id = %s
"""
_DONE = "DELETE FROM match_work WHERE id = %s"
_PROFILED = """
UPDATE match_work SET profiled = true, attempts = 0, priority = CASE WHEN priority < %s THEN priority ELSE %s END
 WHERE id = %s
"""
_JOINED = """
DELETE FROM match_work AS w USING match_work AS own
 WHERE own.id = %s AND w.source_type = own.source_type AND w.source_id = own.source_id AND w.id <> own.id
   AND w.profiled AND w.priority >= own.priority
"""
_STALE = """
INSERT INTO match_work (source_type, source_id, priority)
SELECT source_type, source_id, %(priority)s FROM (
    SELECT 'job' AS source_type, job_id AS source_id FROM job_profile
     WHERE is_open AND (model IS DISTINCT FROM %(model)s OR vector_dims(embedding) <> %(dimension)s)
     UNION ALL
    SELECT 'resume', resume_id FROM resume_profile
     WHERE model IS DISTINCT FROM %(model)s OR vector_dims(embedding) <> %(dimension)s
) AS stale
 WHERE NOT EXISTS (SELECT 1 FROM match_work AS w
                    WHERE w.source_type = stale.source_type AND w.source_id = stale.source_id)
"""
_OUTDATED = """
INSERT INTO match_work (source_type, source_id, priority)
SELECT source_type, source_id, %(priority)s FROM (
    SELECT 'job' AS source_type, job_id AS source_id FROM job_profile
     WHERE is_open AND rules IS DISTINCT FROM %(rules)s
     UNION ALL
    SELECT 'resume', resume_id FROM resume_profile WHERE rules IS DISTINCT FROM %(rules)s
) AS outdated
 WHERE NOT EXISTS (SELECT 1 FROM match_work AS w
                    WHERE w.source_type = outdated.source_type AND w.source_id = outdated.source_id AND NOT w.profiled)
 ORDER BY source_type, source_id DESC
"""


@dataclass(frozen=True)
class Waiting:
    """A post or a resume that waits to be matched."""

    id: int
    source_type: Source
    source_id: UUID
    profiled: bool
    """Whether its profile is kept, and what is left are the pairs."""
    attempts: int


async def ask(tx: Transaction, source: Source, ids: Sequence[UUID], priority: int) -> None:
    """Lets them wait."""
    await tx.execute(_ASK, (source, list(ids), priority))


async def claim(tx: Transaction) -> Waiting | None:
    """One that is due and that nobody else works on; it is nobody else's until the transaction ends.

    What was asked of the same one more than once is read once. What another works on is left to him: he asks next.
    """
    busy: list[UUID] = []
    while (seen := await tx.fetch_one(_LOOK, (busy,))) is not None:
        if await tx.fetch_value(_FREE, (seen[1],)) and (row := await tx.fetch_one(_CLAIM, (seen[0],))) is not None:
            found = Waiting(*row)
            if not found.profiled:
                await tx.execute(_SAME, (found.source_type, found.source_id, found.id))
            return found
        busy.append(seen[1])
    return None


async def profiled(tx: Transaction, waiting: Waiting) -> None:
    """Lets it wait for its pairs: where everything is read anew, until both sides of them are.

    Pairs of it that were asked for before are these. Nobody works on them, as claiming one holds all of its source.
    """
    await tx.execute(_PROFILED, (AGAIN, LAST, waiting.id))
    await tx.execute(_JOINED, (waiting.id,))


async def put_off(tx: Transaction, waiting: Waiting, seconds: float) -> None:
    """Counts an attempt, and lets it wait for so many seconds."""
    await tx.execute(_PUT_OFF, (seconds, waiting.id))


async def done(tx: Transaction, waiting: Waiting) -> None:
    """Ends the waiting."""
    await tx.execute(_DONE, (waiting.id,))


async def ask_stale(tx: Transaction, model: str, dimension: int) -> int:
    """Lets everything wait whose vector is missing, of another model or another dimension; how many."""
    return await tx.execute(_STALE, {"model": model, "dimension": dimension, "priority": AGAIN})


async def ask_outdated(tx: Transaction, rules: str) -> int:
    """Lets every open post and every resume wait that was read by other rules, posts and the newest first; how many."""
    return await tx.execute(_OUTDATED, {"rules": rules, "priority": AGAIN})
