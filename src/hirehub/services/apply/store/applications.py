"""Applications: sent, read, moved, held, listed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.apply.domain.states import ENDED


@dataclass(frozen=True)
class Application:
    """An application. `pending_...` tell of a rejection that is held, `scheduled_interviews` how many are to come."""

    id: UUID
    job_id: UUID
    user_id: UUID
    resume_id: UUID
    company_id: UUID
    job_title: str
    cover_letter: str | None
    status: str
    match_score: Decimal | None
    applied_at: datetime
    updated_at: datetime
    pending_status: str | None
    pending_until: datetime | None
    pending_by: UUID | None
    pending_note: str | None
    scheduled_interviews: int


@dataclass(frozen=True)
class New:
    """What somebody sends, what the post says of itself, and how well both match, where that is known."""

    id: UUID
    job_id: UUID
    user_id: UUID
    resume_id: UUID
    company_id: UUID
    job_title: str
    cover_letter: str | None
    match_score: Decimal | None


@dataclass(frozen=True)
class Wanted:
    """Which applications a list shows; None does not ask."""

    user_id: UUID | None = None
    job_id: UUID | None = None
    company_id: UUID | None = None
    status: str | None = None


_COLUMNS: Final = sql.SQL(
    "id, job_id, user_id, resume_id, company_id, job_title, cover_letter, status, match_score, applied_at, updated_at,"
    " pending_status, pending_until, pending_by, pending_note,"
    " (SELECT count(*) FROM interviews AS i WHERE i.application_id = applications.id AND i.status = 'scheduled')"
)

_ADD = """
INSERT INTO applications (id, job_id, user_id, resume_id, company_id, job_title, cover_letter, match_score)
VALUES (%(id)s, %(job_id)s, %(user_id)s, %(resume_id)s, %(company_id)s, %(job_title)s, %(cover_letter)s,
        %(match_score)s)
ON CONFLICT (job_id, user_id) DO NOTHING
"""

_GET = sql.SQL("SELECT {columns} FROM applications WHERE id = ANY(%s)").format(columns=_COLUMNS)
_LOCK = sql.SQL("SELECT {columns} FROM applications WHERE id = ANY(%s) ORDER BY id FOR UPDATE").format(columns=_COLUMNS)

_MOVE = """
UPDATE applications SET status = %(status)s, updated_at = now(),
       pending_status = NULL, pending_until = NULL, pending_by = NULL, pending_note = NULL
 WHERE id = %(id)s
"""

_HOLD = """
UPDATE applications SET pending_status = %(status)s, pending_until = now() + make_interval(secs => %(seconds)s),
       pending_by = %(by)s, pending_note = %(note)s
 WHERE id = %(id)s
"""

_LOCK_OF = sql.SQL("SELECT {columns} FROM applications WHERE user_id = ANY(%s) ORDER BY id FOR UPDATE").format(
    columns=_COLUMNS
)

_ERASE = "UPDATE applications SET cover_letter = NULL, match_score = NULL WHERE user_id = %s"

_SCORED = """
UPDATE applications AS a SET match_score = told.score
  FROM unnest(%(jobs)s::uuid[], %(resumes)s::uuid[], %(scores)s::numeric[]) AS told (job_id, resume_id, score)
 WHERE a.resume_id = told.resume_id AND a.job_id = told.job_id AND a.match_score IS NULL
   AND a.status <> ALL(%(ended)s)
"""

_LOCK_AT = sql.SQL("""
SELECT {columns} FROM applications
 WHERE company_id = ANY(%s) AND status <> ALL(%s) ORDER BY id FOR UPDATE
""").format(columns=_COLUMNS)

_LET_GO = """
UPDATE applications SET pending_status = NULL, pending_until = NULL, pending_by = NULL, pending_note = NULL
 WHERE id = %s
"""

_DUE = sql.SQL("""
SELECT {columns} FROM applications WHERE pending_status IS NOT NULL AND pending_until <= now()
 ORDER BY pending_until LIMIT %s FOR UPDATE SKIP LOCKED
