"""Accounts over HTTP: begun, entered, kept up and ended."""

import asyncio

import pytest

from hirehub.contracts.user import UserType
from hirehub.kernel.settings import Settings
from tests.support.people import PASSWORD, Person, address, people

NEW = "another good password"

pytestmark = pytest.mark.usefixtures("cheap")


async def test_who_signs_up_can_log_in_and_see_the_account(user_db: Settings) -> None:
    body = {"email": address(), "password": PASSWORD, "user_type": "jobseeker"}
    async with people(user_db) as here:
        signed_up = await here.ask("POST", "/auth/sign-up", body)
        logged_in = await here.ask("POST", "/auth/log-in", {"email": body["email"], "password": PASSWORD})
        token = logged_in.json["access_token"]
        me = await here.ask("GET", "/users/me", authorization=f"Bearer {token}")
    assert (signed_up.status, signed_up.json) == (202, {"status": "accepted"})
    assert logged_in.status == 200
    assert logged_in.json["expires_in"] == 600
    assert me.status == 200
    assert {answer.headers["cache-control"] for answer in (signed_up, logged_in, me)} == {"no-store"}
    assert me.json["email"] == body["email"]
    assert (me.json["user_type"], me.json["status"]) == ("jobseeker", "active")
    assert me.json["created_at"].endswith("Z")


@pytest.mark.parametrize("typed", ["{}".upper(), " {} ", "{}"])
async def test_an_address_is_one_however_it_is_typed(user_db: Settings, typed: str) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        name, _, domain = person.email.partition("@")
        body = {"email": typed.format(f"{name.upper()}@{domain.title()}"), "password": PASSWORD}
        assert (await here.ask("POST", "/auth/log-in", body)).status == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "no address"}, "/body/email"),
        ({"email": "a" * 300 + "@example.com"}, "/body/email"),
        ({"password": ""}, "/body/password"),
        ({"password": "\ud800 half a character"}, "/body/password"),
        ({"user_type": "admin"}, "/body/user_type"),
        ({"status": "active"}, "/body/status"),
    ],
)
async def test_what_cannot_be_an_account_is_told_by_its_field(
    user_db: Settings, change: dict[str, str], pointer: str
) -> None:
    body = {"email": address(), "password": PASSWORD, "user_type": "company", **change}
    async with people(user_db) as here:
        answer = await here.ask("POST", "/auth/sign-up", body)
    assert answer.status == 422
    assert [field["pointer"] for field in answer.json["errors"]] == [pointer]


