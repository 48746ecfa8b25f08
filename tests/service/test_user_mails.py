"""Mails that wait: sent once where all goes well, again where it does not, by one sender at a time."""

import asyncio

import pytest

from hirehub.kernel.mail import MailNotSent
from hirehub.kernel.settings import MailSettings, Settings
from tests.support.people import PASSWORD, address, people
from tests.support.smtp import mail_server
from tests.support.waiting import eventually

pytestmark = pytest.mark.usefixtures("cheap")

NEW = "another good password"
DUE = "UPDATE mail_outbox SET next_attempt_at = now()"


async def test_a_mail_that_is_not_taken_comes_later_with_a_token_that_is_good(user_db: Settings) -> None:
    async with mail_server() as server:
        mail = MailSettings(host="127.0.0.1", port=server.port, tls="none")
        async with people(user_db.model_copy(update={"mail": mail})) as here:
            person = await here.sign_up()
            while await here.service.mailer.send_one():
                pass
            await here.ask("POST", "/auth/password-reset", {"email": person.email})
            server.takes = False
            with pytest.raises(MailNotSent):
                await here.service.mailer.send_one()
            assert not await here.service.mailer.send_one(), "it rests before it is tried again"
            server.takes = True
            here.execute(DUE)
            assert await here.service.mailer.send_one()
            token = server.came[-1].rpartition("Token: ")[2].split()[0]
            assert (await here.ask("POST", "/auth/password", {"token": token, "password": NEW})).status == 204
            assert here.rows("SELECT 1 FROM mail_outbox") == []


async def test_several_senders_send_each_mail_once(user_db: Settings) -> None:
    async with people(user_db) as here:
        everybody = [address() for _ in range(6)]
        for one in everybody:
            body = {"email": one, "password": PASSWORD, "user_type": "company"}
            assert (await here.ask("POST", "/auth/sign-up", body)).status == 202
        sent = await asyncio.gather(*(here.service.mailer.send_one() for _ in range(10)))
        counts = [len(await here.mails(one)) for one in everybody]
    assert sum(sent) == 6
    assert counts == [1] * 6


async def test_a_mail_whose_token_is_used_or_too_old_is_not_sent(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        await here.mails(person.email)
        await here.ask("POST", "/auth/password-reset", {"email": person.email})
        here.execute("UPDATE mail_token SET expires_at = now() - interval '1 second'")
        assert [subject for subject, _ in await here.mails(person.email)] == ["Welcome to hirehub"]
        assert here.rows("SELECT 1 FROM mail_outbox") == []


async def test_mails_leave_by_themselves_soon_after_they_were_asked_for(user_db: Settings) -> None:
    async with people(user_db, background=True) as here:
        await here.sign_up()

        async def gone() -> bool:
            return not here.rows("SELECT 1 FROM mail_outbox")

        await eventually(gone, "sending")
        assert await gone()


async def test_what_is_long_over_is_forgotten(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        await here.ask("POST", "/auth/password-reset", {"email": person.email})
        for table in ("user_session", "mail_token"):
            here.execute(f"UPDATE {table} SET expires_at = now() - interval '2 days'")
        cleaning = asyncio.ensure_future(here.service.mailer.clean())

        async def gone() -> bool:
            return not here.rows("SELECT 1 FROM mail_token UNION ALL SELECT 1 FROM user_session")

        await eventually(gone, "cleaning")
        cleaning.cancel()
        assert here.rows("SELECT 1 FROM refresh_token") == []
