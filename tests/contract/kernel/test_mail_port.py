"""One suite for every carrier of mails: the folder and a real conversation over SMTP."""

import email
import email.policy
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest

from hirehub.kernel.errors import Unavailable
from hirehub.kernel.mail import Mail, MailNotSent, MailPort, open_mail
from hirehub.kernel.settings import MailSettings, Settings
from tests.support.smtp import MailServer, mail_server

MAIL = Mail("person@example.com", "초대 an invitation", "한 줄\n.\n..two dots\nhttps://a.example/?token=x%3D\n")


class Arrived(Protocol):
    """The mails that arrived, whole."""

    def __call__(self) -> list[EmailMessage]: ...


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as found:
        yield found


@pytest.fixture(params=["kept", "smtp"])
def carrier(request: pytest.FixtureRequest, tmp_path: Path, server: MailServer) -> tuple[MailPort, Arrived]:
    kept = request.param == "kept"
    mail = MailSettings(host=None if kept else "127.0.0.1", port=server.port, tls="none", sender="us@example.com")

    def arrived() -> list[EmailMessage]:
        files = [path.read_bytes() for path in sorted((tmp_path / "mail").glob("*"))]
        texts = files if kept else [text.removesuffix(".\r\n").encode() for text in server.came]
        undotted = texts if kept else [text.replace(b"\r\n..", b"\r\n.") for text in texts]
        return [email.message_from_bytes(text, policy=email.policy.default) for text in undotted]

    return open_mail(Settings(data_dir=tmp_path, mail=mail)), arrived


async def test_a_mail_arrives_as_it_was_written(carrier: tuple[MailPort, Arrived]) -> None:
    port, arrived = carrier
    await port.send(MAIL)
    await port.send(Mail("other@example.com", "second", "x\n"))
    first, second = arrived()
    assert (first["To"], first["From"], first["Subject"]) == (MAIL.recipient, "us@example.com", MAIL.subject)
    assert first.get_content().replace("\r\n", "\n") == MAIL.text
    assert second["To"] == "other@example.com"


@pytest.mark.parametrize(
    "mail", [Mail("a@example.com\r\nBcc: b@example.com", "x", "y"), Mail("a@example.com", "x\nBcc: b@example.com", "y")]
)
async def test_nothing_is_added_to_a_mail_by_a_line_break(carrier: tuple[MailPort, Arrived], mail: Mail) -> None:
    port, arrived = carrier
    with pytest.raises(MailNotSent):
        await port.send(mail)
    assert arrived() == []


async def test_no_mail_that_travels_says_for_which_account_it_is(server: MailServer) -> None:
    mail = MailSettings(host="127.0.0.1", port=server.port, tls="none")
    account = uuid4()
    await open_mail(Settings(mail=mail)).send(Mail("person@example.com", "x", "y", account))
    assert str(account) not in server.came[-1]


async def test_a_mail_that_the_server_does_not_take_is_told_without_its_content(server: MailServer) -> None:
    server.takes = False
    port = open_mail(Settings(mail=MailSettings(host="127.0.0.1", port=server.port, tls="none")))
    with pytest.raises(MailNotSent) as refused:
        await port.send(MAIL)
    assert MAIL.recipient not in str(vars(refused.value))


async def test_a_server_that_is_not_there_or_speaks_no_tls_is_told(server: MailServer) -> None:
    for settings in (MailSettings(host="127.0.0.1", port=1), MailSettings(host="127.0.0.1", port=server.port)):
        with pytest.raises(Unavailable):
            await open_mail(Settings(mail=settings)).send(MAIL)
    assert server.came == []


def test_a_mail_shows_neither_address_nor_text_when_it_is_printed() -> None:
    assert "person" not in repr(MAIL)
    assert "token" not in repr(MAIL)
