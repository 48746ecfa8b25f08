"""How an application comes into a state: row, event, fact, and the end of its interviews, in one transaction.

Whoever calls this has locked the application's row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hirehub.contracts.apply import ApplicationStatusChanged
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import Transaction
from hirehub.services.apply.domain.states import ENDED, Actor
from hirehub.services.apply.store import applications, events, interviews
from hirehub.services.apply.store.applications import Application

SOURCE = "apply"


@dataclass(frozen=True)
class By:
    """Who does it: a person, on one of the sides, or the product by itself."""

    actor: Actor
    person: UUID | None


async def enter(
    tx: Transaction,
    found: Application,
    status: str,
    *,
    by: By,
    event_type: str = "status_changed",
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Brings the application into a state that the rules allow. What was held falls away."""
    told = dict(payload or {})
    ended = await interviews.cancel_all(tx, found.id) if status in ENDED else {}
    if ended:
        told["cancelled_interviews"] = [str(one) for one in ended]
    await applications.move(tx, found.id, status)
    await events.add(
        tx, found.id, event_type, actor=by.actor, person=by.person, moved=(found.status, status), payload=told
    )
    body = {
        "application_id": found.id,
        "from_status": found.status,
        "to_status": status,
        "job_id": found.job_id,
        "user_id": found.user_id,
        "company_id": found.company_id,
        "job_title": found.job_title,
        "cancelled_interviews": [one for one, ahead in ended.items() if ahead],
    }
    await publish(tx, [Fact.of(ApplicationStatusChanged.model_validate(body), source=SOURCE)])
