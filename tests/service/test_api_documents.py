"""Documents through the whole server: vectors written into them, what they cost, where an error lies."""

import json
from typing import Any

import numpy as np
import pytest

from tests.support.api import Api, Vectors, clustered, exact, put_rows, row_id, running_api
from tests.support.vectors_db import VectorsDb

FIND = "query ($vector: [Float!]!) { findSimilarRecruits(vector: $vector, limit: 3) { id } }"


def written(vector: Vectors, space: str = ", ") -> str:
    """A vector as a document holds it."""
    return f"[{space.join(str(float(value)) for value in vector)}]"


def ids(vectors: Vectors, query: Vectors, count: int) -> list[dict[str, str]]:
    """The nearest rows, as an answer has them."""
    return [{"id": str(row_id(number))} for number in exact(vectors, query, count)]


def many(fields: int, argument: str) -> str:
    """So many pages of recruits."""
    return " ".join(f"a{number}: searchRecruits(first: {argument}) {{ totalCount }}" for number in range(fields))


async def places(api: Api, query: str) -> list[dict[str, int]]:
    """Where the only error of a query lies."""
    (error,) = (await api.post(query))["errors"]
    found: list[dict[str, int]] = error["locations"]
    return found


async def test_a_number_counts_however_json_writes_it(vectors_db: VectorsDb) -> None:
    query = f"query ($n: Int!) {{ {many(11, '$n')} }}"
    async with running_api(vectors_db) as api:
        assert (await api.error(query, {"n": 99.0}))["code"] == "QUERY_TOO_COSTLY"
        assert (await api.data(query, {"n": 2.0}))["a3"] == {"totalCount": 0}
        assert (await api.error(query, {"n": 2.5}))["code"] == "BAD_USER_INPUT"


async def test_the_operation_that_runs_is_counted_by_its_own_defaults(vectors_db: VectorsDb) -> None:
    cheap, costly = (f"query {head} {{ {many(10, '$n')} }}" for head in ("A($n: Int! = 1)", "B($n: Int! = 100)"))
    async with running_api(vectors_db) as api:
        for query in (f"{cheap} {costly}", f"{costly} {cheap}"):
            assert (await api.error(query, operationName="B"))["code"] == "QUERY_TOO_COSTLY"
            assert len(await api.data(query, operationName="A")) == 10
            assert (await api.error(query))["code"] == "BAD_USER_INPUT", "nobody says which is meant"


@pytest.mark.parametrize("digits", [11, 4299, 4300])
async def test_a_number_beyond_all_bounds_is_refused_and_not_repeated(vectors_db: VectorsDb, digits: int) -> None:
    number = "9" * digits
    body = f'{{"query": "query ($n: Int!) {{ {many(2, "$n")} }}", "variables": {{"n": {number}}}}}'
    async with running_api(vectors_db) as api:
        passed = await api.send(body.encode())
        stated = await api.send(json.dumps({"query": f"{{ {many(2, number)} }}"}).encode())
    assert (passed.status, stated.status) == (200, 200)
    codes = [{error["extensions"]["code"] for error in answer.json["errors"]} for answer in (passed, stated)]
    assert codes == [{"BAD_USER_INPUT"}, {"GRAPHQL_VALIDATION_FAILED"}]
    assert len(passed.body) + len(stated.body) < 4000


