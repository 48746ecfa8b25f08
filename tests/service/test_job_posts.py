"""Posts over HTTP: written, shown, changed, moved, counted, closed by time."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hirehub.contracts.apply import ApplicationSubmitted
from hirehub.contracts.user import UserType
from hirehub.kernel.bus import Fact
from hirehub.kernel.bus.postgres import PostgresTransport
from hirehub.kernel.settings import Settings
from tests.support.bus import until
from tests.support.people import People, Person
from tests.support.platform import execute, platform, rows

POST = {"title": "Backend engineer", "description": "Build the ledger.", "salary_min": 50_000_000}


async def company(here: People) -> tuple[Person, str]:
    """Somebody with a company."""
    who = await here.sign_up(UserType.COMPANY)
    return who, await here.company(who)


async def draft(here: People, who: Person, company_id: str, **more: object) -> str:
    answer = await here.ask("POST", "/jobs", {"company_id": company_id, **POST, **more}, who=who)
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


async def opened(here: People, who: Person, company_id: str, **more: object) -> str:
    job_id = await draft(here, who, company_id, **more)
    assert (await here.ask("POST", f"/jobs/{job_id}/publish", who=who)).status == 200
    return job_id


async def topics(settings: Settings) -> list[tuple[object, ...]]:
    return await asyncio.to_thread(
        rows, settings, "bus", "SELECT topic, body->>'status', body->>'updated_fields' FROM fact ORDER BY position"
    )


async def test_a_post_is_written_published_closed_and_reopened_and_each_is_told(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        job_id = await draft(here, who, company_id)
        moved = [await here.ask("POST", f"/jobs/{job_id}/{move}", who=who) for move in ("publish", "close", "reopen")]
        again = await here.ask("POST", f"/jobs/{job_id}/publish", who=who)
        told = await until(lambda: topics(job_db), lambda found: len(found) == 4)
    assert [answer.json["status"] for answer in moved] == ["open", "closed", "open"]
    assert len({answer.json["posted_at"] for answer in moved}) == 1
    assert (again.status, again.json["code"]) == (409, "wrong_job_state")
    assert told == [
        ("job.created", "draft", None),
        *(("job.updated", status, '["status"]') for status in ("open", "closed", "open")),
    ]


async def test_a_draft_is_its_companys_alone_and_an_open_post_everybodys(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        other, _ = await company(here)
        job_id = await draft(here, who, company_id)
        hidden = [await here.ask("GET", f"/jobs/{job_id}", who=one) for one in (Person(), other)]
        seen = await here.ask("GET", f"/jobs/{job_id}", who=who)
        refused = await here.ask("POST", f"/jobs/{job_id}/publish", who=other)
        await here.ask("POST", f"/jobs/{job_id}/publish", who=who)
        public = await here.ask("GET", f"/jobs/{job_id}")
        foreign = await here.ask("POST", f"/jobs/{job_id}/close", who=other)
        drafts = await here.ask("GET", f"/jobs?status=draft&company_id={company_id}", who=other)
        begun = await here.ask("POST", "/jobs", {"company_id": company_id, **POST}, who=other)
    assert [answer.status for answer in hidden] == [404, 404]
    assert (seen.status, refused.status, public.status) == (200, 404, 200)
    assert [answer.status for answer in (foreign, drafts, begun)] == [403, 403, 403]


async def test_two_who_change_a_post_do_not_overwrite_each_other(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        job_id = await draft(here, who, company_id)
        tag = (await here.ask("GET", f"/jobs/{job_id}", who=who)).headers["etag"]
        first = await here.ask("PATCH", f"/jobs/{job_id}", {"title": "Ledger engineer"}, who=who, **{"if-match": tag})
        second = await here.ask("PATCH", f"/jobs/{job_id}", {"title": "Lost"}, who=who, **{"if-match": tag})
        blind = await here.ask("PATCH", f"/jobs/{job_id}", {"title": "Lost"}, who=who)
    assert (first.status, first.json["title"]) == (200, "Ledger engineer")
    assert (second.status, blind.status) == (412, 428)


async def test_a_key_makes_one_post_of_two_requests(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        body = {"company_id": company_id, **POST}
        both = await asyncio.gather(
            *(here.ask("POST", "/jobs", body, who=who, **{"idempotency-key": "k"}) for _ in range(2))
        )
    assert [answer.status for answer in both] == [201, 201]
    assert len({answer.json["id"] for answer in both}) == 1


async def test_what_cannot_be_is_refused_by_name(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        wrong: dict[str, dict[str, object]] = {
            "bad_range": {"experience_min": 5, "experience_max": 3},
            "invalid": {"job_type": "full time"},
        }
        answers = {
            code: await here.ask("POST", "/jobs", {"company_id": company_id, **POST, **more}, who=who)
            for code, more in wrong.items()
        }
        empty = await draft(here, who, company_id, description=" ")
        unpublishable = await here.ask("POST", f"/jobs/{empty}/publish", who=who, **{"accept-language": "ko"})
        text = await here.ask("GET", "/jobs?q=ledger")
    assert {code: answer.json["code"] for code, answer in answers.items()} == {code: code for code in wrong}
    assert unpublishable.json["code"] == "not_publishable"
    assert unpublishable.json["detail"] == "아직 공개할 수 없는 공고입니다."
    assert (text.status, text.json["code"]) == (422, "no_text_search")


async def test_lists_are_filtered_and_paged_without_gaps(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        made = [await opened(here, who, company_id, location="Seoul" if n % 2 else "Busan") for n in range(7)]
        seoul = await here.ask("GET", "/jobs?location=seoul&limit=100")
        found: list[str] = []
        cursor = ""
        while True:
            page = (await here.ask("GET", f"/jobs?limit=3{cursor}")).json
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        forged = await here.ask("GET", "/jobs?cursor=WyIyMDI0LTAxLTAxIiwgImEiXQ")
    assert {item["location"] for item in seoul.json["items"]} == {"Seoul"}
    assert found == list(reversed(made))
    assert (forged.status, forged.json["code"]) == (422, "bad_cursor")


async def test_skills_are_named_once_whatever_their_case(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        job_id, other_id = await opened(here, who, company_id), await opened(here, who, company_id)
        body = {"skills": [{"name": "PostgreSQL", "category": "database"}, {"name": "Go", "is_required": False}]}
        put = await here.ask("PUT", f"/jobs/{job_id}/skills", body, who=who)
        await here.ask("PUT", f"/jobs/{other_id}/skills", {"skills": [{"name": "postgresql"}]}, who=who)
        tags = await here.ask("GET", "/skills?prefix=post")
        with_go = await here.ask("GET", "/jobs?skill=go")
    assert [(one["name"], one["is_required"]) for one in put.json["items"]] == [("PostgreSQL", True), ("Go", False)]
    assert [tag["name"] for tag in tags.json["items"]] == ["PostgreSQL"]
    assert [item["id"] for item in with_go.json["items"]] == [job_id]


async def test_views_of_others_and_applications_are_counted(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        job_id = await opened(here, who, company_id)
        await asyncio.gather(*(here.ask("GET", f"/jobs/{job_id}") for _ in range(20)))
        await here.ask("GET", f"/jobs/{job_id}", who=who)
        facts = [
            Fact.of(
                ApplicationSubmitted.model_validate({"application_id": uuid4(), "job_id": job_id, "user_id": uuid4()}),
                source="apply",
            )
            for _ in range(3)
        ]
        await told_by_apply(job_db, facts)

        async def counted() -> tuple[int, int]:
            found = (await here.ask("GET", f"/jobs/{job_id}", who=who)).json
            return found["views_count"], found["applies_count"]

        assert await until(counted, lambda found: found == (20, 3))


async def test_views_of_more_posts_than_one_statement_takes_are_all_brought_in(job_db: Settings) -> None:
    """Fails where each look brings in one statement's worth: a busy day would fall behind for ever."""
    many = "INSERT INTO jobs (company_id, title) SELECT gen_random_uuid(), 'J' FROM generate_series(1, 1200)"
    execute(job_db, "job", many)
    execute(job_db, "job", "INSERT INTO view_tally (job_id, slot, count) SELECT id, 0, 2 FROM jobs")
    async with platform(job_db, "user", "job"):

        async def left() -> object:
            return (await asyncio.to_thread(rows, job_db, "job", "SELECT count(*) FROM view_tally"))[0][0]

        async with asyncio.timeout(4):
            assert await until(left, lambda found: found == 0) == 0
    assert rows(job_db, "job", "SELECT sum(views_count) FROM jobs") == [(2400,)]


