"""What people see and choose over HTTP: their notifications, settings and devices; templates, for administrators."""

from uuid import UUID, uuid4

import pytest

from hirehub.contracts.user import UserRemoved
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.notification.settings import NotificationSettings
from tests.support.notices import changed, hear, processed, recommended, submitted
from tests.support.people import People, Person
from tests.support.platform import execute, platform, rows
from tests.support.waiting import eventually

SECRET = "fcm-token-that-nobody-sees"
QUIET = {"quiet_start": "22:00", "quiet_end": "07:00", "time_zone": "Asia/Seoul"}


async def told(here: People, who: Person, count: int) -> None:
    async with await open_database(here.settings, "notification") as db:
        await hear(db, *(changed(who.user_id) for _ in range(count)))


async def test_a_list_is_paged_without_gaps_newest_first_and_filtered(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        await told(here, who, 7)
        found: list[str] = []
        cursor = ""
        while True:
            page = (await here.ask("GET", f"/notifications?channel=in_app&limit=3{cursor}", who=who)).json
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        delivered = await here.ask("GET", "/notifications?status=delivered&limit=100", who=who)
        wrong = await here.ask("GET", "/notifications?status=lost", who=who)
    assert len(found) == 7
    assert found == sorted(found, reverse=True)
    assert {item["channel"] for item in delivered.json["items"]} == {"in_app"}
    assert wrong.status == 422


async def test_reading_one_and_reading_all(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        await told(here, who, 3)
        ids = [one["id"] for one in (await here.ask("GET", "/notifications?channel=in_app", who=who)).json["items"]]
        first = await here.ask("POST", f"/notifications/{ids[0]}/read", who=who)
        again = await here.ask("POST", f"/notifications/{ids[0]}/read", who=who)
        unread = await here.ask("GET", "/notifications?unread=true&channel=in_app", who=who)
        everything = await here.ask("POST", "/notifications/read-all", who=who)
        rest = await here.ask("GET", "/notifications?unread=true", who=who)
        read = await here.ask("GET", "/notifications?status=read&channel=in_app", who=who)
    assert (first.status, first.json["status"]) == (200, "read")
    assert again.json["read_at"] == first.json["read_at"]
    assert [one["id"] for one in unread.json["items"]] == ids[1:]
    assert everything.json == {"read": 5}
    assert rest.json["items"] == []
    assert len(read.json["items"]) == 3


async def test_settings_are_chosen_by_who_has_seen_them_and_kept(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        before = await here.ask("GET", "/notification-settings", who=who)
        tag = {"if-match": before.headers["etag"]}
        body = {**QUIET, "email_enabled": False, "disabled_event_types": ["match.recommended"], "language": "en"}
        after = await here.ask("PATCH", "/notification-settings", body, who=who, **tag)
        late = await here.ask("PATCH", "/notification-settings", {"sms_enabled": True}, who=who, **tag)
        blind = await here.ask("PATCH", "/notification-settings", {"sms_enabled": True}, who=who)
        seen = await here.ask("GET", "/notification-settings", who=who)
    assert before.json == {
        "email_enabled": True,
        "push_enabled": True,
        "sms_enabled": False,
        "disabled_event_types": [],
        "quiet_start": None,
        "quiet_end": None,
        "time_zone": None,
        "language": None,
    }
    wanted = {**before.json, **body, "quiet_start": "22:00:00", "quiet_end": "07:00:00"}
    assert (after.status, after.json) == (200, wanted)
    assert (late.status, blind.status) == (412, 428)
    assert seen.json == wanted
    assert seen.headers["etag"] == after.headers["etag"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"quiet_start": "22:00"}, "bad_quiet_hours"),
        ({"quiet_start": "22:00", "quiet_end": "22:00"}, "bad_quiet_hours"),
        ({"time_zone": "localtime"}, "no_such_time_zone"),
        ({**QUIET, "time_zone": "../../etc/passwd"}, "no_such_time_zone"),
        ({"quiet_start": "22:00+09:00", "quiet_end": "07:00"}, "invalid"),
        ({"disabled_event_types": ["everything"]}, "invalid"),
        ({"disabled_event_types": ["match.recommended"] * 21}, "invalid"),
        ({"language": "fr"}, "invalid"),
        ({"user_id": "x"}, "invalid"),
        ({"email_enabled": None}, "invalid"),
    ],
)
async def test_settings_that_cannot_be_are_refused_by_name_in_korean(
    notification_db: Settings, body: dict[str, object], code: str
) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        headers = {"if-match": "*", "accept-language": "ko"}
        answer = await here.ask("PATCH", "/notification-settings", body, who=who, **headers)
        seen = await here.ask("GET", "/notification-settings", who=who)
    assert (answer.status, answer.json["code"]) == (422, code)
    assert any("가" <= letter <= "힣" for letter in answer.json["detail"])
    assert seen.json["email_enabled"] is True


