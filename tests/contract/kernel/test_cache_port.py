"""One suite for every keeper of a cache: in memory and a real Redis. Expectations are written by hand."""

import asyncio

import pytest
from redis.asyncio import Redis

from hirehub.kernel.cache import CachePort, Ranked, Ranking, TwoLevelCache, Verbatim
from hirehub.kernel.cache.redis import RedisCache
from tests.support.caches import PATIENT, EachCache, open_redis
from tests.support.redis import RedisServer


@pytest.fixture
async def cache(each_cache: EachCache) -> CachePort:
    return await each_cache.open()


async def test_what_was_set_is_found_and_what_was_not_is_not(cache: CachePort) -> None:
    await cache.set("a", b"\x00\xffbytes", 60)
    assert await cache.get("a") == b"\x00\xffbytes"
    assert await cache.get("b") is None
    await cache.set("a", b"", 60)
    assert await cache.get("a") == b""


async def test_a_value_is_gone_when_its_time_is_over(cache: CachePort) -> None:
    await cache.set("short", b"x", 0.15)
    await cache.set("long", b"y", 60)
    found = await cache.find("short")
    assert found is not None
    assert 0 < found.seconds <= 0.15
    await asyncio.sleep(0.2)
    assert await cache.get("short") is None
    assert await cache.get("long") == b"y"


async def test_setting_again_replaces_value_and_time(cache: CachePort) -> None:
    await cache.set("a", b"old", 0.15)
    await cache.set("a", b"new", 60)
    await asyncio.sleep(0.2)
    assert await cache.get("a") == b"new"


async def test_a_count_rises_by_one_and_begins_anew_when_its_time_is_over(cache: CachePort) -> None:
    counted = await asyncio.gather(*(cache.count("times", 60) for _ in range(20)))
    numbers = [found.number for found in counted if found is not None]
    assert sorted(numbers) == list(range(1, 21))
    assert all(found is not None and 0 < found.seconds <= 60 for found in counted)
    first = await cache.count("short", 0.2)
    await asyncio.sleep(0.3)
    again = await cache.count("short", 0.2)
    assert first is not None
    assert again is not None
    assert (first.number, again.number) == (1, 1)


async def test_a_deleted_value_is_gone_and_deleting_nothing_is_no_error(cache: CachePort) -> None:
    await cache.set("a", b"x", 60)
    await cache.delete("a")
    await cache.delete("a")
    assert await cache.get("a") is None


RANKED = [Ranked("b", 70.25, "{}"), Ranked("none", None, "말"), Ranked("a", 99.5, ""), Ranked("zero", 0.0, "0")]
BEST_FIRST = [RANKED[2], RANKED[0], RANKED[3], RANKED[1]]


async def test_a_ranking_comes_best_first_with_what_has_no_score_at_its_end(cache: CachePort) -> None:
    await cache.rank("top", RANKED, 60, mark="m")
    assert await cache.ranking("top") == Ranking("m", BEST_FIRST)
    assert await cache.ranking("other") is None
    await cache.set("top-value", b"x", 60)
    assert await cache.ranking("top-value") is None


async def test_a_ranking_takes_the_place_of_another_as_a_whole(cache: CachePort) -> None:
    await cache.rank("top", RANKED, 60, mark="old")
    await cache.rank("top", RANKED[:1], 60, mark="new")
    assert await cache.ranking("top") == Ranking("new", RANKED[:1])
    await cache.rank("top", [], 60)
    assert await cache.ranking("top") == Ranking("", [])


async def test_a_ranking_is_gone_when_it_is_deleted_or_its_time_is_over(cache: CachePort) -> None:
    for key, seconds in (("short", 0.15), ("deleted", 60.0), ("long", 60.0)):
        await cache.rank(key, RANKED, seconds)
    await cache.set("value", b"x", 60)
    await cache.delete("deleted", "value", "nothing")
    await cache.delete()
    await asyncio.sleep(0.2)
    assert [await cache.ranking(key) for key in ("short", "deleted")] == [None, None]
    assert await cache.get("value") is None
    assert await cache.ranking("long") == Ranking("", BEST_FIRST)


async def test_a_verbatim_key_is_another_one_than_that_of_the_same_letters(cache: CachePort) -> None:
    await cache.rank(Verbatim("match:top"), RANKED, 60, mark="m")
    await cache.set(Verbatim("match:detail"), b"x", 60)
    assert await cache.ranking(Verbatim("match:top")) == Ranking("m", BEST_FIRST)
    await cache.delete(Verbatim("match:top"), Verbatim("match:detail"))
    assert await cache.ranking(Verbatim("match:top")) is None
    assert await cache.get(Verbatim("match:detail")) is None


@pytest.mark.parametrize("prefix", ["", "acme:"])
async def test_redis_shows_verbatim_keys_as_they_are_written_behind_the_prefix(
    redis_server: RedisServer, prefix: str
) -> None:
    cache = await open_redis(redis_server, prefix=prefix)
    async with Redis.from_url(redis_server.url, decode_responses=True) as others:
        await others.flushall()
        await cache.rank(Verbatim("match:top"), RANKED, 60, mark="m")
        await cache.set(Verbatim("match:detail"), b"x", 60)
        await cache.set("own", b"y", 60)
        await cache.count("times", 60)
        await cache.bump("posts")
        assert await others.zrevrange(f"{prefix}match:top", 0, 1, withscores=True) == [("a", 99.5), ("b", 70.25)]
        assert await others.get(f"{prefix}match:detail") == "x"
        assert set(await others.keys()) == {
            f"{prefix}{name}"
            for name in ("match:top", "match:top:values", "match:detail", "hirehub:1:own", "hirehub:1:times")
        } | {f"{prefix}hirehub:1:generation:posts"}
        await others.zrem(f"{prefix}match:top", "a")
        assert await cache.ranking(Verbatim("match:top")) is None  # a part of it was lost
    await cache.close()


