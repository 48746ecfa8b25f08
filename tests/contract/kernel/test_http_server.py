"""The HTTP side as callers and operators see it: mounts, ids, probes, metrics, bounds of the head, start and stop."""

import asyncio
import time
from typing import Any

import pytest
import uvicorn

from hirehub.kernel.errors import Unavailable
from hirehub.kernel.health import Readiness
from hirehub.kernel.http import HttpPortTaken, HttpServer, create_app, serve
from hirehub.kernel.http import protocol as bounds
from hirehub.kernel.http import server as clock
from hirehub.kernel.module import Check, HttpMount
from hirehub.kernel.settings import HttpSettings
from hirehub.kernel.telemetry import REQUEST_ID, Metrics
from tests.support.web import add_routes, ask, connection, echo, read_answer, running, talk

SETTINGS = HttpSettings(request_timeout=5)


async def fine() -> None:
    """A check that passes."""


async def down() -> None:
    """A check that fails in words for people."""
    raise Unavailable("the database does not answer")


async def hangs() -> None:
    """A check that does not end."""
    await asyncio.sleep(60)


async def breaks() -> None:
    """A check with a fault."""
    raise RuntimeError("hunter2")


async def test_a_mount_takes_its_path_and_what_is_below_and_nothing_else() -> None:
    mounts = [HttpMount("/deep", echo), HttpMount("/deep/er", echo), HttpMount("/other/", echo)]
    async with running(create_app("x", settings=SETTINGS, mounts=mounts)) as server:
        assert (await ask(server, "POST", "/deep", b"1")).headers["x-path"] == "/deep|/deep"
        assert (await ask(server, "POST", "/deep/a?b=c", b"1")).headers["x-path"] == "/deep|/deep/a"
        assert (await ask(server, "POST", "/deep/er/x", b"1")).headers["x-path"] == "/deep/er|/deep/er/x"
        assert (await ask(server, "POST", "/other", b"1")).status == 200
        assert (await ask(server, "POST", "/deeper", b"1")).status == 404


async def test_a_mount_on_the_root_leaves_the_probes_alone() -> None:
    async with running(create_app("x", settings=SETTINGS, mounts=[HttpMount("/", echo)])) as server:
        assert (await ask(server, "GET", "/anything")).headers["x-path"] == "|/anything"
        assert (await ask(server, "GET", "/health/live")).json == {"status": "alive"}


async def test_a_request_id_is_taken_over_shown_and_known_while_the_request_runs() -> None:
    seen: list[str | None] = []

    async def remember(scope: Any, receive: Any, send: Any) -> None:
        seen.append(REQUEST_ID.get())
        await echo(scope, receive, send)

    async with running(create_app("x", settings=SETTINGS, mounts=[HttpMount("/m", remember)])) as server:
        told = await ask(server, "GET", "/m", x_request_id="caller-1")
        made = await ask(server, "GET", "/m")
        spoiled = await ask(server, "GET", "/m", x_request_id='a"b c')
    assert told.headers["x-request-id"] == seen[0] == "caller-1"
    assert made.headers["x-request-id"] == seen[1] != spoiled.headers["x-request-id"]
    assert " " not in (seen[2] or " ")
    assert made.headers["x-content-type-options"] == "nosniff"


async def test_readiness_names_what_is_not_ready_and_waits_for_nothing_long() -> None:
    checks = [Check("fine", fine), Check("down", down), Check("hangs", hangs), Check("breaks", breaks)]
    report = await Readiness(checks, limit=0.1).report()
    assert report.checks == {
        "fine": "ok",
        "down": "the database does not answer",
        "hangs": "did not answer within 0.1 seconds",
        "breaks": "failed (RuntimeError)",
    }
    async with running(create_app("x", settings=SETTINGS, checks=checks[:2])) as server:
        answer = await ask(server, "GET", "/health/ready")
        assert answer.status == 503
        assert answer.json["checks"] == {"fine": "ok", "down": "the database does not answer"}
    async with running(create_app("x", settings=SETTINGS, checks=checks[:1])) as server:
        answer = await ask(server, "GET", "/health/ready")
        assert (answer.status, answer.json["status"]) == (200, "ready")