async def test_a_devices_token_is_never_shown_again(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who, heir = await here.sign_up(), await here.sign_up()
        body = {"device_type": "ios", "token": SECRET}
        made = await here.ask("POST", "/devices", body, who=who)
        again = await here.ask("POST", "/devices", body, who=who)
        listed = await here.ask("GET", "/devices", who=who)
        moved = await here.ask("POST", "/devices", body, who=heir)
        gone = await here.ask("GET", "/devices", who=who)
        refused = await here.ask("POST", "/devices", {"device_type": "ios", "token": f"{SECRET} "}, who=who)
        removed = await here.ask("DELETE", f"/devices/{moved.json['id']}", who=heir)
        twice = await here.ask("DELETE", f"/devices/{moved.json['id']}", who=heir)
    assert (made.status, again.status, moved.status, refused.status) == (201, 201, 201, 422)
    assert made.json["id"] == again.json["id"]
    assert [one["id"] for one in listed.json["items"]] == [made.json["id"]]
    assert gone.json["items"] == []
    assert (removed.status, twice.status) == (204, 404)
    for answer in (made, again, listed, moved, refused):
        assert SECRET.encode() not in answer.body


async def test_devices_are_bounded_in_number_and_rate(
    notification_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_NOTIFICATION__DEVICES", "2")
    monkeypatch.setenv("HIREHUB_NOTIFICATION__LIMITS__DEVICE", "4/3600")
    async with platform(notification_db, "user", "notification") as here:
        who = await here.sign_up()
        answers = [
            await here.ask("POST", "/devices", {"device_type": "web", "token": f"t{number}"}, who=who)
            for number in (1, 2, 3, 2, 1)
        ]
    assert [answer.status for answer in answers] == [201, 201, 409, 201, 429]
    assert answers[2].json["code"] == "too_many_devices"
    assert answers[4].json["code"] == "rate_limited"


async def test_an_administrator_changes_a_template_and_the_next_notification_says_so(
    notification_db: Settings,
) -> None:
    async with platform(notification_db, "user", "notification") as here:
        admin, who = await here.admin(), await here.sign_up()
        query = "/notification-templates?event_type=application.status_changed&channel=in_app&language=ko"
        (template,) = (await here.ask("GET", query, who=admin)).json["items"]
        path = f"/notification-templates/{template['id']}"
        tag = {"if-match": (await here.ask("GET", path, who=admin)).headers["etag"]}
        body = {"subject_template": "상태: {{new_status}}"}
        changed_one = await here.ask("PATCH", path, body, who=admin, **tag)
        late = await here.ask("PATCH", path, body, who=admin, **tag)
        await told(here, who, 1)
        (notice,) = (await here.ask("GET", "/notifications?channel=in_app", who=who)).json["items"]
    assert (changed_one.status, late.status) == (200, 412)
    assert notice["title"] == "상태: 검토 중"


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{% for a in range(10**9) %}{% endfor %}",
        "{{ stranger }}",
        "{{ job_title }}",
        "{{ new_status",
        "{{ new_status|upper }}",
    ],
)
async def test_a_template_that_could_not_be_written_is_refused_and_stays_as_it_was(
    notification_db: Settings, text: str
) -> None:
    async with platform(notification_db, "user", "notification") as here:
        admin = await here.admin()
        query = "/notification-templates?event_type=application.status_changed&channel=email&language=en"
        (before,) = (await here.ask("GET", query, who=admin)).json["items"]
        path = f"/notification-templates/{before['id']}"
        refused = await here.ask("PATCH", path, {"body_template": text}, who=admin, if_match="*")
        (after,) = (await here.ask("GET", query, who=admin)).json["items"]
    assert (refused.status, refused.json["code"]) == (422, "template_refused")
    assert "body_template of the template application.status_changed.email.en" in refused.json["detail"]
    assert after == before