async def told_by_apply(settings: Settings, facts: list[Fact]) -> None:
    """Puts facts into the log as the service `apply` would, whose role the test's database does not have."""
    execute(
        settings,
        "bus",
        "INSERT INTO topic_right (role, topic, may_tell) VALUES ('hirehub_job', 'application.submitted', true)"
        " ON CONFLICT (role, topic) DO UPDATE SET may_tell = true",
    )
    transport = await PostgresTransport.open(settings, "job")
    await transport.append(facts)
    await transport.close()


async def test_a_post_whose_time_is_over_is_closed_and_that_is_told(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        job_id = await opened(here, who, company_id, expires_at=soon)
    execute(job_db, "job", "UPDATE jobs SET expires_at = now() - interval '1 second' WHERE id = %s", job_id)
    async with platform(job_db, "user", "job") as here:

        async def status() -> str:
            return str((await here.ask("GET", f"/jobs/{job_id}")).json["status"])

        await until(status, lambda found: found == "closed")
        told = await until(lambda: topics(job_db), lambda found: len(found) == 3)
    assert told[-1] == ("job.updated", "closed", '["status"]')


async def test_the_bodies_are_described(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        described = await here.ask("GET", "/openapi.json")
    paths = json.loads(described.body)["paths"]
    assert {"/api/v1/jobs", "/api/v1/jobs/{job_id}/skills", "/api/v1/skills"} <= set(paths)
