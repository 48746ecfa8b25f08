"""How often somebody may log in, counted in either keeper of the cache port: in memory and a real Redis."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hirehub.kernel.settings import Settings
from tests.support.caches import EachCache
from tests.support.people import People, address, people

pytestmark = pytest.mark.usefixtures("cheap")


@asynccontextmanager
async def two(settings: Settings, caches: EachCache) -> AsyncIterator[tuple[People, People]]:
    """Two processes of one installation."""
    first, second = await caches.open(), await caches.open()
    async with people(settings, cache=first) as one, people(settings, cache=second) as other:
        yield one, other


async def tried(here: People, email: str) -> int:
    """The status of a log-in that fails, or is refused."""
    return (await here.ask("POST", "/auth/log-in", {"email": email, "password": "not this one"})).status


async def test_too_many_log_ins_are_told_to_wait(
    user_db: Settings, monkeypatch: pytest.MonkeyPatch, each_cache: EachCache
) -> None:
    monkeypatch.setenv("HIREHUB_USER__LIMITS__LOG_IN", "2/60")
    async with people(user_db, cache=await each_cache.open()) as here:
        bodies = [{"email": email, "password": "not this one"} for email in [address()] * 3 + [address()]]
        answers = [await here.ask("POST", "/auth/log-in", body, accept_language="ko-KR") for body in bodies]
    assert [answer.status for answer in answers] == [401, 401, 429, 401]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    assert answers[2].json["detail"] == "요청이 너무 많습니다."
    assert answers[2].headers["content-language"] == "ko"


async def test_processes_that_share_a_cache_count_together(
    user_db: Settings, monkeypatch: pytest.MonkeyPatch, each_cache: EachCache
) -> None:
    monkeypatch.setenv("HIREHUB_USER__LIMITS__LOG_IN", "2/60")
    email = address()
    async with two(user_db, each_cache) as (one, other):
        statuses = [await tried(here, email) for here in (one, other, one, other)]
    assert statuses == ([401, 401, 429, 429] if each_cache.shared else [401] * 4)


async def test_a_session_that_ends_in_one_process_has_ended_in_all(user_db: Settings, each_cache: EachCache) -> None:
    """Sessions are rows: what a cache holds, or has lost, lets nobody in."""
    async with two(user_db, each_cache) as (one, other):
        person = await one.sign_up()
        assert (await other.ask("GET", "/users/me", who=person)).status == 200
        assert (await one.ask("POST", "/auth/log-out", who=person)).status == 204
        assert (await other.ask("GET", "/users/me", who=person)).status == 401
        body = {"refresh_token": person.refresh_token}
        assert (await other.ask("POST", "/auth/refresh", body)).status == 401
