"""Posts: made, read, changed, moved, listed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.job.domain.posts import FIELDS


@dataclass(frozen=True)
class Job:
    """A post."""

    id: UUID
    company_id: UUID
    title: str
    description: str | None
    requirements: str | None
    job_type: str | None
    experience_level: str | None
    experience_min: int | None
    experience_max: int | None
    salary_min: int | None
    salary_max: int | None
    location: str | None
    remote_type: str | None
    expires_at: datetime | None
    status: str
    views_count: int
    applies_count: int
    posted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    reference: str | None


@dataclass(frozen=True)
class Wanted:
    """Which posts a list shows; None does not ask."""

    status: str | None = None
    company_id: UUID | None = None
    job_type: str | None = None
    experience_level: str | None = None
    remote_type: str | None = None
    location: str | None = None
    years: int | None = None
    """Years of experience that the post lets in."""
    salary: int | None = None
    """A salary that the post reaches."""
    skill: list[str] | None = None
    """All names of a skill that the post asks for under one of them."""


@dataclass(frozen=True)
class Order:
    """What a list is sorted by, then by the id in the same direction; posts without the value come last."""

    column: str
    kind: str
    """The column's type in SQL."""
    down: bool = False
    may_lack: bool = False
    """Whether there are posts without the value."""

    def value(self, row: Job) -> datetime | int | str | None:
        """What the order sorts a post by."""
        found: datetime | int | str | None = getattr(row, self.column)
        return found


@dataclass(frozen=True)
class New:
    """A post to be made: its columns FIELDS, and its id where it comes from."""

    id: UUID
    values: Mapping[str, object]
    reference: str | None = None


class Closed(NamedTuple):
    """A post that was just closed without anybody asking for this one."""

    id: UUID
    company_id: UUID
    title: str


class Place(NamedTuple):
    """A place in a list: what the order sorts the post before it by, and its id."""

    value: datetime | int | str | None
    job_id: UUID


_ORDERS: Final[Mapping[str, Order]] = {
    "-posted_at": Order("posted_at", "timestamptz", down=True),
    "posted_at": Order("posted_at", "timestamptz"),
    "-salary_max": Order("salary_max", "int", down=True, may_lack=True),
    "salary_min": Order("salary_min", "int", may_lack=True),
    "expires_at": Order("expires_at", "timestamptz", may_lack=True),
    "title": Order("title", "text"),
}


_COLUMNS: Final = sql.SQL(
    "id, company_id, title, description, requirements, job_type, experience_level, experience_min, experience_max,"
    " salary_min, salary_max, location, remote_type, expires_at, status,"
    " views_count + coalesce((SELECT sum(count)::int FROM view_tally AS t WHERE t.job_id = jobs.id), 0),"
    " applies_count, posted_at, created_at, updated_at, version, reference"
)

_ADD = sql.SQL("""
INSERT INTO jobs (id, company_id, reference, posted_at, status, {names})
SELECT id, company_id, reference, posted_at, CASE WHEN posted_at IS NULL THEN 'draft' ELSE 'open' END, {names}
  FROM jsonb_populate_recordset(NULL::jobs, %s)
ON CONFLICT (company_id, reference) WHERE reference IS NOT NULL DO NOTHING
RETURNING id
""").format(names=sql.SQL(", ").join(map(sql.Identifier, FIELDS)))

_GET = sql.SQL("SELECT {columns} FROM jobs WHERE id = %s").format(columns=_COLUMNS)
_LOCK = sql.SQL("SELECT {columns} FROM jobs WHERE id = %s FOR UPDATE").format(columns=_COLUMNS)

_CHANGE = sql.SQL("UPDATE jobs SET {changes}, updated_at = now(), version = version + 1 WHERE id = %(id)s")

_MOVE = """
UPDATE jobs SET status = %(status)s::text, updated_at = now(), version = version + 1,
       posted_at = CASE WHEN %(status)s::text = 'open' AND posted_at IS NULL THEN now() ELSE posted_at END
 WHERE id = %(id)s
"""

_TOUCH = "UPDATE jobs SET updated_at = now(), version = version + 1 WHERE id = %s"

_REMOVE = "DELETE FROM jobs WHERE id = %s"

_PASSES: Final = """
       (%(company_id)s::uuid IS NULL OR company_id = %(company_id)s)
   AND (%(job_type)s::text IS NULL OR job_type = %(job_type)s)
   AND (%(experience_level)s::text IS NULL OR experience_level = %(experience_level)s)
   AND (%(remote_type)s::text IS NULL OR remote_type = %(remote_type)s)
   AND (%(location)s::text IS NULL OR lower(location) = lower(%(location)s))
   AND (%(years)s::int IS NULL OR (coalesce(experience_min, 0) <= %(years)s
                                   AND coalesce(experience_max, 1000) >= %(years)s))
   AND (%(salary)s::int IS NULL OR coalesce(salary_max, salary_min) >= %(salary)s)
   AND (%(skill)s::text[] IS NULL OR EXISTS (
        SELECT 1 FROM job_skills AS s WHERE s.job_id = jobs.id AND s.skill_id = ANY(ARRAY(
            SELECT id FROM skill_tags
             WHERE translate(lower(name), ' -./''()_,', '')
                 = ANY(ARRAY(SELECT translate(lower(unnest(%(skill)s::text[])), ' -./''()_,', '')))))))
"""