""").format(columns=_COLUMNS)

_SENT = """
SELECT EXISTS (SELECT 1 FROM applications WHERE resume_id = %s AND company_id = %s AND status <> 'withdrawn')
"""

_LIST = sql.SQL("""
SELECT {columns} FROM applications
 WHERE (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
   AND (%(job_id)s::uuid IS NULL OR job_id = %(job_id)s)
   AND (%(company_id)s::uuid IS NULL OR company_id = %(company_id)s)
   AND (%(status)s::text IS NULL OR status = %(status)s)
   AND (%(after)s::uuid IS NULL OR id < %(after)s)
 ORDER BY id DESC LIMIT %(limit)s
""").format(columns=_COLUMNS)


async def add(tx: Transaction, new: New) -> bool:
    """Keeps an application; False where the person has applied for the post before."""
    return bool(await tx.execute(_ADD, vars(new)))


async def get(tx: ReadTransaction, ids: Sequence[UUID]) -> dict[UUID, Application]:
    """Those of the applications that are there, by their ids."""
    return {row[0]: Application(*row) for row in await tx.fetch_all(_GET, (list(ids),))}


async def lock(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, Application]:
    """The same, and nobody else changes them until the transaction ends; locked in one order, whoever asks."""
    return {row[0]: Application(*row) for row in await tx.fetch_all(_LOCK, (list(ids),))}


async def lock_of(tx: Transaction, people: Collection[UUID]) -> list[Application]:
    """All of some people, locked in the same order."""
    return [Application(*row) for row in await tx.fetch_all(_LOCK_OF, (list(people),))]


async def lock_at(tx: Transaction, companies: Collection[UUID]) -> list[Application]:
    """Those under way at some companies, locked in the same order."""
    return [Application(*row) for row in await tx.fetch_all(_LOCK_AT, (list(companies), [*ENDED]))]


async def scored(tx: Transaction, scores: Mapping[tuple[UUID, UUID], Decimal]) -> None:
    """Keeps scores, by post and resume, of applications under way that were sent before theirs was known."""
    jobs, resumes = [job for job, _ in scores], [resume for _, resume in scores]
    await tx.execute(_SCORED, {"jobs": jobs, "resumes": resumes, "scores": list(scores.values()), "ended": [*ENDED]})


async def erase(tx: Transaction, user_id: UUID) -> None:
    """Erases what a person wrote and how well he fitted."""
    await tx.execute(_ERASE, (user_id,))


async def move(tx: Transaction, application_id: UUID, status: str) -> None:
    """Brings an application that is locked into another state; what was held falls away."""
    await tx.execute(_MOVE, {"id": application_id, "status": status})


async def hold(
    tx: Transaction, application_id: UUID, *, status: str, seconds: float, by: UUID | None, note: str | None
) -> None:
    """Holds a state for some seconds. Nothing that the applicant sees changes, not even `updated_at`."""
    values = {"id": application_id, "status": status, "seconds": seconds, "by": by, "note": note}
    await tx.execute(_HOLD, values)


async def let_go(tx: Transaction, application_id: UUID) -> None:
    """Forgets what is held."""
    await tx.execute(_LET_GO, (application_id,))


async def due(tx: Transaction, most: int) -> list[Application]:
    """Applications whose held state comes now, locked; those that others work on are passed over."""
    return [Application(*row) for row in await tx.fetch_all(_DUE, (most,))]


async def sent(tx: ReadTransaction, *, resume_id: UUID, company_id: UUID) -> bool:
    """Whether an application with the resume is at the company and was not withdrawn."""
    return bool(await tx.fetch_value(_SENT, (resume_id, company_id)))


async def listed(tx: ReadTransaction, wanted: Wanted, *, after: UUID | None, limit: int) -> list[Application]:
    """Applications, newest first."""
    rows = await tx.fetch_all(_LIST, {**vars(wanted), "after": after, "limit": limit})
    return [Application(*row) for row in rows]
