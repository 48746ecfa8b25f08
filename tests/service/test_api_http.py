"""The door of /graphql: what is a request, how much one may ask, who may ask, and what a fault shows."""

import gzip
import json
from typing import Any

import psycopg
import pytest

from hirehub.services.vectors.graphql.page import _FILES, _PACKAGE
from tests.support.api import Api, clustered, execute, put_rows, row_id, running_api
from tests.support.vectors_db import VectorsDb
from tests.support.web import ask, talk

TWO_HOSTS = (
    b"POST /graphql HTTP/1.1\r\nhost: evil.example\r\nhost: localhost\r\nconnection: close\r\n"
    b"content-type: application/json\r\ncontent-length: %d\r\n\r\n"
)
SCHEMES = ("Bearer", "bearer", "BEARER")
ROW = f'{{ recruit(id: "{row_id(0)}") {{ companyName }} }}'


async def code(api: Api, body: Any, **headers: str) -> tuple[int, str]:
    """Status and error code of the answer to a body."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await api.send(data, **headers)
    return answer.status, answer.json["errors"][0]["extensions"]["code"]


async def test_what_is_no_request_is_told_as_such(vectors_db: VectorsDb) -> None:
    async with running_api(vectors_db) as api:
        bodies: list[Any] = [b"", b"{", b"[" * 5000, b"\xff\xfe", [{"query": ROW}], {}, {"query": 5}, {"query": "  "}]
        bodies += [{"query": ROW, "variables": []}, {"query": ROW, "operationName": 7}]
        for body in bodies:
            assert await code(api, body) == (400, "BAD_REQUEST")
        assert await code(api, {"query": ROW}, **{"content-type": "text/plain"}) == (415, "BAD_REQUEST")
        refused = await ask(api.http, "PUT", "/graphql", b"{}", **api.headers)
    assert refused.status == 405
    assert "POST" in refused.headers["allow"]


async def test_a_query_that_does_not_fit_is_told_with_its_place(vectors_db: VectorsDb) -> None:
    async with running_api(vectors_db) as api:
        assert await code(api, {"query": "{ recruit(id: "}) == (200, "GRAPHQL_PARSE_FAILED")
        answer = await api.post("{\n  recruit(id: 1) { salary }\n}")
        strict = await code(api, {"query": "{ nothing }"}, accept="application/graphql-response+json")
        mutation = await code(api, {"query": "mutation { drop }"})
        named = await api.error("query A { __typename } query B { __typename }", operationName="C")
    assert answer["errors"][0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert answer["errors"][0]["locations"] == [{"line": 2, "column": 20}]
    assert strict == (400, "GRAPHQL_VALIDATION_FAILED")
    assert mutation == (200, "GRAPHQL_VALIDATION_FAILED")
    assert named["code"] == "BAD_USER_INPUT"


async def test_refusals_are_told_in_the_callers_language(vectors_db: VectorsDb) -> None:
    korean = {"accept-language": "ko-KR,ko;q=0.9,en;q=0.5"}
    tries = {
        "BAD_ID": ('{ recruit(id: "x") { id } }', "id 가 UUID 가 아닙니다."),
        "WRONG_DIMENSION": ("{ findSimilarRecruits(vector: [0.5]) { id } }", "384 차원"),
        "LIMIT_TOO_LARGE": ("{ searchRecruits(first: 500) { nodes { id } } }", "이하로 요청하고"),
        "BAD_REQUEST": ("", "application/json"),
    }
    async with running_api(vectors_db) as api:
        told = {
            code: (await api.send(json.dumps({"query": query}).encode(), **korean)).json["errors"][0]
            for code, (query, _) in tries.items()
        }
        nobody = await api.send(b"{}", **korean, authorization="Bearer none")
        english = await api.error(tries["BAD_ID"][0])
    assert {code: error["extensions"]["code"] for code, error in told.items()} == {code: code for code in tries}
    for code, (_, words) in tries.items():
        assert words in f"{told[code]['message']} {told[code]['extensions']['hint']}"
    assert nobody.json["errors"][0]["message"] == "로그인이 필요하거나 토큰이 유효하지 않습니다."
    assert english["message"] == "This id is no UUID."


async def test_one_of_several_operations_is_chosen_by_name(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(1), [{"company_name": "Lumen"}])
    query = f"query A {ROW} query B {{ __typename }}"
    async with running_api(vectors_db) as api:
        assert await api.data(query, operationName="A") == {"recruit": {"companyName": "Lumen"}}
        assert await api.data(query, operationName="B") == {"__typename": "Query"}


def nested(levels: int) -> str:
    """A query of so many levels, by fragments that nest in one another."""
    inner = "{ searchRecruits { edges { node { id } } } }"
    for _ in range(levels):
        inner = f"{{ ... on Query {inner} }}"
    return inner


async def test_a_query_is_bounded_in_every_direction(vectors_db: VectorsDb) -> None:
    deep = "{ a " * 9 + "}" * 9
    bomb = "fragment A on Query { ...B ...B } fragment B on Query { ...C ...C } fragment C on Query { __typename } "
    many = " ".join(f'a{n}: recruit(id: "{row_id(n)}") {{ id }}' for n in range(21))
    costly = f"{{ {' '.join(f'a{n}: searchRecruits(first: 100) {{ totalCount }}' for n in range(10))} }}"
    by_variable = (
        "query ($n: Int!) { " + " ".join(f"a{n}: searchRecruits(first: $n) {{ totalCount }}" for n in range(11)) + " }"
    )
    async with running_api(vectors_db) as api:
        assert (await code(api, {"query": deep}))[1] == "QUERY_TOO_DEEP"
        assert (await code(api, {"query": f"{{ {many} }}"}))[1] == "TOO_MANY_ALIASES"
        assert (await code(api, {"query": costly}))[1] == "QUERY_TOO_COSTLY"
        assert (await code(api, {"query": by_variable, "variables": {"n": 99}}))[1] == "QUERY_TOO_COSTLY"
        assert (await code(api, {"query": "{ " + "__typename " * 2000 + "}"}))[1] == "GRAPHQL_PARSE_FAILED"
        assert (await code(api, {"query": "{ #" + "x" * 100_000 + "\n __typename }"}))[1] == "GRAPHQL_PARSE_FAILED"
        circular = {"query": "query { ...A } fragment A on Query { ...A }"}
        assert (await code(api, circular))[1] == "GRAPHQL_VALIDATION_FAILED"
        assert (await code(api, {"query": nested(300)}))[1] == "GRAPHQL_PARSE_FAILED"
        too_many = await api.error("{ searchRecruits(first: 101) { totalCount } }")
        none = await api.error("{ searchRecruits(first: 0) { totalCount } }")
        large = await api.send(b'{"query": "' + b"x" * 2_000_000 + b'"}')
        assert await api.data(bomb + "query { ...A }") == {"__typename": "Query"}
    assert (too_many["code"], too_many["actual"], too_many["most"]) == ("LIMIT_TOO_LARGE", 101, 100)
    assert none["code"] == "BAD_FILTER"
    assert large.status == 413


async def test_the_schema_may_be_asked_for_but_not_without_bound(vectors_db: VectorsDb) -> None:
    loop = "fields { type { " * 6 + "name" + " } }" * 6
    async with running_api(vectors_db) as api:
        found = await api.data("{ __schema { queryType { name } types { name fields { name type { name } } } } }")
        bound = await code(api, {"query": f"{{ __schema {{ types {{ {loop} }} }} }}"})
    assert found["__schema"]["queryType"]["name"] == "Query"
    assert bound[1] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_fault_of_ours_shows_nothing_but_the_requests_id(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(1))
    async with running_api(vectors_db) as api:
        execute(vectors_db, "ALTER TABLE recruit_metadata RENAME COLUMN company_name TO company_named")
        answer = await api.send(json.dumps({"query": ROW}).encode(), **{"x-request-id": "a-request-of-mine"})
    (error,) = answer.json["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": "a-request-of-mine"}
    assert "company" not in error["message"]
    assert answer.json["data"] == {"recruit": None}


async def test_a_database_that_is_gone_is_told_as_unavailable(vectors_db: VectorsDb) -> None:
    async with running_api(vectors_db) as api:
        _shut_out(vectors_db)
        error = await api.error(ROW)
    assert error["code"] in {"DATABASE_BUSY", "DATABASE_UNAVAILABLE"}


def _shut_out(db: VectorsDb) -> None:
    """The database takes no connection any more, and those it has end."""
    with psycopg.connect(db.dsn("admin"), dbname="postgres", autocommit=True) as connection:
        connection.execute("ALTER DATABASE hirehub_vectors ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'hirehub_vectors'")


async def test_without_a_token_only_this_machine_is_answered(
    vectors_db: VectorsDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_VECTORS__API__TOKEN", "s3cret")
    body = json.dumps({"query": "{ __typename }"}).encode()
    async with running_api(vectors_db) as api:
        here = await api.send(body)
        renamed = await api.send(body, host="evil.example")
        twice = await talk(api.http, TWO_HOSTS % len(body) + body)
        wrong = await api.send(body, host="evil.example", authorization="Bearer s3creT")
        shown = [await api.send(body, host="evil.example", authorization=f"{word} s3cret") for word in SCHEMES]
    assert [answer.status for answer in (here, renamed, twice, wrong, *shown)] == [200, 401, 401, 401, 200, 200, 200]
    assert renamed.json["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert renamed.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "mark",
    ["forwarded", "via", "x-real-ip", "x-client-ip", "cf-connecting-ip"]
    + [f"x-forwarded-{what}" for what in ("for", "host", "proto")],
)
async def test_a_caller_for_whom_a_proxy_speaks_is_not_of_this_machine(vectors_db: VectorsDb, mark: str) -> None:
    async with running_api(vectors_db) as api:
        answer = await api.send(b'{"query": "{ __typename }"}', **{mark: "203.0.113.9"})
    assert answer.status == 401


async def test_a_kept_answer_is_behind_the_same_door(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(1))
    body = json.dumps({"query": ROW}).encode()
    async with running_api(vectors_db) as api:
        kept = [await api.send(body) for _ in range(2)]
        refused = await api.send(body, host="evil.example")
    assert [answer.status for answer in kept] == [200, 200]
    assert refused.status == 401
    assert b"Acme" not in refused.body


async def test_graphiql_opens_with_files_of_our_own(vectors_db: VectorsDb) -> None:
    async with running_api(vectors_db) as api:
        page = await ask(api.http, "GET", "/graphql", host="localhost")
        start = await ask(api.http, "GET", "/graphql/start.js", host="localhost")
        packed = await ask(api.http, "GET", "/graphql/graphiql.min.js", host="localhost", accept_encoding="gzip, br")
        plain = await ask(api.http, "GET", "/graphql/graphiql.min.js", host="localhost")
        missing = await ask(api.http, "GET", "/graphql/../settings", host="localhost")
    assert page.status == start.status == 200
    assert "http://" not in page.body.decode()
    assert "https://" not in page.body.decode()
    assert all(f"/graphql/{name}" in page.body.decode() for name in _FILES)
    assert gzip.decompress(packed.body) == plain.body, f"the files of {_PACKAGE}"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert missing.status == 404