_LIST = sql.SQL("""
SELECT {columns} FROM jobs
 WHERE {status} AND {passes} AND {after}
 ORDER BY {order}, {id_order} LIMIT %(limit)s
""")

_AFTER = sql.SQL("({key}, id) {beyond} (%(after)s::{kind}, %(after_id)s::uuid)")
_AFTER_OR_WITHOUT = sql.SQL("({after} OR {key} IS NULL)")
_AFTER_WITHOUT = sql.SQL("({key} IS NULL AND id {beyond} %(after_id)s::uuid)")

_OVER = """
UPDATE jobs SET status = 'closed', updated_at = now(), version = version + 1
 WHERE id IN (SELECT id FROM jobs WHERE status = 'open' AND expires_at <= now()
               ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, company_id, title
"""

_LEFT = """
UPDATE jobs SET status = 'closed', updated_at = now(), version = version + 1
 WHERE id IN (SELECT jobs.id FROM tombstone JOIN jobs ON jobs.company_id = tombstone.id WHERE jobs.status = 'open'
               ORDER BY jobs.id LIMIT %s FOR UPDATE OF jobs SKIP LOCKED)
RETURNING id, company_id, title
"""


async def add(
    tx: Transaction, *, company_id: UUID, rows: Sequence[New], posted_at: datetime | None = None
) -> set[UUID]:
    """Makes posts, drafts unless they are posted, in one statement; the ids of all whose reference was not there."""
    common = {"company_id": str(company_id), "posted_at": None if posted_at is None else posted_at.isoformat()}
    whole = [{**row.values, "id": str(row.id), "reference": row.reference, **common} for row in rows]
    return {row[0] for row in await tx.fetch_all(_ADD, (Jsonb(whole, dumps=_dumped),))}


def _dumped(rows: object) -> str:
    return json.dumps(rows, default=str)


async def get(tx: ReadTransaction, job_id: UUID) -> Job | None:
    """A post in any state."""
    row = await tx.fetch_one(_GET, (job_id,))
    return Job(*row) if row else None


async def lock(tx: Transaction, job_id: UUID) -> Job | None:
    """The same, and nobody else changes it until the transaction ends."""
    row = await tx.fetch_one(_LOCK, (job_id,))
    return Job(*row) if row else None


async def change(tx: Transaction, job_id: UUID, changes: Mapping[str, object]) -> None:
    """Changes some of the columns FIELDS of a post that is locked."""
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in changes
    )
    await tx.execute(_CHANGE.format(changes=sets), {**changes, "id": job_id})


async def move(tx: Transaction, job_id: UUID, status: str) -> None:
    """Brings a post that is locked into another state; the first time open is when it was posted."""
    await tx.execute(_MOVE, {"id": job_id, "status": status})


async def touch(tx: Transaction, job_id: UUID) -> None:
    """Counts a change of what belongs to a post that is locked."""
    await tx.execute(_TOUCH, (job_id,))


async def remove(tx: Transaction, job_id: UUID) -> None:
    """Removes a post."""
    await tx.execute(_REMOVE, (job_id,))


def order_of(sort: str, status: str | None) -> Order:
    """The order of that name; posts that are not open may never have been posted: it is when they were made."""
    order = _ORDERS[sort]
    return replace(order, column="created_at") if order.column == "posted_at" and status != "open" else order


async def listed(
    tx: ReadTransaction, wanted: Wanted, order: Order, *, after: Place | None, limit: int
) -> Sequence[Job]:
    """Posts in an order, from a place on."""
    status = sql.SQL("true") if wanted.status is None else sql.SQL("status = {}").format(sql.Literal(wanted.status))
    # NULLS LAST keeps an index from being read in its order, so it is said only where there are any.
    direction = sql.SQL(" DESC" if order.down else "")
    last = sql.SQL(" NULLS LAST" if order.down and order.may_lack else "")
    statement = _LIST.format(
        columns=_COLUMNS,
        status=status,
        passes=sql.SQL(_PASSES),
        after=_beyond(order, after),
        order=sql.Identifier(order.column) + direction + last,
        id_order=sql.Identifier("id") + direction,
    )
    value, job_id = after or (None, None)
    rows = await tx.fetch_all(statement, {**vars(wanted), "after": value, "after_id": job_id, "limit": limit})
    return [Job(*row) for row in rows]


def _beyond(order: Order, after: Place | None) -> sql.Composable:
    if after is None:
        return sql.SQL("true")
    key, beyond = sql.Identifier(order.column), sql.SQL("<" if order.down else ">")
    if after.value is None:
        return _AFTER_WITHOUT.format(key=key, beyond=beyond)
    found = _AFTER.format(key=key, beyond=beyond, kind=sql.SQL(order.kind))
    return _AFTER_OR_WITHOUT.format(after=found, key=key) if order.may_lack else found


async def close_over(tx: Transaction, most: int) -> list[Closed]:
    """Closes open posts whose time is over."""
    return [Closed(*row) for row in await tx.fetch_all(_OVER, (most,))]


async def close_left(tx: Transaction, most: int) -> list[Closed]:
    """Closes open posts of companies that are closed."""
    return [Closed(*row) for row in await tx.fetch_all(_LEFT, (most,))]
