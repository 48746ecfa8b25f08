"""What `notification` does by itself: asks for recipients, sends (`usecases.sending`), forgets what is old."""

import asyncio
from typing import Final

from hirehub.contracts.user import Members
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.idempotency import forget_old
from hirehub.kernel.telemetry import get_logger
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import notifications, outbox
from hirehub.services.notification.usecases import asking, making

_HOUR: Final = 3600.0

_log = get_logger(__name__)


async def ask(db: Database, members: Members, settings: NotificationSettings) -> None:
    """Asks for the recipients of facts for ever; several processes share the work."""
    news = asyncio.Event()
    end = db.ring(making.CHANNEL, news.set)
    try:
        while True:
            news.clear()
            try:
                while await asking.tell_one(db, members, settings):
                    pass
            except HirehubError as error:
                _log.warning("asking_waits", code=error.code)
            try:
                async with asyncio.timeout(settings.sending.pause):
                    await news.wait()
            except TimeoutError:
                continue
    finally:
        end()


async def clean(db: Database, settings: NotificationSettings) -> None:
    """Forgets what is old, once an hour, for ever."""
    while True:
        try:
            async with db.transaction() as tx:
                gone = await notifications.forget(tx, settings.keep_days) + await outbox.forget(tx, settings.keep_days)
                await forget_old(tx)
            _log.debug("forgotten", rows=gone)
        except HirehubError as error:
            _log.warning("cleaning_failed", code=error.code)
        await asyncio.sleep(_HOUR)
