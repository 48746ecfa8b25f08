"""People who come with the token of an OIDC issuer elsewhere, whose keys are served over HTTP."""

import asyncio

import pytest

from hirehub.kernel.settings import Settings
from tests.support.issuer import running_issuer
from tests.support.people import Person, people

pytestmark = pytest.mark.usefixtures("cheap")


async def test_an_account_is_made_at_first_sight_and_found_again(user_db: Settings) -> None:
    async with running_issuer() as issuer, people(user_db.model_copy(update={"auth": issuer.settings})) as here:
        who = Person(access_token=issuer.token(sub="c0ffee"))
        answers = await asyncio.gather(*(here.ask("GET", "/users/me", who=who) for _ in range(4)))
        rows = here.rows("SELECT id::text, cognito_sub, email, user_type, password_hash FROM users")
        assert issuer.asked == 1
    assert {answer.status for answer in answers} == {200}
    assert rows == [(answers[0].json["id"], "c0ffee", "somebody@example.com", "jobseeker", None)]


@pytest.mark.parametrize(
    ("stated", "kind"),
    [("company", "company"), ("jobseeker", "jobseeker"), ("admin", "jobseeker"), (None, "jobseeker")],
)
async def test_the_issuer_says_who_is_a_company_s_but_not_who_administrates(
    user_db: Settings, stated: str | None, kind: str
) -> None:
    async with running_issuer() as issuer, people(user_db.model_copy(update={"auth": issuer.settings})) as here:
        who = Person(access_token=issuer.token(more={"custom:user_type": stated}))
        assert (await here.ask("GET", "/users/me", who=who)).json["user_type"] == kind


@pytest.mark.parametrize(
    "change",
    [
        {"email": None},
        {"email_verified": False},
        {"email_verified": None},
        {"email": "no address"},
        {"sub": "hirehub:0190a5a0-0000-7000-8000-000000000001"},
        {"sub": "deleted-0190a5a0-0000-7000-8000-000000000001"},
    ],
)
async def test_a_token_that_cannot_make_an_account_is_refused(user_db: Settings, change: dict[str, object]) -> None:
    async with running_issuer() as issuer, people(user_db.model_copy(update={"auth": issuer.settings})) as here:
        answer = await here.ask("GET", "/users/me", who=Person(access_token=issuer.token(more=change)))
        assert here.rows("SELECT 1 FROM users") == []
    assert answer.status == 401


async def test_an_address_with_an_account_is_never_joined_by_an_issuer_s_word(user_db: Settings) -> None:
    async with running_issuer() as issuer, people(user_db.model_copy(update={"auth": issuer.settings})) as here:
        person = await here.sign_up()
        answer = await here.ask("GET", "/users/me", who=Person(access_token=issuer.token(email=person.email)))
    assert (answer.status, answer.json["code"]) == (409, "email_taken")


async def test_its_token_is_exchanged_for_a_session_of_ours_which_a_suspension_ends(user_db: Settings) -> None:
    async with running_issuer() as issuer, people(user_db.model_copy(update={"auth": issuer.settings})) as here:
        theirs = Person(access_token=issuer.token())
        answer = await here.ask("POST", "/auth/exchange", who=theirs)
        ours = Person(access_token=answer.json["access_token"])
        me = (await here.ask("GET", "/users/me", who=ours)).json
        assert (await here.ask("POST", "/auth/refresh", {"refresh_token": answer.json["refresh_token"]})).status == 200
        admin = await here.admin()
        await here.ask("POST", f"/admin/users/{me['id']}/suspend", who=admin)
        after = [(await here.ask("GET", "/users/me", who=who)).status for who in (theirs, ours)]
        entered = await here.ask("POST", "/auth/log-in", {"email": me["email"], "password": "any password at all"})
    assert after == [401, 401]
    assert (entered.status, entered.json["code"]) == (401, "bad_credentials")
