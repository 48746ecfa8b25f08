"""Mails kept as files, one each, that nobody but the product's user may read: for a product that has no mail server."""

import asyncio
import os
from contextlib import suppress
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from typing import Final
from uuid import UUID

from hirehub.kernel.data_dir import usable
from hirehub.kernel.ids import uuid7
from hirehub.kernel.mail.port import Mail, MailNotSent

_ACCOUNT: Final = "X-Hirehub-Account"
"""The header by which a kept mail is found that went to an address which the account has not, or has no more."""


class KeptMail:
    """A MailPort into a folder; the names of the files order by time."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder, self._sender = folder, sender

    async def send(self, mail: Mail) -> None:
        """Keeps a mail; DataDirUnusable where it cannot be written, MailNotSent for one that could not travel."""
        try:
            message = mail.message(self._sender)
            if mail.account is not None:
                message[_ACCOUNT] = str(mail.account)
            content = bytes(message)
        except ValueError:
            raise MailNotSent("A mail cannot be written.", hint="Check HIREHUB_MAIL__SENDER.") from None
        await asyncio.to_thread(self._keep, content)

    async def forget(self, recipient: str, account: UUID | None = None) -> None:
        """See MailPort.forget."""
        await asyncio.to_thread(self._forget, recipient, account)

    def _forget(self, recipient: str, account: UUID | None) -> None:
        with usable():
            for path in self._folder.glob("*.eml"):
                with suppress(FileNotFoundError):
                    message = BytesHeaderParser(policy=default).parsebytes(path.read_bytes())
                    its_own = account is not None and str(message[_ACCOUNT]) == str(account)
                    if its_own or str(message["To"]) == recipient:
                        path.unlink()

    def _keep(self, content: bytes) -> None:
        with usable():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / f"{uuid7()}.eml"
            draft = path.with_suffix(".part")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            draft.rename(path)
