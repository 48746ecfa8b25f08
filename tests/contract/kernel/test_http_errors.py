"""What a caller is told when a request fails: always a problem document, never a detail of ours."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from hirehub.kernel.errors import Broken, Unavailable
from hirehub.kernel.http import HttpServer, create_app
from hirehub.kernel.module import HttpMount
from hirehub.kernel.settings import HttpSettings
from tests.support.web import add_routes, ask, connection, echo, read_answer, running, talk

SETTINGS = HttpSettings(max_body=10_000, request_timeout=0.5)


async def broken_mount(scope: object, receive: object, send: object) -> None:
    """An application that fails before it answers."""
    raise RuntimeError("a detail that must not leave: hunter2")


async def unavailable_mount(scope: object, receive: object, send: object) -> None:
    """An application that fails with an error of ours."""
    raise Unavailable("the index is being built", hint="Try again later.")


async def half_mount(scope: object, receive: object, send: object) -> None:
    """An application that fails in the middle of its answer."""
    assert callable(send)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
    await send({"type": "http.response.body", "body": b"12345", "more_body": True})
    raise RuntimeError("in the middle")


@pytest.fixture
async def server() -> AsyncIterator[HttpServer]:
    mounts = [
        HttpMount("/echo", echo),
        HttpMount("/broken", broken_mount),
        HttpMount("/unavailable", unavailable_mount),
        HttpMount("/half", half_mount),
    ]
    async with running(add_routes(create_app("test", settings=SETTINGS, mounts=mounts))) as server:
        yield server


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("missing", 404),
        ("conflict", 409),
        ("invalid", 422),
        ("denied", 403),
        ("unauthenticated", 401),
        ("busy", 409),
        ("limit_exceeded", 413),
        ("unavailable", 503),
    ],
)
async def test_every_kind_of_error_is_a_problem_document_with_its_status(
    server: HttpServer, code: str, status: int
) -> None:
    answer = await ask(server, "GET", f"/fail/{code}", x_request_id="mine-7")
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json
    assert document.pop("title")
    assert document == {
        "type": f"urn:hirehub:error:{code}",
        "status": status,
        "detail": "it went wrong",
        "code": code,
        "hint": "Do the next thing.",
        "request_id": "mine-7",
    }
    assert ("retry-after" in answer.headers) is (code in {"busy", "unavailable"})
    assert ("www-authenticate" in answer.headers) is (code == "unauthenticated")


@pytest.mark.parametrize("path", ["/fail/unexpected", "/fail/broken", "/broken"])
async def test_a_fault_of_our_own_tells_the_caller_nothing_but_the_requests_id(server: HttpServer, path: str) -> None:
    answer = await ask(server, "GET", path, x_request_id="mine-8")
    assert (answer.status, answer.json["code"], answer.json["request_id"]) == (500, "broken", "mine-8")
    assert b"hunter2" not in answer.body
    assert b"it went wrong" not in answer.body


async def test_an_error_of_a_mounted_application_is_told_the_same_way(server: HttpServer) -> None:
    answer = await ask(server, "GET", "/unavailable/x")
    assert (answer.status, answer.json["detail"]) == (503, "the index is being built")


async def test_rejected_fields_are_named_by_pointers_without_what_was_sent(server: HttpServer) -> None:
    body = json.dumps({"name": 5, "count": -31337, "secret": "hunter2"}).encode()
    answer = await ask(server, "POST", "/things", body, content_type="application/json")
    assert answer.status == 422
    assert [field["pointer"] for field in answer.json["errors"]] == ["/body/name", "/body/count"]
    assert b"hunter2" not in answer.body
    assert b"31337" not in answer.body


async def test_an_unknown_route_and_a_method_that_is_not_taken_are_problems_too(server: HttpServer) -> None:
    missing = await ask(server, "GET", "/nowhere?token=hunter2")
    assert (missing.status, missing.json["code"]) == (404, "not_found")
    refused = await ask(server, "DELETE", "/things")
    assert (refused.status, refused.json["code"], refused.headers["allow"]) == (405, "method_not_allowed", "POST")
    probe = await ask(server, "POST", "/health/live", b"x")
    assert (probe.status, probe.headers["allow"]) == (405, "GET, HEAD")


async def test_without_framework_routes_an_unknown_path_is_a_problem_as_well() -> None:
    async with running(create_app("bare", settings=SETTINGS)) as server:
        answer = await ask(server, "GET", "/nowhere")
    assert (answer.status, answer.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/echo", "/size", "/things"])
async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(server: HttpServer, path: str) -> None:
    answer = await talk(server, f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 10001\r\n\r\n".encode())
    assert (answer.status, answer.json["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["/echo", "/size", "/things"])
async def test_a_body_of_untold_length_is_counted_and_cut_off(server: HttpServer, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n".encode()
    head += b"transfer-encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n" % 1000 + b" " * 1000 + b"\r\n"
    answer = await talk(server, head, *[chunk] * 20, b"0\r\n\r\n")
    assert (answer.status, answer.json["code"]) == (413, "body_too_large")
    small = await talk(server, head.replace(path.encode(), b"/echo"), *[chunk] * 5, b"0\r\n\r\n")
    assert (small.status, small.body) == (200, b" " * 5000)


async def test_a_length_of_thousands_of_digits_is_the_callers_fault(server: HttpServer) -> None:
    for digits in (b"0" * 5000 + b"5", b"9" * 5000):
        head = b"POST /things HTTP/1.1\r\nhost: x\r\ncontent-length: " + digits + b"\r\n\r\nhello"
        answer = await talk(server, head)
        assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_after_a_refused_body_the_connection_still_serves(server: HttpServer) -> None:
    async with connection(server) as (reader, writer):
        writer.write(b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 500000\r\n\r\n" + bytes(500_000))
        assert (await read_answer(reader)).status == 413
        writer.write(b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi")
        assert (await read_answer(reader)).body == b"hi"


async def test_a_request_that_takes_too_long_is_ended(server: HttpServer) -> None:
    answer = await ask(server, "GET", "/sleep/30")
    assert (answer.status, answer.json["code"]) == (503, "request_timeout")
    assert (await ask(server, "GET", "/sleep/0.01")).status == 200


async def test_a_body_that_does_not_arrive_is_the_callers_delay(server: HttpServer) -> None:
    answer = await talk(server, b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nab")
    assert (answer.status, answer.json["code"]) == (408, "body_too_slow")


async def test_an_answer_that_breaks_off_is_seen_as_broken_off(server: HttpServer) -> None:
    with pytest.raises(asyncio.IncompleteReadError):
        await ask(server, "GET", "/half")
    assert (await ask(server, "GET", "/health/live")).status == 200


def test_two_parts_on_one_path_are_refused() -> None:
    with pytest.raises(Broken, match="/graphql"):
        create_app("x", settings=SETTINGS, mounts=[HttpMount("/graphql", echo), HttpMount("/graphql/", echo)])