@pytest.mark.parametrize("apart", ["prefix", "database"])
async def test_two_installations_on_one_redis_share_nothing(redis_server: RedisServer, apart: str) -> None:
    one = await open_redis(redis_server, prefix=f"{apart}-one:")
    url = redis_server.url if apart == "prefix" else f"{redis_server.url.removesuffix('0')}1"
    other = RedisCache(url, prefix="other:" if apart == "prefix" else f"{apart}-one:", timings=PATIENT)
    assert await other.link.wait(20)
    heard: list[int] = []
    before = await other.generation("posts")
    other.subscribe("posts", heard.append)
    await one.set("value", b"1", 60)
    await one.rank(Verbatim("match:top"), RANKED, 60)
    await one.count("times", 60)
    await one.bump("posts")
    await asyncio.sleep(0.1)  # a message would have come
    counted = await other.count("times", 60)
    assert (counted.number if counted else None, heard, await other.generation("posts")) == (1, [], before)
    assert (await other.get("value"), await other.ranking(Verbatim("match:top"))) == (None, None)
    for cache in (one, other):
        await cache.close()


async def test_a_generation_stays_until_it_is_bumped_and_then_only_rises(cache: CachePort) -> None:
    first = await cache.generation("posts")
    assert await cache.generation("posts") == first
    second = await cache.bump("posts")
    assert second > first
    assert await cache.generation("posts") == second
    stamp = cache.stamp("posts")
    assert stamp is not None
    assert stamp.generation == second
    assert await cache.bump("posts") > second


async def test_generations_of_two_names_do_not_touch(cache: CachePort) -> None:
    posts, people = await cache.generation("posts"), await cache.generation("people")
    await cache.bump("posts")
    assert await cache.generation("people") == people
    assert await cache.generation("posts") != posts


async def test_bumps_at_once_all_get_numbers_of_their_own(cache: CachePort) -> None:
    numbers = await asyncio.gather(*(cache.bump("posts") for _ in range(20)))
    assert len(set(numbers)) == 20
    assert await cache.generation("posts") == max(numbers)


async def test_subscribers_hear_of_their_name_only_and_not_after_they_left(cache: CachePort) -> None:
    heard: list[int] = []
    await cache.generation("posts")
    leave = cache.subscribe("posts", heard.append)
    number = await cache.bump("posts")
    await cache.bump("people")
    assert heard[-1] == number
    leave()
    count = len(heard)
    await cache.bump("posts")
    assert len(heard) == count


class Source:
    """What an answer is computed from; counts how often."""

    def __init__(self) -> None:
        self.value, self.loads = b"old", 0
        self.read, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()

    async def load(self) -> bytes:
        self.loads += 1
        value = self.value
        self.read.set()
        await self.may_end.wait()
        return value


async def test_an_answer_is_loaded_once_and_then_kept(cache: CachePort) -> None:
    two, source = TwoLevelCache(cache, 100_000), Source()
    answers = [await two.get_or_load("posts", b"q", source.load, 60) for _ in range(3)]
    assert answers == [b"old"] * 3
    assert source.loads == 1
    assert two.peek("posts", b"q") == b"old"
    assert two.peek("posts", b"other") is None


async def test_equal_requests_at_once_are_one_load(cache: CachePort) -> None:
    two, source = TwoLevelCache(cache, 100_000), Source()
    source.may_end.clear()
    waiting = [asyncio.create_task(two.get_or_load("posts", b"q", source.load, 60)) for _ in range(50)]
    await source.read.wait()
    await asyncio.sleep(0.05)
    source.may_end.set()
    assert await asyncio.gather(*waiting) == [b"old"] * 50
    assert source.loads == 1


async def test_an_answer_computed_before_an_invalidation_is_never_kept_after_it(cache: CachePort) -> None:
    """The guard is the generation in the key, compared again in `_keep`: without both the second answer is old."""
    two, source = TwoLevelCache(cache, 100_000), Source()
    source.may_end.clear()
    early = asyncio.create_task(two.get_or_load("posts", b"q", source.load, 60))
    await source.read.wait()
    source.value = b"new"
    await two.invalidate("posts")
    late = asyncio.create_task(two.get_or_load("posts", b"q", source.load, 60))
    await asyncio.sleep(0.05)
    source.may_end.set()
    assert await early == b"old"
    assert await late == b"new"
    assert await two.get_or_load("posts", b"q", source.load, 60) == b"new"
    assert source.loads == 2


async def test_an_invalidation_frees_what_the_process_held_of_that_namespace_alone(cache: CachePort) -> None:
    two, source = TwoLevelCache(cache, 100_000), Source()
    await two.get_or_load("posts", b"q", source.load, 60)
    await two.get_or_load("people", b"q", source.load, 60)
    assert len(two.store) == 2
    await two.invalidate("posts")
    assert len(two.store) == 1
    assert two.peek("people", b"q") == b"old"


async def test_a_failed_load_reaches_all_who_wait_and_is_not_kept(cache: CachePort) -> None:
    two = TwoLevelCache(cache, 100_000)

    async def fail() -> bytes:
        await asyncio.sleep(0.02)
        raise ValueError("no answer")

    results = await asyncio.gather(
        *(two.get_or_load("posts", b"q", fail, 60) for _ in range(5)), return_exceptions=True
    )
    assert [type(result) for result in results] == [ValueError] * 5
    assert await two.get_or_load("posts", b"q", Source().load, 60) == b"old"
