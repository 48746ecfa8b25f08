"""Notifications: made once each, listed for their person, read, forgotten."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class New:
    """A notification to be. `wait`: seconds until it may be sent; one of the product itself is there at once."""

    id: UUID
    user_id: UUID
    template_id: UUID
    event_type: str
    channel: str
    title: str
    content: str
    data: Mapping[str, Any]
    dedupe_key: str
    wait: float = 0.0


@dataclass(frozen=True)
class Notification:
    """A notification as its person sees it."""

    id: UUID
    event_type: str
    channel: str
    title: str
    content: str
    data: Mapping[str, Any]
    status: str
    kept: bool
    error_message: str | None
    created_at: datetime
    sent_at: datetime | None
    read_at: datetime | None


_COLUMNS: Final = sql.SQL(
    "id, event_type, channel, title, content, data, status, kept, error_message, created_at, sent_at, read_at"
)

_ADD = """
INSERT INTO notifications
       (id, user_id, template_id, event_type, channel, title, content, data, dedupe_key, due_at, status, sent_at)
SELECT id, user_id, template_id, event_type, channel, title, content, data::jsonb, dedupe_key,
       now() + make_interval(secs => wait),
       CASE WHEN channel = 'in_app' THEN 'delivered' ELSE 'pending' END,
       CASE WHEN channel = 'in_app' THEN now() END
  FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
              %s::text[], %s::float8[])
       AS told (id, user_id, template_id, event_type, channel, title, content, data, dedupe_key, wait)
 ORDER BY dedupe_key
    ON CONFLICT (dedupe_key) DO NOTHING
"""
"""In one order, so that two who add the same ones wait for each other and not in a circle."""

_LIST = sql.SQL("""
SELECT {} FROM notifications
 WHERE user_id = %(user_id)s
   AND (%(status)s::text IS NULL OR status = %(status)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (%(unread)s::boolean IS NULL OR (read_at IS NULL) = %(unread)s)
   AND (%(after)s::uuid IS NULL OR id < %(after)s)
 ORDER BY id DESC LIMIT %(limit)s
""").format(_COLUMNS)

_READ = sql.SQL("""
UPDATE notifications
   SET read_at = coalesce(read_at, now()),
       status = CASE WHEN status IN ('sent', 'delivered') THEN 'read' ELSE status END
 WHERE id = %s AND user_id = %s
RETURNING {}
""").format(_COLUMNS)

_READ_ALL = """
UPDATE notifications
   SET read_at = now(), status = CASE WHEN status IN ('sent', 'delivered') THEN 'read' ELSE status END
 WHERE user_id = %s AND read_at IS NULL
"""

_FORGET_PERSON = "DELETE FROM notifications WHERE user_id = %s"

_FORGET = """
DELETE FROM notifications WHERE id IN (
    SELECT id FROM notifications WHERE status <> 'pending' AND created_at < now() - make_interval(days => %s)
     LIMIT 10000)
"""


async def add(tx: Transaction, news: Sequence[New]) -> int:
    """Makes those that are not there yet; how many they were."""
    if not news:
        return 0
    columns = (
        [one.id for one in news],
        [one.user_id for one in news],
        [one.template_id for one in news],
        [one.event_type for one in news],
        [one.channel for one in news],
        [one.title for one in news],
        [one.content for one in news],
        [json.dumps(one.data) for one in news],
        [one.dedupe_key for one in news],
        [one.wait for one in news],
    )
    return await tx.execute(_ADD, columns)


async def listed(
    tx: ReadTransaction,
    user_id: UUID,
    *,
    status: str | None,
    channel: str | None,
    unread: bool | None,
    after: UUID | None,
    limit: int,
) -> list[Notification]:
    """A person's, newest first; one more than `limit` where there are more."""
    values = {"status": status, "channel": channel, "unread": unread, "after": after, "limit": limit + 1}
    return [Notification(*row) for row in await tx.fetch_all(_LIST, {**values, "user_id": user_id})]


async def read(tx: Transaction, notification_id: UUID, user_id: UUID) -> Notification | None:
    """Marks one as read, once; None where the person has none of that id."""
    row = await tx.fetch_one(_READ, (notification_id, user_id))
    return Notification(*row) if row else None


async def read_all(tx: Transaction, user_id: UUID) -> int:
    """Marks all of a person as read; how many were not."""
    return await tx.execute(_READ_ALL, (user_id,))


async def forget(tx: Transaction, days: int) -> int:
    """Forgets old ones that are not to be sent any more; how many, at most ten thousand."""
    return await tx.execute(_FORGET, (days,))


async def forget_person(tx: Transaction, user_id: UUID) -> None:
    """Forgets all of a person, sent or not."""
    await tx.execute(_FORGET_PERSON, (user_id,))
