"""Similarity searches through the whole server: right answers, filters, pages, errors that say what to do."""

from typing import Any

import numpy as np
import pytest

from hirehub.services.vectors.settings import VectorsSettings
from tests.support.api import Api, Vectors, clustered, exact, execute, put_rows, row_id, running_api
from tests.support.vectors_db import VectorsDb

ROWS = 1000
FIND = """
query ($vector: [Float!]!, $limit: Int! = 10, $filter: RecruitFilter, $after: String) {
  hits: findSimilarRecruits(vector: $vector, limit: $limit, filter: $filter, after: $after) {
    id distance similarity metric cursor companyName expYears primaryKeyword
  }
}
"""


def numbers(hits: list[dict[str, Any]]) -> list[int]:
    """The numbers of the rows that were found."""
    places = {str(row_id(number)): number for number in range(ROWS)}
    return [places[hit["id"]] for hit in hits]


async def find(api: Api, query: Vectors, **variables: Any) -> list[dict[str, Any]]:
    """The hits of one search."""
    hits: list[dict[str, Any]] = (await api.data(FIND, {"vector": query.tolist(), **variables}))["hits"]
    return hits


async def test_an_exact_search_finds_what_numpy_finds(vectors_db: VectorsDb) -> None:
    vectors = clustered(ROWS)
    put_rows(vectors_db, "recruit", vectors)
    execute(vectors_db, "UPDATE search_state SET exact_only = true")
    async with running_api(vectors_db) as api:
        for query in clustered(20, seed=6):
            assert numbers(await find(api, query)) == exact(vectors, query, 10)


async def test_a_search_through_the_index_finds_nearly_all(vectors_db: VectorsDb) -> None:
    vectors = clustered(ROWS)
    put_rows(vectors_db, "recruit", vectors)
    found = 0
    async with running_api(vectors_db) as api:
        for query in clustered(50, seed=7):
            found += len(set(numbers(await find(api, query))) & set(exact(vectors, query, 10)))
    assert found >= 0.99 * 50 * 10


async def test_a_hit_tells_distance_similarity_and_metric(vectors_db: VectorsDb) -> None:
    vectors = clustered(50)
    put_rows(vectors_db, "recruit", vectors, [{"company_name": "Lumen"}])
    async with running_api(vectors_db) as api:
        hits = await find(api, vectors[0], limit=50)
    assert hits[0]["companyName"] == "Lumen"
    assert hits[0]["distance"] == pytest.approx(0, abs=1e-6)
    assert hits[0]["similarity"] == pytest.approx(1, abs=1e-6)
    assert {hit["metric"] for hit in hits} == {"cosine"}
    assert all(0 <= hit["similarity"] <= 1 for hit in hits)
    assert [hit["distance"] for hit in hits] == sorted(hit["distance"] for hit in hits)


@pytest.mark.parametrize("share", [0.01, 0.3])
async def test_a_filter_keeps_the_nearest_of_the_rows_it_passes(vectors_db: VectorsDb, share: float) -> None:
    vectors = clustered(ROWS)
    chosen = np.random.default_rng(1).random(ROWS) < share
    rows = [
        {"company_name": "Chosen" if one else "Other", "exp_years": number % 9} for number, one in enumerate(chosen)
    ]
    put_rows(vectors_db, "recruit", vectors, rows)
    places = np.flatnonzero(chosen)
    found = wanted = 0
    async with running_api(vectors_db) as api:
        for query in clustered(20, seed=8):
            hits = await find(api, query, filter={"companies": ["Chosen"]})
            true = {int(places[place]) for place in exact(vectors[places], query, 10)}
            assert all(hit["companyName"] == "Chosen" for hit in hits)
            found, wanted = found + len(set(numbers(hits)) & true), wanted + len(true)
    assert found >= 0.99 * wanted