async def test_a_written_vector_is_good_in_any_operation_and_fragment(vectors_db: VectorsDb) -> None:
    vectors = clustered(60)
    put_rows(vectors_db, "recruit", vectors)
    search = f"findSimilarRecruits(vector: {written(vectors[5])}, limit: 3) {{ id }}"
    other = f"findSimilarRecruits(vector: {written(vectors[9])}, limit: 2) {{ id }}"
    query = f"query A {{ {search} }} query B {{ ...F }} query C {{ __typename }} fragment F on Query {{ {other} }}"
    async with running_api(vectors_db) as api:
        assert await api.data(query, operationName="A") == {"findSimilarRecruits": ids(vectors, vectors[5], 3)}
        assert await api.data(query, operationName="B") == {"findSimilarRecruits": ids(vectors, vectors[9], 2)}
        assert await api.data(query, operationName="C") == {"__typename": "Query"}
        assert len((await api.data(f"{{ {search} {search} }}"))["findSimilarRecruits"]) == 3, "equal fields are one"
        differ = await api.error(f"{{ {search} {other.replace('limit: 2', 'limit: 3')} }}")
        assert differ["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_written_and_passed_vectors_keep_apart_whatever_their_names(vectors_db: VectorsDb) -> None:
    vectors = clustered(60)
    put_rows(vectors_db, "recruit", vectors)
    query = (
        f"query ($_lifted0: [Float!]!) {{ w: findSimilarRecruits(vector: {written(vectors[5])}, limit: 3) {{ id }}"
        " p: findSimilarRecruits(vector: $_lifted0, limit: 2) { id } }"
    )
    async with running_api(vectors_db) as api:
        data = await api.data(query, {"_lifted0": vectors[9].tolist()})
        unasked = f"{{ findSimilarRecruits(vector: {written(vectors[7])}, limit: 1) {{ id }} }}"
        assert (await api.data(unasked, {"_lifted0": "mine"}))["findSimilarRecruits"] == ids(vectors, vectors[7], 1)
        undeclared = await api.post("{ findSimilarRecruits(vector: $_lifted0) { id } }")
    assert data == {"w": ids(vectors, vectors[5], 3), "p": ids(vectors, vectors[9], 2)}
    assert undeclared["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_an_error_lies_where_the_caller_wrote_it_also_after_a_vector(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(3))
    vector = written(clustered(1)[0], ",\n ")
    head = f"{{ a: findSimilarRecruits(vector: {vector}, limit: 1) {{ id }}"
    column = len(head.rpartition("\n")[2]) + 2
    async with running_api(vectors_db) as api:
        parsed = await places(api, f"{head} !")
        checked = await places(api, f"{head} nothing }}")
        ran = await places(api, f"{head} searchRecruits(first: 0) {{ totalCount }} }}")
        own = await places(api, f"{{ findSimilarRecruits(vector: {vector}, limit: 0) {{ id }} }}")
    assert parsed == checked == ran == [{"line": 384, "column": column}]
    assert own == [{"line": 1, "column": 3}]


async def test_a_written_vector_is_read_by_the_grammar_of_the_language(vectors_db: VectorsDb) -> None:
    vectors = clustered(60)
    put_rows(vectors_db, "recruit", vectors)

    def query(space: str) -> str:
        return f"{{ findSimilarRecruits(vector: {written(vectors[5], space)}, limit: 3) {{ id }} }}"

    async with running_api(vectors_db) as api:
        for space in (",", " ", "\n", ",\r\n\t", " \ufeff"):
            assert (await api.data(query(space)))["findSimilarRecruits"] == ids(vectors, vectors[5], 3)
        commented = query(" ").replace(" ", "# the first\n", 3)
        assert (await api.data(commented))["findSimilarRecruits"] == ids(vectors, vectors[5], 3)
        for space in ("\u00a0", "\v", "\u2003"):
            assert (await api.error(query(space)))["code"] == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize("huge", ["1" + "0" * 400, "-1" + "0" * 400, "1e39"])
async def test_a_number_that_float32_cannot_hold_is_told_by_its_place(vectors_db: VectorsDb, huge: str) -> None:
    numbers = ["0.5"] * 384
    numbers[7] = huge
    vector = f"[{', '.join(numbers)}]"
    passed = f'{{"query": "{FIND}", "variables": {{"vector": {vector}}}}}'
    stated = json.dumps({"query": f"{{ findSimilarRecruits(vector: {vector}) {{ id }} }}"})
    found: list[Any] = []
    async with running_api(vectors_db) as api:
        for body in (passed, stated):
            found += [error["extensions"] for error in (await api.send(body.encode())).json["errors"]]
    assert [(one["code"], one["place"]) for one in found] == [("NOT_FINITE", 7)] * 2


@pytest.mark.parametrize("size", [1e-45, 1e-30, 1e-18, 1.0, 1e18, 1e30])
async def test_only_the_direction_of_a_vector_counts_by_cosine(vectors_db: VectorsDb, size: float) -> None:
    """Fails where the length is left as it is: the squares in float32 become zero, or infinite."""
    signs = np.sign(clustered(60, seed=8)).astype(np.float32)
    put_rows(vectors_db, "recruit", signs)
    query = "query ($v: [Float!]!) { hits: findSimilarRecruits(vector: $v, limit: 3) { id similarity } }"
    async with running_api(vectors_db) as api:
        hits = (await api.data(query, {"v": (signs[5].astype(np.float64) * size).tolist()}))["hits"]
    assert [hit["id"] for hit in hits] == [one["id"] for one in ids(signs, signs[5], 3)]
    assert hits[0]["similarity"] == pytest.approx(1)
    assert hits[1]["similarity"] < 0.9


async def test_a_stored_vector_of_any_length_finds_others_by_its_direction(vectors_db: VectorsDb) -> None:
    vectors = clustered(60)
    vectors[5] *= np.float32(1e-30)
    put_rows(vectors_db, "recruit", vectors)
    query = f'{{ similarRecruits(id: "{row_id(5)}", limit: 3) {{ id }} }}'
    async with running_api(vectors_db) as api:
        found = (await api.data(query))["similarRecruits"]
    wanted = [number for number in exact(clustered(60), clustered(60)[5], 4) if number != 5]
    assert found == [{"id": str(row_id(number))} for number in wanted]
