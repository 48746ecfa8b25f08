"""GetEmbeddings over a real socket: chunks, resuming, refusals, changed files, slow and many readers."""

import asyncio
import gc
import uuid
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import psutil
import pytest

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import GET_EMBEDDINGS
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.grpc import open_channel
from tests.support.ai import Served, ids, published, recruits, serving, vectors, write
from tests.support.shared import shared_dir

COUNT = 1000


async def refused(served: Served, **asked: Any) -> tuple[grpc.StatusCode, str]:
    """How a request is refused: status and details."""
    with pytest.raises(grpc.aio.AioRpcError) as told:
        await served.chunks(**asked)
    return told.value.code(), told.value.details() or ""


async def test_a_request_without_anything_streams_all_recruits_in_chunks_of_300(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(COUNT))
    async with serving(tmp_path, {"recruit": path}) as served:
        chunks = await served.chunks()
    assert [len(chunk.rows) for chunk in chunks] == [300, 300, 300, 100]
    assert [row.id for chunk in chunks for row in chunk.rows] == ids(COUNT)


async def test_chunk_sizes_are_kept_and_impossible_ones_told_with_the_limit(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(COUNT))
    async with serving(tmp_path, {"recruit": path}, max_message=100_000) as served:
        for size in (1, 7, 999 // 3, 1000 // 2):
            sizes = [len(chunk.rows) for chunk in await served.chunks(chunk_size=size)]
            assert sizes[:-1] == [size] * (len(sizes) - 1)
            assert sum(sizes) == COUNT
        for size in (-1, -(1 << 31), 1_000_000, (1 << 31) - 1):
            code, details = await refused(served, chunk_size=size)
            assert code is grpc.StatusCode.INVALID_ARGUMENT
            most = int(details.partition("holds at most ")[2].split()[0])
            assert sum(len(chunk.rows) for chunk in await served.chunks(chunk_size=most)) == COUNT
            assert (await refused(served, chunk_size=most + 1))[0] is grpc.StatusCode.INVALID_ARGUMENT


async def test_chunks_that_only_later_rows_outgrow_are_told_with_the_limit(tmp_path: Path) -> None:
    names = ["small"] * 900 + ["x" * 20_000] * 100
    path = write(tmp_path / "rows.parquet", recruits(COUNT, Company_Name=names))
    async with serving(tmp_path, {"recruit": path}, max_message=100_000) as served:
        for _ in range(2):
            code, details = await refused(served)
            assert code is grpc.StatusCode.INVALID_ARGUMENT
            assert "holds at most 4 rows" in details
        assert len(await served.rows(chunk_size=4)) == COUNT


@pytest.mark.parametrize("wrong", ["7", "not-a-uuid", ids(1)[0] + "0", "g" * 36, " " + ids(1)[0]])
async def test_what_is_no_uuid_is_an_invalid_argument(wrong: str, tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(3))
    async with serving(tmp_path, {"recruit": path}) as served:
        assert (await refused(served, after=wrong))[0] is grpc.StatusCode.INVALID_ARGUMENT


async def test_an_unknown_domain_is_an_invalid_argument_and_one_without_a_file_is_not_found(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(3))
    async with serving(tmp_path, {"recruit": path}) as served:
        assert (await refused(served, domain="employer"))[0] is grpc.StatusCode.INVALID_ARGUMENT
        code, details = await refused(served, domain="candidate")
        assert code is grpc.StatusCode.NOT_FOUND
        assert "--file candidate=PATH" in details
        assert len(await served.rows(domain="recruit")) == 3


async def test_bytes_that_are_no_request_are_an_invalid_argument(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(3))
    async with (
        serving(tmp_path, {"recruit": path}) as served,
        open_channel(served.target, served.settings.grpc) as channel,
    ):
        for raw in (b"\xff\xff", b"\x0a\x02\xff\xfe"):
            with pytest.raises(grpc.aio.AioRpcError) as told:
                [one async for one in channel.unary_stream(GET_EMBEDDINGS)(raw)]
            assert told.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_stream_resumes_after_any_id_in_the_file_or_not(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(COUNT))
    between = str(uuid.UUID(int=uuid.UUID(ids(COUNT)[500]).int + 1))
    async with serving(tmp_path, {"recruit": path}) as served:
        for point in (ids(COUNT)[0], ids(COUNT)[299], ids(COUNT)[300].upper(), between):
            expected = [one for one in ids(COUNT) if one > point.lower()]
            assert [row.id for row in await served.rows(after=point)] == expected
        assert await served.chunks(after=ids(COUNT)[-1]) == []
        assert await served.chunks(after=str(uuid.UUID(int=(1 << 128) - 1))) == []


async def test_a_stock_client_and_ours_see_the_same_vectors_bit_for_bit(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(COUNT, dimension=384))
    stock = published("RowChunk")
    async with (
        serving(tmp_path, {"recruit": path}) as served,
        open_channel(served.target, served.settings.grpc) as channel,
    ):
        request = published("StreamEmbeddingRequest")(chunk_size=64).SerializeToString()
        read = [stock.FromString(raw) async for raw in channel.unary_stream(GET_EMBEDDINGS)(request)]
        ours = await served.rows()
    assert (
        np.array([row.vector for chunk in read for row in chunk.rows], np.float32).tobytes()
        == vectors(COUNT, 384).tobytes()
    )
    assert b"".join(row.vector for row in ours) == vectors(COUNT, 384).tobytes()


async def test_a_changed_file_is_seen_by_the_next_request_and_not_by_the_stream_under_way(tmp_path: Path) -> None:
    path = tmp_path / "rows.pkl"
    recruits(COUNT).to_pandas().to_pickle(path)
    async with (
        serving(tmp_path, {"recruit": path}) as served,
        open_channel(served.target, served.settings.grpc) as channel,
    ):
        request = pb.StreamEmbeddingRequest(chunk_size=10).SerializeToString()
        call = channel.unary_stream(GET_EMBEDDINGS)(request)
        first = pb.RowChunk.FromString(await call.read())
        recruits(20, seed=2).to_pandas().to_pickle(path)
        assert len(await served.rows()) == 20
        rest = [pb.RowChunk.FromString(raw) async for raw in _rest(call)]
        assert [row.id for chunk in (first, *rest) for row in chunk.rows] == ids(COUNT)


async def _rest(call: Any) -> Any:
    """What a call that was read from still holds."""
    while (raw := await call.read()) is not grpc.aio.EOF:
        yield raw


async def test_a_file_that_became_unreadable_is_told_until_it_is_mended(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(5))
    async with serving(tmp_path, {"recruit": path}) as served:
        check = served.part.checks[0]
        await check.run()
        path.write_bytes(b"PAR1 and no more")
        for _ in range(2):
            code, details = await refused(served)
            assert code is grpc.StatusCode.FAILED_PRECONDITION
            assert "rows.parquet is no whole Parquet file" in details
        with pytest.raises(HirehubError, match="cannot be read"):
            await check.run()
        path.unlink()
        assert (await refused(served))[0] is grpc.StatusCode.UNAVAILABLE
        write(path, recruits(6))
        assert len(await served.rows()) == 6
        await check.run()


async def test_a_file_that_cannot_be_read_ends_the_start(tmp_path: Path) -> None:
    path = tmp_path / "rows.pkl"
    path.write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(HirehubError, match=r"the pickle names os\.system"):
        async with serving(tmp_path, {"recruit": path}):
            pass


async def test_rows_that_cannot_be_sent_are_told_at_the_start_and_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.pkl"
    recruits(5, Exp_Years=[1, 2, 1 << 40, 3, 4]).to_pandas().to_pickle(path)
    async with serving(tmp_path, {"recruit": path}) as served:
        assert served.part.notes == (
            "recruit: rows.pkl, 5 rows; 1 cannot be sent (row 2 of rows.pkl: Exp Years holds a number beyond 32 bits)",
        )
        assert len(await served.rows()) == 4
    written = "".join(capsys.readouterr())
    assert "rows_cannot_be_sent" in written
    assert "rows.pkl:2" in written


async def test_a_slow_reader_makes_the_server_wait_in_bounded_memory(tmp_path: Path) -> None:
    """80,000 rows of 384 floats, 123 MB, to a reader that takes one chunk and then nothing."""
    path = write(tmp_path / "rows.parquet", recruits(80_000, dimension=384), group=5000)
    process = psutil.Process()
    async with serving(tmp_path, {"recruit": path}) as served:
        await served.rows(after=ids(80_000)[78_000])
        async with open_channel(served.target, served.settings.grpc) as channel:
            gc.collect()
            before = process.memory_info().rss
            call = channel.unary_stream(GET_EMBEDDINGS)(b"")
            rows = len(pb.RowChunk.FromString(await call.read()).rows)
            await asyncio.sleep(2)
            grown = process.memory_info().rss - before
            async for raw in _rest(call):
                rows += len(pb.RowChunk.FromString(raw).rows)
    assert rows == 80_000
    assert grown < 62_000_000, "half of what is to be sent"


async def test_many_readers_at_once_share_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "rows.pkl"
    recruits(3000, dimension=384).to_pandas().to_pickle(path)
    async with serving(tmp_path, {"recruit": path}) as served:
        found = await asyncio.gather(*(served.chunks(chunk_size=100 + at) for at in range(16)))
        files = [file for file in psutil.Process().open_files() if file.path.endswith("/rows")]
    assert [[row.id for chunk in chunks for row in chunk.rows] for chunks in found] == [ids(3000)] * 16
    assert len(files) == 1


async def test_a_reader_that_goes_away_frees_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_AI__STREAMS", "2")
    path = write(tmp_path / "rows.parquet", recruits(20_000, dimension=64))
    async with (
        serving(tmp_path, {"recruit": path}) as served,
        open_channel(served.target, served.settings.grpc) as channel,
    ):
        calls = [channel.unary_stream(GET_EMBEDDINGS)(b"") for _ in range(2)]
        for call in calls:
            await call.read()
        assert (await refused(served))[0] is grpc.StatusCode.ABORTED
        for call in calls:
            call.cancel()
        assert len(await _patiently(served)) == 20_000


async def _patiently(served: Served) -> list[Any]:
    """All rows, once a stream is free."""
    for _ in range(200):
        try:
            return await served.rows()
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.ABORTED:
                raise
            await asyncio.sleep(0.05)
    raise TimeoutError("no stream became free")


async def test_the_real_rows_arrive_bit_for_bit(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    folder = shared_dir() / "data" / "alpha_match"
    files = {"recruit": folder / "recruits.pkl", "candidate": folder / "candidates.parquet"}
    async with serving(tmp_path, files, {"candidate": "djinni"}) as served:
        found = await served.rows()
        candidates = await served.rows(domain="candidate")
    table = pq.read_table(folder / "recruits.parquet").sort_by("id").to_pydict()
    assert len(found) == 2139
    assert [row.id for row in found] == table["id"]
    assert [row.company_name for row in found] == table["Company Name"]
    assert [row.exp_years for row in found] == table["Exp Years"]
    assert [row.primary_keyword for row in found] == [word or "" for word in table["Primary Keyword"]]
    assert b"".join(row.vector for row in found) == np.array(table["job_post_vectors"], "<f4").tobytes()
    table = pq.read_table(folder / "candidates.parquet").sort_by("id").to_pydict()
    assert len(candidates) == 206
    assert [row.id for row in candidates] == table["id"]
    assert [row.name for row in candidates] == table["Position"]
    assert [list(row.skills) for row in candidates] == [[word] for word in table["Primary Keyword"]]
    assert [row.experience_years for row in candidates] == [int(years) for years in table["Experience Years"]]
    assert b"".join(row.vector for row in candidates) == np.array(table["candidate_vectors"], "<f4").tobytes()
