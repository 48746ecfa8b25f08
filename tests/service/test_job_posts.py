"""Posts over HTTP: written, shown, changed, moved, counted, closed by time."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg

from hirehub.contracts.apply import ApplicationSubmitted
from hirehub.kernel.bus import Fact
from hirehub.kernel.bus.postgres import PostgresTransport
from hirehub.kernel.db import access
from hirehub.kernel.http.paging import encode_cursor
from hirehub.kernel.settings import Settings
from tests.support.bus import until
from tests.support.people import People, Person
from tests.support.platform import execute, platform, rows
from tests.support.posts import POST, company, draft, opened
from tests.support.web import Answer


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
        zero = [
            await here.ask("GET", path) for path in ("/jobs?skill=%00", "/jobs?location=%00", "/skills?prefix=a%00")
        ]
    assert {code: answer.json["code"] for code, answer in answers.items()} == {code: code for code in wrong}
    assert unpublishable.json["code"] == "not_publishable"
    assert unpublishable.json["detail"] == "아직 공개할 수 없는 공고입니다."
    assert (text.status, text.json["code"]) == (422, "no_text_search")
    assert [(answer.status, answer.json["code"]) for answer in zero] == [(422, "invalid")] * 3


async def test_an_end_that_has_passed_is_refused_when_it_is_written_and_hinders_nothing_else(job_db: Settings) -> None:
    now = datetime.now(UTC)
    past, korea = (now - timedelta(minutes=1)).isoformat(), {"accept-language": "ko"}
    async with platform(job_db, "user", "job", background=False) as here:
        who, company_id = await company(here)
        begun = await here.ask(
            "POST", "/jobs", {"company_id": company_id, **POST, "expires_at": past}, who=who, **korea
        )
        job_id = await draft(here, who, company_id, expires_at=(now + timedelta(days=1)).isoformat())

        async def change(**fields: object) -> Answer:
            tag = (await here.ask("GET", f"/jobs/{job_id}", who=who)).headers["etag"]
            return await here.ask("PATCH", f"/jobs/{job_id}", fields, who=who, **{"if-match": tag})

        changed = await change(expires_at=past)
        over = "UPDATE jobs SET expires_at = now() - interval '1 hour' WHERE id = %s"
        execute(job_db, "job", over, job_id)
        known = (await here.ask("GET", f"/jobs/{job_id}", who=who)).json["expires_at"]
        renamed = await change(title="Ledger engineer", expires_at=known)
        published = await here.ask("POST", f"/jobs/{job_id}/publish", who=who)
        beyond = [await change(expires_at=at) for at in ("9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00")]
        far = await change(expires_at="2030-01-01T00:00:00+16:00")
        endless = await change(expires_at=None)
    assert [(answer.status, answer.json["code"]) for answer in (begun, changed)] == [(422, "over_already")] * 2
    assert (begun.json["detail"], "expires_at" in begun.json["hint"]) == ("마감일이 이미 지났습니다.", True)
    assert (renamed.status, renamed.json["title"], endless.json["expires_at"]) == (200, "Ledger engineer", None)
    assert (published.status, published.json["code"]) == (422, "not_publishable")
    assert [(answer.status, answer.json["code"]) for answer in beyond] == [(422, "invalid")] * 2
    assert datetime.fromisoformat(far.json["expires_at"]) == datetime(2029, 12, 31, 8, tzinfo=UTC)


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


ORDERS = {
    "-posted_at": ("posted_at", True),
    "posted_at": ("posted_at", False),
    "-salary_max": ("salary_max", True),
    "salary_min": ("salary_min", False),
    "expires_at": ("expires_at", False),
    "title": ("title", False),
}
LONGEST = "🐘" * 200
"""The title whose cursor is longest."""


def some_posts(settings: Settings, company_id: str, status: str = "open") -> None:
    """Thirteen posts of which some are equal, and some without, in whatever lists are sorted by."""
    for n in range(13):
        salary = None if n % 4 == 0 else n % 3 * 1000
        execute(
            settings,
            "job",
            "INSERT INTO jobs (company_id, status, title, salary_min, salary_max, posted_at, expires_at, created_at)"
            " VALUES (%s, %s, %s, %s, %s, CASE %s WHEN 'open' THEN timestamptz '2026-01-01' + %s * interval '1 us' END,"
            " timestamptz '2999-01-01' + %s * interval '1 day', timestamptz '2026-01-01' + %s * interval '1 hour')",
            *(company_id, status, LONGEST if n > 9 else "공고" if n > 7 else "aBc"[n % 3], salary, salary),
            *(status, n % 5, n % 3 if n % 5 else None, n % 4),
        )


async def paged(here: People, query: str, who: Person) -> tuple[list[str], str]:
    """The ids of a list that is read three at a time, and its first page's cursor."""
    found: list[str] = []
    cursors: list[str] = []
    while True:
        after = f"&cursor={cursors[-1]}" if cursors else ""
        page = (await here.ask("GET", f"/jobs?{query}&limit=3{after}", who=who)).json
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found, cursors[0]
        cursors.append(page["next_cursor"])
        assert len(cursors) < 10, "a list without end"


