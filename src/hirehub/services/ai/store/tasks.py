"""Resumes that wait to be read, and the log of what was worked on: kinds, times and counts, never a word of a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb

from hirehub.kernel.db import Transaction

_ASK = """
INSERT INTO resume_work (resume_id, user_id) SELECT * FROM unnest(%s::uuid[], %s::uuid[])
ON CONFLICT (resume_id) DO UPDATE SET attempts = 0, due_at = now()
"""
_CLAIM = """
SELECT resume_id, user_id, attempts FROM resume_work WHERE due_at <= now()
 ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_PUT_OFF = """
UPDATE resume_work SET attempts = attempts + 1, due_at = now() + %s * interval '1 second' WHERE resume_id = %s
"""
_DONE = "DELETE FROM resume_work WHERE resume_id = %s"
_STOP = "DELETE FROM resume_work WHERE resume_id = ANY(%s)"
_FORGET = "DELETE FROM ai_tasks WHERE source_type = 'resume' AND source_id = ANY(%s)"
_LOG = """
INSERT INTO ai_tasks (task_type, source_type, source_id, status, output_data, error_message, processing_time_ms,
                      model_used, completed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now())
"""


@dataclass(frozen=True)
class Waiting:
    """A resume that waits to be read."""

    resume_id: UUID
    user_id: UUID
    attempts: int


@dataclass(frozen=True)
class Step:
    """A step of the work: what it was, how long it took, what came of it in numbers."""

    task_type: str
    millis: int
    output: Mapping[str, int]
    error: str | None = None
    model: str | None = None


async def ask(tx: Transaction, wanted: Sequence[tuple[UUID, UUID]]) -> None:
    """Lets resumes (id, owner) wait to be read; one that waits already is told once."""
    await tx.execute(_ASK, ([one for one, _ in wanted], [owner for _, owner in wanted]))


async def claim(tx: Transaction) -> Waiting | None:
    """A resume that is due; nobody else has it until the transaction ends."""
    row = await tx.fetch_one(_CLAIM)
    return Waiting(*row) if row else None


async def put_off(tx: Transaction, resume_id: UUID, seconds: float) -> None:
    """Counts an attempt, and lets the resume wait."""
    await tx.execute(_PUT_OFF, (seconds, resume_id))


async def done(tx: Transaction, resume_id: UUID, steps: Sequence[Step]) -> None:
    """Ends the waiting, and logs the steps of the work."""
    await tx.execute(_DONE, (resume_id,))
    await log(tx, "resume", resume_id, steps)


async def log(tx: Transaction, source_type: str, source_id: UUID, steps: Sequence[Step]) -> None:
    """Logs steps of the work on a post or a resume."""
    rows = [
        (
            step.task_type,
            source_type,
            source_id,
            "completed" if step.error is None else "failed",
            Jsonb(dict(step.output)),
            step.error,
            step.millis,
            step.model,
        )
        for step in steps
    ]
    if rows:
        await tx.execute_many(_LOG, rows)


async def stop(tx: Transaction, resume_ids: Sequence[UUID]) -> None:
    """Removes resumes that wait: whoever works one is waited for."""
    await tx.execute(_STOP, (list(resume_ids),))


async def forget(tx: Transaction, resume_ids: Sequence[UUID]) -> None:
    """Removes the log of the work on them."""
    await tx.execute(_FORGET, (list(resume_ids),))
