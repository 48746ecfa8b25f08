"""Facts become notifications: once each, by what people let in, in their language, for companies all members."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from hirehub.contracts.user import UserType
from hirehub.kernel.bus import Fact, FactInvalid
from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.notification.domain.templates import TemplateValueMissing
from hirehub.services.notification.handlers import handlers
from tests.support.bus import until
from tests.support.notices import (
    NOW,
    answered,
    changed,
    hear,
    office,
    processed,
    recommended,
    scheduled,
    submitted,
    tell,
)
from tests.support.platform import execute, platform, rows
from tests.support.scenes import scene

EVERY = "SELECT channel, status FROM notifications ORDER BY channel"


async def test_a_fact_that_comes_twice_makes_its_notifications_once(notification_db: Settings) -> None:
    fact = changed(uuid4())
    async with await open_database(notification_db, "notification") as db:
        await hear(db, fact, fact)
        await asyncio.gather(*(hear(db, fact) for _ in range(4)))
    assert rows(notification_db, "notification", EVERY) == [("email", "pending"), ("in_app", "delivered")]


async def test_a_process_that_ends_in_the_handlers_transaction_leaves_nothing_and_loses_nothing(
    notification_db: Settings,
) -> None:
    fact = changed(uuid4())
    async with await open_database(notification_db, "notification") as db:

        async def end_in_the_middle() -> None:
            async with db.transaction() as tx:
                await handlers(NOW)[fact.topic](tx, [fact])
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await end_in_the_middle()
        assert rows(notification_db, "notification", EVERY) == []
        await hear(db, fact)
    assert rows(notification_db, "notification", EVERY) == [("email", "pending"), ("in_app", "delivered")]


async def test_the_bus_tells_and_a_retold_fact_changes_nothing(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        fact = changed(who.user_id)
        await tell(notification_db, [fact])

        async def seen() -> int:
            return len((await here.ask("GET", "/notifications", who=who)).json["items"])

        await until(seen, lambda count: count == 2)
        again = Fact(uuid4(), fact.topic, fact.key, fact.source, fact.time, fact.body)
        async with await open_database(notification_db, "notification") as db:
            await hear(db, fact)
        await tell(notification_db, [again])
        assert await until(seen, lambda count: count >= 4) == 4  # another fact that says the same is another fact


async def test_all_members_of_the_company_hear_of_an_application_and_nobody_else(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        there = scene(here)
        people = [there.roles["primary"], there.roles["member"]]
        await tell(notification_db, [submitted(there.company_id), submitted(None), submitted(uuid4())])

        async def told() -> list[tuple[object, ...]]:
            statement = "SELECT status FROM notification_outbox WHERE status = 'published'"
            return await asyncio.to_thread(rows, notification_db, "notification", statement)

        await until(told, lambda found: len(found) == 2)
        found = rows(notification_db, "notification", "SELECT user_id FROM notifications WHERE channel = 'in_app'")
    assert {str(user_id) for (user_id,) in found} == {one.user_id for one in people}
    assert len(found) == 2


async def test_the_company_hears_what_an_applicant_decides_and_nothing_of_its_own_moves(
    notification_db: Settings,
) -> None:
    async with platform(notification_db, "user", "notification") as here:
        there = scene(here)
        seeker = there.roles["owner"].user_id
        own = changed(seeker, company=str(there.company_id))
        await tell(
            notification_db, [own, answered(there.company_id, seeker), answered(there.company_id, seeker, "withdrawn")]
        )

        async def told() -> list[tuple[object, ...]]:
            statement = "SELECT user_id::text, event_type, content FROM notifications WHERE channel = 'in_app'"
            return await asyncio.to_thread(rows, notification_db, "notification", statement)

        found = await until(told, lambda found: len(found) == 7)
    members = {there.roles["primary"].user_id, there.roles["member"].user_id}
    heard = [(who, text) for who, event, text in found if event == "application.answered"]
    assert {who for who, _ in heard} == members
    assert sorted({str(text) for _, text in heard}) == [
        "Cook 포지션의 지원자가 지원 상태를 변경했습니다.\n\n현재 상태: 제안 수락",
        "Cook 포지션의 지원자가 지원 상태를 변경했습니다.\n\n현재 상태: 지원 취소",
    ]
    assert [event for who, event, _ in found if who == seeker] == ["application.status_changed"] * 3


async def test_interviews_that_fall_with_an_application_are_told_in_the_one_message_of_its_end(
    notification_db: Settings,
) -> None:
    async with office(notification_db) as here:
        ends = (("rejected", 0), ("rejected", 1), ("withdrawn", 4))
        await hear(here.db, *(answered(here.user_id, here.user_id, end, count) for end, count in ends))
        here.choose(language="en")
        await hear(here.db, *(answered(here.user_id, here.user_id, end, count) for end, count in ends))
        found = here.rows("content", "channel = 'in_app'")
    lines = [line for (text,) in found for line in str(text).splitlines() if ": " in line]
    assert lines == [
        "현재 상태: 불합격",
        "현재 상태: 불합격 (예정된 면접 1건 취소)",
        "현재 상태: 지원 취소 (예정된 면접 4건 취소)",
        "Your application for Cook is now: not selected.",
        "Your application for Cook is now: not selected (1 interview that was set is cancelled).",
        "Your application for Cook is now: withdrawn (4 interviews that were set are cancelled).",
    ]


async def test_members_beyond_a_page_hear_too(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        company_id = await here.company(await here.sign_up(UserType.COMPANY))
        here.execute(
            "WITH made AS (INSERT INTO users (cognito_sub, email, user_type)"
            " SELECT 's' || n, 'm' || n || '@example.com', 'company' FROM generate_series(1, 230) AS n RETURNING id)"
            " INSERT INTO company_members (user_id, company_id) SELECT id, %s FROM made",
            company_id,
        )
        await tell(notification_db, [submitted(company_id)])

        async def told() -> object:
            statement = "SELECT count(DISTINCT user_id) FROM notifications"
            return (await asyncio.to_thread(rows, notification_db, "notification", statement))[0][0]

        assert await until(told, lambda count: count == 231) == 231


async def test_while_nobody_knows_the_members_the_fact_waits_and_is_not_lost(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        company_id = await here.company(await here.sign_up(UserType.COMPANY))
        execute(notification_db, "user", "ALTER TABLE company_members RENAME TO hidden")
        await tell(notification_db, [submitted(company_id)])

        async def waiting() -> list[tuple[object, ...]]:
            statement = "SELECT status, attempts > 0 AND lease IS NULL FROM notification_outbox"
            return await asyncio.to_thread(rows, notification_db, "notification", statement)

        await until(waiting, lambda found: found == [("pending", True)])
        execute(notification_db, "user", "ALTER TABLE hidden RENAME TO company_members")
        execute(notification_db, "notification", "UPDATE notification_outbox SET due_at = now()")
        await until(waiting, lambda found: found == [("published", True)])
    assert rows(notification_db, "notification", EVERY) != []


async def test_what_a_person_switched_off_is_not_made(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        here.choose(email_enabled=False, sms_enabled=True, disabled_event_types=["match.recommended"])
        await hear(here.db, changed(here.user_id), recommended(here.user_id))
        here.execute("INSERT INTO device_tokens (user_id, device_type, token) VALUES (%s, 'ios', 't')", here.user_id)
        await hear(here.db, changed(here.user_id))
        found = here.rows("channel, event_type")
    assert sorted(str(channel) for channel, _ in found) == ["in_app", "in_app", "push", "sms", "sms"]
    assert {event for _, event in found} == {"application.status_changed"}


@pytest.mark.parametrize(
    ("language", "title", "content"),
    [
        ("ko", "지원 상태가 변경되었습니다: Cook", "Cook 지원 상태가 변경되었습니다.\n\n현재 상태: 검토 중\n"),
        ("en", "Your application has changed: Cook", "Your application for Cook is now: under review.\n"),
    ],
)
async def test_a_person_reads_his_own_language(
    notification_db: Settings, language: str, title: str, content: str
) -> None:
    async with office(notification_db) as here:
        here.choose(language=language)
        await hear(here.db, changed(here.user_id))
        ((told, text),) = here.rows("title, content", "channel = 'in_app'")
    assert told == title
    assert str(text).startswith(content)


async def test_a_resume_is_ready_or_could_not_be_read(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        here.choose(language="en")
        await hear(here.db, *(processed(here.user_id, reason) for reason in (None, "scan", "timeout")))
        ready, failed, unknown = here.rows(
            "title, content, position('/resumes/' IN data->>'url') > 0", "channel = 'in_app'"
        )
    assert ready[0] == "Your resume is ready"
    assert failed[0] == "Your resume could not be read"
    assert str(failed[1]).startswith("Reason: its pages are pictures without text.\n\nPlease upload it again")
    assert str(unknown[1]).startswith("Please upload it again"), "a code that tells a person nothing"
    assert ready[2] is failed[2] is True


async def test_a_sentence_goes_without_what_the_fact_does_not_say(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        here.choose(language="en")
        await hear(here.db, changed(here.user_id, title=None), recommended(here.user_id, title=None))
        found = here.rows("title, content", "channel = 'in_app'")
    assert [title for title, _ in found] == ["Your application has changed", "A post that fits you"]
    assert [str(content).splitlines()[0] for _, content in found] == [
        "Your application is now: under review.",
        "A post fits your resume.",
    ]


async def test_the_references_template_is_used_once_all_its_values_are_told(notification_db: Settings) -> None:
    async with office(notification_db) as here:
        here.execute("INSERT INTO device_tokens (user_id, device_type, token) VALUES (%s, 'ios', 't')", here.user_id)
        await hear(here.db, changed(here.user_id, company="Lumen"), changed(here.user_id))
        found = [str(content) for (content,) in here.rows("content", "channel = 'push'")]
    assert found[0] == 'Lumen의 Cook 지원 상태가 "검토 중"로 변경되었습니다.'
    assert found[1].startswith("Cook 지원 상태가 변경되었습니다.\n\n현재 상태: 검토 중")


async def test_an_interview_is_told_on_the_persons_own_clock(notification_db: Settings) -> None:
    at = datetime(2026, 3, 8, 11, 30, tzinfo=UTC)
    async with office(notification_db) as here:
        here.choose(language="en", time_zone="America/New_York")
        await hear(here.db, scheduled(here.user_id, at))
        await hear(here.db, scheduled(uuid4(), at, time_zone="Europe/Berlin", interview_type="phone"))
        english, korean = (str(content) for (content,) in here.rows("content", "channel = 'in_app'"))
    assert "When: 8 March 2026, 07:30 (America/New_York)\n" in english
    both = "2026년 3월 8일 20:30 (Asia/Seoul) / 2026년 3월 8일 12:30 (Europe/Berlin)"
    assert f"일시: {both}\n방식: 전화 면접\n" in korean


async def test_where_nobody_says_where_an_interview_is_its_time_is_told_all_the_same(
    notification_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service that knows does not run here: it is asked a few times, and no longer."""
    monkeypatch.setenv("HIREHUB_NOTIFICATION__SENDING__PAUSE", "0.2")
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        at = datetime(2026, 3, 8, 11, 30, tzinfo=UTC)
        await tell(notification_db, [scheduled(who.user_id, at, interview_type="onsite", changed="true")])

        async def waiting() -> list[tuple[object, ...]]:
            statement = "SELECT attempts FROM notification_outbox WHERE status = 'pending' AND lease IS NULL"
            return await asyncio.to_thread(rows, notification_db, "notification", statement)

        await until(waiting, lambda found: found == [(1,)])
        again = "UPDATE notification_outbox SET due_at = now(), attempts = 2"
        execute(notification_db, "notification", again)

        async def told() -> list[tuple[object, ...]]:
            statement = "SELECT title, content FROM notifications WHERE channel = 'in_app'"
            return await asyncio.to_thread(rows, notification_db, "notification", statement)

        ((title, content),) = await until(told, bool)
    assert title == "면접 일정이 변경되었습니다: Cook"
    assert "일시: 2026년 3월 8일 20:30 (Asia/Seoul)\n방식: 대면 면접\n" in str(content)


