"""Sending: once where all goes well, again where it does not, lost never; quiet hours, digests, bounded attempts."""

import asyncio
import email
import email.policy
from datetime import UTC, datetime, time

import pytest

from hirehub.kernel.clock import FixedClock
from hirehub.kernel.ids import uuid7
from hirehub.kernel.mail import Mail
from hirehub.kernel.settings import Settings
from hirehub.services.notification.settings import DigestSettings, NotificationSettings
from hirehub.services.notification.store import sending
from hirehub.services.notification.usecases import preferring
from hirehub.services.notification.usecases.sending import Sender
from tests.support.notices import NOW, Book, changed, hear, office, recommended

MAIL = "channel = 'email'"


class Killed(BaseException):
    """The process ends here."""


class Deadly:
    """A mail port in which the process ends."""

    async def send(self, _mail: Mail) -> None:
        raise Killed

    async def forget(self, _recipient: str, _account: object = None) -> None:
        raise Killed


async def test_a_mail_leaves_by_smtp_as_plain_text_in_the_persons_language(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        here.choose(language="en")
        await hear(here.db, changed(here.user_id, title="<b>Cook</b>"))
        assert await here.send_all() == 1
        (mail,) = here.server.came
        assert here.rows("status, kept, attempts, error_message", MAIL) == [("sent", False, 1, None)]
    assert "Subject: Your application has changed" in mail
    assert "Content-Type: text/plain" in mail
    assert "for <b>Cook</b> is now: under review." in mail
    assert "To: person@example.com" in mail
    assert "text/html" not in mail


async def test_a_korean_mail_arrives_whole(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, changed(here.user_id))
        await here.send_all()
        message = email.message_from_bytes(here.server.came[0].encode(), policy=email.policy.default)
    assert message["Subject"] == "지원 상태가 변경되었습니다: Cook"
    assert "현재 상태: 검토 중" in message.get_content().splitlines()


async def test_several_senders_send_each_once(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, *(changed(here.user_id) for _ in range(12)))
        turns = await asyncio.gather(*(here.send_all() for _ in range(4)))
        assert sum(turns) == 12
        assert len(here.server.came) == 12
        assert set(here.rows("status, attempts", MAIL)) == {("sent", 1)}


async def test_a_process_that_ends_between_claim_and_sending_loses_none(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, changed(here.user_id))
        dying = Sender(here.db, Deadly(), Book({here.user_id: "person@example.com"}), NOW, here.clock, mail_leaves=True)
        with pytest.raises(Killed):
            await dying.send_one()
        assert here.rows("status, attempts", MAIL) == [("pending", 1)]
        assert await here.send_all() == 0, "another process may still be at it"
        here.due()
        assert await here.send_all() == 1
        assert here.rows("status, attempts", MAIL) == [("sent", 2)]
        assert len(here.server.came) == 1


async def test_a_process_that_ends_inside_the_claim_has_claimed_nothing(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, changed(here.user_id))

        async def claim() -> None:
            async with here.db.transaction() as tx:
                assert await sending.take(tx, uuid7(), seconds=60, more_than=5)
                raise Killed

        with pytest.raises(Killed):
            await claim()
        assert here.rows("status, attempts", MAIL) == [("pending", 0)]
        assert await here.send_all() == 1
        assert len(here.server.came) == 1


async def test_who_was_too_slow_changes_nothing_any_more(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, changed(here.user_id))
        slow = uuid7()
        async with here.db.transaction() as tx:
            (one,) = await sending.take(tx, slow, seconds=60, more_than=5)
        here.due()
        await here.send_all()
        async with here.db.transaction() as tx:
            await sending.failed(tx, [one.id], slow, code="too_late")
            await sending.again(tx, [one.id], slow, seconds=0)
        assert here.rows("status, error_message", MAIL) == [("sent", None)]


async def test_a_mail_that_is_not_taken_is_tried_again_and_given_up_with_a_code(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, changed(here.user_id))
        here.server.takes = False
        pauses = []
        for _ in range(2):
            assert await here.send_all() == 1
            ((seconds,),) = here.rows("round(extract(epoch FROM due_at - now()), -1)::int", MAIL)
            pauses.append(seconds)
            here.due()
        assert pauses == [60, 120]
        assert await here.send_all() == 1
        here.due()
        assert await here.send_all() == 0
        assert here.rows("status, error_message, attempts", MAIL) == [("failed", "mail_not_sent", 3)]
        assert "person@example.com" not in str(here.rows("to_jsonb(notifications)"))


async def test_what_kills_its_sender_each_time_is_given_up_too(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, changed(here.user_id))
        here.execute("UPDATE notifications SET attempts = 3 WHERE channel = 'email'")
        assert await here.send_all() == 1
        assert here.rows("status, error_message", MAIL) == [("failed", "sender_lost")]
        assert here.server.came == []


async def test_an_account_that_has_ended_gets_no_mail(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        ended = uuid7()
        await hear(here.db, changed(ended))
        await here.send_all()
        assert here.rows("status, error_message, attempts", MAIL) == [("failed", "no_address", 1)]


async def test_what_was_switched_off_meanwhile_is_not_sent(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, changed(here.user_id))
        here.choose(email_enabled=False)
        await here.send_all()
        assert here.rows("status, error_message", MAIL) == [("failed", "switched_off")]
        assert here.server.came == []


async def test_push_and_sms_are_kept_and_shown_as_nobody_carries_them(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        here.choose(email_enabled=False, sms_enabled=True)
        here.execute("INSERT INTO device_tokens (user_id, device_type, token) VALUES (%s, 'ios', 't')", here.user_id)
        await hear(here.db, changed(here.user_id))
        await here.send_all()
        found = sorted((str(channel), status, kept) for channel, status, kept in here.rows("channel, status, kept"))
    assert found == [("in_app", "delivered", False), ("push", "sent", True), ("sms", "sent", True)]


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("Asia/Seoul", "2026-01-02T13:30", "2026-01-02T22:00"),
        ("Asia/Seoul", "2026-01-02T16:30", "2026-01-02T22:00"),
        ("Asia/Seoul", "2026-01-02T22:00", None),
        ("America/New_York", "2026-03-08T04:00", "2026-03-08T11:00"),
        ("America/New_York", "2026-11-01T04:00", "2026-11-01T12:00"),
    ],
)
async def test_in_quiet_hours_mails_wait_for_their_end_and_the_product_does_not(
    notification_db: Settings, zone: str, now: str, until: str | None
) -> None:
    clock = FixedClock(datetime.fromisoformat(now).replace(tzinfo=UTC))
    async with office(notification_db, clock=clock) as here:
        here.choose(quiet_start=time(22), quiet_end=time(7), time_zone=zone)
        await hear(here.db, changed(here.user_id))
        assert here.rows("status", "channel = 'in_app'") == [("delivered",)]
        taken = await here.sender.send_one()
        assert taken
        if until is None:
            assert len(here.server.came) == 1
            return
        end = datetime.fromisoformat(until).replace(tzinfo=UTC)
        assert here.server.came == []
        assert here.rows("due_at, status, attempts, lease", MAIL) == [(end, "pending", 0, None)]
        clock.advance(end - clock.now())
        here.due()
        assert await here.send_all() == 1
        assert len(here.server.came) == 1


async def test_what_waits_for_the_end_of_quiet_hours_leaves_once_they_are_given_up(notification_db: Settings) -> None:
    clock = FixedClock(datetime(2026, 1, 2, 16, 30, tzinfo=UTC))
    async with office(notification_db, clock=clock) as here:
        here.choose(quiet_start=time(22), quiet_end=time(7), time_zone="Asia/Seoul")
        await hear(here.db, changed(here.user_id))
        assert await here.sender.send_one()
        assert here.server.came == []
        gone = {"quiet_start": None, "quiet_end": None}
        async with here.db.transaction() as tx:
            await preferring.change(tx, user_id=here.user_id, changes=gone, versions=None, settings=NOW)
        assert await here.send_all() == 1
        assert len(here.server.came) == 1


@pytest.mark.parametrize(("count", "mails"), [(5, 5), (6, 1), (30, 1)])
async def test_more_than_five_recommendations_that_wait_go_as_one_mail(
    notification_db: Settings, count: int, mails: int
) -> None:
    async with office(notification_db) as here:
        here.choose(language="en")
        await hear(here.db, *(recommended(here.user_id) for _ in range(count)))
        await here.send_all()
        assert len(here.server.came) == mails
        assert set(here.rows("status", MAIL)) == {("sent",)}
        digests = {digest for (digest,) in here.rows("digest_id", MAIL)}
        text = here.server.came[0].replace("=\r\n", "")
        assert len(digests) == 1
        assert (None in digests) is (mails > 1)
        assert f"Subject: {count} posts that fit you" in text if mails == 1 else "A post fits" in text
        assert text.count("/jobs/") == (1 if mails > 1 else min(count, 20))
        assert text.count("Cook (87.5 of 100)") == (0 if mails > 1 else min(count, 20))
        assert len(here.rows("id", "channel = 'in_app'")) == count


async def test_a_recommendation_waits_ten_minutes_for_others_and_other_people_wait_for_themselves(
    notification_db: Settings,
) -> None:
    async with office(notification_db, own=NotificationSettings(digest=DigestSettings(more_than=2))) as here:
        await hear(here.db, recommended(here.user_id), own=here.own)
        assert await here.send_all() == 0
        ((seconds,),) = here.rows("round(extract(epoch FROM due_at - now()), -1)::int", MAIL)
        assert seconds == 600
        await hear(here.db, *(recommended(uuid7()) for _ in range(5)), own=here.own)
        await hear(here.db, *(recommended(here.user_id) for _ in range(2)), own=here.own)
        first = "UPDATE notifications SET due_at = now() WHERE id = (SELECT id FROM notifications WHERE user_id = %s"
        here.execute(f"{first} AND channel = 'email' ORDER BY id LIMIT 1)", here.user_id)
        assert await here.send_all() == 1, "one mail takes all three along, though two were not due yet"
        assert len(here.rows("id", f"{MAIL} AND status = 'sent' AND digest_id IS NOT NULL")) == 3
        assert len(here.server.came) == 1


async def test_a_digest_that_fails_is_tried_again_whole(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, *(recommended(here.user_id) for _ in range(7)))
        here.server.takes = False
        await here.send_all()
        assert set(here.rows("status, attempts, lease", MAIL)) == {("pending", 1, None)}
        here.server.takes = True
        here.due()
        await here.send_all()
        assert len(here.server.came) == 1
        assert set(here.rows("status, attempts", MAIL)) == {("sent", 2)}


async def test_without_its_template_a_digest_holds_the_mails_own_words(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        here.choose(language="en")
        here.execute(
            "UPDATE notification_templates SET is_active = false, version = 2 WHERE event_type = 'match.digest'"
        )
        await hear(here.db, *(recommended(here.user_id) for _ in range(6)))
        await here.send_all()
        (mail,) = here.server.came
    assert mail.count("A post fits your resume.") == 6


async def test_a_mail_that_was_read_in_the_product_before_it_left_stays_read(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        await hear(here.db, changed(here.user_id))
        here.execute("UPDATE notifications SET read_at = now()")
        await here.send_all()
        assert here.rows("status", MAIL) == [("read",)]
        assert len(here.server.came) == 1
