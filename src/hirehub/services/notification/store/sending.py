"""What waits to be sent: taken on for a while by one process, then sent, put off, tried again or given up.

Every final write names the lease under which it was taken, so that who was too slow changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from hirehub.kernel.db import Transaction
from hirehub.services.notification.domain.events import RECOMMENDED

CHANNEL: Final = "notification.news"
"""Announced when something may be there to be told or sent."""


@dataclass(frozen=True)
class Waiting:
    """A notification that this process has taken on. `attempts` counts this one."""

    id: UUID
    user_id: UUID
    event_type: str
    channel: str
    title: str
    content: str
    url: str
    attempts: int
    job_title: str | None = None
    score: str | None = None


_TAKE = """
UPDATE notifications
   SET lease = %(lease)s, attempts = attempts + 1, due_at = now() + make_interval(secs => %(seconds)s)
 WHERE id = (SELECT id FROM notifications WHERE status = 'pending' AND due_at <= now()
              ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, user_id, event_type, channel, title, content, coalesce(data->>'url', ''), attempts,
          data->>'job_title', data->>'score'
"""

_BESIDE = """
SELECT id FROM notifications
 WHERE user_id = %(user_id)s AND status = 'pending' AND channel = 'email' AND event_type = %(event)s
   AND id <> %(id)s AND (lease IS NULL OR due_at <= now())
 ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""

_TAKE_THESE = """
UPDATE notifications
   SET lease = %(lease)s, attempts = attempts + 1, due_at = now() + make_interval(secs => %(seconds)s)
 WHERE id = ANY(%(ids)s)
RETURNING id, user_id, event_type, channel, title, content, coalesce(data->>'url', ''), attempts,
          data->>'job_title', data->>'score'
"""

_SENT = """
UPDATE notifications
   SET status = CASE WHEN read_at IS NULL THEN 'sent' ELSE 'read' END, sent_at = now(), kept = %(kept)s, lease = NULL,
       digest_id = %(digest_id)s
 WHERE id = ANY(%(ids)s) AND lease = %(lease)s AND status = 'pending'
"""

_PUT_OFF = """
UPDATE notifications SET due_at = %(until)s, attempts = attempts - 1, lease = NULL
 WHERE id = ANY(%(ids)s) AND lease = %(lease)s
"""

_WAKE = """
UPDATE notifications SET due_at = now()
 WHERE user_id = %s AND status = 'pending' AND attempts = 0 AND lease IS NULL AND due_at > now()
"""

_AGAIN = """
UPDATE notifications SET due_at = now() + make_interval(secs => %(seconds)s), lease = NULL
 WHERE id = ANY(%(ids)s) AND lease = %(lease)s
"""

_FAILED = """
UPDATE notifications SET status = 'failed', error_message = %(code)s, lease = NULL
 WHERE id = ANY(%(ids)s) AND lease = %(lease)s AND status = 'pending'
"""

_MOST = 500
"""Mails that one digest takes the place of."""


async def take(tx: Transaction, lease: UUID, *, seconds: float, more_than: int) -> list[Waiting]:
    """Takes on what has waited longest; for a mail of a recommendation, where more than so many wait, all of them."""
    row = await tx.fetch_one(_TAKE, {"lease": lease, "seconds": seconds})
    if row is None:
        return []
    first = Waiting(*row)
    if first.event_type != RECOMMENDED or first.channel != "email":
        return [first]
    beside = {"user_id": first.user_id, "event": RECOMMENDED, "id": first.id, "most": _MOST}
    ids = [found[0] for found in await tx.fetch_all(_BESIDE, beside)]
    if len(ids) + 1 <= more_than:
        return [first]
    rows = await tx.fetch_all(_TAKE_THESE, {"lease": lease, "seconds": seconds, "ids": ids})
    return [first, *sorted((Waiting(*found) for found in rows), key=lambda one: one.id)]


async def sent(tx: Transaction, ids: Sequence[UUID], lease: UUID, *, kept: bool, digest_id: UUID | None) -> None:
    """Notes that they have left, or are kept for want of who would carry them."""
    await tx.execute(_SENT, {"ids": list(ids), "lease": lease, "kept": kept, "digest_id": digest_id})


async def put_off(tx: Transaction, ids: Sequence[UUID], lease: UUID, *, until: datetime) -> None:
    """Lets them wait until a moment; that was no attempt."""
    await tx.execute(_PUT_OFF, {"ids": list(ids), "lease": lease, "until": until})


async def wake(tx: Transaction, user_id: UUID) -> None:
    """Lets a person's be looked at now: what put them off may not hold any more."""
    await tx.execute(_WAKE, (user_id,))
    tx.announce(CHANNEL)


async def again(tx: Transaction, ids: Sequence[UUID], lease: UUID, *, seconds: float) -> None:
    """Lets them wait for another attempt."""
    await tx.execute(_AGAIN, {"ids": list(ids), "lease": lease, "seconds": seconds})


async def failed(tx: Transaction, ids: Sequence[UUID], lease: UUID, *, code: str) -> None:
    """Gives them up, with the code of why."""
    await tx.execute(_FAILED, {"ids": list(ids), "lease": lease, "code": code})
