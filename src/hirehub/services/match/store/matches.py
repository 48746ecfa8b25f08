"""Matches: stored, listed best first, read, removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.ids import uuid7
from hirehub.services.match.domain.matches import Result


@dataclass(frozen=True)
class Match:
    """A match without its evidence. Each change of it gives it another stamp."""

    id: UUID
    job_id: UUID
    resume_id: UUID
    user_id: UUID
    company_id: UUID
    overall_score: Decimal | None
    skill_score: Decimal | None
    experience_score: Decimal | None
    culture_score: Decimal | None
    low_score: Decimal | None
    high_score: Decimal | None
    is_recommended: bool
    job_version: int
    resume_version: int
    calculated_at: datetime
    created_at: datetime
    updated_at: datetime
    rank: int
    stamp: UUID


@dataclass(frozen=True)
class Detail(Match):
    """A match with its evidence, and that in words, in the language of the post."""

    score_breakdown: dict[str, Any] | None
    ai_reasoning: str | None


@dataclass(frozen=True)
class Stored:
    """A match that was made, changed or removed."""

    job_id: UUID
    resume_id: UUID
    user_id: UUID
    company_id: UUID


@dataclass(frozen=True)
class Wanted:
    """Which matches a list shows; None does not ask."""

    job_id: UUID | None = None
    resume_id: UUID | None = None
    user_id: UUID | None = None
    recommended: bool | None = None
    min_score: Decimal | None = None


@dataclass(frozen=True)
class Place:
    """The place of a match in a list: the greater, the earlier."""

    rank: int
    id: UUID


_COLUMNS: Final = sql.SQL(
    "id, job_id, resume_id, user_id, company_id, overall_score, skill_score, experience_score, culture_score,"
    " low_score, high_score, is_recommended, job_version, resume_version, calculated_at, created_at, updated_at,"
    " rank, stamp"
)

_STORE = """
INSERT INTO matches AS m
       (id, job_id, resume_id, user_id, company_id, overall_score, skill_score, experience_score, culture_score,
        low_score, high_score, rank, job_version, resume_version, calculated_at, score_breakdown, ai_reasoning,
        is_recommended)
SELECT * FROM jsonb_to_recordset(%s) AS told
       (id uuid, job_id uuid, resume_id uuid, user_id uuid, company_id uuid, overall_score numeric,
        skill_score numeric, experience_score numeric, culture_score numeric, low_score numeric, high_score numeric,
        rank bigint, job_version bigint, resume_version bigint, calculated_at timestamptz, score_breakdown jsonb,
        ai_reasoning text, is_recommended boolean)
 ORDER BY job_id, resume_id
ON CONFLICT (job_id, resume_id) DO UPDATE
   SET user_id = EXCLUDED.user_id, company_id = EXCLUDED.company_id, overall_score = EXCLUDED.overall_score,
       skill_score = EXCLUDED.skill_score, experience_score = EXCLUDED.experience_score,
       culture_score = EXCLUDED.culture_score, low_score = EXCLUDED.low_score, high_score = EXCLUDED.high_score,
       rank = EXCLUDED.rank, job_version = EXCLUDED.job_version, resume_version = EXCLUDED.resume_version,
       calculated_at = EXCLUDED.calculated_at, score_breakdown = EXCLUDED.score_breakdown,
       ai_reasoning = EXCLUDED.ai_reasoning, is_recommended = EXCLUDED.is_recommended,
       updated_at = now(), stamp = gen_random_uuid()
 WHERE EXCLUDED.job_version >= m.job_version AND EXCLUDED.resume_version >= m.resume_version
   AND ((EXCLUDED.job_version, EXCLUDED.resume_version) <> (m.job_version, m.resume_version)
        OR EXCLUDED.calculated_at > m.calculated_at)
RETURNING job_id, resume_id, user_id, company_id
"""

_LIST = sql.SQL("SELECT {columns} FROM matches WHERE {conditions} ORDER BY rank DESC, id DESC LIMIT %(limit)s")
_CONDITIONS: Final = {
    "job_id": sql.SQL("job_id = %(job_id)s"),
    "resume_id": sql.SQL("resume_id = %(resume_id)s"),
    "user_id": sql.SQL("user_id = %(user_id)s"),
    "recommended": sql.SQL("is_recommended = %(recommended)s"),
    "min_score": sql.SQL("overall_score >= %(min_score)s"),
}
_AFTER: Final = sql.SQL("(rank, id) < (%(rank)s, %(after)s)")

_RECOMMENDED = sql.SQL("""
SELECT {columns} FROM (
    SELECT DISTINCT ON (job_id) m.* FROM matches AS m JOIN post AS p USING (job_id)
     WHERE m.user_id = %(user_id)s AND m.is_recommended AND p.status = 'open'
     ORDER BY job_id, rank DESC, id DESC
) AS best
 WHERE %(rank)s::bigint IS NULL OR (rank, id) < (%(rank)s, %(after)s)
 ORDER BY rank DESC, id DESC LIMIT %(limit)s
