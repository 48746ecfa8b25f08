"""Mails kept as files, one each, that nobody but the product's user may read: for a product that has no mail server."""

import asyncio
import os
from contextlib import suppress
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

from hirehub.kernel.data_dir import usable
from hirehub.kernel.ids import uuid7
from hirehub.kernel.mail.port import Mail, MailNotSent


class KeptMail:
    """A MailPort into a folder; the names of the files order by time."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder, self._sender = folder, sender

    async def send(self, mail: Mail) -> None:
        """Keeps a mail; DataDirUnusable where it cannot be written, MailNotSent for one that could not travel."""
        try:
            content = bytes(mail.message(self._sender))
        except ValueError:
            raise MailNotSent("A mail cannot be written.", hint="Check HIREHUB_MAIL__SENDER.") from None
        await asyncio.to_thread(self._keep, content)

    async def forget(self, recipient: str) -> None:
        """See MailPort.forget."""
        await asyncio.to_thread(self._forget, recipient)

    def _forget(self, recipient: str) -> None:
        with usable():
            for path in self._folder.glob("*.eml"):
                with suppress(FileNotFoundError):
                    message = BytesHeaderParser(policy=default).parsebytes(path.read_bytes())
                    if str(message["To"]) == recipient:
                        path.unlink()

    def _keep(self, content: bytes) -> None:
        with usable():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / f"{uuid7()}.eml"
            draft = path.with_suffix(".part")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            draft.rename(path)
