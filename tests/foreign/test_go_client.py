"""A Go client made from the published contract by stock tools pulls, resumes and pushes, bit for bit."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow.parquet as pq
import pytest

from hirehub.runtime.sample import sample_files
from tests.foreign import go_tools
from tests.foreign.servers import free_port, server
from tests.support.vectors_db import VectorsDb

VECTORS = {"recruit": "job_post_vectors", "candidate": "candidate_vectors"}


@pytest.fixture(scope="session")
def go_client() -> Path:
    """The compiled client."""
    return go_tools.client()


@pytest.fixture(scope="module")
def ai_server(go_client: Path) -> Iterator[str]:
    """An AI server with the sample."""
    files = [word for domain, path in sample_files().items() for word in ("--file", f"{domain}={path}")]
    port = free_port()
    with server(["ai", "serve", *files, "--port", str(port)], port) as address:
        yield address


@pytest.fixture
def batch_server(vectors_db: VectorsDb) -> Iterator[str]:
    """A batch server on the test's empty database."""
    port = free_port()
    env = {**vectors_db.environment, "HIREHUB_VECTORS__GRPC_PORT": str(port), "HIREHUB_HTTP__PORT": str(free_port())}
    with server(["serve", "vectors.batch"], port, env) as address:
        yield address


def run(client: Path, *words: str) -> Any:
    """Runs the client; its JSON answer."""
    done = subprocess.run([str(client), *words], capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def of_sample(domain: str) -> tuple[list[str], bytes]:
    """The ids of a sample file and its vectors as little-endian bytes."""
    table = pq.read_table(sample_files()[domain])
    ids = [str(one) for one in table["id"].to_pylist()]
    return ids, np.array(table[VECTORS[domain]].to_pylist(), "<f4").tobytes()


def stored_vectors(database: VectorsDb) -> dict[str, bytes]:
    """What the recruits' table holds, as little-endian bytes."""
    with psycopg.connect(database.dsn("admin")) as connection:
        rows = connection.execute("SELECT id::text, vector::text FROM recruit_embedding").fetchall()
    return {name: np.array(json.loads(text), "<f4").tobytes() for name, text in rows}


@pytest.mark.parametrize("domain", ["recruit", "candidate"])
def test_it_pulls_every_row_in_order_with_the_very_same_numbers(go_client: Path, ai_server: str, domain: str) -> None:
    ids, vectors = of_sample(domain)
    got = run(go_client, "pull", ai_server, "-domain", domain, "-chunk", "100")
    assert got["ids"] == ids
    assert got["vectors_sha256"] == hashlib.sha256(vectors).hexdigest()
    assert got["chunks"] == [100] * (len(ids) // 100) + [rest for rest in [len(ids) % 100] if rest]


def test_it_leaves_early_and_resumes_after_the_last_id_that_it_has(go_client: Path, ai_server: str) -> None:
    ids, _ = of_sample("recruit")
    first = run(go_client, "pull", ai_server, "-chunk", "60", "-stop", "2")
    rest = run(go_client, "pull", ai_server, "-after", first["ids"][-1])
    assert len(first["ids"]) == 120
    assert first["ids"] + rest["ids"] == ids


def test_it_reads_the_texts_of_a_row(go_client: Path, ai_server: str) -> None:
    row = pq.read_table(sample_files()["recruit"]).slice(0, 1).to_pylist()[0]
    got = run(go_client, "pull", ai_server, "-stop", "1")
    expected = [row["Company Name"], row["Primary Keyword"], row["English Level"] or "", str(row["Exp Years"])]
    assert got["first"] == expected


def test_it_pushes_rows_that_are_stored_once(
    go_client: Path, ai_server: str, batch_server: str, vectors_db: VectorsDb
) -> None:
    ids, vectors = of_sample("recruit")
    first = run(go_client, "push", batch_server, "-from", ai_server)
    again = run(go_client, "push", batch_server, "-from", ai_server)
    stored = stored_vectors(vectors_db)
    assert (first["success"], first["total"], first["stored"]) == (True, len(ids), len(ids))
    assert (again["success"], again["stored"], again["skipped"]) == (True, 0, len(ids))
    assert b"".join(stored[one] for one in ids) == vectors


def test_it_is_told_of_the_one_row_that_could_not_be_stored(go_client: Path, ai_server: str, batch_server: str) -> None:
    ids, _ = of_sample("recruit")
    got = run(go_client, "push", batch_server, "-from", ai_server, "-spoil")
    assert (got["success"], got["total"], got["stored"], got["dead"]) == (True, len(ids), len(ids) - 1, 1)
    assert "383" in got["message"]
    assert "384" in got["message"]