async def test_asking_for_readiness_many_times_at_once_runs_the_checks_once() -> None:
    runs: list[int] = []

    async def counted() -> None:
        runs.append(1)
        await asyncio.sleep(0.05)

    readiness = Readiness([Check("counted", counted)])
    reports = await asyncio.gather(*(readiness.report() for _ in range(50)))
    assert all(report.ready for report in reports)
    assert len(runs) == 1


async def test_requests_are_counted_by_route_not_by_path() -> None:
    app = add_routes(create_app("x", settings=SETTINGS, mounts=[HttpMount("/m", echo)], metrics=Metrics()))
    async with running(app) as server:
        await ask(server, "GET", "/m/private@person.test")
        await ask(server, "GET", "/sleep/0.001")
        await ask(server, "BREW", "/nowhere/private")
        text = (await ask(server, "GET", "/metrics")).body.decode()
    assert 'hirehub_http_requests_total{method="GET",route="/m",status="200"} 1.0' in text
    assert 'hirehub_http_requests_total{method="GET",route="/sleep/{seconds}",status="200"} 1.0' in text
    assert "private" not in text


@pytest.mark.parametrize("pieces", [1, 40])
async def test_a_head_that_is_too_large_is_refused_in_one_piece_and_in_many(pieces: int) -> None:
    async with running(create_app("x", settings=SETTINGS)) as server:
        start, line = b"GET /health/live HTTP/1.1\r\nhost: x\r\n", b"x-filler: " + b"a" * 1000 + b"\r\n"
        parts = [start + line * 40 + b"\r\n"] if pieces == 1 else [start, *[line] * pieces, b"\r\n"]
        answer = await talk(server, *parts, pause=0.001 if pieces > 1 else 0)
        assert (answer.status, "32,768 bytes" in answer.json["hint"]) == (431, True)
        endless = await talk(server, start + b"x-filler: " + b"a" * 60_000, b"a" * 60_000)
        assert endless.status == 431
        assert (await ask(server, "GET", "/health/live", x_filler="a" * 20_000)).status == 200


async def test_a_head_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "HEAD_SECONDS", 0.3)
    async with running(create_app("x", settings=SETTINGS)) as server:
        for sent in (b"", b"GET / HT"):
            async with connection(server) as (reader, writer):
                writer.write(sent)
                started = time.monotonic()
                with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                    await reader.readexactly(1)
                assert time.monotonic() - started < 3
        assert (await ask(server, "GET", "/health/live")).status == 200


async def test_a_kept_connection_serves_many_requests_also_sent_ahead() -> None:
    app = create_app("x", settings=SETTINGS, mounts=[HttpMount("/m", echo)])
    async with running(app) as server, connection(server) as (reader, writer):
        for number in range(5):
            writer.write(b"POST /m HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n%d" % number)
        assert [(await read_answer(reader)).body for _ in range(5)] == [b"0", b"1", b"2", b"3", b"4"]


async def test_the_second_answer_of_a_connection_waits_for_no_acknowledgement() -> None:
    async with (
        running(create_app("hirehub", settings=HttpSettings())) as server,
        connection(server) as (reader, writer),
    ):
        took = []
        for _ in range(10):
            began = time.perf_counter()
            writer.write(b"GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n")
            await read_answer(reader)
            took.append(time.perf_counter() - began)
    assert sorted(took)[2] < 0.03, "a delayed acknowledgement takes 40 ms, every time"


async def test_many_small_requests_in_one_piece_are_no_large_head() -> None:
    """Also where the last of them is not whole yet."""
    app = create_app("x", settings=SETTINGS, mounts=[HttpMount("/m", echo)])
    one = b"POST /m HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n"
    async with running(app) as server, connection(server) as (reader, writer):
        writer.write((one + b"1") * 1500 + one[:30])
        for _ in range(1500):
            assert (await read_answer(reader)).status == 200
        writer.write(one[30:] + b"2")
        assert (await read_answer(reader)).body == b"2"


