"""Facts whose recipients another service must be asked for: they wait until it has answered, however long it takes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hirehub.kernel.db import Transaction
from hirehub.services.notification.domain.events import Happened


@dataclass(frozen=True)
class Open:
    """A fact that this process has taken on. `attempts` counts this one."""

    id: UUID
    event_type: str
    payload: Mapping[str, Any]
    attempts: int

    @property
    def happened(self) -> Happened:
        """The fact."""
        return Happened(self.id, self.event_type, self.payload)


_ADD = """
INSERT INTO notification_outbox (id, event_type, payload)
SELECT id, event_type, payload::jsonb FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS told (id, event_type, payload)
 ORDER BY id
    ON CONFLICT (id) DO NOTHING
"""

_TAKE = """
UPDATE notification_outbox
   SET lease = %(lease)s, attempts = attempts + 1, due_at = now() + make_interval(secs => %(seconds)s)
 WHERE id = (SELECT id FROM notification_outbox WHERE status = 'pending' AND due_at <= now()
              ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, event_type, payload, attempts
"""

_DONE = """
UPDATE notification_outbox SET status = 'published', published_at = now(), lease = NULL
 WHERE id = %s AND lease = %s AND status = 'pending'
"""

_AGAIN = """
UPDATE notification_outbox SET due_at = now() + make_interval(secs => %s), lease = NULL WHERE id = %s AND lease = %s
"""

_FORGET_ABOUT = "DELETE FROM notification_outbox WHERE payload ->> 'user_id' = %s"

_FORGET = """
DELETE FROM notification_outbox WHERE status = 'published' AND published_at < now() - make_interval(days => %s)
"""


async def add(tx: Transaction, facts: Sequence[Happened]) -> None:
    """Lets facts wait, each once, by its id."""
    if facts:
        bodies = [json.dumps(one.body) for one in facts]
        await tx.execute(_ADD, ([one.fact_id for one in facts], [one.event for one in facts], bodies))


async def take(tx: Transaction, lease: UUID, *, seconds: float) -> Open | None:
    """Takes the one on that has waited longest."""
    row = await tx.fetch_one(_TAKE, {"lease": lease, "seconds": seconds})
    return Open(*row) if row else None


async def done(tx: Transaction, fact_id: UUID, lease: UUID) -> bool:
    """Notes that its notifications are made; False where another process has taken it on meanwhile."""
    return await tx.execute(_DONE, (fact_id, lease)) == 1


async def again(tx: Transaction, fact_id: UUID, lease: UUID, *, seconds: float) -> None:
    """Lets it wait for another attempt."""
    await tx.execute(_AGAIN, (seconds, fact_id, lease))


async def forget(tx: Transaction, days: int) -> int:
    """Forgets those that were worked long ago; how many."""
    return await tx.execute(_FORGET, (days,))


async def forget_about(tx: Transaction, user_id: UUID) -> None:
    """Forgets those that name a person, in whatever state they are."""
    await tx.execute(_FORGET_ABOUT, (str(user_id),))
