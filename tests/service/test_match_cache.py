"""First pages and details out of the cache, in memory and in Redis: never older than what is committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from redis.asyncio import Redis

from hirehub.kernel.cache import CachePort
from hirehub.kernel.cache.redis_link import Timings
from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.match.caching import Kept
from hirehub.services.match.store import known, matches
from tests.support.bus import until
from tests.support.caches import EachCache, open_redis
from tests.support.matching import Pair, desk, tell
from tests.support.people import People, Person
from tests.support.platform import execute, platform, rows
from tests.support.redis import RedisServer, running_redis

BESIDE = "UPDATE matches SET overall_score = 11, score_breakdown = NULL"
"""A change that the service does not know of: whoever shows it has asked the database."""


@pytest.fixture
async def cache(each_cache: EachCache) -> CachePort:
    return await each_cache.open()


@dataclass
class Scene:
    """A job seeker with a match."""

    here: People
    who: Person
    pair: Pair

    async def shown(self) -> list[float]:
        """The score in the post's list, in the recommendations, and in the detail."""
        top = await self.here.ask("GET", f"/matches?job_id={self.pair.job_id}", who=self.here.a_service())
        own = await self.here.ask("GET", "/recommendations", who=self.who)
        items = [*top.json["items"], *own.json["items"]]
        found = await self.here.ask("GET", f"/matches/{items[0]['id']}", who=self.who) if items else None
        return [one["overall_score"] for one in [*items, *([found.json] if found else [])]]


@asynccontextmanager
async def watched(settings: Settings, cache: CachePort) -> AsyncIterator[Scene]:
    """The running platform with a match of 80."""
    async with platform(settings, "user", "match", cache=cache) as here:
        who = await here.sign_up()
        pair = Pair(user_id=UUID(who.user_id))
        async with desk(settings) as working:
            await working.hear(pair.calculated("80.00"))
        yield Scene(here, who, pair)


async def test_what_is_in_the_cache_is_served_until_a_change_and_never_after_it(
    match_db: Settings, cache: CachePort
) -> None:
    async with watched(match_db, cache) as there, desk(match_db) as working:
        assert await there.shown() == [80.0, 80.0, 80.0]
        execute(match_db, "match", BESIDE)
        assert await there.shown() == [80.0, 80.0, 80.0]
        await working.hear(there.pair.calculated("90.00", minute=1))  # tells no cache at all
        assert await there.shown() == [90.0, 90.0, 90.0]
        await working.hear(there.pair.post("closed"))
        assert await there.shown() == [90.0, 90.0]
        await working.hear(there.pair.resume_removed())
        assert await there.shown() == []


async def test_a_list_that_was_read_before_a_change_and_is_kept_after_it_is_not_served(
    match_db: Settings, cache: CachePort
) -> None:
    async with watched(match_db, cache) as there, desk(match_db) as working:
        kept, pair = Kept(cache, 60), there.pair
        async with await open_database(match_db, "match") as db, db.transaction() as tx:
            post, person = await known.post(tx, pair.job_id), await known.person(tx, pair.user_id)
            old = await matches.listed(tx, matches.Wanted(job_id=pair.job_id), after=None, limit=2)
            whole = await matches.get_whole(tx, old[0].id)
        assert post is not None
        assert person is not None
        assert whole is not None
        await working.hear(pair.calculated("90.00", minute=1))
        await kept.keep_top(pair.job_id, post.stamp, old)
        await kept.keep_recommended(pair.user_id, person, old)
        await kept.keep_detail(whole)
        assert await kept.top(pair.job_id, post.stamp) == old
        assert await there.shown() == [90.0, 90.0, 90.0]


async def test_redis_shows_the_keys_of_the_specification_for_an_hour_and_loses_them_with_a_change(
    match_db: Settings, redis_server: RedisServer
) -> None:
    cache = await open_redis(redis_server)
    async with watched(match_db, cache) as there, Redis.from_url(redis_server.url, decode_responses=True) as redis:
        await there.shown()
        pair = there.pair
        top, own = f"match:job:{pair.job_id}:top", f"match:user:{pair.user_id}:recommended"
        detail = f"match:detail:{pair.job_id}:{pair.resume_id}"
        assert await redis.zrevrange(top, 0, -1, withscores=True) == [(str(pair.resume_id), 80.0)]
        assert await redis.zrevrange(own, 0, -1, withscores=True) == [(str(pair.job_id), 80.0)]
        assert '"overall_score":"80.00"' in (await redis.get(detail) or "")
        for key in (top, own, detail):
            assert 3_500 < await redis.ttl(key) <= 3_600
        await tell(match_db, [pair.calculated("90.00", minute=1)])

        async def left() -> int:
            return int(await redis.exists(top, own, detail))

        assert await until(left, lambda count: count == 0) == 0
        assert await there.shown() == [90.0, 90.0, 90.0]
    await cache.close()


async def test_without_redis_all_is_answered_out_of_the_database(match_db: Settings, tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis:
        cache = await open_redis(redis, timings=Timings(operation=0.5, retry=5, retry_limit=5))
        async with watched(match_db, cache) as there:
            assert await there.shown() == [80.0, 80.0, 80.0]
            redis.stop()
            await tell(match_db, [there.pair.calculated("90.00", minute=1)])

            async def stored() -> object:
                found = await asyncio.to_thread(rows, match_db, "match", "SELECT overall_score FROM matches")
                return int(str(found[0][0]).partition(".")[0])

            await until(stored, lambda score: score == 90)
            assert await there.shown() == [90.0, 90.0, 90.0]
        await cache.close()
