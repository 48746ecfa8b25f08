"""What `notification` does by itself: asks for recipients, sends (`usecases.sending`), forgets what is old."""

import asyncio
from typing import Final

from hirehub.contracts.apply import Interviews
from hirehub.contracts.user import Members
from hirehub.kernel.background import drained, every
from hirehub.kernel.db import Database
from hirehub.kernel.http.idempotency import forget_old
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import notifications, outbox
from hirehub.services.notification.store.sending import CHANNEL
from hirehub.services.notification.usecases import asking

_HOUR: Final = 3600.0


async def ask(db: Database, members: Members, interviews: Interviews, settings: NotificationSettings) -> None:
    """Asks for ever for what facts do not say; several processes share the work."""
    news = asyncio.Event()
    end = db.ring(CHANNEL, news.set)
    try:
        await drained(
            lambda: asking.tell_one(db, members, interviews, settings),
            news=news,
            seconds=settings.sending.pause,
            name="notification.asking",
        )
    finally:
        end()


async def clean(db: Database, settings: NotificationSettings) -> None:
    """Forgets what is old, once an hour, for ever."""

    async def all_old() -> None:
        async with db.transaction() as tx:
            await notifications.forget(tx, settings.keep_days)
            await outbox.forget(tx, settings.keep_days)
            await forget_old(tx)

    await every(_HOUR, all_old, name="notification.cleaning")
