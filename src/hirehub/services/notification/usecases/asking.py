"""Facts of which only another service knows the rest: it is asked, outside of any transaction.

Who a company's members are, and where an interview takes place. An interview is told as it stands when it is told, and
not at all once it is over; where nobody can say where it is, the person hears the time, and looks the place up.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

from hirehub.contracts.apply import Interviews
from hirehub.contracts.user import Members
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.ids import uuid7
from hirehub.kernel.telemetry import get_logger
from hirehub.services.notification.domain.events import CHANGED, SCHEDULED
from hirehub.services.notification.domain.notices import backoff
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import outbox
from hirehub.services.notification.store.outbox import Open
from hirehub.services.notification.usecases import making

_PATIENCE: Final = 3
"""Times that the place of an interview is asked for: its time cannot wait for long."""

_log = get_logger(__name__)


async def tell_one(db: Database, members: Members, interviews: Interviews, settings: NotificationSettings) -> bool:
    """Makes the notifications of the fact that waits longest; False where none waits. Tried until it is done."""
    lease, own = uuid7(), settings.sending
    async with db.transaction() as tx:
        waiting = await outbox.take(tx, lease, seconds=own.lease)
    if waiting is None:
        return False
    try:
        is_interview = waiting.event_type in (SCHEDULED, CHANGED)
        told = await (_interview(waiting, interviews) if is_interview else _company(waiting, members))
        async with db.transaction() as tx:
            if await outbox.done(tx, waiting.id, lease):
                await making.make(tx, told, settings)
    except HirehubError as error:
        _log.warning("recipients_wait", code=error.code, fact=str(waiting.id), attempts=waiting.attempts)
        seconds = backoff(waiting.attempts, first=own.backoff, most=own.backoff_limit)
        async with db.transaction() as tx:
            await outbox.again(tx, waiting.id, lease, seconds=seconds)
    return True


async def _company(waiting: Open, members: Members) -> making.Told:
    """The fact, to every member of the company that it names."""
    return [(waiting.happened, one) for one in await members.of(UUID(waiting.payload["company_id"]))]


async def _interview(waiting: Open, interviews: Interviews) -> making.Told:
    """The interview as it stands now, to whom it is with; nothing of one that is over."""
    happened, person = waiting.happened, UUID(waiting.payload["user_id"])
    try:
        found = await interviews.get(UUID(waiting.payload["interview_id"]))
    except HirehubError:
        if waiting.attempts < _PATIENCE:
            raise
        return [(happened, person)]
    if found is None or not found.is_scheduled:
        return []
    now = {
        "scheduled_at": found.scheduled_at.isoformat(),
        "time_zone": found.time_zone,
        "interview_type": found.interview_type,
        "duration_minutes": found.duration_minutes,
        "location": found.location,
    }
    return [(replace(happened, body={**happened.body, **now}), person)]
