"""Tokens of sessions that have ended, shown to a process in which the accounts are not kept."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from hirehub.kernel.cache.redis_link import Timings
from hirehub.kernel.http import HttpServer
from hirehub.kernel.settings import Settings
from tests.support.bus import until
from tests.support.caches import EachCache, open_redis
from tests.support.people import PASSWORD, People, Person, people
from tests.support.platform import apart
from tests.support.redis import running_redis
from tests.support.web import ask

NEW = "another good password"
LOSING = Timings(operation=1, heartbeat=0.1, retry=0.02, retry_limit=0.1)
"""Quick to lose the link and to find it again."""

pytestmark = pytest.mark.usefixtures("cheap")


async def believed(job: HttpServer, who: Person) -> bool:
    """Whether the service `job` takes the token; it knows of nobody by itself."""
    answer = await ask(job, "GET", "/api/v1/jobs", b"", **who.headers)
    assert answer.status == 200 or (answer.status == 401 and "its session has ended" in answer.json["detail"])
    return answer.status == 200


async def log_out(here: People, who: Person) -> None:
    await here.ask("POST", "/auth/log-out", who=who)


async def log_out_elsewhere(here: People, who: Person) -> None:
    await here.ask("POST", "/auth/log-out-everywhere", who=await here.log_in(who))


async def reuse(here: People, who: Person) -> None:
    for _ in range(2):
        await here.ask("POST", "/auth/refresh", {"refresh_token": who.refresh_token})


async def change_password(here: People, who: Person) -> None:
    other = await here.log_in(who)
    headers = {"if_match": (await here.ask("GET", "/users/me", who=other)).headers["etag"]}
    body = {"current_password": PASSWORD, "password": NEW}
    assert (await here.ask("PATCH", "/users/me", body, who=other, **headers)).status == 200


async def reset_password(here: People, who: Person) -> None:
    await here.ask("POST", "/auth/password-reset", {"email": who.email})
    body = {"token": await here.token_for(who.email), "password": NEW}
    assert (await here.ask("POST", "/auth/password", body)).status == 204


async def suspend(here: People, who: Person) -> None:
    assert (await here.ask("POST", f"/admin/users/{who.user_id}/suspend", who=await here.admin())).status == 200


async def delete(here: People, who: Person) -> None:
    assert (await here.ask("DELETE", "/users/me", who=await here.log_in(who))).status == 204


WAYS: tuple[Callable[[People, Person], Awaitable[None]], ...] = (
    log_out,
    log_out_elsewhere,
    reuse,
    change_password,
    reset_password,
    suspend,
    delete,
)


async def test_a_session_that_has_ended_is_refused_at_once_where_the_cache_is_shared(
    job_db: Settings, each_cache: EachCache
) -> None:
    """Without a shared cache the token is believed until it ends."""
    found = {}
    first, second = await each_cache.open(), await each_cache.open()
    async with people(job_db, cache=first) as here, apart(job_db, "job", cache=second) as job:
        for way in WAYS:
            who = await here.sign_up()
            before = await believed(job, who)
            await way(here, who)
            assert (await here.ask("GET", "/users/me", who=who)).status == 401
            found[way] = before, await believed(job, who)
    assert found == dict.fromkeys(WAYS, (True, not each_cache.shared))


async def test_the_other_sessions_of_a_person_and_of_others_go_on(job_db: Settings, each_cache: EachCache) -> None:
    first, second = await each_cache.open(), await each_cache.open()
    async with people(job_db, cache=first) as here, apart(job_db, "job", cache=second) as job:
        who, somebody = await here.sign_up(), await here.sign_up()
        other = await here.log_in(who)
        await log_out(here, who)
        await reset_password(here, await here.sign_up())
        assert [await believed(job, one) for one in (other, somebody)] == [True, True]


async def test_what_redis_missed_or_lost_is_marked_again_out_of_the_rows(job_db: Settings, tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis:
        first, second = [await open_redis(redis, timings=LOSING) for _ in range(2)]
        async with people(job_db, cache=first, background=True) as here, apart(job_db, "job", cache=second) as job:
            who, other = await here.sign_up(), await here.sign_up()
            redis.stop()
            await log_out(here, who)
            assert await believed(job, who), "nobody could tell"
            redis.start()
            assert not await until(lambda: believed(job, who), lambda still: not still)
            assert await believed(job, other)
            async with Redis.from_url(redis.url) as client:
                await client.flushall()

                async def marks() -> int:
                    return len(await client.keys("*session:ended:*"))

                assert await until(marks, lambda count: count == 1) == 1
                (mark,) = await client.keys("*session:ended:*")
                seconds = job_db.auth.lifetime + job_db.auth.skew
                assert seconds < await client.ttl(mark) <= seconds + 60
        for cache in (first, second):
            await cache.close()
