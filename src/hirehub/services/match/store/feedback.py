"""What people say of matches: one thing a person and match."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.ids import uuid7


@dataclass(frozen=True)
class Feedback:
    """What a person says of a match, and since when."""

    id: UUID
    match_id: UUID
    feedback_type: str
    feedback_by: UUID
    created_at: datetime


_SAY = """
INSERT INTO match_feedback AS f (id, match_id, feedback_type, feedback_by)
VALUES (%(id)s, %(match_id)s, %(feedback_type)s, %(person)s)
ON CONFLICT (match_id, feedback_by) DO UPDATE
   SET feedback_type = EXCLUDED.feedback_type,
       created_at = CASE WHEN f.feedback_type = EXCLUDED.feedback_type THEN f.created_at ELSE EXCLUDED.created_at END
RETURNING id, match_id, feedback_type, feedback_by, created_at
"""
_GET = """
SELECT id, match_id, feedback_type, feedback_by, created_at FROM match_feedback
 WHERE match_id = %s AND feedback_by = %s
"""
_LOCK = "SELECT 1 FROM matches WHERE id = %s FOR KEY SHARE"


async def say(tx: Transaction, match_id: UUID, *, person: UUID, feedback_type: str) -> Feedback | None:
    """Keeps what the person says, instead of what he said before; None where the match has gone meanwhile."""
    if await tx.fetch_value(_LOCK, (match_id,)) is None:
        return None
    values = {"id": uuid7(), "match_id": match_id, "feedback_type": feedback_type, "person": person}
    row = await tx.fetch_one(_SAY, values)
    return Feedback(*row) if row else None


async def get(tx: ReadTransaction, match_id: UUID, *, person: UUID) -> Feedback | None:
    """What the person has said."""
    row = await tx.fetch_one(_GET, (match_id, person))
    return Feedback(*row) if row else None
