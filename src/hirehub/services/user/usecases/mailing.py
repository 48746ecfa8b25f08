"""Sending what waits: each mail by one process at a time, and again if that one dies; so a mail may come twice.

A token is made when its mail leaves. A mail that is sent again carries a new one, and the one before is void.
"""

import asyncio
from uuid import UUID

from hirehub.kernel.background import drained, every
from hirehub.kernel.db import Database
from hirehub.kernel.http.idempotency import forget_old as forget_old_keys
from hirehub.kernel.ids import uuid7
from hirehub.kernel.mail import Mail, MailPort
from hirehub.services.user.domain.mails import MailKind, written
from hirehub.services.user.domain.secrets import new_token
from hirehub.services.user.settings import UserSettings
from hirehub.services.user.store import mails, sessions
from hirehub.services.user.store.mails import Waiting

_LEASE_SECONDS = 60.0
_CLEANING_SECONDS = 3600.0


class Mailer:
    """The sender of a process."""

    def __init__(self, db: Database, port: MailPort, settings: UserSettings) -> None:
        self._db, self._port, self._settings = db, port, settings
        self._news = asyncio.Event()

    def nudge(self) -> None:
        """Lets it look at once."""
        self._news.set()

    async def run(self) -> None:
        """Sends until cancelled; what fails is tried again later."""
        await drained(self.send_one, news=self._news, seconds=self._settings.mail_pause, name="user.mails")

    async def send_one(self) -> bool:
        """Sends the mail that waits longest; False where none waits. Raises what the port does."""
        lease = uuid7()
        async with self._db.transaction() as tx:
            waiting = await mails.take(tx, lease, pause=_LEASE_SECONDS)
        if waiting is None:
            return False
        await self._send(waiting)
        async with self._db.transaction() as tx:
            await mails.sent(tx, waiting.id, lease)
        return True

    async def _send(self, waiting: Waiting) -> None:
        kind, token = MailKind(waiting.kind), None
        if kind is MailKind.NOTHING:
            return
        if waiting.token_id is not None:
            token, token_hash = new_token()
            async with self._db.transaction() as tx:
                if not await mails.mint(tx, waiting.token_id, token_hash, waiting.lease):
                    return
        subject, text = written(
            kind,
            waiting.language,
            self._settings.public_url,
            token,
            seconds=self._lifetime(kind),
            company=waiting.company,
        )
        await self._port.send(Mail(waiting.email, subject, text, waiting.user_id))

    def _lifetime(self, kind: MailKind) -> int:
        """Seconds that the link in a mail is good for."""
        links = self._settings.links
        return {MailKind.RESET: links.reset, MailKind.INVITE: links.invite}.get(kind, links.confirm)

    async def forget(self, email: str, user_id: UUID | None = None) -> None:
        """Lets the port forget what it keeps of mails to an address, and for an account wherever they went."""
        await self._port.forget(email, user_id)

    async def clean(self) -> None:
        """Forgets what is long over, once an hour, until cancelled."""

        async def all_old() -> None:
            async with self._db.transaction() as tx:
                for forget in (sessions.forget_old, mails.forget_old, forget_old_keys):
                    await forget(tx)

        await every(_CLEANING_SECONDS, all_old, name="user.cleaning")
