"""Sessions: refreshed by rotation, ended by reuse, by log-out, by another password, and by their own time."""

import asyncio

import pytest

from hirehub.kernel.settings import Settings
from tests.support.people import PASSWORD, People, Person, people
from tests.support.web import Answer

NEW = "another good password"

pytestmark = pytest.mark.usefixtures("cheap")


async def refresh(here: People, token: str) -> Answer:
    """The answer to a refresh token."""
    return await here.ask("POST", "/auth/refresh", {"refresh_token": token})


async def status(here: People, who: Person) -> int:
    """What the access token is good for."""
    return (await here.ask("GET", "/users/me", who=who)).status


async def test_a_refresh_token_gives_the_next_ones(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        first = await refresh(here, person.refresh_token)
        second = await refresh(here, first.json["refresh_token"])
        who = Person(access_token=second.json["access_token"])
        assert (await here.ask("GET", "/users/me", who=who)).json["id"] == person.user_id
    assert len({person.refresh_token, first.json["refresh_token"], second.json["refresh_token"]}) == 3


async def test_a_refresh_token_that_is_shown_again_ends_its_whole_family_and_no_other(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        elsewhere = await here.log_in(person)
        newer = (await refresh(here, person.refresh_token)).json
        again = await refresh(here, person.refresh_token)
        after = await refresh(here, newer["refresh_token"])
        assert await status(here, Person(access_token=newer["access_token"])) == 401
        assert await status(here, elsewhere) == 200
        reasons = here.rows("SELECT end_reason FROM user_session ORDER BY created_at, id")
    assert (again.status, again.json["code"]) == (401, "bad_refresh_token")
    assert after.status == 401
    assert reasons == [("reuse",), (None,)]


async def test_of_two_refreshes_at_once_one_wins_and_the_family_ends(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        answers = await asyncio.gather(*(refresh(here, person.refresh_token) for _ in range(4)))
        assert await status(here, person) == 401
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]


async def test_log_out_ends_one_session_and_log_out_everywhere_all(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        second, third = await here.log_in(person), await here.log_in(person)
        assert (await here.ask("POST", "/auth/log-out", who=person)).status == 204
        assert [await status(here, one) for one in (person, second, third)] == [401, 200, 200]
        assert (await refresh(here, person.refresh_token)).status == 401
        assert (await here.ask("POST", "/auth/log-out-everywhere", who=second)).status == 204
        assert [await status(here, one) for one in (second, third)] == [401, 401]


@pytest.mark.parametrize("table", ["refresh_token", "user_session"])
async def test_what_is_over_by_time_is_not_refreshed(user_db: Settings, table: str) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        here.execute(f"UPDATE {table} SET expires_at = now() - interval '1 second'")
        assert (await refresh(here, person.refresh_token)).status == 401


async def test_a_session_of_an_account_that_is_not_active_is_good_for_nothing(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        here.execute("UPDATE users SET status = 'suspended'")
        assert await status(here, person) == 401
        assert (await refresh(here, person.refresh_token)).status == 401


async def test_refresh_tokens_and_passwords_are_not_stored(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        rows = here.rows("SELECT token_hash FROM refresh_token")
        hashes = here.rows("SELECT password_hash FROM users")
    assert person.refresh_token.encode() not in bytes(rows[0][0])
    assert hashes[0][0].startswith("$argon2id$")


async def test_a_lost_password_is_chosen_anew_by_a_mail_that_is_good_once(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        assert (await here.ask("POST", "/auth/password-reset", {"email": person.email})).status == 202
        token = await here.token_for(person.email)
        body = {"token": token, "password": NEW}
        assert (await here.ask("POST", "/auth/password", body)).status == 204
        again = await here.ask("POST", "/auth/password", body)
        assert await status(here, person) == 401
        old = await here.ask("POST", "/auth/log-in", {"email": person.email, "password": PASSWORD})
        await here.log_in(person, NEW)
        stored = here.rows("SELECT token_hash FROM mail_token WHERE purpose = 'reset'")
    assert (again.status, again.json["code"]) == (422, "bad_mail_token")
    assert old.status == 401
    assert token.encode() not in bytes(stored[0][0])


async def test_a_token_of_a_mail_that_is_too_old_or_for_something_else_is_refused(user_db: Settings) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
        await here.ask("POST", "/auth/password-reset", {"email": person.email})
        token = await here.token_for(person.email)
        other = await here.ask("POST", "/auth/confirm", {"token": token, "password": PASSWORD})
        here.execute("UPDATE mail_token SET expires_at = now() - interval '1 second'")
        late = await here.ask("POST", "/auth/password", {"token": token, "password": NEW})
    assert (other.status, late.status) == (422, 422)


async def test_a_log_in_renews_what_was_hashed_under_older_settings(
    user_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with people(user_db) as here:
        person = await here.sign_up()
    monkeypatch.setenv("HIREHUB_USER__HASHING__PASSES", "2")
    async with people(user_db) as here:
        await here.log_in(person)
        [(stored,)] = here.rows("SELECT password_hash FROM users")
        await here.log_in(person)
    assert "t=2" in stored
