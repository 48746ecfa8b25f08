"""What people read of a post and an interview, over the whole chain: which post, when, where, and that it is off."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hirehub.kernel.settings import Settings
from tests.service.test_matching import matched, opened
from tests.service.test_resume_reading import RESUME, ended
from tests.service.test_resume_uploads import upload
from tests.support.bus import until
from tests.support.people import People, Person
from tests.support.platform import platform, rows
from tests.support.scenes import scene

SERVICES = ("user", "job", "resume", "ai.worker", "match", "apply", "notification")
PLACE = "서울시 강남구 테헤란로 1, 3층 https://maps.example/x?key=secret"


@pytest.fixture
def whole_db(matching_db: Settings, match_db: Settings, notification_db: Settings) -> Settings:
    """The databases of everybody on the way from a post to a mail, emptied."""
    assert matching_db.data_dir == match_db.data_dir
    return notification_db


async def told(here: People, who: Person, event: str, count: int = 1) -> list[dict[str, Any]]:
    """What somebody reads in the product of an event, the newest first, once there is so much."""

    async def seen() -> list[dict[str, Any]]:
        found = (await here.ask("GET", "/notifications?channel=in_app&limit=100", who=who)).json["items"]
        return [one for one in found if one["event_type"] == event]

    return await until(seen, lambda found: len(found) >= count)


async def read(here: People, who: Person) -> str:
    """The id of a new resume that is ready."""
    resume_id = str((await upload(here, who, RESUME.encode())).json["id"])
    await ended(here, who, f"/resumes/{resume_id}")
    return resume_id


async def test_a_recommendation_names_its_post_as_it_is_called_when_it_is_told(
    whole_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_MATCH__LINE", "1")
    async with platform(whole_db, *SERVICES) as here:
        there = scene(here)
        boss = there.roles["primary"]
        job_id = await opened(here, boss, there.company_id, title="Backend engineer")
        await matched(whole_db, 1)
        await read(here, there.roles["owner"])
        (first,) = await told(here, there.roles["owner"], "match.recommended")
        await here.ask("PATCH", f"/jobs/{job_id}", {"title": "플랫폼 개발자"}, who=boss, if_match="*")
        await until(lambda: titles(whole_db), lambda found: found == [("플랫폼 개발자",)])
        await read(here, there.roles["other"])
        (second,) = await told(here, there.roles["other"], "match.recommended")
    assert first["title"] == "추천 채용공고: Backend engineer"
    assert second["title"] == "추천 채용공고: 플랫폼 개발자"
    assert second["content"].startswith(
        "이력서와 잘 맞는 채용공고를 찾았습니다.\n\n채용공고: 플랫폼 개발자\n매칭 점수: "
    )
    assert second["data"]["job_title"] == "플랫폼 개발자"


async def titles(settings: Settings) -> list[tuple[object, ...]]:
    """What matching knows posts to be called, once nothing waits for it."""
    statement = "SELECT title FROM job_profile WHERE NOT EXISTS (SELECT 1 FROM match_work)"
    return await asyncio.to_thread(rows, settings, "ai", statement)


async def test_a_person_hears_where_an_interview_is_that_it_moves_and_that_it_is_off(whole_db: Settings) -> None:
    at = (datetime.now(UTC) + timedelta(days=3)).replace(hour=3, minute=0, second=0, microsecond=0)
    async with platform(whole_db, *SERVICES) as here:
        there = scene(here)
        boss, seeker = there.roles["primary"], there.roles["owner"]
        path = await applied(here, boss, seeker, there.company_id)
        body = {"interview_type": "onsite", "scheduled_at": at.isoformat(), "duration_minutes": 90, "location": PLACE}
        made = (await here.ask("POST", f"{path}/interviews", body, who=boss)).json
        (first,) = await told(here, seeker, "interview.scheduled")
        for change in ({"interviewer_id": boss.user_id}, {"interview_type": "video"}, {"status": "cancelled"}):
            answer = await here.ask("PATCH", f"/interviews/{made['id']}", change, who=boss, if_match="*")
            assert answer.status == 200, answer.body
        (off,) = await told(here, seeker, "interview.cancelled")
        (moved,) = await told(here, seeker, "interview.changed")
        kept = str(rows(whole_db, "bus", "SELECT body FROM fact"))
    day = f"{at.year}년 {at.month}월 {at.day}일 12:00 (Asia/Seoul)"
    assert first["title"] == "면접 일정이 잡혔습니다: Cook"
    assert f"일시: {day}, 1시간 30분\n방식: 대면 면접, 서울시 강남구 테헤란로 1, 3층\n" in first["content"]
    assert moved["title"] == "면접 일정이 변경되었습니다: Cook"
    assert "방식: 화상 면접\n" in moved["content"], "a link to a call is looked up and not sent around"
    assert (off["title"], day in off["content"]) == ("면접이 취소되었습니다: Cook", True)
    assert "테헤란로" not in kept


async def applied(here: People, boss: Person, seeker: Person, company_id: str) -> str:
    """The path of a new application that is under review."""
    job_id = await opened(here, boss, company_id, title="Cook")
    body = {"job_id": job_id, "resume_id": await read(here, seeker)}
    answer = await here.ask("POST", "/applications", body, who=seeker)
    path = f"/applications/{answer.json['id']}"
    assert (await here.ask("POST", f"{path}/status", {"to_status": "reviewing"}, who=boss)).status == 200
    return path
