"""Nobody learns from the service who has an account, and nobody may ask without bound."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from hirehub.kernel.settings import Settings
from tests.support.people import PASSWORD, People, Person, address, people
from tests.support.web import Answer

pytestmark = pytest.mark.usefixtures("cheap")

QUIET = {"x-request-id", "date"}


@dataclass(frozen=True)
class Work:
    """What a caller could see or feel of a request."""

    status: int
    headers: dict[str, str]
    body: Any
    hashings: int
    statements: int


async def work(here: People, path: str, body: object) -> Work:
    """A request with the work that it took: hashings, and the rows that it left to be worked on."""
    before, rows = here.service.passwords.hashings, _written(here)
    answer: Answer = await here.ask("POST", path, body, x_request_id="of-one-length")
    content = {name: value for name, value in answer.json.items() if name != "request_id"}
    headers = {name: value for name, value in answer.headers.items() if name not in QUIET}
    return Work(answer.status, headers, content, here.service.passwords.hashings - before, _written(here) - rows)


def _written(here: People) -> int:
    """Mails that wait and tokens for mails: what is done later for the request."""
    [(count,)] = here.rows("SELECT (SELECT count(*) FROM mail_outbox) + (SELECT count(*) FROM mail_token)")
    return int(count)


@pytest.mark.parametrize("confirm", ["false", "true"])
async def test_signing_up_a_known_address_looks_and_costs_as_an_unknown_one(
    user_db: Settings, monkeypatch: pytest.MonkeyPatch, confirm: str
) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
    monkeypatch.setenv("HIREHUB_USER__CONFIRM_EMAIL", confirm)
    rest = {"password": PASSWORD, "user_type": "jobseeker"}
    async with people(user_db) as here:
        known = await work(here, "/auth/sign-up", {"email": person.email, **rest})
        unknown = await work(here, "/auth/sign-up", {"email": address(), **rest})
    assert known == unknown
    assert known.hashings == 1


async def test_logging_in_to_nothing_looks_and_costs_as_a_wrong_password(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        known = await work(here, "/auth/log-in", {"email": person.email, "password": "not this one"})
        unknown = await work(here, "/auth/log-in", {"email": address(), "password": "not this one"})
        assert (await here.ask("DELETE", "/users/me", who=person)).status == 204
        ended = await work(here, "/auth/log-in", {"email": person.email, "password": PASSWORD})
    assert known == unknown == ended
    assert (known.status, known.hashings) == (401, 1)


async def test_asking_for_another_password_looks_and_costs_the_same_for_everybody(user_db: Settings) -> None:
    async with people(user_db) as here:
        person, stranger = await here.sign_up(), address()
        known = await work(here, "/auth/password-reset", {"email": person.email})
        unknown = await work(here, "/auth/password-reset", {"email": stranger})
        assert len(await here.mails(person.email)) == 2
        assert await here.mails(stranger) == []
        [(waiting,)] = here.rows("SELECT count(*) FROM mail_outbox")
    assert known == unknown
    assert waiting == 0


async def test_who_has_an_account_hears_by_mail_that_somebody_signed_up_again(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        body = {"email": person.email, "password": "some other password", "user_type": "company"}
        assert (await here.ask("POST", "/auth/sign-up", body, accept_language="ko")).status == 202
        subjects = [subject for subject, _ in await here.mails(person.email)]
        refused = await here.ask("POST", "/auth/log-in", {"email": person.email, "password": "some other password"})
    assert subjects == ["Welcome to hirehub", "이미 가입된 주소입니다"]
    assert refused.status == 401


async def test_where_addresses_are_confirmed_an_account_begins_with_the_token(
    user_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_USER__CONFIRM_EMAIL", "true")
    body = {"email": address(), "password": PASSWORD, "user_type": "jobseeker"}
    async with people(user_db) as here:
        await here.ask("POST", "/auth/sign-up", body)
        early = await here.ask("POST", "/auth/log-in", {"email": body["email"], "password": PASSWORD})
        assert here.rows("SELECT 1 FROM users") == []
        token = await here.token_for(body["email"])
        other = await here.ask("POST", "/auth/confirm", {"token": token, "password": "some other password"})
        assert (await here.ask("POST", "/auth/confirm", {"token": token, "password": PASSWORD})).status == 204
        person = await here.log_in(Person(body["email"]))
        assert (await here.ask("GET", "/profiles/me", who=person)).status == 200
    assert early.status == 401
    assert (other.status, other.json["code"]) == (422, "bad_mail_token")


async def test_more_hashings_than_may_wait_are_refused(user_db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_USER__HASHING__AT_ONCE", "1")
    monkeypatch.setenv("HIREHUB_USER__HASHING__WAITING", "1")
    monkeypatch.setenv("HIREHUB_USER__HASHING__MEMORY", "65536")
    async with people(user_db) as here:
        body = {"email": address(), "password": "not this one"}
        answers = await asyncio.gather(*(here.ask("POST", "/auth/log-in", body) for _ in range(12)))
    statuses = {answer.status for answer in answers}
    assert statuses == {401, 503}
    assert {answer.headers["retry-after"] for answer in answers if answer.status == 503} == {"5"}
