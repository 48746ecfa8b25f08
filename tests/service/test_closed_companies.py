"""A company that nobody acts for any more: its posts close and stay closed, and who has applied is told."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.job.domain.posts import CompanyIsClosed
from hirehub.services.job.usecases.imports import Brought, bring
from tests.support.applying import Hiring, hiring, post
from tests.support.bus import until
from tests.support.people import Person
from tests.support.platform import execute, rows

pytestmark = pytest.mark.usefixtures("cheap")

OPEN = "SELECT count(*) FROM jobs WHERE status = 'open'"
TOLD = (
    "SELECT key, body->>'status', body->>'job_title' FROM fact"
    " WHERE topic = 'job.updated' AND body->>'company_id' = %s ORDER BY position"
)
MANY = (
    "INSERT INTO jobs (company_id, title, description, status, posted_at)"
    " SELECT %s, 'Waiter', 'Waits.', 'open', now() FROM generate_series(1, 1100)"
)


async def ended(there: Hiring, member: Person) -> None:
    """Ends the account of a company's only member, and waits until no post is open."""
    assert (await there.here.ask("DELETE", "/users/me", who=member)).status == 204

    async def left() -> object:
        return (await asyncio.to_thread(rows, there.here.settings, "job", OPEN))[0][0]

    assert await until(left, lambda found: found == 0) == 0


async def test_whose_last_member_goes_that_company_has_no_open_post_and_none_can_be_applied_to(
    apply_db: Settings,
) -> None:
    async with hiring(apply_db) as there:
        admin, other = await there.here.admin(), await there.here.sign_up()
        sent = await there.applied()
        closed, draft = (post(there.here, there.company_id, status) for status in ("closed", "draft"))
        await ended(there, there.member)
        body = {"job_id": there.job_id, "resume_id": there.resumes.of(other)}
        refused = await there.post("", body, other)
        shown = await there.here.ask("GET", f"/jobs/{there.job_id}")
        listed = await there.here.ask("GET", f"/jobs?company_id={there.company_id}")
        tries = (f"/jobs/{there.job_id}/reopen", f"/jobs/{closed}/reopen", f"/jobs/{draft}/publish")
        again = [await there.here.ask("POST", path, who=admin) for path in tries]
        new = {"company_id": there.company_id, "title": "Cook", "description": "Cooks."}
        korean = await there.here.ask("POST", "/jobs", new, who=admin, accept_language="ko")
        mine = await until(lambda: there.state(sent, there.seeker), lambda found: found["status"] == "rejected")
        last = (await there.history(sent, there.seeker))[-1]
        withdrawn = await there.decided(sent, "withdrawn", there.seeker)
    assert (refused.status, refused.json["code"]) == (409, "post_not_open")
    assert (shown.json["status"], listed.json["items"]) == ("closed", [])
    assert {(answer.status, answer.json["code"]) for answer in again} == {(409, "company_closed")}
    assert (korean.status, korean.json["detail"]) == (409, "문을 닫은 회사입니다.")
    assert (mine["status"], withdrawn.json["code"]) == ("rejected", "wrong_application_state")
    assert (last["actor_type"], last["actor_id"]) == ("system", None)
    assert rows(apply_db, "bus", TOLD, there.company_id) == [(there.job_id, "closed", "Cook")]
    brought = Brought({"title": "Cook", "description": "Cooks."}, "r1")
    async with await open_database(apply_db, "job") as db, db.transaction() as tx:
        with pytest.raises(CompanyIsClosed):
            await bring(tx, company_id=UUID(there.company_id), rows=[brought], opened=True, now=datetime.now(UTC))


async def test_a_company_of_more_posts_than_one_statement_closes_has_none_open_in_the_end(
    apply_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_JOB__EXPIRY_INTERVAL", "0.2")
    async with hiring(apply_db) as there:
        execute(apply_db, "job", MANY, there.company_id)
        await ended(there, there.member)

        async def told() -> list[tuple[object, ...]]:
            return await asyncio.to_thread(rows, apply_db, "bus", TOLD, there.company_id)

        facts = await until(told, lambda found: len(found) >= 1_101)
    assert len({key for key, _, _ in facts}) == len(facts) == 1_101