async def test_what_is_refused_behind_earlier_requests_is_told_after_their_answers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An answer goes out for each request in turn, and nothing that a caller sends is a fault of ours."""
    app = add_routes(create_app("x", settings=SETTINGS))
    for refused, status in ((b"GET / HTTP/1.1\r\nx: " + b"a" * 60_000, 431), (b"\x00 rubbish\r\n\r\n", 400)):
        async with running(app) as server, connection(server) as (reader, writer):
            writer.write(b"GET /sleep/0.3 HTTP/1.1\r\nhost: x\r\n\r\n" * 2)
            await writer.drain()
            await asyncio.sleep(0.05)
            for start in range(0, len(refused), 20_000):
                writer.write(refused[start : start + 20_000])
                await asyncio.sleep(0.05)
            answers = [await read_answer(reader) for _ in range(3)]
            assert [answer.status for answer in answers] == [200, 200, status]
            assert answers[2].headers["content-type"] == "application/problem+json"
            assert await reader.read() == b""
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_body_that_is_no_http_ends_its_request_at_once() -> None:
    async with running(create_app("x", settings=SETTINGS, mounts=[HttpMount("/m", echo)])) as server:
        started = time.monotonic()
        answer = await talk(server, b"POST /m HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nrubbish\r\n")
        assert (answer.status, answer.json["code"]) == (400, "bad_request")
        assert time.monotonic() - started < 2


async def test_a_stop_lets_a_short_request_finish_and_ends_a_long_one_within_the_grace() -> None:
    app = add_routes(create_app("x", settings=HttpSettings(request_timeout=60)))
    server = HttpServer(app, host="127.0.0.1", port=0, grace=1)
    await server.start()
    short = asyncio.create_task(ask(server, "GET", "/sleep/0.4"))
    long = asyncio.create_task(ask(server, "GET", "/sleep/50"))
    await asyncio.sleep(0.2)
    started = time.monotonic()
    await server.stop()
    assert time.monotonic() - started < 2.5
    assert (await short).status == 200
    ended = await long
    assert (ended.status, ended.json["code"]) == (503, "stopping")
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", server.port)


async def test_an_idle_server_wakes_for_the_clock_alone_and_its_date_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks, tick = [0], uvicorn.Server.on_tick

    async def counted(server: uvicorn.Server, counter: int) -> bool:
        ticks[0] += 1
        return await tick(server, counter)

    monkeypatch.setattr(uvicorn.Server, "on_tick", counted)
    async with running(create_app("x", settings=SETTINGS, mounts=[HttpMount("/", echo)])) as server:
        first = (await ask(server, "GET", "/")).headers["date"]
        await asyncio.sleep(2.2)
        assert (await ask(server, "GET", "/")).headers["date"] != first
    assert 3 <= ticks[0] <= 5


async def test_a_stop_waits_for_no_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_TICK_SECONDS", 600.0)
    server = HttpServer(create_app("x", settings=SETTINGS), host="127.0.0.1", port=0, grace=60)
    await server.start()
    async with asyncio.timeout(30):
        await server.stop()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", server.port)


async def test_serving_tells_its_port_and_ends_clean_when_cancelled() -> None:
    ports: asyncio.Queue[int] = asyncio.Queue()
    app = create_app("x", settings=SETTINGS)
    task = asyncio.create_task(serve(app, host="127.0.0.1", port=0, started=ports.put_nowait, grace=1))
    port = await ports.get()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    async with HttpServer(app, host="127.0.0.1", port=port) as again:
        assert again.port == port, "the port is free at once"


async def test_a_port_that_is_taken_is_told() -> None:
    async with running(create_app("x", settings=SETTINGS)) as first:
        with pytest.raises(HttpPortTaken, match=str(first.port)):
            await HttpServer(create_app("y", settings=SETTINGS), host="127.0.0.1", port=first.port).start()
