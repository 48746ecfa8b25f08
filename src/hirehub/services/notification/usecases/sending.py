"""Sending what waits: each by one process at a time, and again if that one dies, so a mail may come twice, never not.

Nothing is asked or sent while a transaction is open: one takes it on, one notes what came of it.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from hirehub.contracts.user import Addresses
from hirehub.kernel.background import drained
from hirehub.kernel.clock import Clock
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.ids import uuid7
from hirehub.kernel.mail import Mail, MailPort
from hirehub.kernel.telemetry import get_logger
from hirehub.services.notification.domain.events import DIGEST, listed
from hirehub.services.notification.domain.notices import NoAddress, backoff
from hirehub.services.notification.domain.preferences import Preferences
from hirehub.services.notification.domain.quiet import held_until
from hirehub.services.notification.domain.templates import write
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import sending, templates
from hirehub.services.notification.store.sending import Waiting
from hirehub.services.notification.usecases.preferring import preferences

SWITCHED_OFF = "switched_off"
"""The code of what the person did not let in any more when its time came."""
LOST = "sender_lost"
"""The code of what was taken on as often as may be by processes that did not come back."""

_MOST_LINKS = 20

_log = get_logger(__name__)


class Sender:
    """The sender of a process. `mail_leaves`: whether mails go to a server, or are kept where nobody looks for them."""

    def __init__(
        self,
        db: Database,
        mail: MailPort,
        addresses: Addresses,
        settings: NotificationSettings,
        clock: Clock,
        *,
        mail_leaves: bool,
    ) -> None:
        self._db, self._mail, self._addresses = db, mail, addresses
        self._settings, self._clock, self._mail_leaves = settings, clock, mail_leaves
        self._news = asyncio.Event()

    def nudge(self) -> None:
        """Lets it look at once."""
        self._news.set()

    async def run(self) -> None:
        """Sends until cancelled; what fails is tried again later."""
        await drained(self.send_one, news=self._news, seconds=self._settings.sending.pause, name="notification.sending")

    async def send_one(self) -> bool:
        """Does what is to be done about the one that waits longest, or about its digest; False where none waits."""
        lease, own = uuid7(), self._settings
        async with self._db.transaction() as tx:
            batch = await sending.take(tx, lease, seconds=own.sending.lease, more_than=own.digest.more_than)
            if not batch:
                return False
            wants = (await preferences(tx, [batch[0].user_id], own))[batch[0].user_id]
        ids = [one.id for one in batch]
        if (code := self._refused(batch, wants)) is not None:
            await self._give_up(ids, lease, code)
        elif (until := held_until(self._clock.now(), wants.quiet)) is not None:
            async with self._db.transaction() as tx:
                await sending.put_off(tx, ids, lease, until=until)
        else:
            await self._try(batch, ids, lease, wants)
        return True

    def _refused(self, batch: Sequence[Waiting], wants: Preferences) -> str | None:
        first = batch[0]
        if first.attempts > self._settings.sending.attempts:
            return LOST
        return None if wants.lets_in(first.event_type, first.channel) else SWITCHED_OFF

    async def _try(self, batch: Sequence[Waiting], ids: Sequence[UUID], lease: UUID, wants: Preferences) -> None:
        try:
            kept = await self._hand_over(batch, wants)
        except HirehubError as error:
            await self._failed(batch, lease, error)
            return
        digest_id = ids[0] if len(ids) > 1 else None
        async with self._db.transaction() as tx:
            await sending.sent(tx, ids, lease, kept=kept, digest_id=digest_id)

    async def _hand_over(self, batch: Sequence[Waiting], wants: Preferences) -> bool:
        """Hands it to who carries it; whether it is only kept, as nobody does."""
        first = batch[0]
        if first.channel != "email":
            return True
        address = await self._addresses.of(first.user_id)
        if address is None:
            raise NoAddress("There is no address to send a mail to.")
        title, text = (first.title, first.content) if len(batch) == 1 else await self._digest(batch, wants)
        await self._mail.send(Mail(address, title, f"{text}\n", first.user_id))
        return not self._mail_leaves

    async def _digest(self, batch: Sequence[Waiting], wants: Preferences) -> tuple[str, str]:
        """One mail for many: which posts and where; those beyond some are left out, as the product shows them all.

        Where the template is switched off, their own texts stand below each other.
        """
        links = [listed(one.job_title, one.score, one.url, wants.language) for one in batch[:_MOST_LINKS]]
        more = ["…"] if len(batch) > _MOST_LINKS else []
        async with self._db.read() as tx:
            sources = (await templates.of_event(tx, DIGEST)).get(("email", wants.language), [])
        if not sources:
            return batch[0].title, "\n\n".join(one.content for one in batch)
        written = write(sources, {"count": str(len(batch)), "links": "\n\n".join([*links, *more])})
        return written.title, written.content

    async def _failed(self, batch: Sequence[Waiting], lease: UUID, error: HirehubError) -> None:
        """Lets it wait for another attempt, or gives it up: what can only fail again, and what has failed enough."""
        own, attempts, ids = self._settings.sending, batch[0].attempts, [one.id for one in batch]
        if attempts >= own.attempts or isinstance(error, NoAddress):
            await self._give_up(ids, lease, error.code)
            return
        _log.info("notification_waits", code=error.code, attempts=attempts)
        seconds = backoff(attempts, first=own.backoff, most=own.backoff_limit)
        async with self._db.transaction() as tx:
            await sending.again(tx, ids, lease, seconds=seconds)

    async def _give_up(self, ids: Sequence[UUID], lease: UUID, code: str) -> None:
        _log.info("notification_given_up", code=code, notifications=len(ids))
        async with self._db.transaction() as tx:
            await sending.failed(tx, ids, lease, code=code)
