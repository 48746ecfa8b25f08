"""Interviews over HTTP: scheduled, changed, completed, cancelled, told of, and shown by a calendar."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hirehub.contracts.user import UserType
from hirehub.kernel.settings import Settings
from tests.support.applying import Hiring, hiring, post
from tests.support.bus import until
from tests.support.platform import execute, rows
from tests.support.web import Answer

OVER = "UPDATE interviews SET scheduled_at = now() - interval '1 hour' WHERE id = %s"
SOON = (datetime.now(UTC) + timedelta(days=7)).replace(microsecond=0)


def wanted(at: datetime = SOON, **more: object) -> dict[str, object]:
    """The body of a new interview."""
    return {"interview_type": "video", "scheduled_at": at.isoformat(), "duration_minutes": 45, **more}


async def scheduled(there: Hiring, application_id: str, body: Mapping[str, object] | None = None) -> Any:
    """A new interview, as the company sees it."""
    answer = await there.post(f"/{application_id}/interviews", dict(body or wanted()), there.member)
    assert answer.status == 201, answer.body
    return answer.json


async def changed(there: Hiring, interview_id: str, body: object, tag: str = "*") -> Answer:
    """The answer to a change by the company."""
    return await there.here.ask("PATCH", f"/interviews/{interview_id}", body, who=there.member, **{"if-match": tag})


async def test_scheduling_and_completing_move_the_application_on(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        application_id = await there.applied()
        early = await there.post(f"/{application_id}/interviews", wanted(), there.member)
        await there.decided(application_id, "reviewing")
        first = await scheduled(there, application_id, wanted(time_zone="Europe/Berlin"))
        second = await scheduled(there, application_id, wanted(SOON + timedelta(days=1)))
        state = await there.state(application_id)
        done = await changed(there, first["id"], {"status": "completed", "feedback": "Clear answers."})
        after = await there.state(application_id)
        await changed(there, second["id"], {"status": "cancelled"})
        over = await changed(there, second["id"], {"duration_minutes": 5})
        noted = await changed(there, second["id"], {"feedback": "Not needed."})
        history = await there.history(application_id)

        async def told() -> list[tuple[object, ...]]:
            return rows(
                apply_db,
                "bus",
                "SELECT topic, coalesce(body->>'to_status', body->>'time_zone') FROM fact WHERE key = %s"
                " ORDER BY position OFFSET 1",
                application_id,
            )

        facts = await until(told, lambda found: len(found) == 6)
    assert early.json["code"] == "wrong_application_state"
    assert (state["status"], after["status"]) == ("interview_scheduled", "interview_completed")
    assert (done.status, done.json["status"], done.json["feedback"]) == (200, "completed", "Clear answers.")
    assert (over.json["code"], noted.json["feedback"]) == ("interview_over", "Not needed.")
    assert [(one["event_type"], one["to_status"]) for one in history[2:]] == [
        ("interview_scheduled", "interview_scheduled"),
        ("interview_scheduled", None),
        ("interview_completed", "interview_completed"),
        ("interview_cancelled", None),
    ]
    assert facts == [
        ("application.status_changed", "reviewing"),
        ("application.status_changed", "interview_scheduled"),
        ("interview.scheduled", "Europe/Berlin"),
        ("interview.scheduled", "Asia/Seoul"),
        ("application.status_changed", "interview_completed"),
        ("interview.cancelled", "Asia/Seoul"),
    ]


@pytest.mark.parametrize("end", ["withdrawn", "rejected", "accepted"])
async def test_when_an_application_ends_its_interviews_are_cancelled(
    apply_db: Settings, cheap: None, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setenv("HIREHUB_APPLY__REJECTION_HOLD", "0")
    async with hiring(apply_db) as there:
        application_id = await there.brought("reviewing")
        first = await scheduled(there, application_id)
        await changed(there, first["id"], {"status": "completed"})
        second = await scheduled(there, application_id, wanted(SOON + timedelta(days=1)))
        past = await scheduled(there, application_id, wanted(SOON + timedelta(days=2)))
        execute(apply_db, "apply", OVER, past["id"])
        if end == "accepted":
            await there.decided(application_id, "offered")
        who = there.member if end == "rejected" else there.seeker
        before = await there.state(application_id)
        after = (await there.decided(application_id, end, who)).json
        path = f"/applications/{application_id}/interviews"
        left = (await there.here.ask("GET", path, who=there.seeker)).json["items"]
        last = (await there.history(application_id))[-1]
        late = await there.post(f"/{application_id}/interviews", wanted(), there.member)

        async def told() -> list[tuple[object, ...]]:
            statement = "SELECT topic, body->'cancelled_interviews' FROM fact WHERE key = %s ORDER BY position"
            return rows(apply_db, "bus", statement, application_id)

        facts = await until(told, lambda found: any(ended for _, ended in found))
    assert {one["id"]: one["status"] for one in left} == {
        first["id"]: "completed",
        second["id"]: "cancelled",
        past["id"]: "cancelled",
    }
    assert (before["scheduled_interviews"], after["status"], after["scheduled_interviews"]) == (2, end, 0)
    assert sorted(last["payload"]["cancelled_interviews"]) == sorted([second["id"], past["id"]])
    assert facts[-1] == ("application.status_changed", [second["id"]]), "all that was ahead, in one fact"
    assert late.json["code"] == "wrong_application_state"


async def test_what_is_at_the_same_time_is_told_and_hinders_nobody(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        rival = await there.here.sign_up(UserType.COMPANY)
        elsewhere = await there.applied(there.seeker, post(there.here, await there.here.company(rival)))
        await there.decided(elsewhere, "reviewing", rival)
        foreign = (await there.post(f"/{elsewhere}/interviews", wanted(), rival)).json
        mine = await there.brought("reviewing")
        other_seeker = await there.here.sign_up()
        other = await there.applied(other_seeker)
        await there.decided(other, "reviewing")
        taken = await scheduled(there, mine, wanted(interviewer_id=there.member.user_id))
        close = wanted(SOON + timedelta(minutes=44), interviewer_id=there.member.user_id)
        both = await scheduled(there, other, close)
        free = await scheduled(there, other, wanted(SOON + timedelta(minutes=89)))
        homework = await scheduled(there, other, wanted(interview_type="assignment", duration_minutes=20_160))
        seen = (await there.here.ask("GET", f"/interviews/{taken['id']}", who=there.seeker)).json
        stranger = wanted(interviewer_id=rival.user_id)
        refused = await there.post(f"/{other}/interviews", stranger, there.member)
    assert foreign["conflicts"] == []
    assert taken["conflicts"] == [{"reason": "applicant", "interview_id": None, "application_id": None}]
    assert both["conflicts"] == [{"reason": "interviewer", "interview_id": taken["id"], "application_id": mine}]
    assert [one["conflicts"] for one in (free, homework)] == [[], []]
    assert seen["conflicts"] == [{"reason": "applicant", "interview_id": foreign["id"], "application_id": elsewhere}]
    assert (seen["interviewer_id"], seen["feedback"]) == (None, None)
    assert refused.json["code"] == "not_an_interviewer"


async def test_two_who_change_an_interview_do_not_overwrite_each_other(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        interview_id = (await scheduled(there, await there.brought("reviewing")))["id"]
        path = f"/interviews/{interview_id}"
        tag = (await there.here.ask("GET", path, who=there.member)).headers["etag"]
        later = (SOON + timedelta(hours=1)).isoformat()
        first = await changed(there, interview_id, {"scheduled_at": later}, tag)
        second = await changed(there, interview_id, {"location": "Hall 2"}, tag)
        blind = await there.here.ask("PATCH", path, {"location": "Hall 2"}, who=there.member)
        same = await changed(there, interview_id, {"scheduled_at": later})
    assert (first.status, first.headers["etag"]) == (200, '"2"')
    assert datetime.fromisoformat(first.json["scheduled_at"]) == SOON + timedelta(hours=1)
    assert (second.status, blind.status) == (412, 428)
    assert same.headers["etag"] == '"2"'


async def test_what_no_interview_can_be_is_refused_by_name(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        application_id = await there.brought("reviewing")
        wrong = [
            ("bad_interview_time", wanted(datetime.now(UTC) - timedelta(minutes=1))),
            ("bad_interview_time", wanted(datetime.now(UTC) + timedelta(days=1830))),
            ("no_such_zone", wanted(time_zone="Asia/Atlantis")),
            ("no_such_zone", wanted(time_zone="../etc/passwd")),
            *(("no_such_zone", wanted(time_zone=name)) for name in ("America", "localtime", "Factory", "right/UTC")),
            ("invalid", wanted(interview_type="letter")),
            ("invalid", wanted(duration_minutes=0)),
            ("invalid", wanted() | {"scheduled_at": "2030-01-01T10:00:00"}),
        ]
        answers = [await there.post(f"/{application_id}/interviews", body, there.member) for _, body in wrong]
        state = await there.state(application_id)
        far = await there.post(
            f"/{application_id}/interviews", wanted(datetime.now(UTC) + timedelta(days=1820)), there.member
        )
    assert far.status == 201
    assert [(answer.status, answer.json["code"]) for answer in answers] == [(422, code) for code, _ in wrong]
    assert state["status"] == "reviewing"


async def test_the_calendar_file_follows_the_interview(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        body = wanted(time_zone="America/New_York", location="Hall 1, third floor; ring twice")
        application_id = await there.brought("reviewing")
        interview_id = (await scheduled(there, application_id, body))["id"]
        path = f"/interviews/{interview_id}/calendar.ics"
        first = await there.here.ask("GET", path, who=there.seeker)
        again = await there.here.ask("GET", path, who=there.member)
        await changed(there, interview_id, {"scheduled_at": (SOON + timedelta(hours=2)).isoformat()})
        moved = await there.here.ask("GET", path, who=there.seeker)
        await changed(there, interview_id, {"status": "cancelled"})
        ended = await there.here.ask("GET", path, who=there.seeker)
        state = await there.state(application_id, there.seeker)
    lines = [answer.body.decode().replace("\r\n ", "").split("\r\n") for answer in (first, moved, ended)]
    uid = f"UID:{interview_id}@hirehub"
    assert first.body == again.body
    assert (state["status"], state["scheduled_interviews"]) == ("interview_scheduled", 0), "no state leads back"
    assert first.headers["content-type"] == "text/calendar; charset=utf-8; method=REQUEST"
    assert all(uid in one for one in lines)
    assert [next(line for line in one if line.startswith("SEQUENCE")) for one in lines] == [
        f"SEQUENCE:{number}" for number in range(3)
    ]
    begins = (SOON, SOON + timedelta(hours=2), SOON + timedelta(hours=2))
    assert all(f"DTSTART:{at:%Y%m%dT%H%M%SZ}" in one for at, one in zip(begins, lines, strict=True))
    assert r"LOCATION:Hall 1\, third floor\; ring twice" in lines[0]
    assert [("METHOD:CANCEL" in one, "STATUS:CANCELLED" in one) for one in lines] == [(False, False)] * 2 + [
        (True, True)
    ]
