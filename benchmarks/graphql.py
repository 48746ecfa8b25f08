"""GraphQL with 16 callers on one core of server: kept answers and fresh ones, beside the limits of the same run.

The limits are a bare ASGI application, and the GraphQL library with a resolver that does nothing but hand over ten rows
made beforehand. All sides get the same question: the ten rows nearest to a vector of 384 floats. The server is the
product's own `hirehub serve vectors.api` with its defaults, log included, kept on one core; PostgreSQL and the callers
share the other. Rounds alternate between the sides.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import uvloop

from benchmarks.http import CALLERS, application, ask, busy, measure, pin, request
from benchmarks.ingest import Bench, bare_copy, bench, buffers
from benchmarks.rows import SEED, generate
from hirehub.services.vectors.usecases import index

ROWS, REQUESTS, ROUNDS = 141_897, 20_000, 3
FRESH = 20
"""One fresh question for so many of the kept kind: they take longer."""
QUERY = (
    "query ($vector: [Float!]!) { findSimilarRecruits(vector: $vector, limit: 10)"
    " { id companyName primaryKeyword expYears distance similarity metric } }"
)
BARE, LIBRARY, KEPT, NEW = "bare ASGI application", "library, trivial resolver", "kept answers", "fresh answers"


def questions(count: int, seed: int) -> list[bytes]:
    """Requests that each ask for another vector's nearest."""
    vectors = generate(count, seed=seed).vectors
    bodies = (json.dumps({"query": QUERY, "variables": {"vector": vector.tolist()}}).encode() for vector in vectors)
    return [request("POST", "/graphql", body) for body in bodies]


def library() -> Any:  # noqa: ANN401 - an ASGI application
    """The GraphQL library as its own pages show it, with rows that are there already."""
    import strawberry
    from strawberry.asgi import GraphQL

    @strawberry.type
    class Hit:
        """A row and its place."""

        id: strawberry.ID
        company_name: str
        primary_keyword: str
        exp_years: int
        distance: float
        similarity: float
        metric: str

    rows = [
        Hit(
            id=strawberry.ID(str(n)),
            company_name="a",
            primary_keyword="b",
            exp_years=1,
            distance=n / 100,
            similarity=1 - n / 100,
            metric="cosine",
        )
        for n in range(10)
    ]

    @strawberry.type
    class Query:
        """The root."""

        @strawberry.field
        async def find_similar_recruits(self, vector: list[float], limit: int = 10) -> list[Hit]:
            """The same rows to everyone."""
            return rows[: limit if vector else 0]

    return GraphQL(strawberry.Schema(Query), graphql_ide=None)


async def serve(name: str) -> None:
    """Runs a limit's server until it is killed; its port goes to standard output."""
    from hirehub.kernel.http import HttpServer

    app = application if name == BARE else library()
    async with HttpServer(app, host="127.0.0.1", port=0) as running:
        print(running.port, flush=True)
        await running.wait()


@contextmanager
def limit(name: str) -> Iterator[tuple[psutil.Process, int]]:
    """A limit's server process and its port."""
    command = [sys.executable, "-m", "benchmarks.graphql", "--serve", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield psutil.Process(process.pid), int(process.stdout.readline())
        finally:
            process.kill()


@contextmanager
def product(made: Bench) -> Iterator[tuple[psutil.Process, int]]:
    """The product's API server over the rows, and its port."""
    environment = made.environment | {"HIREHUB_HTTP__PORT": "0", "HIREHUB_VECTORS__GRPC_PORT": "0"}
    command = [sys.executable, "-m", "hirehub", "serve", "vectors.api", "--json"]
    log = made.settings.data_dir / "api.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        try:
            keep(psutil.Process(process.pid), 0)
            yield psutil.Process(process.pid), _port(process, log)
        finally:
            process.send_signal(signal.SIGTERM)


def _port(process: "subprocess.Popen[bytes]", log: Path) -> int:
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line.decode()
        try:
            return int(json.loads(text)["http"].rpartition(":")[2])
        except ValueError:
            continue
    raise RuntimeError(log.read_text("utf-8"))


def keep(process: psutil.Process, core: int) -> None:
    """Keeps a process on one core, where the system lets us."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(process.pid, {core})


def taken(server: psutil.Process, port: int, requests: Sequence[bytes]) -> tuple[float, float]:
    """Requests a second, and the server's seconds of processor for one."""
    before = busy(server)
    seconds = uvloop.run(measure(port, requests))
    return len(requests) / seconds, (busy(server) - before) / len(requests)


def compare(made: Bench, count: int, rounds: int) -> dict[str, Any]:
    """All sides, in turn."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in (BARE, LIBRARY, KEPT, NEW)}
    fresh = questions(rounds * (count // FRESH) + CALLERS * 40, SEED + 2)
    warm, fresh = fresh[: CALLERS * 40], fresh[CALLERS * 40 :]
    with product(made) as (api, port):
        answer = json.loads(uvloop.run(ask(port, warm[:1])))
        assert len(answer["data"]["findSimilarRecruits"]) == 10, answer
        uvloop.run(measure(port, warm))
        for number in range(rounds):
            for name in (BARE, LIBRARY):
                with limit(name) as (server, own):
                    asked = [warm[0]] * (count if name == BARE else count // FRESH)
                    uvloop.run(measure(own, asked[: CALLERS * 20]))
                    found[name].append(taken(server, own, asked))
            uvloop.run(measure(port, [warm[0]] * CALLERS))
            found[KEPT].append(taken(api, port, [warm[0]] * count))
            found[NEW].append(taken(api, port, fresh[number::rounds]))
    return {
        name: {
            "requests_per_second": round(statistics.median(rate for rate, _ in runs)),
            "best": round(max(rate for rate, _ in runs)),
            "requests_per_second_of_core": round(1 / min(cost for _, cost in runs)),
        }
        for name, runs in found.items()
    }


def figures(rows: int, count: int, rounds: int) -> dict[str, Any]:
    """Loads the rows, builds the index, compares."""
    with bench(384) as made:
        loaded = buffers(rows, made.vectors)
        bare_copy(made, loaded, rows, at_once=len(loaded))
        del loaded
        asyncio.run(index.build(made.settings, made.vectors, "recruit"))
        with made.connect("admin") as connection:
            connection.execute("VACUUM ANALYZE")
        keep(psutil.Process(made.server.pid() or os.getpid()), 1)
        pin(1)
        time.sleep(1)
        return {"rows": rows, "callers": CALLERS, "sides": compare(made, count, rounds)}


def main() -> None:
    """Prints one line a side, or one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.serve:
        pin(0)
        uvloop.run(serve(words.serve))
        return
    found = figures(words.rows, words.requests, words.rounds)
    if words.json:
        print(json.dumps(found))
        return
    print(f"{found['rows']:,} rows x 384, {found['callers']} callers, one core of server, medians of {words.rounds}")
    for name, one in found["sides"].items():
        print(
            f"  {name:28}{one['requests_per_second']:>8,}/s, at best {one['best']:>8,}/s;"
            f" a core without interruption {one['requests_per_second_of_core']:>8,}/s"
        )


if __name__ == "__main__":
    main()
