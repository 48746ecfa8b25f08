"""Companies and those who act for them."""

import asyncio

import psycopg
import pytest

from hirehub.contracts.user import UserType
from hirehub.kernel.db import access
from hirehub.kernel.settings import Settings
from tests.support.people import people
from tests.support.waiting import eventually

WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""

pytestmark = pytest.mark.usefixtures("cheap")


async def test_who_begins_a_company_is_its_primary_member(user_db: Settings) -> None:
    body = {
        "name": "Lumen",
        "business_number": "000-00-00001",
        "company_size": "11-50",
        "logo_url": "https://a.example/x",
    }
    async with people(user_db) as here:
        primary = await here.sign_up(UserType.COMPANY)
        answer = await here.ask("POST", "/companies", body, who=primary)
        company = answer.json
        read = await here.ask("GET", answer.headers["location"], who=primary)
        members = await here.ask("GET", f"/companies/{company['id']}/members", who=primary)
        twin = await here.ask("POST", "/companies", body, who=primary)
        other = await here.sign_up(UserType.COMPANY)
        mine = [await here.ask("GET", "/companies?mine=true", who=one) for one in (primary, other)]
        nobody = await here.ask("GET", "/companies?mine=true", who=here.a_service())
    assert [[one["id"] for one in found.json["items"]] for found in mine] == [[company["id"]], []]
    assert nobody.status == 403
    assert answer.status == 201
    assert {name: company[name] for name in body} == body
    assert read.json == company
    assert [(one["user_id"], one["is_primary"]) for one in members.json["items"]] == [(primary.user_id, True)]
    assert (twin.status, twin.json["code"]) == (409, "business_number_taken")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": None},
        {"name": "two\nlines"},
        {"company_size": "12"},
        {"logo_url": "javascript:alert(1)"},
        {"description": "a\u0000b"},
        {"description": "a" * 20_001},
        {"status": "closed"},
    ],
)
async def test_a_company_takes_no_value_that_cannot_be(user_db: Settings, change: dict[str, object]) -> None:
    async with people(user_db) as here:
        primary = await here.sign_up(UserType.COMPANY)
        company = await here.company(primary)
        made = await here.ask("POST", "/companies", {"name": "A", **change}, who=primary)
        changed = await here.ask("PATCH", f"/companies/{company}", change, who=primary, if_match="*")
    assert (made.status, changed.status) == (422, 422)


async def test_of_two_who_change_a_company_at_once_one_is_told(user_db: Settings) -> None:
    async with people(user_db) as here:
        primary = await here.sign_up(UserType.COMPANY)
        path = f"/companies/{await here.company(primary)}"
        tag = (await here.ask("GET", path, who=primary)).headers["etag"]
        bodies = [{"location": "Seoul"}, {"location": "Busan"}]
        answers = await asyncio.gather(*(here.ask("PATCH", path, body, who=primary, if_match=tag) for body in bodies))
    assert sorted(answer.status for answer in answers) == [200, 412]


async def test_companies_are_listed_page_by_page_each_once(user_db: Settings) -> None:
    async with people(user_db) as here:
        primary = await here.sign_up(UserType.COMPANY)
        made = [await here.company(primary) for _ in range(5)]
        pages, path = [], "/companies?limit=2"
        while path:
            answer = (await here.ask("GET", path, who=primary)).json
            pages.append([company["id"] for company in answer["items"]])
            following = answer["next_cursor"]
            path = f"/companies?limit=2&cursor={following}" if following else ""
    assert pages == [made[:2], made[2:4], made[4:]]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=W10", "cursor=%C3%A9", "cursor=" + "a" * 301]
)
async def test_a_page_that_cannot_be_is_refused(user_db: Settings, query: str) -> None:
    async with people(user_db) as here:
        answer = await here.ask("GET", f"/companies?{query}", who=here.a_service())
    assert answer.status == 422


