"""Facts that a company's members hear of: who they are is asked of another service, outside of any transaction."""

from uuid import UUID

from hirehub.contracts.user import Members
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.ids import uuid7
from hirehub.kernel.telemetry import get_logger
from hirehub.services.notification.domain.notices import backoff
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import outbox
from hirehub.services.notification.usecases import making

_log = get_logger(__name__)


async def tell_one(db: Database, members: Members, settings: NotificationSettings) -> bool:
    """Makes the notifications of the fact that waits longest; False where none waits. Tried until it is done."""
    lease, own = uuid7(), settings.sending
    async with db.transaction() as tx:
        waiting = await outbox.take(tx, lease, seconds=own.lease)
    if waiting is None:
        return False
    try:
        people = await members.of(UUID(waiting.payload["company_id"]))
        async with db.transaction() as tx:
            if await outbox.done(tx, waiting.id, lease):
                await making.make(tx, [(waiting.happened, one) for one in people], settings)
    except HirehubError as error:
        _log.warning("recipients_wait", code=error.code, fact=str(waiting.id), attempts=waiting.attempts)
        seconds = backoff(waiting.attempts, first=own.backoff, most=own.backoff_limit)
        async with db.transaction() as tx:
            await outbox.again(tx, waiting.id, lease, seconds=seconds)
    return True
