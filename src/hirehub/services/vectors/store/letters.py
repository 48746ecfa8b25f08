"""Reading and changing dead letters that are there: found by filters, listed in pages, locked while they are replayed.

Lists leave the payload out: it holds personal data, and is read one letter at a time only.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.vectors.domain.deadletters import Cause, DeadLetter


@dataclass(frozen=True)
class Filter:
    """Which letters are meant; what is None does not matter. Ages are counted from the first sight of the row."""

    ids: tuple[int, ...] | None = None
    domain: str | None = None
    cause: str | None = None
    run_id: UUID | None = None
    older_than: timedelta | None = None
    newer_than: timedelta | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing limits it."""
        return self == Filter()


@dataclass(frozen=True)
class Letter:
    """A dead letter without its payload."""

    id: int
    domain: str
    entity_id: UUID | None
    cause: str
    message: str
    run_id: UUID | None
    created_at: datetime
    arrived_at: datetime
    attempts: int
    last_attempt_at: datetime | None
    seen: int
    dimension: int | None


@dataclass(frozen=True)
class WholeLetter:
    """A dead letter with its payload, for one who asked for it."""

    letter: Letter
    payload: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True)
class CauseCount:
    """Letters of a domain and a cause."""

    domain: str
    cause: str
    letters: int
    seen: int
    oldest: datetime
    newest: datetime


_COLUMNS = sql.SQL(
    "id, domain, entity_id, cause, error_message, run_id, created_at, arrived_at, attempts, last_attempt_at, seen,"
    " dimension"
)

_MEANT = sql.SQL(
    "(%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s::bigint[]))"
    " AND (%(domain)s::text IS NULL OR domain = %(domain)s)"
    " AND (%(cause)s::text IS NULL OR cause = %(cause)s)"
    " AND (%(run_id)s::uuid IS NULL OR run_id = %(run_id)s)"
    " AND (%(older_than)s::interval IS NULL OR created_at <= clock_timestamp() - %(older_than)s::interval)"
    " AND (%(newer_than)s::interval IS NULL OR created_at >= clock_timestamp() - %(newer_than)s::interval)"
)

_LIST = sql.SQL(
    "SELECT {columns} FROM dlq WHERE {meant} AND (%(before)s::bigint IS NULL OR id < %(before)s)"
    " ORDER BY id DESC LIMIT %(limit)s"
).format(columns=_COLUMNS, meant=_MEANT)

_COUNT = sql.SQL("SELECT count(*) FROM dlq WHERE {meant}").format(meant=_MEANT)

_IDS = sql.SQL("SELECT id FROM dlq WHERE {meant} ORDER BY id").format(meant=_MEANT)

_DROP = sql.SQL("DELETE FROM dlq WHERE {meant}").format(meant=_MEANT)

_GET = sql.SQL("SELECT {columns}, payload FROM dlq WHERE id = %(id)s").format(columns=_COLUMNS)

_LOCK = sql.SQL(
    "SELECT {columns}, payload FROM dlq WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE SKIP LOCKED"
).format(columns=_COLUMNS)

_TRY_AGAIN = """
SELECT id FROM dlq
 WHERE domain = %(domain)s AND attempts < %(attempts)s
   AND (payload ? %(corrected)s
        OR (cause = 'wrong_dimension' AND dimension = %(dimension)s)
        OR (cause = 'unknown_level' AND payload ->> 'english_level' = ANY(%(levels)s::text[]))
        OR (cause = 'database_error'
            AND coalesce(last_attempt_at, created_at)
                <= clock_timestamp() - make_interval(secs => %(pause)s * power(2, attempts))))
 ORDER BY id
"""

_STATS = """
SELECT domain, cause, count(*), sum(seen)::bigint, min(created_at), max(created_at)
  FROM dlq GROUP BY domain, cause ORDER BY domain, cause
"""

_REMOVE = "DELETE FROM dlq WHERE id = ANY(%s::bigint[])"