async def test_a_password_is_changed_by_the_present_one_and_other_sessions_end(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        elsewhere = await here.log_in(person)
        tag = (await here.ask("GET", "/users/me", who=person)).headers["etag"]
        wrong = {"current_password": "not this one", "password": NEW}
        refused = await here.ask("PATCH", "/users/me", wrong, who=person, if_match=tag)
        body = {"current_password": PASSWORD, "password": NEW}
        changed = await here.ask("PATCH", "/users/me", body, who=person, if_match=tag)
        body = {"current_password": NEW, "email": address()}
        late = await here.ask("PATCH", "/users/me", body, who=person, if_match=tag)
        assert (await here.ask("GET", "/users/me", who=person)).status == 200
        assert (await here.ask("GET", "/users/me", who=elsewhere)).status == 401
        await here.log_in(person, NEW)
    assert (refused.status, refused.json["code"]) == (422, "password_needed")
    assert changed.status == 200
    assert changed.headers["etag"] != tag
    assert late.status == 412


async def test_no_way_to_a_password_takes_ones_own_address(user_db: Settings) -> None:
    async with people(user_db) as here:
        person, wanted = await here.sign_up(), address()
        await here.ask("POST", "/auth/password-reset", {"email": person.email})
        token = await here.token_for(person.email)
        own, soon = f"{person.email.upper()} 1", f"{wanted} 1"
        new = {"email": wanted, "password": own, "user_type": "company"}
        changes = [{"current_password": PASSWORD, "password": word, "email": wanted} for word in (own, soon)]
        refused = [
            await here.ask("POST", "/auth/sign-up", {**new, "email": person.email}),
            await here.ask("POST", "/auth/password", {"token": token, "password": own}, accept_language="ko"),
            *[await here.ask("PATCH", "/users/me", one, who=person, if_match="*") for one in changes],
        ]
        taken = await here.ask("POST", "/auth/password", {"token": token, "password": NEW})
    assert {(answer.status, answer.json["code"]) for answer in refused} == {(422, "weak_password")}
    assert "이메일 주소" in refused[1].json["hint"]
    assert taken.status == 204


async def test_an_account_moves_to_another_address_once_that_is_confirmed(user_db: Settings) -> None:
    async with people(user_db) as here:
        person, moved = await here.sign_up(), address()
        body = {"current_password": PASSWORD, "email": moved}
        answer = await here.ask("PATCH", "/users/me", body, who=person, if_match="*")
        assert answer.json["email"] == person.email
        token = await here.token_for(moved)
        body = {"token": token, "password": PASSWORD}
        assert (await here.ask("POST", "/auth/confirm", {**body, "password": NEW})).status == 422
        assert (await here.ask("POST", "/auth/confirm", body)).status == 204
        assert (await here.ask("POST", "/auth/confirm", body)).status == 422
        me = await here.ask("GET", "/users/me", who=person)
    assert me.json["email"] == moved


async def test_no_mail_is_kept_to_any_address_of_an_account_that_has_ended(user_db: Settings) -> None:
    """To one that it had, one that it has, one that it has asked for; those of others stay."""
    async with people(user_db) as here:
        person, other, wanted = await here.sign_up(), await here.sign_up(), [address(), address(), address()]
        first = person.email
        for moved in wanted:
            await here.ask("POST", "/auth/password-reset", {"email": person.email})
            assert await here.mails(person.email) != []
            body = {"current_password": PASSWORD, "email": moved}
            assert (await here.ask("PATCH", "/users/me", body, who=person, if_match="*")).status == 200
            if moved == wanted[0]:
                body = {"token": await here.token_for(moved), "password": PASSWORD}
                assert (await here.ask("POST", "/auth/confirm", body)).status == 204
                assert await here.mails(first) == []
                person = await here.log_in(Person(moved))
        assert [len(await here.mails(one)) for one in wanted] == [3, 1, 1]
        body = {"current_password": PASSWORD, "email": other.email}
        await here.ask("PATCH", "/users/me", body, who=person, if_match="*")
        waiting = {"current_password": PASSWORD, "email": address()}
        await here.ask("PATCH", "/users/me", waiting, who=person, if_match="*")
        assert (await here.ask("DELETE", "/users/me", who=person)).status == 204
        assert [await here.mails(one) for one in (first, *wanted, waiting["email"])] == [[]] * 5
        assert len(await here.mails(other.email)) == 2
        assert here.rows("SELECT 1 FROM mail_token") == []


async def test_an_ended_account_leaves_nothing_personal_and_is_told_once(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        change = {"name": "Robin", "phone": "02-000-0000"}
        assert (await here.ask("PATCH", "/profiles/me", change, who=person, if_match="*")).status == 200
        assert await here.mails(person.email) != []
        await here.ask("POST", "/auth/password-reset", {"email": person.email})
        ended = await asyncio.gather(*(here.ask("DELETE", "/users/me", who=person) for _ in range(3)))
        assert {answer.status for answer in ended} <= {204, 401, 404}
        assert here.rows("SELECT topic, body FROM outbox") == [("user.removed", {"user_id": person.user_id})]
        assert await here.mails(person.email) == []
        for table in ("mail_outbox", "mail_token", "jobseeker_profiles"):
            assert here.rows(f"SELECT 1 FROM {table}") == []
        after = await here.ask("GET", "/users/me", who=person)
        again = await here.ask("POST", "/auth/log-in", {"email": person.email, "password": PASSWORD})
        rows = here.rows("SELECT status, email, password_hash FROM users WHERE id = %s", person.user_id)
        assert (await here.sign_up(email_address=person.email)).user_id != person.user_id
    assert after.status == again.status == 401
    assert rows == [("deleted", f"deleted-{person.user_id}", None)]


async def test_a_profile_keeps_what_fits_and_nothing_else(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        first = await here.ask("GET", "/profiles/me", who=person)
        change = {
            "experience_years": 4,
            "skills": ["Python", "자바"],
            "desired_salary_min": 40,
            "desired_salary_max": 60,
        }
        changed = await here.ask("PATCH", "/profiles/me", change, who=person, if_match=first.headers["etag"])
        late = await here.ask("PATCH", "/profiles/me", {"name": "A"}, who=person, if_match=first.headers["etag"])
        blind = await here.ask("PATCH", "/profiles/me", {"name": "A"}, who=person)
        crossed = await here.ask("PATCH", "/profiles/me", {"desired_salary_max": 30}, who=person, if_match="*")
        emptied = await here.ask("PATCH", "/profiles/me", {"skills": None}, who=person, if_match="*")
    assert {name: changed.json[name] for name in change} == change
    assert (late.status, late.json["code"]) == (412, "precondition_failed")
    assert (blind.status, blind.json["code"]) == (428, "precondition_required")
    assert (crossed.status, crossed.json["code"]) == (422, "bad_profile")
    assert emptied.json["skills"] is None
    assert emptied.json["experience_years"] == 4


async def test_a_suspended_account_is_out_at_once_and_comes_back_when_reinstated(user_db: Settings) -> None:
    async with people(user_db) as here:
        admin, person = await here.admin(), await here.sign_up()
        path = f"/admin/users/{person.user_id}"
        assert (await here.ask("POST", f"{path}/suspend", who=admin)).json["status"] == "suspended"
        me = await here.ask("GET", "/users/me", who=person)
        refreshed = await here.ask("POST", "/auth/refresh", {"refresh_token": person.refresh_token})
        entered = await here.ask("POST", "/auth/log-in", {"email": person.email, "password": PASSWORD})
        guessed = await here.ask("POST", "/auth/log-in", {"email": person.email, "password": "not this one"})
        assert (await here.ask("POST", f"{path}/reinstate", who=admin)).json["status"] == "active"
        assert (await here.ask("GET", "/users/me", who=person)).status == 401
        await here.log_in(person)
    assert (me.status, refreshed.status) == (401, 401)
    assert (entered.status, entered.json["code"]) == (403, "account_suspended")
    assert (guessed.status, guessed.json["code"]) == (401, "bad_credentials")


async def test_an_administrator_looks_accounts_up_and_cannot_suspend_himself(user_db: Settings) -> None:
    async with people(user_db) as here:
        admin, person = await here.admin(), await here.sign_up(UserType.COMPANY)
        found = await here.ask("GET", f"/admin/users?email={person.email.upper()}", who=admin)
        companies = await here.ask("GET", "/admin/users?user_type=company&status=active", who=admin)
        own = await here.ask("POST", f"/admin/users/{admin.user_id}/suspend", who=admin)
        missing = await here.ask("GET", "/admin/users/0190a5a0-0000-7000-8000-000000000001", who=admin)
    assert [user["id"] for user in found.json["items"]] == [person.user_id]
    assert [user["id"] for user in companies.json["items"]] == [person.user_id]
    assert (own.status, missing.status) == (409, 404)