async def test_a_filter_whose_rows_lie_far_from_the_query_still_fills_the_answer(
    vectors_db: VectorsDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk through the index gives up before it reaches them; the exact scan answers then."""
    monkeypatch.setenv("HIREHUB_VECTORS__API__EXACT_ROWS", "10")
    monkeypatch.setenv("HIREHUB_VECTORS__RECRUIT__INDEX__EF_SEARCH", "20")
    near = clustered(ROWS - 50, groups=1)
    far = (-clustered(50, groups=1)).astype(np.float32)
    rows = [{"company_name": "Near"}] * (ROWS - 50) + [{"company_name": "Far"}] * 50
    put_rows(vectors_db, "recruit", np.concatenate([near, far]), rows)
    async with running_api(vectors_db) as api:
        hits = await find(api, near[0], filter={"companies": ["Far"]})
    assert [place + ROWS - 50 for place in exact(far, near[0], 10)] == numbers(hits)


async def test_pages_follow_one_another_without_gap_or_repetition_under_ties(vectors_db: VectorsDb) -> None:
    """Many rows share a vector, so that only the id orders them; the pages must show each once, in one order."""
    few = clustered(12)
    vectors = np.repeat(few, 25, axis=0)
    put_rows(vectors_db, "recruit", vectors)
    shown: list[dict[str, Any]] = []
    async with running_api(vectors_db) as api:
        after = None
        while page := await find(api, few[0], limit=7, after=after):
            shown += page
            after = page[-1]["cursor"]
    order = [(hit["distance"], hit["id"]) for hit in shown]
    assert len(order) == len(set(order)) == len(vectors)
    assert order == sorted(order)


async def test_rows_like_a_stored_one_leave_that_one_out(vectors_db: VectorsDb) -> None:
    vectors = clustered(300)
    ids = put_rows(vectors_db, "recruit", vectors)
    async with running_api(vectors_db) as api:
        hits = (await api.data("query ($id: ID!) { similarRecruits(id: $id) { id } }", {"id": str(ids[3])}))[
            "similarRecruits"
        ]
        missing = await api.error("query ($id: ID!) { similarRecruits(id: $id) { id } }", {"id": str(row_id(9999))})
    assert numbers(hits) == [place for place in exact(vectors, vectors[3], 11) if place != 3]
    assert missing["code"] == "NOT_FOUND"


async def test_a_candidate_finds_recruits_where_their_vectors_can_be_compared(vectors_db: VectorsDb) -> None:
    vectors = clustered(200)
    put_rows(vectors_db, "recruit", vectors)
    (candidate,) = put_rows(vectors_db, "candidate", vectors[7:8])
    query = """query ($id: ID!) {
        recruitsForCandidate(id: $id, limit: 3) { id } candidatesForRecruit(id: $id) { id name } }"""
    async with running_api(vectors_db) as api:
        data = await api.data(query, {"id": str(candidate)})
    assert numbers(data["recruitsForCandidate"]) == exact(vectors, vectors[7], 3)
    assert data["candidatesForRecruit"] == [{"id": str(candidate), "name": "Developer"}]


async def test_domains_of_different_dimensions_are_not_compared(
    vectors_db_with: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_VECTORS__CANDIDATE__DIMENSION", "768")
    db: VectorsDb = vectors_db_with(VectorsSettings())
    (candidate,) = put_rows(db, "candidate", clustered(1, dimension=768))
    async with running_api(db) as api:
        error = await api.error("query ($id: ID!) { recruitsForCandidate(id: $id) { id } }", {"id": str(candidate)})
    assert (error["code"], error["expected"], error["actual"]) == ("DIMENSIONS_DIFFER", 384, 768)


async def test_a_vector_that_cannot_be_searched_by_is_told_why(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(10))
    async with running_api(vectors_db) as api:
        short = await api.error(FIND, {"vector": [0.5] * 3})
        long = await api.error(FIND, {"vector": [0.5] * 385})
        zero = await api.error(FIND, {"vector": [0.0] * 384})
        huge = await api.error(FIND, {"vector": [0.5] * 383 + [1e39]})
        words = await api.post(FIND, {"vector": ["a"] * 384})
    assert (short["code"], short["expected"], short["actual"]) == ("WRONG_DIMENSION", 384, 3)
    assert (long["code"], long["expected"], long["actual"]) == ("WRONG_DIMENSION", 384, 385)
    assert "3 floats" in short["message"]
    assert zero["code"] == "ZERO_VECTOR"
    assert (huge["code"], huge["place"]) == ("NOT_FINITE", 383)
    assert {error["extensions"]["code"] for error in words["errors"]} == {"BAD_USER_INPUT"}
    assert len(words["errors"]) == 10


async def test_a_vector_in_the_query_itself_is_the_same_as_in_a_variable(vectors_db: VectorsDb) -> None:
    vectors = clustered(100)
    put_rows(vectors_db, "recruit", vectors)
    numbers_text = ", ".join(str(float(value)) for value in vectors[5])
    async with running_api(vectors_db) as api:
        written = await api.data(f"{{ findSimilarRecruits(vector: [{numbers_text}], limit: 4) {{ id }} }}")
        passed = await find(api, vectors[5], limit=4)
    assert numbers(written["findSimilarRecruits"]) == numbers(passed) == exact(vectors, vectors[5], 4)


async def test_a_stored_zero_vector_is_near_to_nothing_and_breaks_nothing(vectors_db: VectorsDb) -> None:
    vectors = clustered(5)
    vectors[2] = 0
    ids = put_rows(vectors_db, "recruit", vectors)
    async with running_api(vectors_db) as api:
        hits = await find(api, vectors[0])
        error = await api.error(f'{{ similarRecruits(id: "{ids[2]}") {{ id }} }}')
    assert sorted(numbers(hits)) == [0, 1, 3, 4]
    assert error["code"] == "ZERO_VECTOR"


@pytest.mark.parametrize("metric", ["l2", "ip"])
@pytest.mark.parametrize("kind", ["hnsw", "ivfflat"])
async def test_other_kinds_and_metrics_search_by_theirs(
    vectors_db_with: Any, monkeypatch: pytest.MonkeyPatch, kind: str, metric: str
) -> None:
    monkeypatch.setenv("HIREHUB_VECTORS__RECRUIT__INDEX__KIND", kind)
    monkeypatch.setenv("HIREHUB_VECTORS__RECRUIT__INDEX__METRIC", metric)
    monkeypatch.setenv("HIREHUB_VECTORS__RECRUIT__INDEX__PROBES", "60")  # its lists are made by chance
    db: VectorsDb = vectors_db_with(VectorsSettings())
    vectors = clustered(400) * np.linspace(0.5, 2, 400, dtype=np.float32)[:, None]
    put_rows(db, "recruit", vectors)
    execute(db, "REINDEX TABLE recruit_embedding")
    query = clustered(1, seed=9)[0]
    inner, apart = vectors @ query, np.linalg.norm(vectors - query, axis=1)
    true = np.argsort(apart if metric == "l2" else -inner)[:10]
    async with running_api(db) as api:
        hits = await find(api, query)
    assert len(set(numbers(hits)) & set(true.tolist())) >= 9
    nearest = apart[true[0]] if metric == "l2" else -inner[true[0]]
    assert hits[0]["distance"] == pytest.approx(nearest, rel=1e-4)
    assert all(hit["metric"] == metric and 0 <= hit["similarity"] <= 1 for hit in hits)


async def test_searching_by_text_says_that_no_model_is_there(vectors_db: VectorsDb) -> None:
    async with running_api(vectors_db) as api:
        error = await api.error('{ findRecruitsByText(text: "backend developer") { id } }')
    assert error["code"] == "UNAVAILABLE"
    assert "model" in error["message"]
    assert error["hint"]


async def test_searching_by_text_asks_the_model_where_there_is_one(vectors_db: VectorsDb) -> None:
    vectors = clustered(60)
    put_rows(vectors_db, "recruit", vectors)

    class Model:
        """Knows one text."""

        async def embed(self, text: str, *, dimension: int, model: str) -> list[float]:
            assert (text, dimension, model) == ("row eleven", 384, "all-MiniLM-L6-v2")
            return [float(value) for value in vectors[11]]

    async with running_api(vectors_db, embedder=Model()) as api:
        hits = (await api.data('{ hits: findRecruitsByText(text: "row eleven", limit: 2) { id } }'))["hits"]
    assert numbers(hits) == exact(vectors, vectors[11], 2)