""").format(columns=_COLUMNS)

_GET = sql.SQL("SELECT {columns} FROM matches WHERE id = %s").format(columns=_COLUMNS)
_GET_WHOLE = sql.SQL("SELECT {columns}, score_breakdown, ai_reasoning FROM matches WHERE id = %s").format(
    columns=_COLUMNS
)
_OWNER = "SELECT user_id FROM matches WHERE resume_id = %s LIMIT 1"
_REMOVE = """
DELETE FROM matches WHERE resume_id = ANY(%(resumes)s) OR user_id = ANY(%(people)s)
RETURNING job_id, resume_id, user_id, company_id
"""


async def store(tx: Transaction, results: Sequence[Result], *, line: Decimal) -> list[Stored]:
    """Makes or changes matches, one a pair, unless what is there counts more; those that it made or changed."""
    if not results:
        return []
    return [Stored(*row) for row in await tx.fetch_all(_STORE, (Jsonb([_row(one, line) for one in results]),))]


async def listed(tx: ReadTransaction, wanted: Wanted, *, after: Place | None, limit: int) -> list[Match]:
    """Matches, the best first."""
    asked = {name: value for name, value in vars(wanted).items() if value is not None}
    conditions = [_CONDITIONS[name] for name in asked]
    if after is not None:
        conditions.append(_AFTER)
        asked |= {"rank": after.rank, "after": after.id}
    statement = _LIST.format(columns=_COLUMNS, conditions=sql.SQL(" AND ").join(conditions))
    return [Match(*row) for row in await tx.fetch_all(statement, {**asked, "limit": limit})]


async def recommended(tx: ReadTransaction, user_id: UUID, *, after: Place | None, limit: int) -> list[Match]:
    """A person's recommended matches with open posts, of each post the best one, the best first."""
    place = {"rank": after.rank, "after": after.id} if after else {"rank": None, "after": None}
    rows = await tx.fetch_all(_RECOMMENDED, {"user_id": user_id, **place, "limit": limit})
    return [Match(*row) for row in rows]


async def get(tx: ReadTransaction, match_id: UUID) -> Match | None:
    """A match."""
    row = await tx.fetch_one(_GET, (match_id,))
    return Match(*row) if row else None


async def get_whole(tx: ReadTransaction, match_id: UUID) -> Detail | None:
    """A match with its evidence."""
    row = await tx.fetch_one(_GET_WHOLE, (match_id,))
    return Detail(*row) if row else None


async def owner(tx: ReadTransaction, resume_id: UUID) -> UUID | None:
    """Whose resume it is, as far as its matches tell; None where it has none."""
    found: UUID | None = await tx.fetch_value(_OWNER, (resume_id,))
    return found


async def remove(tx: Transaction, *, resumes: Sequence[UUID] = (), people: Sequence[UUID] = ()) -> list[Stored]:
    """Removes the matches of resumes or people; what they were."""
    rows = await tx.fetch_all(_REMOVE, {"resumes": list(resumes), "people": list(people)})
    return [Stored(*row) for row in rows]


def _row(one: Result, line: Decimal) -> dict[str, Any]:
    ids = {"id": uuid7(), "job_id": one.job_id, "resume_id": one.resume_id, "user_id": one.user_id}
    scores = {
        "overall_score": one.overall,
        "skill_score": one.skill,
        "experience_score": one.experience,
        "culture_score": one.culture,
        "low_score": one.low,
        "high_score": one.high,
    }
    return {
        **{name: str(value) for name, value in {**ids, "company_id": one.company_id}.items()},
        **{name: None if value is None else str(value) for name, value in scores.items()},
        "rank": one.rank,
        "job_version": one.job_version,
        "resume_version": one.resume_version,
        "calculated_at": one.calculated_at.isoformat(),
        "score_breakdown": one.breakdown,
        "ai_reasoning": one.reasoning,
        "is_recommended": one.recommended(line),
    }
