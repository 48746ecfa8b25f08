"""`hirehub ai` as people run it: processes of their own, documents on standard output, one line an error."""

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import GET_EMBEDDINGS
from hirehub.kernel.grpc import open_channel
from hirehub.kernel.settings import GrpcSettings
from tests.support.ai import ids, recruits, write
from tests.support.cli import environment, hirehub
from tests.support.product import running
from tests.support.shared import shared_dir


def env(folder: Path) -> dict[str, str]:
    """Settings that keep everything in a folder; no database is named, and none is there."""
    return {"HIREHUB_DATA_DIR": str(folder / "data"), "HIREHUB_DATABASE__URL": "postgresql://127.0.0.1:1/nothing"}


def pulled(target: str, domain: str = "") -> list[str]:
    """The ids of all rows that a server streams."""

    async def pull() -> list[str]:
        settings = GrpcSettings()
        async with open_channel(target, settings) as channel:
            call = channel.unary_stream(GET_EMBEDDINGS)(pb.StreamEmbeddingRequest(domain=domain).SerializeToString())
            chunks = [pb.RowChunk.FromString(raw) async for raw in call]
        rows: list[Any] = [row for chunk in chunks for row in (*chunk.rows, *chunk.candidates)]
        return [row.id for row in rows]

    return asyncio.run(pull())


def test_inspect_tells_rows_columns_and_what_cannot_be_sent(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(5, Exp_Years=["2y", "no_exp", "many", "5y+", "1"]))
    ran = hirehub("ai", "inspect", str(path), "--json", env=env(tmp_path))
    assert ran.code == 1
    found = ran.document()
    assert (found["domain"], found["rows"], found["sendable"]) == ("recruit", 5, 4)
    assert found["columns"]["exp_years"] == "Exp Years"
    assert found["examples"] == [{"file": "rows.parquet", "row": 2, "column": "Exp Years", "cause": "not_a_number"}]
    said = hirehub("ai", "inspect", str(path), env=env(tmp_path)).out
    assert "rows.parquet holds 5 recruit rows; 4 can be sent." in said
    assert "many" not in said


def test_inspect_reads_the_real_files(tmp_path: Path) -> None:
    folder = shared_dir() / "data" / "alpha_match"
    for words, domain, rows in (
        ([str(folder / "recruits.pkl")], "recruit", 2139),
        ([str(folder / "candidates.parquet"), "--columns", "djinni"], "candidate", 206),
    ):
        ran = hirehub("ai", "inspect", *words, "--json", env=env(tmp_path))
        found = ran.document()
        assert (ran.code, found["domain"], found["sendable"], found["unsendable"]) == (0, domain, rows, 0)


def test_serve_streams_without_a_database_and_ends_on_a_signal(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(700))
    words = ["ai", "serve", "--file", f"recruit={path}", "--port", "0"]
    with running(words, env(tmp_path), tmp_path / "served") as served:
        target = next(iter(served.document["grpc"].values()))
        assert pulled(target) == ids(700)
        assert served.document["notes"] == ["recruit: rows.parquet, 700 rows"]
        assert served.stop() < 5
    assert served.process.returncode == 0
    assert not (tmp_path / "data" / "postgres").exists()


def test_serve_takes_files_and_columns_from_the_settings_too(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    table = recruits(4).rename_columns(
        ["id", "Position", "Experience Years", "x", "Primary Keyword", "candidate_vectors"]
    )
    write(path, table)
    named = {**env(tmp_path), "HIREHUB_AI__CANDIDATE__FILE": str(path), "HIREHUB_AI__CANDIDATE__COLUMNS": "djinni"}
    with running(["ai", "serve", "--port", "0"], named, tmp_path / "served") as served:
        assert pulled(next(iter(served.document["grpc"].values())), "candidate") == ids(4)
    words = ["ai", "serve", "--port", "0", "--file", f"candidate={path}", "--columns", "djinni"]
    with running(words, env(tmp_path), tmp_path / "again") as served:
        assert pulled(next(iter(served.document["grpc"].values())), "candidate") == ids(4)


WRONG = {
    ("--file", "rows.parquet"): (2, "DOMAIN=PATH"),
    ("--file", "employer=rows.parquet"): (2, "DOMAIN=PATH"),
    ("--file", "recruit=a", "--file", "recruit=b"): (2, "named twice"),
    ("--file", "recruit=nowhere.parquet"): (1, "no file nowhere.parquet"),
    ("--columns", "djinni"): (2, "--columns names candidate, but no file does"),
    ("--file", "recruit=x", "--columns", "recruit=nowhere"): (1, "no mapping 'nowhere'"),
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_choice_ends_in_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    ran = hirehub("ai", "serve", "--port", "0", *words, env=env(tmp_path), cwd=tmp_path)
    code, told = WRONG[words]
    assert ran.code == code, ran.err
    last = ran.err.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert told in last
    assert "Traceback" not in ran.err


def test_a_hostile_pickle_ends_the_start_with_the_name_of_what_it_asks_for(tmp_path: Path) -> None:
    path = tmp_path / "rows.pkl"
    path.write_bytes(b"cos\nsystem\n(S'touch marker'\ntR.")
    for words in (
        ["serve", "--port", "0", "--file", f"recruit={path}"],
        ["push", "recruit", str(path), "--to", "127.0.0.1:1"],
    ):
        ran = hirehub("ai", *words, env=env(tmp_path), cwd=tmp_path)
        assert ran.code in {2, 4}
        assert "the pickle names os.system, which no DataFrame is made of" in ran.err
        assert "Traceback" not in ran.err
    assert not (tmp_path / "marker").exists()


def test_a_signal_ends_a_start_that_is_still_reading(tmp_path: Path) -> None:
    """The child process that reads the pickle ends too."""
    path = tmp_path / "rows.pkl"
    path.write_bytes(b"\x80\x02" + b"N0" * 50_000_000 + b".")
    command = [sys.executable, "-m", "hirehub", "ai", "serve", "--port", "0", "--file", f"recruit={path}"]
    with subprocess.Popen(command, env=environment(env(tmp_path)), stderr=subprocess.PIPE) as process:
        reader = _child_of(process.pid)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert time.monotonic() - began < 5
    assert not reader.is_running()


def test_the_reader_of_a_pickle_dies_with_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "rows.pkl"
    path.write_bytes(b"\x80\x02" + b"N0" * 50_000_000 + b".")
    command = [sys.executable, "-m", "hirehub", "ai", "inspect", str(path)]
    with subprocess.Popen(command, env=environment(env(tmp_path)), stderr=subprocess.PIPE) as process:
        reader = _child_of(process.pid)
        process.kill()
    psutil.wait_procs([reader], timeout=10)
    assert not reader.is_running()


def _child_of(pid: int) -> psutil.Process:
    """The reading process that another has started, once it runs as itself."""
    for _ in range(600):
        found = [child for child in psutil.Process(pid).children() if _reads(child)]
        if found:
            time.sleep(0.5)
            return found[0]
        time.sleep(0.05)
    raise TimeoutError("no process reads the pickle")


def _reads(process: psutil.Process) -> bool:
    try:
        return any("pickles.child" in word for word in process.cmdline())
    except psutil.Error:
        return False