async def test_markup_in_a_fact_is_text_and_escaped_where_it_becomes_a_page(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        async with await open_database(notification_db, "notification") as db:
            await hear(db, changed(who.user_id, title="<script>{{ 7*7 }}</script>"))
        (one,) = (await here.ask("GET", "/notifications?channel=in_app", who=who)).json["items"]
    assert one["content"].startswith("<script>{{ 7*7 }}</script> 지원")
    assert one["content_html"].startswith("&lt;script&gt;{{ 7*7 }}&lt;/script&gt;")


async def test_without_a_template_that_can_say_it_the_fact_fails_and_is_kept_by_the_bus(
    notification_db: Settings,
) -> None:
    statement = (
        "UPDATE notification_templates SET body_template = '{{stranger}}', version = version + 1 WHERE name = %s"
    )
    execute(notification_db, "notification", statement, "application.status_changed.in_app.ko")
    async with await open_database(notification_db, "notification") as db:
        with pytest.raises(TemplateValueMissing, match=r"application\.status_changed\.in_app\.ko names stranger"):
            await hear(db, changed(uuid4()))
    assert rows(notification_db, "notification", EVERY) == []


async def test_what_is_no_fact_of_its_topic_is_refused(notification_db: Settings) -> None:
    good = changed(uuid4())
    bad = Fact(uuid4(), good.topic, good.key, good.source, good.time, '{"user_id": "nobody"}')
    async with await open_database(notification_db, "notification") as db:
        with pytest.raises(FactInvalid):
            await hear(db, bad)


async def test_no_address_and_no_name_is_stored(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        await tell(notification_db, [changed(who.user_id)])

        async def sent() -> list[tuple[object, ...]]:
            statement = "SELECT status, kept FROM notifications WHERE channel = 'email'"
            return await asyncio.to_thread(rows, notification_db, "notification", statement)

        await until(sent, lambda found: found == [("sent", True)])
        subjects = [subject for subject, _ in await here.mails(who.email)]
        everything = str(rows(notification_db, "notification", "SELECT to_jsonb(n) FROM notifications AS n"))
    assert "지원 상태가 변경되었습니다: Cook" in subjects
    assert who.email not in everything
