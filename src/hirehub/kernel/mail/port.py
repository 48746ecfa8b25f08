"""What sending a mail is, whoever carries it."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol
from uuid import UUID

from hirehub.kernel.errors import Unavailable


class MailNotSent(Unavailable):
    """The mail server did not take a mail."""

    code = "mail_not_sent"


@dataclass(frozen=True)
class Mail:
    """A mail in plain text. Neither address nor text shows when it is printed."""

    recipient: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    account: UUID | None = None
    """The account that it is sent for, where there is one; it does not travel."""

    def message(self, sender: str) -> EmailMessage:
        """The mail as it travels. Header values with line breaks are refused by the library (ValueError)."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, self.recipient, self.subject
        message.set_content(self.text)
        return message


class MailPort(Protocol):
    """Takes mails."""

    async def send(self, mail: Mail) -> None:
        """Hands a mail over; MailNotSent where it was not taken, and may be later."""
        ...

    async def forget(self, recipient: str, account: UUID | None = None) -> None:
        """Removes what is kept of mails to an address, and of those for an account wherever they went.

        A mail that has left is its recipient's.
        """
        ...
