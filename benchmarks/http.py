"""Small requests through the whole HTTP side, beside a bare ASGI application in the same server, in the same run.

One server process on one core, its caller on another: 16 connections, each asking again when it has its answer. On a
machine that others use too, wall-clock rates say little; so the processor time of the server a request stands beside
them, and what one core would answer if it did nothing else. Rounds alternate between the sides.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
import uvloop

from hirehub.kernel.http.edge import Receive, Scope, Send

CALLERS = 16
BODY = b'{"data":"x"}'


@dataclass(frozen=True)
class Side:
    """What is measured: a kind of server, the level of its log, and the request."""

    server: str
    level: str
    request: bytes


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """A request as a client would send it."""
    head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\ncontent-type: application/json\r\n"
    return head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body


SIDES = {
    "bare ASGI application": Side("bare", "warning", request("POST", "/mount", b"{}")),
    "mount, without log": Side("full", "warning", request("POST", "/mount", b"{}")),
    "mount, with a log line each": Side("full", "info", request("POST", "/mount", b"{}")),
    "FastAPI route, without log": Side("full", "warning", request("GET", "/route")),
    "FastAPI route, with a log line each": Side("full", "info", request("GET", "/route")),
}


async def application(_scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body and answers a few bytes."""
    await receive()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


async def serve(server: str, level: str) -> None:
    """Runs a server until it is killed; its port goes to standard output."""
    from hirehub.kernel.http import HttpServer, create_app
    from hirehub.kernel.module import HttpMount
    from hirehub.kernel.settings import HttpSettings, LogSettings
    from hirehub.kernel.telemetry import configure_logging

    configure_logging(LogSettings.model_validate({"level": level, "format": "json"}))
    app: Any = application
    if server == "full":
        full = create_app("bench", settings=HttpSettings(), mounts=[HttpMount("/mount", application)])

        @full.api.get("/route")
        async def route() -> dict[str, str]:
            return {"data": "x"}

        app = full

    async with HttpServer(app, host="127.0.0.1", port=0) as running:
        print(running.port, flush=True)
        await running.wait()


@contextmanager
def started(server: str, level: str) -> Iterator[tuple[psutil.Process, int]]:
    """A server process and its port."""
    command = [sys.executable, "-m", "benchmarks.http", "--serve", server, level]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        yield psutil.Process(process.pid), int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


async def ask(port: int, requests: Iterable[bytes]) -> bytes:
    """Asks one after the other on one connection; the last answer's body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b""
    for data in requests:
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
        start = head.index(b"content-length: ") + len(b"content-length: ")
        body = await reader.readexactly(int(head[start : head.index(b"\r", start)]))
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(body.decode())
    writer.close()
    return body


async def measure(port: int, requests: Sequence[bytes]) -> float:
    """Seconds for the requests over all connections."""
    began = time.perf_counter()
    await asyncio.gather(*(ask(port, requests[caller::CALLERS]) for caller in range(CALLERS)))
    return time.perf_counter() - began


def busy(process: psutil.Process) -> float:
    """Seconds of processor time that a process has used."""
    times = process.cpu_times()
    return times.user + times.system


def pin(core: int) -> None:
    """Keeps this process on one core, where the system lets it."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


def figures(requests: int, rounds: int) -> dict[str, dict[str, float]]:
    """Of each side the median requests a second, and the least processor time a request: others only add to it."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in SIDES}
    for _ in range(rounds):
        for name, side in SIDES.items():
            with started(side.server, side.level) as (process, port):
                uvloop.run(measure(port, [side.request] * (requests // 4)))
                before = busy(process)
                seconds = uvloop.run(measure(port, [side.request] * requests))
                found[name].append((requests / seconds, (busy(process) - before) / requests))
    return {
        name: {
            "requests_per_second": round(statistics.median(rate for rate, _ in runs)),
            "processor_microseconds": round(min(cost for _, cost in runs) * 1e6, 1),
            "requests_per_second_of_core": round(1 / min(cost for _, cost in runs)),
        }
        for name, runs in found.items()
    }


def main() -> None:
    """Prints one line a side, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        pin(0)
        uvloop.run(serve(*arguments.serve))
        return
    pin(1)
    result = figures(arguments.requests, arguments.rounds)
    if arguments.json:
        print(json.dumps(result))
        return
    for name, one in result.items():
        print(
            f"{name:38}{one['requests_per_second']:>8,.0f}/s"
            f"{one['processor_microseconds']:>9.1f} us of server{one['requests_per_second_of_core']:>9,.0f}/s a core"
        )


if __name__ == "__main__":
    main()
