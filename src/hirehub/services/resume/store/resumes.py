"""Resumes: kept, shown, worked on, removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class Resume:
    """A resume, without what was read in it."""

    id: UUID
    user_id: UUID
    title: str | None
    original_file_url: str | None
    original_file_name: str | None
    file_type: str | None
    is_primary: bool
    status: str
    status_reason: str | None
    file_bytes: int | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class State:
    """How the work on a resume stands; `reason` is the code of what went wrong."""

    status: str
    reason: str | None


@dataclass(frozen=True)
class Content:
    """What was read in a resume."""

    masked_content: str | None
    parsed_content: dict[str, Any] | None
    ai_summary: str | None


_COLUMNS: Final = (
    "id, user_id, title, original_file_url, original_file_name, file_type, is_primary, status, status_reason,"
    " file_bytes, created_at, updated_at, version"
)

_ADD = """
INSERT INTO resumes (id, user_id, title, original_file_url, original_file_name, file_type, file_bytes, file_sha256)
VALUES (%(id)s, %(user_id)s, %(title)s, %(url)s, %(name)s, %(kind)s, %(bytes)s, %(sha256)s)
"""
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 7))"
_COUNT = "SELECT count(*) FROM resumes WHERE user_id = %s"
_TWIN = "SELECT id FROM resumes WHERE user_id = %s AND file_sha256 = %s AND id <> %s ORDER BY created_at LIMIT 1"
_GET = f"SELECT {_COLUMNS} FROM resumes WHERE id = %s"  # noqa: S608 - the columns are ours
_STATES = "SELECT id, status, status_reason FROM resumes WHERE id = ANY(%s)"
_LOCK = f"SELECT {_COLUMNS} FROM resumes WHERE id = %s FOR UPDATE"  # noqa: S608 - the columns are ours
_LIST = f"""
SELECT {_COLUMNS} FROM resumes WHERE user_id = %(user_id)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
 ORDER BY id DESC LIMIT %(limit)s
"""  # noqa: S608 - the columns are ours
_CONTENT = "SELECT masked_content, parsed_content, ai_summary FROM resumes WHERE id = %s"
_RENAME = "UPDATE resumes SET title = %s, updated_at = now(), version = version + 1 WHERE id = %s"
_UNCHOOSE = "UPDATE resumes SET is_primary = false, updated_at = now() WHERE user_id = %s AND is_primary AND id <> %s"
_CHOOSE = "UPDATE resumes SET is_primary = true, updated_at = now() WHERE id = %s AND NOT is_primary"
_YIELD = (
    "UPDATE resumes SET is_primary = false, updated_at = now() WHERE user_id = %s AND is_primary AND status = 'error'"
)
_FOLLOW = """
UPDATE resumes SET is_primary = true, updated_at = now()
 WHERE id = (SELECT id FROM resumes WHERE user_id = %(user_id)s AND status <> 'error'
              ORDER BY status = 'ready' DESC, id DESC LIMIT 1)
   AND NOT EXISTS (SELECT 1 FROM resumes WHERE user_id = %(user_id)s AND is_primary)
"""
_WORKED = """
UPDATE resumes SET status = %(status)s, status_reason = %(reason)s, masked_content = %(masked_content)s,
       parsed_content = %(parsed_content)s, ai_summary = %(ai_summary)s, updated_at = now(), version = version + 1
 WHERE id = %(id)s
"""
_TOUCH = "UPDATE resumes SET updated_at = now(), version = version + 1 WHERE id = %s"
_LOCK_OF = f"SELECT {_COLUMNS} FROM resumes WHERE user_id = %s ORDER BY id FOR UPDATE"  # noqa: S608 - the columns are ours
_REMOVE = "DELETE FROM resumes WHERE id = %s"
_ASK_REMOVAL = """
INSERT INTO file_removal (prefix, due_at) SELECT unnest(%s::text[]), now() + %s * interval '1 second'
ON CONFLICT (prefix) DO UPDATE SET due_at = EXCLUDED.due_at
"""
_ASKED = "SELECT prefix FROM file_removal WHERE due_at <= now() ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED"
_REMOVED = "DELETE FROM file_removal WHERE prefix = ANY(%s)"


async def add(tx: Transaction, values: Mapping[str, object]) -> None:
    """Keeps a resume that waits to be read."""
    await tx.execute(_ADD, values)


async def alone(tx: Transaction, user_id: UUID) -> None:
    """Waits until nobody else changes which resumes the person has."""
    await tx.execute(_ONE_AT_A_TIME, (user_id,))


async def count(tx: ReadTransaction, user_id: UUID) -> int:
    """How many resumes the person has."""
    return int(await tx.fetch_value(_COUNT, (user_id,)))


async def twin(tx: ReadTransaction, *, user_id: UUID, sha256: bytes, other_than: UUID) -> UUID | None:
    """The person's earlier resume of the same bytes."""
    found: UUID | None = await tx.fetch_value(_TWIN, (user_id, sha256, other_than))
    return found