_FAILED = """
UPDATE dlq SET cause = %(cause)s, error_message = %(message)s, dimension = %(dimension)s, attempts = attempts + 1,
       last_attempt_at = clock_timestamp()
 WHERE id = %(id)s
"""

_CORRECT = """
UPDATE dlq SET entity_id = %(entity_id)s, error_message = %(message)s, payload = %(payload)s::jsonb,
       dimension = %(dimension)s, attempts = 0, last_attempt_at = NULL
 WHERE id = %(id)s
"""

CORRECTED = "corrected"
"""The key of a payload that was corrected and waits for its replay."""

_FIRST_PAUSE = 300.0
"""Seconds before the schedule tries again what the database refused; doubled with every try."""


async def list_letters(
    tx: ReadTransaction, meant: Filter, *, before: int | None = None, limit: int = 50
) -> list[Letter]:
    """The latest letters first; `before` is the last id of the page before."""
    return [Letter(*row) for row in await tx.fetch_all(_LIST, _values(meant) | {"before": before, "limit": limit})]


async def count(tx: ReadTransaction, meant: Filter) -> int:
    """How many letters are meant."""
    return int(await tx.fetch_value(_COUNT, _values(meant)))


async def ids(tx: ReadTransaction, meant: Filter) -> list[int]:
    """The ids of the letters that are meant, in order."""
    return [row[0] for row in await tx.fetch_all(_IDS, _values(meant))]


async def ids_that_may_pass(
    tx: ReadTransaction, *, domain: str, dimension: int, levels: Sequence[str], attempts: int
) -> list[int]:
    """Letters whose cause may be gone by now, and that the schedule has not tried too often."""
    values = {"domain": domain, "dimension": dimension, "levels": list(levels), "attempts": attempts}
    rows = await tx.fetch_all(_TRY_AGAIN, values | {"corrected": CORRECTED, "pause": _FIRST_PAUSE})
    return [row[0] for row in rows]


async def get(tx: ReadTransaction, letter_id: int) -> WholeLetter | None:
    """One letter with its payload."""
    row = await tx.fetch_one(_GET, {"id": letter_id})
    return _whole(row) if row else None


async def lock(tx: Transaction, wanted: Iterable[int]) -> list[WholeLetter]:
    """Those of the letters that are there and that nobody else replays, locked until the transaction ends."""
    return [_whole(row) for row in await tx.fetch_all(_LOCK, {"ids": list(wanted)})]


async def stats(tx: ReadTransaction) -> list[CauseCount]:
    """How many letters there are, by domain and cause."""
    return [CauseCount(*row) for row in await tx.fetch_all(_STATS)]


async def remove(tx: Transaction, wanted: Iterable[int]) -> int:
    """Removes letters whose rows have their fate."""
    return await tx.execute(_REMOVE, (list(wanted),))


async def drop(tx: Transaction, meant: Filter) -> int:
    """Removes the letters that are meant, for good."""
    return await tx.execute(_DROP, _values(meant))


async def failed_again(tx: Transaction, letter_id: int, *, cause: Cause, message: str, dimension: int | None) -> None:
    """Keeps that a letter was tried, and why it did not pass."""
    values = {"id": letter_id, "cause": str(cause), "message": message, "dimension": dimension}
    await tx.execute(_FAILED, values)


async def correct(tx: Transaction, letter_id: int, fixed: DeadLetter) -> None:
    """Puts a corrected row in the place of the bad one, by whose fingerprint the letter is still known."""
    values = {"id": letter_id, "entity_id": fixed.entity_id, "message": fixed.message, "dimension": fixed.dimension}
    await tx.execute(_CORRECT, values | {"payload": json.dumps(dict(fixed.payload))})


def _whole(row: tuple[Any, ...]) -> WholeLetter:
    return WholeLetter(Letter(*row[:-1]), row[-1] or {})


def _values(meant: Filter) -> dict[str, object]:
    return {
        "ids": None if meant.ids is None else list(meant.ids),
        "domain": meant.domain,
        "cause": meant.cause,
        "run_id": meant.run_id,
        "older_than": meant.older_than,
        "newer_than": meant.newer_than,
    }
