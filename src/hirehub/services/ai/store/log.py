"""Reads the log of what was worked on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hirehub.kernel.db import Transaction

_LISTED = """
SELECT id, task_type, source_type, source_id, status, input_data, output_data, error_message, model_used, tokens_used,
       processing_time_ms, created_at, completed_at
  FROM ai_tasks
 WHERE (%(source_type)s::text IS NULL OR source_type = %(source_type)s)
   AND (%(source_id)s::uuid IS NULL OR source_id = %(source_id)s)
   AND (%(task_type)s::text IS NULL OR task_type = %(task_type)s)
   AND (%(status)s::text IS NULL OR status = %(status)s)
   AND (%(at)s::timestamptz IS NULL OR (created_at, id) < (%(at)s, %(id)s::uuid))
 ORDER BY created_at DESC, id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Wanted:
    """Which tasks; None: any."""

    source_type: str | None = None
    source_id: UUID | None = None
    task_type: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class Task:
    """A row of the log."""

    id: UUID
    task_type: str
    source_type: str | None
    source_id: UUID | None
    status: str
    input_data: Mapping[str, Any] | None
    output_data: Mapping[str, Any] | None
    error_message: str | None
    model_used: str | None
    tokens_used: int | None
    processing_time_ms: int | None
    created_at: datetime
    completed_at: datetime | None


async def listed(tx: Transaction, wanted: Wanted, *, after: tuple[object, ...] | None, limit: int) -> Sequence[Task]:
    """The newest tasks before a position (moment, id)."""
    at, last = after or (None, None)
    rows = await tx.fetch_all(_LISTED, {**vars(wanted), "at": at, "id": last, "limit": limit})
    return [Task(*row) for row in rows]