async def test_what_no_database_holds_is_refused_in_a_template(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        admin = await here.admin()
        (one, *_) = (await here.ask("GET", "/notification-templates", who=admin)).json["items"]
        path = f"/notification-templates/{one['id']}"
        bodies = ({"body_template": "a\0b"}, {"subject_template": "a\0b"})
        answers = [await here.ask("PATCH", path, body, who=admin, if_match="*") for body in bodies]
    assert [(answer.status, answer.json["code"]) for answer in answers] == [(422, "invalid")] * 2


async def test_templates_are_listed_in_pages_by_name(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        admin = await here.admin()
        names: list[str] = []
        cursor = ""
        while True:
            page = (await here.ask("GET", f"/notification-templates?limit=20{cursor}", who=admin)).json
            names += [item["name"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
    assert len(names) == len(set(names)) == 69
    ((stored,),) = rows(notification_db, "notification", "SELECT count(*) FROM notification_templates")
    assert stored == 69


async def test_an_address_is_told_to_services_and_only_while_the_account_lives(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who, ended, admin = await here.sign_up(), await here.sign_up(), await here.admin()
        await here.ask("DELETE", "/users/me", who=ended)
        told = [await here.ask("GET", f"/users/{one.user_id}/address", who=here.a_service()) for one in (who, ended)]
        for step in ("suspend", "reinstate"):
            assert (await here.ask("POST", f"/admin/users/{who.user_id}/{step}", who=admin)).status == 200
            told.append(await here.ask("GET", f"/users/{who.user_id}/address", who=here.a_service()))
    assert (told[0].status, told[0].json) == (200, {"email": who.email})
    assert [answer.status for answer in told[1:]] == [404, 404, 200]


async def test_a_person_who_is_gone_is_forgotten_and_later_facts_make_nothing(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        who, other = await here.sign_up(), await here.sign_up()
        device = {"device_type": "web", "token": "device"}
        assert (await here.ask("POST", "/devices", device, who=who)).status == 201
        change = {"language": "en"}
        assert (await here.ask("PATCH", "/notification-settings", change, who=who, if_match="*")).status == 200
        async with await open_database(notification_db, "notification") as db:
            await hear(db, changed(who.user_id), changed(other.user_id), submitted(uuid4(), user_id=who.user_id))
            await hear(db, Fact.of(UserRemoved(user_id=UUID(who.user_id)), source="user"))
            await hear(db, changed(who.user_id), processed(who.user_id), submitted(uuid4(), user_id=who.user_id))
        refused = [
            await here.ask("POST", "/devices", device, who=who),
            await here.ask("PATCH", "/notification-settings", change, who=who, if_match="*"),
        ]
    assert set(rows(notification_db, "notification", "SELECT user_id FROM notifications")) == {(UUID(other.user_id),)}
    for table in ("device_tokens", "user_notification_settings", "notification_outbox"):
        assert rows(notification_db, "notification", f"SELECT 1 FROM {table}") == []
    assert [answer.status for answer in refused] == [401, 401]


async def test_old_notifications_are_forgotten_and_what_waits_is_not(notification_db: Settings) -> None:
    async with await open_database(notification_db, "notification") as db:
        await hear(db, changed(UUID(int=1)), recommended(UUID(int=2)), own=NotificationSettings())
    execute(notification_db, "notification", "UPDATE notifications SET created_at = now() - interval '181 days'")
    async with platform(notification_db, "user", "notification"):

        async def gone() -> bool:
            return rows(notification_db, "notification", "SELECT 1 FROM notifications WHERE channel = 'in_app'") == []

        await eventually(gone, "forgetting")
    found = rows(notification_db, "notification", "SELECT event_type FROM notifications WHERE status = 'pending'")
    assert found == [("match.recommended",)]


async def test_what_is_anothers_is_neither_listed_nor_read_by_the_way(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        owner, other = await here.sign_up(), await here.sign_up()
        await told(here, owner, 1)
        await here.ask("POST", "/devices", {"device_type": "web", "token": SECRET}, who=owner)
        for path in ("/notifications", "/devices"):
            assert (await here.ask("GET", path, who=other)).json["items"] == []
            assert (await here.ask("GET", path, who=owner)).json["items"] != []
        everything = await here.ask("POST", "/notifications/read-all", who=other)
        unread = await here.ask("GET", "/notifications?unread=true&channel=in_app", who=owner)
    assert everything.json == {"read": 0}
    assert len(unread.json["items"]) == 1
