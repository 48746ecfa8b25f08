"""The history of applications: added to, read, replayed.

An event's time is the clock's and not its transaction's: that began before it had the application's row for itself.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.ids import uuid7
from hirehub.services.apply.domain.states import Step


@dataclass(frozen=True)
class Event:
    """An event; `number` is its place in its application's history, from 1."""

    id: UUID
    application_id: UUID
    number: int
    event_type: str
    from_status: str | None
    to_status: str | None
    actor_id: UUID | None
    actor_type: str | None
    payload: dict[str, Any] | None
    created_at: datetime


_COLUMNS = sql.SQL(
    "id, application_id, number, event_type, from_status, to_status, actor_id, actor_type, payload, created_at"
)

_ADD = sql.SQL("""
INSERT INTO application_events
       (id, application_id, number, event_type, from_status, to_status, actor_id, actor_type, payload, created_at)
SELECT %(id)s, %(application_id)s,
       1 + coalesce((SELECT max(number) FROM application_events WHERE application_id = %(application_id)s), 0),
       %(event_type)s, %(from_status)s, %(to_status)s, %(actor_id)s, %(actor_type)s, %(payload)s, clock_timestamp()
RETURNING {columns}
""").format(columns=_COLUMNS)

_LIST = sql.SQL("""
SELECT {columns} FROM application_events
 WHERE application_id = %(application_id)s AND number > %(after)s
   AND (%(but)s::text IS NULL OR event_type <> %(but)s)
 ORDER BY number LIMIT %(limit)s
""").format(columns=_COLUMNS)

_STEPS = """
SELECT from_status, to_status FROM application_events WHERE application_id = %s AND to_status IS NOT NULL
 ORDER BY number
"""

_ERASE = "SELECT forget_words(%s)"

_HISTORIES = """
SELECT a.id, a.status, e.from_status, e.to_status FROM applications AS a
  LEFT JOIN application_events AS e ON e.application_id = a.id AND e.to_status IS NOT NULL
 ORDER BY a.id, e.number
"""


async def add(
    tx: Transaction,
    application_id: UUID,
    event_type: str,
    *,
    actor: str,
    person: UUID | None,
    moved: tuple[str | None, str] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Adds to the history of an application that is locked, or made in this transaction; `moved` is from and to."""
    begin, end = moved or (None, None)
    values = {
        "id": uuid7(),
        "application_id": application_id,
        "event_type": event_type,
        "from_status": begin,
        "to_status": end,
        "actor_id": person,
        "actor_type": actor,
        "payload": Jsonb(payload) if payload else None,
    }
    row = await tx.fetch_one(_ADD, values)
    if row is None:
        raise LookupError("an INSERT without a row")
    return Event(*row)


async def listed(
    tx: ReadTransaction, application_id: UUID, *, after: int, limit: int, but: str | None = None
) -> list[Event]:
    """A history from a place on, without events of the type `but`."""
    values = {"application_id": application_id, "after": after, "limit": limit, "but": but}
    return [Event(*row) for row in await tx.fetch_all(_LIST, values)]


async def steps(tx: ReadTransaction, application_id: UUID) -> list[Step]:
    """What a history says of the state."""
    return [Step(*row) for row in await tx.fetch_all(_STEPS, (application_id,))]


async def erase(tx: Transaction, user_id: UUID) -> None:
    """Erases the words in the histories of a person who has a tombstone; the database lets nothing else be changed."""
    await tx.execute(_ERASE, (user_id,))


async def histories(tx: ReadTransaction) -> AsyncIterator[tuple[UUID, str, Step | None]]:
    """Every application's id and state with each step of its history, together and in order; None where it has none."""
    async with tx.stream(_HISTORIES) as rows:
        async for application_id, status, begin, end in rows:
            yield application_id, status, Step(begin, end) if end is not None else None