async def get(tx: ReadTransaction, resume_id: UUID) -> Resume | None:
    """A resume."""
    row = await tx.fetch_one(_GET, (resume_id,))
    return Resume(*row) if row else None


async def states(tx: ReadTransaction, resume_ids: Sequence[UUID]) -> dict[UUID, State]:
    """How the work on those of the resumes stands that are there."""
    return {row[0]: State(*row[1:]) for row in await tx.fetch_all(_STATES, (list(resume_ids),))}


async def lock(tx: Transaction, resume_id: UUID) -> Resume | None:
    """The same, and nobody else changes it until the transaction ends."""
    row = await tx.fetch_one(_LOCK, (resume_id,))
    return Resume(*row) if row else None


async def lock_of(tx: Transaction, user_id: UUID) -> Sequence[Resume]:
    """All of a person's resumes, which nobody else changes until the transaction ends."""
    return [Resume(*row) for row in await tx.fetch_all(_LOCK_OF, (user_id,))]


async def listed(tx: ReadTransaction, user_id: UUID, *, after: UUID | None, limit: int) -> Sequence[Resume]:
    """A person's resumes, newest first."""
    rows = await tx.fetch_all(_LIST, {"user_id": user_id, "after": after, "limit": limit})
    return [Resume(*row) for row in rows]


async def content(tx: ReadTransaction, resume_id: UUID) -> Content:
    """What was read in a resume."""
    row = await tx.fetch_one(_CONTENT, (resume_id,))
    return Content(*row) if row else Content(None, None, None)


async def rename(tx: Transaction, resume_id: UUID, title: str | None) -> None:
    """Gives a resume another title."""
    await tx.execute(_RENAME, (title, resume_id))


async def choose(tx: Transaction, *, user_id: UUID, resume_id: UUID) -> None:
    """Makes a resume the person's primary one."""
    await tx.execute(_UNCHOOSE, (user_id, resume_id))
    await tx.execute(_CHOOSE, (resume_id,))


async def settle(tx: Transaction, user_id: UUID) -> None:
    """Lets the person have a primary resume, where one is not an error: who has none gets the newest, ready ones first.

    Nobody else changes meanwhile which resumes the person has.
    """
    await tx.execute(_YIELD, (user_id,))
    await tx.execute(_FOLLOW, {"user_id": user_id})


async def worked(
    tx: Transaction,
    resume_id: UUID,
    *,
    status: str,
    reason: str | None,
    masked_content: str | None,
    parsed_content: Mapping[str, object] | None,
    ai_summary: str | None,
) -> None:
    """Keeps how the work on a resume has ended, and what was read."""
    values = {
        "id": resume_id,
        "status": status,
        "reason": reason,
        "masked_content": masked_content,
        "parsed_content": None if parsed_content is None else Jsonb(dict(parsed_content)),
        "ai_summary": ai_summary,
    }
    await tx.execute(_WORKED, values)


async def touch(tx: Transaction, resume_id: UUID) -> None:
    """Counts a change of what belongs to a resume."""
    await tx.execute(_TOUCH, (resume_id,))


async def remove(tx: Transaction, resume_id: UUID, prefixes: Sequence[str]) -> None:
    """Removes a resume, and asks that its files go."""
    await tx.execute(_REMOVE, (resume_id,))
    await ask_removal(tx, prefixes)


async def ask_removal(tx: Transaction, prefixes: Sequence[str], *, seconds: int = 0) -> None:
    """Asks that files go, so many seconds from now."""
    await tx.execute(_ASK_REMOVAL, (list(prefixes), seconds))


async def asked(tx: Transaction, most: int) -> list[str]:
    """Files that are to go now; nobody else sees them until the transaction ends."""
    return [row[0] for row in await tx.fetch_all(_ASKED, (most,))]


async def removed(tx: Transaction, prefixes: Sequence[str]) -> None:
    """Forgets files that are gone."""
    await tx.execute(_REMOVED, (list(prefixes),))
