"""Pushing a file to a batch server over a real socket: every row is stored, or told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hirehub.contracts.vectors import EMBEDDING_STREAM_SERVICE
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError, Invalid, Unavailable
from hirehub.kernel.grpc import Context, GrpcServer, client_stream, raw_service
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.ai.columns import Columns, load_columns
from hirehub.services.ai.push import PushResult, push
from tests.support.ai import ids, recruits, shelf, vectors, write
from tests.support.batch import batch_server
from tests.support.shared import shared_dir
from tests.support.vectors_db import VectorsDb


async def pushed(path: Path, target: str, folder: Path, domain: str = "recruit", **options: Any) -> PushResult:
    """Pushes a file."""
    columns = options.pop("columns", Columns())
    library = shelf(folder)
    return await push(domain, path, target, columns=columns, library=library, settings=GrpcSettings(), **options)


async def vectors_of(database: Database, domain: str) -> list[tuple[str, list[float]]]:
    """Ids and vectors in the table, in order."""
    async with database.read() as tx:
        rows = await tx.fetch_all(f"SELECT id::text, vector::real[] FROM {domain}_embedding ORDER BY id")
    return [(one, vector) for one, vector in rows]


async def test_rows_are_stored_bit_for_bit_and_what_cannot_be_sent_is_told(
    tmp_path: Path, vectors_database: Database, vectors_db: VectorsDb
) -> None:
    years: list[Any] = [at % 11 for at in range(500)]
    years[7], years[400] = 1 << 40, -3
    path = write(tmp_path / "rows.parquet", recruits(500, dimension=384, Exp_Years=years, English_Level=[None] * 500))
    seen: list[int] = []
    async with batch_server(vectors_database, vectors_db) as server:
        result = await pushed(path, server.target, tmp_path, progress=seen.append, chunk_rows=64)
        again = await pushed(path, server.target, tmp_path)
    assert (result.success, result.total_rows, result.stored_rows, result.dead_lettered_rows) == (True, 499, 498, 1)
    assert [(row.row, str(row.cause)) for row in result.report.examples] == [(7, "beyond_int32")]
    assert (again.stored_rows, again.skipped_rows) == (0, 498)
    assert seen == [64, 128, 192, 256, 320, 384, 448, 499]
    kept = [at for at in range(500) if at not in {7, 400}]
    found = await vectors_of(vectors_database, "recruit")
    assert [one for one, _vector in found] == [ids(500)[at] for at in kept]
    assert np.array([vector for _one, vector in found], np.float32).tobytes() == vectors(500, 384)[kept].tobytes()


async def test_the_real_candidates_are_stored_by_their_preset(
    tmp_path: Path, vectors_database: Database, vectors_db: VectorsDb
) -> None:
    path = shared_dir() / "data" / "alpha_match" / "candidates.parquet"
    async with batch_server(vectors_database, vectors_db) as server:
        result = await pushed(path, server.target, tmp_path, "candidate", columns=load_columns("djinni"))
    assert (result.stored_rows, result.dead_lettered_rows, result.report.held_back) == (206, 0, 0)
    assert len(await vectors_of(vectors_database, "candidate")) == 206


async def test_a_file_without_rows_is_pushed_too(
    tmp_path: Path, vectors_database: Database, vectors_db: VectorsDb
) -> None:
    path = write(tmp_path / "rows.parquet", recruits(0))
    async with batch_server(vectors_database, vectors_db) as server:
        result = await pushed(path, server.target, tmp_path)
    assert (result.success, result.total_rows) == (True, 0)


async def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(3))
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1 does not answer"):
        await pushed(path, "127.0.0.1:1", tmp_path)


async def test_a_server_that_refuses_midway_says_why(tmp_path: Path) -> None:
    """It reads one message of many and refuses the rest; its reason reaches the person who pushes."""

    async def refuse(messages: Any, _context: Context) -> bytes:
        async for _message in messages:
            raise Invalid("these rows are not wanted", hint="Push others.")
        return b""

    path = write(tmp_path / "rows.parquet", recruits(20_000, dimension=64))
    service = raw_service(0, EMBEDDING_STREAM_SERVICE, {"UploadEmbeddings": client_stream(refuse)})
    async with GrpcServer(GrpcSettings(), port=0, services=[service]) as server:
        with pytest.raises(Invalid, match="these rows are not wanted"):
            await pushed(path, server.target, tmp_path, chunk_rows=10)


async def test_a_file_that_breaks_midway_ends_the_push_with_its_error(tmp_path: Path) -> None:
    """The server must not take what it got for the whole: the call is cancelled, not ended."""
    ends: list[str] = []

    async def collect(messages: Any, _context: Context) -> bytes:
        try:
            async for _message in messages:
                pass
        except BaseException as error:
            ends.append(type(error).__name__)
            raise
        ends.append("ended")
        return b""

    path = write(tmp_path / "rows.parquet", recruits(20_000, dimension=64), group=1000)
    whole = path.read_bytes()
    spoilt = bytearray(whole)
    spoilt[len(whole) // 2 : len(whole) // 2 + 600_000] = bytes(600_000)
    path.write_bytes(spoilt)
    service = raw_service(0, EMBEDDING_STREAM_SERVICE, {"UploadEmbeddings": client_stream(collect)})
    async with GrpcServer(GrpcSettings(), port=0, services=[service]) as server:
        with pytest.raises(HirehubError, match=r"rows\.parquet is no whole Parquet file"):
            await pushed(path, server.target, tmp_path, chunk_rows=10)
    assert ends != ["ended"]