def in_order(settings: Settings, company_id: str, status: str, column: str, down: bool) -> list[str]:
    """The ids of a company's posts, sorted here instead of by the database."""
    found = rows(
        settings, "job", f"SELECT {column}, id FROM jobs WHERE status = %s AND company_id = %s", status, company_id
    )
    there: list[Any] = sorted((row for row in found if row[0] is not None), reverse=down)
    lacking: list[Any] = sorted((row for row in found if row[0] is None), key=lambda row: row[1], reverse=down)
    return [str(row[1]) for row in there + lacking]


async def test_each_order_gives_every_post_once_and_those_without_the_value_last(job_db: Settings) -> None:
    async with platform(job_db, "user", "job", background=False) as here:
        who, company_id = await company(here)
        some_posts(job_db, company_id)
        some_posts(job_db, company_id, "draft")
        unsorted, _ = await paged(here, "", who)
        for sort, (column, down) in ORDERS.items():
            for status in ("open", "draft"):
                found, _ = await paged(here, f"sort={sort}&status={status}&company_id={company_id}", who)
                by = "created_at" if (column, status) == ("posted_at", "draft") else column
                assert found == in_order(job_db, company_id, status, by, down), (sort, status)
                assert len(found) == 13
    assert unsorted == in_order(job_db, company_id, "open", "posted_at", True)


async def test_a_cursor_of_another_order_or_made_up_is_refused(job_db: Settings) -> None:
    nobody = str(uuid4())
    forged = {
        "-posted_at": ("", "2026-01-01", "2026-01-01T00:00:00", "0001-01-01T00:00:00+23:59"),
        "-salary_max": ("x", "-1", "2000000001", "9" * 1000, "1.5"),
        "title": ("\0", "\ud800"),
    }
    async with platform(job_db, "user", "job", background=False) as here:
        some_posts(job_db, nobody)
        cursors = {sort: (await paged(here, f"sort={sort}", Person()))[1] for sort in ORDERS}
        foreign = [(sort, cursor) for sort in ORDERS for given, cursor in cursors.items() if given != sort]
        made_up = [(sort, encode_cursor(sort, value, nobody)) for sort, values in forged.items() for value in values]
        old = [("-posted_at", encode_cursor("2026-01-01T00:00:00+00:00", nobody))]
        wrong = foreign + made_up + old
        answers = [await here.ask("GET", f"/jobs?sort={sort}&cursor={cursor}") for sort, cursor in wrong]
        unknown = await here.ask("GET", "/jobs?sort=company_id")
    assert {(answer.status, answer.json["code"]) for answer in answers} == {(422, "bad_cursor")}
    assert unknown.status == 422
    assert all(f"'{sort}'" in unknown.json["errors"][0]["message"] for sort in ORDERS), unknown.json


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


async def test_a_post_is_read_where_its_view_cannot_be_counted(job_db: Settings) -> None:
    hasty = job_db.model_copy(update={"database": job_db.database.model_copy(update={"lock_timeout": 0.2})})
    async with platform(hasty, "user", "job") as here:
        who, company_id = await company(here)
        job_id = await opened(here, who, company_id)
        with psycopg.connect(access.dsn(job_db, "job", "owner")) as busy:
            busy.execute("LOCK TABLE view_tally IN SHARE MODE")
            read = await here.ask("GET", f"/jobs/{job_id}")
    assert read.status == 200, read.body
    assert read.json["id"] == job_id


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