async def test_an_invitation_is_accepted_once_by_whom_it_went_to(user_db: Settings) -> None:
    async with people(user_db) as here:
        primary, invited = await here.sign_up(UserType.COMPANY), await here.sign_up(UserType.COMPANY)
        path = f"/companies/{await here.company(primary)}/members"
        body = {"email": invited.email.upper(), "position": "Recruiter"}
        answer = await here.ask("POST", path, body, who=primary)
        token = await here.token_for(invited.email)
        stranger = await here.ask("POST", f"/invitations/{token}", who=primary)
        joined = await here.ask("POST", f"/invitations/{token}", who=invited)
        again = await here.ask("POST", f"/invitations/{token}", who=invited)
    assert answer.status == 201
    assert token not in answer.body.decode()
    assert (stranger.status, stranger.json["code"]) == (404, "no_such_invitation")
    assert (joined.status, joined.json["position"], joined.json["is_primary"]) == (201, "Recruiter", False)
    assert again.status == 404


async def test_the_last_primary_member_cannot_leave(user_db: Settings) -> None:
    async with people(user_db) as here:
        primary = await here.sign_up(UserType.COMPANY)
        company = await here.company(primary)
        member = await here.joined(company, primary)
        own, other = (f"/companies/{company}/members/{one.user_id}" for one in (primary, member))
        left = await here.ask("DELETE", own, who=primary)
        demoted = await here.ask("PATCH", own, {"is_primary": False}, who=primary)
        ended = await here.ask("DELETE", "/users/me", who=primary)
        assert (await here.ask("PATCH", other, {"is_primary": True}, who=member)).status == 403
        assert (await here.ask("PATCH", other, {"is_primary": True}, who=primary)).status == 200
        assert (await here.ask("DELETE", own, who=primary)).status == 204
        assert (await here.ask("GET", f"/companies/{company}/members", who=primary)).status == 403
    assert [answer.json["code"] for answer in (left, demoted, ended)] == ["last_primary"] * 3


async def test_two_primary_members_who_leave_at_once_do_not_leave_the_company_alone(user_db: Settings) -> None:
    async with people(user_db) as here:
        first = await here.sign_up(UserType.COMPANY)
        company = await here.company(first)
        second = await here.joined(company, first, is_primary=True)
        await here.joined(company, first)

        async def both_wait() -> bool:
            return here.rows(WAITING) == [(2,)]

        with psycopg.connect(access.dsn(user_db, "user")) as holder:
            holder.execute("SELECT 1 FROM companies WHERE id = %s FOR UPDATE", (company,))
            paths = [(f"/companies/{company}/members/{one.user_id}", one) for one in (first, second)]
            leaving = [asyncio.ensure_future(here.ask("DELETE", path, who=who)) for path, who in paths]
            await eventually(both_wait, "waiting for the company")
        answers = await asyncio.gather(*leaving)
        primaries = here.rows("SELECT 1 FROM company_members WHERE company_id = %s AND is_primary", company)
    assert sorted(answer.status for answer in answers) == [204, 409]
    assert len(primaries) == 1


async def test_a_company_is_closed_when_the_last_of_its_members_ends_the_account(user_db: Settings) -> None:
    async with people(user_db) as here:
        primary = await here.sign_up(UserType.COMPANY)
        own = {"name": "Lumen", "business_number": "000-00-00001"}
        company = (await here.ask("POST", "/companies", own, who=primary)).json["id"]
        assert (await here.ask("DELETE", "/users/me", who=primary)).status == 204
        read = await here.ask("GET", f"/companies/{company}", who=here.a_service())
        listed = await here.ask("GET", "/companies", who=here.a_service())
        successor = await here.sign_up(UserType.COMPANY)
        again = await here.ask("POST", "/companies", own, who=successor)
    assert read.json["status"] == "closed"
    assert listed.json == {"items": [], "next_cursor": None}
    assert (again.status, again.json["business_number"]) == (201, own["business_number"])
