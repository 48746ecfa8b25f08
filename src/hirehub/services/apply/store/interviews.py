"""Interviews: scheduled, changed, cancelled, and what else is at the same time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.apply.domain.interviews import MOST_MINUTES


@dataclass(frozen=True)
class Interview:
    """An interview; each change makes `version` greater."""

    id: UUID
    application_id: UUID
    interview_type: str
    scheduled_at: datetime
    time_zone: str
    duration_minutes: int
    location: str | None
    status: str
    feedback: str | None
    interviewer_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class Overlap:
    """An interview at the same time, of the same applicant or of the same interviewer."""

    interview_id: UUID
    application_id: UUID
    company_id: UUID
    same_applicant: bool


_COLUMNS: Final = sql.SQL(
    "id, application_id, interview_type, scheduled_at, time_zone, duration_minutes, location, status, feedback,"
    " interviewer_id, created_at, updated_at, version"
)

_ADD = """
INSERT INTO interviews (id, application_id, interview_type, scheduled_at, time_zone, duration_minutes, location,
                        interviewer_id)
VALUES (%(id)s, %(application_id)s, %(interview_type)s, %(scheduled_at)s, %(time_zone)s, %(duration_minutes)s,
        %(location)s, %(interviewer_id)s)
"""

_GET = sql.SQL("SELECT {columns} FROM interviews WHERE id = %s").format(columns=_COLUMNS)
_CHANGE = sql.SQL("UPDATE interviews SET {changes}, updated_at = now(), version = version + 1 WHERE id = %(id)s")
_OF = sql.SQL("SELECT {columns} FROM interviews WHERE application_id = %s ORDER BY scheduled_at, id").format(
    columns=_COLUMNS
)
_COUNT = "SELECT count(*) FROM interviews WHERE application_id = %s"

_CANCEL = """
UPDATE interviews SET status = 'cancelled', updated_at = now(), version = version + 1
 WHERE application_id = %s AND status = 'scheduled' RETURNING id, scheduled_at > now()
"""

_ERASE = """
UPDATE interviews AS i SET feedback = NULL, location = NULL FROM applications AS a
 WHERE a.id = i.application_id AND a.user_id = %s AND num_nonnulls(i.feedback, i.location) > 0
"""

_OVERLAPS = """
SELECT i.id, i.application_id, a.company_id, a.user_id = %(user_id)s
  FROM interviews AS i JOIN applications AS a ON a.id = i.application_id
 WHERE i.status = 'scheduled' AND i.interview_type <> 'assignment' AND i.id <> %(id)s
   AND i.scheduled_at > %(earliest)s AND i.scheduled_at < %(end)s
   AND i.scheduled_at + make_interval(mins => i.duration_minutes) > %(begin)s
   AND (a.user_id = %(user_id)s OR (i.interviewer_id = %(interviewer_id)s AND a.company_id = %(company_id)s))
 ORDER BY i.scheduled_at, i.id LIMIT 20
"""


async def add(tx: Transaction, interview_id: UUID, application_id: UUID, values: Mapping[str, object]) -> None:
    """Schedules an interview of the columns PLACE."""
    await tx.execute(_ADD, {**values, "id": interview_id, "application_id": application_id})


async def get(tx: ReadTransaction, interview_id: UUID) -> Interview | None:
    """An interview in any state. Whoever changes it has locked its application."""
    row = await tx.fetch_one(_GET, (interview_id,))
    return Interview(*row) if row else None


async def change(tx: Transaction, interview_id: UUID, changes: Mapping[str, object]) -> None:
    """Changes columns of an interview whose application is locked."""
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in changes
    )
    await tx.execute(_CHANGE.format(changes=sets), {**changes, "id": interview_id})


async def of_application(tx: ReadTransaction, application_id: UUID) -> list[Interview]:
    """An application's interviews by their time."""
    return [Interview(*row) for row in await tx.fetch_all(_OF, (application_id,))]


async def count(tx: ReadTransaction, application_id: UUID) -> int:
    """How many interviews an application has, in any state."""
    return int(await tx.fetch_value(_COUNT, (application_id,)))


async def cancel_all(tx: Transaction, application_id: UUID) -> dict[UUID, bool]:
    """Cancels what is still scheduled of an application that is locked; the ids, and whether each was ahead.

    One whose time is over may have been held, and only nobody has said so.
    """
    return dict(await tx.fetch_all(_CANCEL, (application_id,)))


async def erase(tx: Transaction, user_id: UUID) -> None:
    """Erases what was written about the interviews of a person."""
    await tx.execute(_ERASE, (user_id,))


async def overlaps(tx: ReadTransaction, interview: Interview, *, user_id: UUID, company_id: UUID) -> list[Overlap]:
    """Other interviews at the same time, 20 at most; an assignment takes nobody's time at an hour."""
    if interview.status != "scheduled" or interview.interview_type == "assignment":
        return []
    begin = interview.scheduled_at
    values = {
        "id": interview.id,
        "begin": begin,
        "end": begin + timedelta(minutes=interview.duration_minutes),
        "earliest": begin - timedelta(minutes=MOST_MINUTES),
        "user_id": user_id,
        "company_id": company_id,
        "interviewer_id": interview.interviewer_id,
    }
    return [Overlap(*row) for row in await tx.fetch_all(_OVERLAPS, values)]
