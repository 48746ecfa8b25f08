"""How often somebody may log in, counted in either keeper of the cache port: in memory and a real Redis."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from hirehub.kernel.cache import CachePort, MemoryCache
from hirehub.kernel.cache.redis import RedisCache
from hirehub.kernel.cache.redis_link import Timings
from hirehub.kernel.settings import Settings
from tests.support.people import People, address, people
from tests.support.redis import RedisServer, running_redis

pytestmark = pytest.mark.usefixtures("cheap")

PATIENT = Timings(operation=20, trust=60)
"""A busy machine must not look like a lost Redis."""


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
async def caches(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[CachePort, CachePort]]:
    """What two processes of one product have: a memory each, or a Redis together."""
    if request.param == "memory":
        yield MemoryCache(1_000_000), MemoryCache(1_000_000)
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    async with AsyncExitStack() as stack:
        found = [RedisCache(server.url, prefix=f"{tmp_path.name}:", timings=PATIENT) for _ in range(2)]
        for cache in found:
            stack.push_async_callback(cache.close)
            assert await cache.link.wait(20)
        yield found[0], found[1]


async def tried(here: People, email: str) -> int:
    """The status of a log-in that fails, or is refused."""
    return (await here.ask("POST", "/auth/log-in", {"email": email, "password": "not this one"})).status


async def test_too_many_log_ins_are_told_to_wait(
    user_db: Settings, monkeypatch: pytest.MonkeyPatch, caches: tuple[CachePort, CachePort]
) -> None:
    monkeypatch.setenv("HIREHUB_USER__LIMITS__LOG_IN", "2/60")
    async with people(user_db, cache=caches[0]) as here:
        bodies = [{"email": email, "password": "not this one"} for email in [address()] * 3 + [address()]]
        answers = [await here.ask("POST", "/auth/log-in", body, accept_language="ko-KR") for body in bodies]
    assert [answer.status for answer in answers] == [401, 401, 429, 401]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    assert answers[2].json["detail"] == "요청이 너무 많습니다."
    assert answers[2].headers["content-language"] == "ko"


async def test_processes_that_share_a_cache_count_together(
    user_db: Settings, monkeypatch: pytest.MonkeyPatch, caches: tuple[CachePort, CachePort]
) -> None:
    monkeypatch.setenv("HIREHUB_USER__LIMITS__LOG_IN", "2/60")
    email = address()
    async with people(user_db, cache=caches[0]) as one, people(user_db, cache=caches[1]) as other:
        statuses = [await tried(here, email) for here in (one, other, one, other)]
    assert statuses == ([401] * 4 if isinstance(caches[0], MemoryCache) else [401, 401, 429, 429])


async def test_a_session_that_ends_in_one_process_has_ended_in_all(
    user_db: Settings, caches: tuple[CachePort, CachePort]
) -> None:
    """Sessions are rows: what a cache holds, or has lost, lets nobody in."""
    async with people(user_db, cache=caches[0]) as one, people(user_db, cache=caches[1]) as other:
        person = await one.sign_up()
        assert (await other.ask("GET", "/users/me", who=person)).status == 200
        assert (await one.ask("POST", "/auth/log-out", who=person)).status == 204
        assert (await other.ask("GET", "/users/me", who=person)).status == 401
        body = {"refresh_token": person.refresh_token}
        assert (await other.ask("POST", "/auth/refresh", body)).status == 401
