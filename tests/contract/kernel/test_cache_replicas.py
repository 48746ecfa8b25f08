"""Several processes' worth of caches on one real Redis: invalidation reaches all, and a Redis that hangs, dies or
forgets neither stops the product nor leaves stale answers beyond the stated bound."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hirehub.kernel.cache import CacheUnavailable, MemoryCache, TwoLevelCache, open_cache
from hirehub.kernel.cache.redis import RedisCache
from hirehub.kernel.cache.redis_link import Timings
from hirehub.kernel.settings import CacheSettings, InvalidSettings
from tests.support.redis import RedisServer, free_port, running_redis

STEADY = Timings(operation=20, heartbeat=60, trust=120)
"""A busy machine must not look like a lost Redis; and what is heard within a test is heard by message."""
READING = Timings(operation=20, heartbeat=0.1, trust=120)
LOSING = Timings(operation=1, heartbeat=0.2, trust=3, alone=1, retry=0.02, retry_limit=0.1)
"""Quick to lose the link and to find it again."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with running_redis(tmp_path) as running:
        yield running


@asynccontextmanager
async def replica(server: RedisServer, timings: Timings = STEADY) -> AsyncIterator[tuple[RedisCache, TwoLevelCache]]:
    """One process's cache."""
    cache = RedisCache(server.url, timings=timings)
    await cache.link.wait(20)
    try:
        yield cache, TwoLevelCache(cache, 1_000_000)
    finally:
        await cache.close()


async def answer(two: TwoLevelCache, value: bytes) -> bytes:
    """What the cache has for one question; `value` is what a load would bring now."""

    async def load() -> bytes:
        return value

    return await two.get_or_load("posts", b"question", load, 60)


async def eventually(two: TwoLevelCache, value: bytes, within: float) -> float:
    """Seconds until the cache answers `value`."""
    started = time.monotonic()
    while await answer(two, value) != value:
        assert time.monotonic() - started < within, "still stale"
        await asyncio.sleep(0.005)
    return time.monotonic() - started


async def test_an_answer_loaded_by_one_replica_is_found_by_the_other(server: RedisServer) -> None:
    async with replica(server) as (_, one), replica(server) as (_, other):
        assert await answer(one, b"first") == b"first"
        assert await answer(other, b"second") == b"first"


async def test_an_invalidation_on_one_replica_reaches_the_other_at_once(server: RedisServer) -> None:
    async with replica(server) as (_, one), replica(server) as (_, other):
        await answer(one, b"old")
        assert await answer(other, b"old") == b"old"
        await one.invalidate("posts")
        assert await eventually(other, b"new", within=20) < 20
        assert await answer(one, b"newer") in {b"new", b"newer"}


async def test_an_answer_computed_before_another_replicas_invalidation_is_not_found_after_it(
    server: RedisServer,
) -> None:
    async with replica(server) as (_, one), replica(server) as (_, other):
        reading, may_end = asyncio.Event(), asyncio.Event()

        async def slow() -> bytes:
            reading.set()
            await may_end.wait()
            return b"old"

        early = asyncio.create_task(one.get_or_load("posts", b"question", slow, 60))
        await reading.wait()
        await other.invalidate("posts")
        may_end.set()
        assert await early == b"old"
        assert await answer(other, b"new") == b"new"
        assert await eventually(one, b"new", within=20) < 20


async def test_a_lost_message_is_made_good_by_the_next_reading(server: RedisServer) -> None:
    """The generation is raised behind the replica's back, without the message that bumps send."""
    async with replica(server, READING) as (cache, two):
        await answer(two, b"old")
        await cache.link._command("INCR", "hirehub:1:generation:posts")
        assert await eventually(two, b"new", within=20) < 20


async def test_a_redis_that_hangs_costs_one_short_wait_and_answers_stay_fresh_within_the_bound(
    server: RedisServer,
) -> None:
    async with replica(server, LOSING) as (_, two):
        await answer(two, b"old")
        server.freeze()
        try:
            assert await answer(two, b"new") == b"old", "the process's own memory goes on"
            bound = max(LOSING.trust, LOSING.alone)
            assert await eventually(two, b"new", within=bound + 2) <= bound + 1
            started = time.monotonic()
            for number in range(200):
                await two.get_or_load("posts", b"%d" % number, lambda: answer_of(b"x"), 60)
            assert time.monotonic() - started < 20, "no wait for Redis in each request"
        finally:
            server.thaw()
        assert await two.port.generation("posts")


async def answer_of(value: bytes) -> bytes:
    return value


async def test_a_bump_that_redis_did_not_take_fails_drops_here_at_once_and_is_made_good_later(
    server: RedisServer,
) -> None:
    async with replica(server, LOSING) as (_, one), replica(server, LOSING) as (other_cache, other):
        await answer(one, b"old")
        await answer(other, b"old")
        server.freeze()
        try:
            with pytest.raises(CacheUnavailable):
                await one.invalidate("posts")
            assert await answer(one, b"new") == b"new"
        finally:
            server.thaw()
        assert await other_cache.link.wait(20)
        await eventually(other, b"new", within=20)
        assert await eventually(one, b"new", within=20) < 20


async def test_a_redis_that_comes_back_empty_never_brings_old_answers_back(server: RedisServer) -> None:
    async with replica(server, LOSING) as (cache, two):
        await answer(two, b"old")
        before = await cache.generation("posts")
        server.stop()
        await asyncio.sleep(0.3)
        server.start()
        await eventually(two, b"new", within=20)
        assert await cache.link.wait(20)
        assert await cache.generation("posts") > before
        await cache.set("k", b"v", 60)
        assert await cache.get("k") == b"v"


async def test_callers_that_give_up_never_leave_another_callers_answer_behind(server: RedisServer) -> None:
    async with replica(server) as (cache, _):
        for number in range(50):
            await cache.set(f"k{number}", b"v%d" % number, 60)
        for _ in range(40):
            tasks = [asyncio.create_task(cache.get(f"k{number}")) for number in range(50)]
            await asyncio.sleep(random.random() * 0.003)
            for task in random.sample(tasks, 25):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        assert [await cache.get(f"k{number}") for number in range(50)] == [b"v%d" % number for number in range(50)]


async def test_deleting_while_redis_is_away_says_so(server: RedisServer) -> None:
    async with replica(server, LOSING) as (cache, _):
        server.stop()
        with pytest.raises(CacheUnavailable):
            await cache.delete("k")
        assert await cache.get("k") is None


async def test_the_settings_choose_the_keeper_and_an_absent_redis_is_no_reason_not_to_start() -> None:
    memory = await open_cache(CacheSettings())
    assert isinstance(memory, MemoryCache)
    away = CacheSettings.model_validate({"url": f"redis://127.0.0.1:{free_port()}/0"})
    cache = await open_cache(away)
    assert isinstance(cache, RedisCache)
    two = TwoLevelCache(cache, 100_000)
    assert await answer(two, b"one") == b"one"
    assert await answer(two, b"two") == b"one"
    await cache.close()


async def test_a_wrong_address_is_told_without_showing_it() -> None:
    wrong = CacheSettings.model_validate({"url": "http://user:hunter2@there"})
    with pytest.raises(InvalidSettings, match="HIREHUB_CACHE__URL") as caught:
        await open_cache(wrong)
    assert "hunter2" not in str(caught.value)
