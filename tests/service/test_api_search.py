"""Similarity searches through the whole server: right answers, filters, pages, errors that say what to do."""

from typing import Any

from tests.support.api import clustered, exact, execute, put_rows, row_id, running_api
from tests.support.vectors_db import VectorsDb

ROWS = 2000
FIND = """
query ($vector: [Float!]!, $limit: Int! = 10, $filter: RecruitFilter, $after: String) {
  findSimilarRecruits(vector: $vector, limit: $limit, filter: $filter, after: $after) {
    id distance similarity metric cursor companyName expYears
  }
}
"""


def numbers(hits: list[dict[str, Any]]) -> list[int]:
    """The numbers of the rows that were found."""
    places = {str(row_id(number)): number for number in range(ROWS)}
    return [places[hit["id"]] for hit in hits]


async def test_an_exact_search_finds_what_numpy_finds(vectors_db: VectorsDb) -> None:
    vectors = clustered(ROWS)
    put_rows(vectors_db, "recruit", vectors)
    execute(vectors_db, "UPDATE search_state SET exact_only = true")
    queries = clustered(20, seed=6)
    async with running_api(vectors_db) as api:
        for query in queries:
            hits = (await api.data(FIND, {"vector": query.tolist()}))["findSimilarRecruits"]
            assert numbers(hits) == exact(vectors, query, 10)


async def test_a_search_through_the_index_finds_nearly_all(vectors_db: VectorsDb) -> None:
    vectors = clustered(ROWS)
    put_rows(vectors_db, "recruit", vectors)
    found = 0
    async with running_api(vectors_db) as api:
        for query in clustered(50, seed=7):
            hits = (await api.data(FIND, {"vector": query.tolist()}))["findSimilarRecruits"]
            found += len(set(numbers(hits)) & set(exact(vectors, query, 10)))
    assert found >= 0.99 * 50 * 10
