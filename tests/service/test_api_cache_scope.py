"""One Redis for several products: answers of one database, under one way of answering, are never another's."""

import asyncio
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from hirehub.services.vectors.api import answer_shape
from hirehub.services.vectors.settings import ApiSettings, DomainSettings, IndexSettings, VectorsSettings
from tests.support.api import Api, clustered, execute, put_rows, row_id, running_api
from tests.support.redis import running_redis
from tests.support.vectors_db import VectorsDb

COMPANY = f'{{ recruit(id: "{row_id(0)}") {{ companyName }} }}'
NEAREST = f'{{ similarRecruits(id: "{row_id(0)}", limit: 1) {{ metric distance }} }}'


async def company(api: Api) -> str:
    """The recruit's company, as the server says."""
    found: str = (await api.data(COMPANY))["recruit"]["companyName"]
    return found


async def test_two_databases_on_one_redis_have_answers_of_their_own(
    vectors_db_with: Callable[[VectorsSettings], VectorsDb], tmp_path: Path
) -> None:
    said = []
    with running_redis(tmp_path) as redis:
        for name in ("One", "Other"):
            db = vectors_db_with(VectorsSettings())
            put_rows(db, "recruit", clustered(1), [{"company_name": name}])
            async with running_api(db, redis=redis.url) as api:
                said.append(await company(api))
    assert said == ["One", "Other"]


async def test_a_process_begun_again_finds_the_answers_that_are_kept(vectors_db: VectorsDb, tmp_path: Path) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Old"}])
    with running_redis(tmp_path) as redis:
        async with running_api(vectors_db, redis=redis.url) as api:
            assert await company(api) == "Old"
        execute(vectors_db, "UPDATE recruit_metadata SET company_name = 'New'")
        async with running_api(vectors_db, redis=redis.url) as api:
            assert await company(api) == "Old"


async def test_servers_with_other_settings_share_the_news_and_no_answer(
    vectors_db: VectorsDb, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put_rows(vectors_db, "recruit", clustered(3) * 2, [{"company_name": "Old"}])
    with running_redis(tmp_path) as redis:
        async with running_api(vectors_db, redis=redis.url) as one:
            monkeypatch.setenv("HIREHUB_VECTORS__RECRUIT__INDEX__METRIC", "l2")
            async with running_api(vectors_db, redis=redis.url) as other:
                ((by_cosine,), (by_l2,)) = [(await api.data(NEAREST))["similarRecruits"] for api in (one, other)]
                assert (await company(one), await company(other)) == ("Old", "Old")
                execute(vectors_db, "UPDATE recruit_metadata SET company_name = 'New'")
                await one.invalidate("recruit")
                async with asyncio.timeout(5):
                    while await company(other) != "New":  # noqa: ASYNC110 - another server's state has no event
                        await asyncio.sleep(0.02)
    assert (by_cosine["metric"], by_l2["metric"]) == ("cosine", "l2")
    assert by_l2["distance"] == pytest.approx(2 * math.sqrt(2 * by_cosine["distance"]), rel=1e-4)


def test_what_shapes_an_answer_tells_answers_apart_and_nothing_else_does() -> None:
    plain = answer_shape(VectorsSettings())
    exact = VectorsSettings(api=ApiSettings(exact_rows=5))
    narrow = VectorsSettings(candidate=DomainSettings(index=IndexSettings(ef_search=10)))
    assert len({plain, answer_shape(exact), answer_shape(narrow)}) == 3
    alike = VectorsSettings(api=ApiSettings(cache_memory=1, ttl=1.0), recruit=DomainSettings(source="h:1"))
    assert answer_shape(alike) == plain
