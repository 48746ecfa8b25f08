"""Kept answers: whole ones by the bytes of their requests, in the process and in Redis, and the end of their truth."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import psycopg
import pytest

from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases import dimension
from tests.support.api import Api, clustered, execute, put_rows, row_id, running_api
from tests.support.redis import running_redis
from tests.support.vectors_db import VectorsDb

COMPANY = f'{{ recruit(id: "{row_id(0)}") {{ companyName }} }}'
NAME = f'{{ candidate(id: "{row_id(0)}") {{ name }} }}'


def rename(db: VectorsDb, company: str) -> None:
    """Changes the recruit behind the server's back."""
    execute(db, "UPDATE recruit_metadata SET company_name = %s", company)


async def company(api: Api) -> str:
    """The recruit's company, as the server says."""
    found: str = (await api.data(COMPANY))["recruit"]["companyName"]
    return found


@asynccontextmanager
async def held_rows(db: VectorsDb, domain: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """Keeps every reader of the domain waiting until the connection commits."""
    async with await psycopg.AsyncConnection.connect(db.dsn("owner")) as connection:
        await connection.execute(f"LOCK TABLE {domain}_metadata IN ACCESS EXCLUSIVE MODE".encode())
        yield connection


async def waiting_readers(db: VectorsDb) -> int:
    """How many sessions wait for a lock."""
    async with await psycopg.AsyncConnection.connect(db.dsn("admin"), autocommit=True) as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        row = await cursor.fetchone()
        return int(row[0]) if row else 0


async def wait_for_readers(db: VectorsDb, count: int) -> None:
    """Returns when so many sessions wait for a lock."""
    async with asyncio.timeout(15):
        while await waiting_readers(db) < count:  # noqa: ASYNC110 - another server's state has no event
            await asyncio.sleep(0.02)


async def test_an_answer_is_kept_until_it_is_dropped(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    async with running_api(vectors_db) as api:
        assert await company(api) == "Old"
        rename(vectors_db, "New")
        assert await company(api) == "Old"
        assert (await api.invalidate("recruit")).success
        assert await company(api) == "New"


async def test_dropping_twice_is_the_same_as_once(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    async with running_api(vectors_db) as api:
        assert await company(api) == "Old"
        rename(vectors_db, "New")
        answers = [await api.invalidate("recruit") for _ in range(3)]
        assert all(answer.success and answer.message for answer in answers)
        assert await company(api) == "New"


async def test_answers_about_one_domain_outlive_the_news_of_the_other(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    put_rows(vectors_db, "candidate", clustered(1), [{"name": "Old"}])
    async with running_api(vectors_db) as api:
        both = f'{{ recruit(id: "{row_id(0)}") {{ companyName }} candidate(id: "{row_id(0)}") {{ name }} }}'
        await api.data(both), await api.data(COMPANY), await api.data(NAME)
        rename(vectors_db, "New")
        execute(vectors_db, "UPDATE candidate_metadata SET name = 'New'")
        await api.invalidate("candidate")
        assert await company(api) == "Old"
        assert (await api.data(NAME))["candidate"]["name"] == "New"
        assert await api.data(both) == {"recruit": {"companyName": "New"}, "candidate": {"name": "New"}}


@pytest.mark.parametrize("target", ["", "recruits", "Recruit", "vectors"])
async def test_an_unknown_target_is_refused_and_nothing_is_dropped(vectors_db: VectorsDb, target: str) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    async with running_api(vectors_db) as api:
        await company(api)
        rename(vectors_db, "New")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await api.invalidate(target)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert await company(api) == "Old"


async def test_an_answer_computed_before_an_invalidation_is_never_kept_after_it(vectors_db: VectorsDb) -> None:
    """A query reads a recruit, and then must wait for a candidate; meanwhile the recruit changes, and that is told.

    Where the guard is taken out (an answer is kept under the generation that is present when it is done, instead of
    the one under which it was begun) the last assertion finds "Old".
    """
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    both = f'{{ recruit(id: "{row_id(0)}") {{ companyName }} candidate(id: "{row_id(0)}") {{ name }} }}'
    async with running_api(vectors_db) as api:
        async with held_rows(vectors_db, "candidate") as holder:
            asked = asyncio.create_task(api.data(both))
            await wait_for_readers(vectors_db, 1)
            await asyncio.sleep(0.3)
            rename(vectors_db, "New")
            await api.invalidate("recruit")
            await holder.commit()
        assert (await asked)["recruit"]["companyName"] == "Old", "it was read before the change"
        assert (await api.data(both))["recruit"]["companyName"] == "New"


async def test_who_asks_after_an_invalidation_does_not_join_an_older_load(vectors_db: VectorsDb) -> None:
    """Without the generation in the key of a load under way the second caller would be given the first one's "Old"."""
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    both = f'{{ recruit(id: "{row_id(0)}") {{ companyName }} candidate(id: "{row_id(0)}") {{ name }} }}'
    async with running_api(vectors_db) as api:
        async with held_rows(vectors_db, "candidate") as holder:
            first = asyncio.create_task(api.data(both))
            await wait_for_readers(vectors_db, 1)
            await asyncio.sleep(0.3)
            rename(vectors_db, "New")
            await api.invalidate("recruit")
            second = asyncio.create_task(api.data(both))
            await wait_for_readers(vectors_db, 2)
            await asyncio.sleep(0.3)
            await holder.commit()
        answers = [(await task)["recruit"]["companyName"] for task in (first, second)]
    assert answers == ["Old", "New"]


async def test_many_equal_requests_at_once_are_one_load(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    async with running_api(vectors_db) as api:
        async with held_rows(vectors_db, "recruit") as holder:
            asked = [asyncio.create_task(company(api)) for _ in range(30)]
            await wait_for_readers(vectors_db, 1)
            await asyncio.sleep(0.5)
            loads = await waiting_readers(vectors_db)
            await holder.commit()
        assert set(await asyncio.gather(*asked)) == {"Old"}
    assert loads == 1


async def test_vectors_that_a_change_of_dimension_removed_are_found_no_more(vectors_db: VectorsDb) -> None:
    """Told by the command itself: no schedule runs here."""
    put_rows(vectors_db, "recruit", clustered(2))
    query = f'{{ similarRecruits(id: "{row_id(0)}") {{ id }} }}'
    async with running_api(vectors_db) as api:
        assert len((await api.data(query))["similarRecruits"]) == 1
        await dimension.migrate(vectors_db.settings, VectorsSettings(cache_targets=(api.grpc.target,)), "recruit", 8)
        assert (await api.error(query))["code"] == "NOT_FOUND"


async def test_an_answer_with_an_error_is_not_kept(vectors_db: VectorsDb) -> None:
    query = f'{{ similarRecruits(id: "{row_id(0)}") {{ id }} }}'
    async with running_api(vectors_db) as api:
        assert (await api.error(query))["code"] == "NOT_FOUND"
        put_rows(vectors_db, "recruit", clustered(2))
        assert await api.data(query) == {"similarRecruits": [{"id": str(row_id(1))}]}


async def test_the_state_of_the_service_is_always_asked_anew(vectors_db: VectorsDb) -> None:
    query = "{ domainStats(domain: RECRUIT) { metadataCount } recruitCounts(by: COMPANY) { count } }"
    async with running_api(vectors_db) as api:
        assert (await api.data(query))["domainStats"] == [{"metadataCount": 0}]
        put_rows(vectors_db, "recruit", clustered(3))
        assert (await api.data(query))["domainStats"] == [{"metadataCount": 3}]


async def test_requests_that_differ_in_a_byte_have_answers_of_their_own(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(40))
    query = "query ($n: Int!) { searchRecruits(first: $n) { nodes { id } } }"
    async with running_api(vectors_db) as api:
        sizes = [len((await api.data(query, {"n": n}))["searchRecruits"]["nodes"]) for n in (3, 5, 3, 7, 5)]
    assert sizes == [3, 5, 3, 7, 5]


async def test_a_kept_answer_lives_for_its_time_only(vectors_db: VectorsDb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_VECTORS__API__TTL", "0.5")
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    async with running_api(vectors_db) as api:
        await company(api)
        rename(vectors_db, "New")
        await asyncio.sleep(0.7)
        assert await company(api) == "New"


async def test_replicas_share_answers_and_all_drop_them(vectors_db: VectorsDb, tmp_path: Path) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    with running_redis(tmp_path) as redis:
        async with running_api(vectors_db, redis=redis.url) as one, running_api(vectors_db, redis=redis.url) as other:
            assert await company(one) == "Old"
            rename(vectors_db, "New")
            assert await company(other) == "Old", "the second replica takes the first one's answer"
            await one.invalidate("recruit")
            assert await company(one) == "New"
            async with asyncio.timeout(5):
                while await company(other) != "New":  # noqa: ASYNC110 - another server's state has no event
                    await asyncio.sleep(0.02)


async def test_without_its_redis_a_replica_answers_and_says_that_it_could_not_tell_the_others(
    vectors_db: VectorsDb, tmp_path: Path
) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    with running_redis(tmp_path) as redis:
        async with running_api(vectors_db, redis=redis.url) as api:
            assert await company(api) == "Old"
            redis.stop()
            rename(vectors_db, "New")
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await api.invalidate("recruit")
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
            assert await company(api) == "New", "its own answers are dropped all the same"


async def test_memory_of_kept_answers_is_bounded(vectors_db: VectorsDb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_VECTORS__API__CACHE_MEMORY", "1")
    put_rows(vectors_db, "recruit", clustered(100))
    async with running_api(vectors_db) as api:
        bodies = [
            json.dumps({"query": "{ searchRecruits(first: 100) { nodes { id createdAt companyName } } }", "x": n})
            for n in range(150)
        ]
        first = await api.send(bodies[0].encode())
        for body in bodies:
            assert (await api.send(body.encode())).body == first.body
        rename(vectors_db, "New")
        assert b"New" in (await api.send(bodies[0].encode())).body, "the oldest went when the room was needed"
        assert b"Acme" in (await api.send(bodies[-1].encode())).body
