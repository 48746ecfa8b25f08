"""Mails by SMTP, in a thread: the protocol's client of the standard library blocks."""

import asyncio
import smtplib
import ssl
from uuid import UUID

from hirehub.kernel.mail.port import Mail, MailNotSent
from hirehub.kernel.settings import MailSettings


class SmtpMail:
    """A MailPort to one server; a connection a mail, as mails are few."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def send(self, mail: Mail) -> None:
        """Hands a mail to the server; MailNotSent where it does not take it. What the server says is not repeated."""
        try:
            await asyncio.to_thread(self._send, mail)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailNotSent(
                f"The mail server did not take a mail ({type(error).__name__}).", hint="Check HIREHUB_MAIL__HOST."
            ) from None

    async def forget(self, recipient: str, account: UUID | None = None) -> None:
        """See MailPort.forget: nothing is kept."""

    def _send(self, mail: Mail) -> None:
        own = self._settings
        host, timeout = str(own.host), own.timeout
        context = ssl.create_default_context()
        if own.tls == "implicit":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, own.port, timeout=timeout, context=context)
        else:
            server = smtplib.SMTP(host, own.port, timeout=timeout)
        with server:
            if own.tls == "starttls":
                server.starttls(context=context)
            if own.user:
                server.login(own.user, own.password.get_secret_value() if own.password else "")
            server.send_message(mail.message(own.sender))
