"""Pushing rows to the batch server: every row has a fate, and the answer tells it."""

import asyncio
from collections.abc import AsyncIterator

import grpc
import pytest

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.kernel.db import Database
from hirehub.kernel.settings import GrpcSettings
from tests.support.batch import batch_server
from tests.support.loads import checkpoint, letters, notices, quick, runs
from tests.support.streams import candidate, entity, message, messages, recruit, stored, vector
from tests.support.vectors_db import VectorsDb
from tests.support.waiting import eventually


def totals(result: pb.UploadResult) -> tuple[int, int, int, int]:
    return result.total_rows, result.stored_rows, result.skipped_rows, result.dead_lettered_rows


async def test_the_answer_tells_the_fate_of_every_row(vectors_database: Database, vectors_db: VectorsDb) -> None:
    rows = [
        *(recruit(number) for number in range(6)),
        recruit(3),
        recruit(7, vector=vector(7, 768)),
        recruit(8, vector=vector(8, 768)),
        recruit(9, vector=vector(9, 3)),
        recruit(10, exp_years=-1),
    ]
    async with batch_server(vectors_database, vectors_db) as client:
        result = await client.upload(messages(rows, 4))
    assert result.success
    assert totals(result) == (11, 6, 1, 4)
    assert result.message == (
        "recruit: 11 rows, 6 stored, 1 skipped, 4 dead-lettered"
        " (negative_number 1; wrong_dimension 3: 768, 3 floats instead of 384)"
    )
    assert await runs(vectors_database) == [("push", "succeeded", 11, 6, 1, 4, None)]


async def test_an_upload_never_moves_the_checkpoint(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async with batch_server(vectors_database, vectors_db) as client:
        await client.upload([message([recruit(5)])])
    assert await checkpoint(vectors_database) is None


async def test_the_same_rows_again_are_skipped(vectors_database: Database, vectors_db: VectorsDb) -> None:
    """Also rows that do not tell their updated_at, though they arrive later."""
    rows = [recruit(number, updated_at_micros=0) for number in range(250)]
    async with batch_server(vectors_database, vectors_db) as client:
        await client.upload(messages(rows, 30))
        before = await stored(vectors_database)
        result = await client.upload(messages(rows, 70))
    assert totals(result) == (250, 0, 250, 0)
    assert await stored(vectors_database) == before


async def test_one_stream_may_bring_rows_of_both_domains(vectors_database: Database, vectors_db: VectorsDb) -> None:
    parts = [message([recruit(1), candidate(1)]), message([candidate(2)]), message([recruit(2), recruit(3, id="")])]
    async with batch_server(vectors_database, vectors_db) as client:
        result = await client.upload(parts)
    assert totals(result) == (5, 4, 0, 1)
    assert result.message == (
        "recruit: 3 rows, 2 stored, 0 skipped, 1 dead-lettered (missing_field 1);"
        " candidate: 2 rows, 2 stored, 0 skipped"
    )
    assert len(await stored(vectors_database, "candidate")) == 2
    assert [row[1:3] for row in await runs(vectors_database)] == [("succeeded", 3), ("succeeded", 2)]


async def test_an_empty_upload_is_told_as_one(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async with batch_server(vectors_database, vectors_db) as client:
        results = [await client.upload([]), await client.upload([b"", b""])]
    assert [(result.success, result.total_rows, result.message) for result in results] == [
        (True, 0, "no rows came")
    ] * 2
    assert not await runs(vectors_database)


@pytest.mark.parametrize(
    "bad",
    [
        message([recruit(900, company_name="abc")]).replace(b"abc", b"\xed\xa0\x80"),
        b"\x0a\xff\xff\xff\xff\x0f",
        message([recruit(900)])[:-9],
    ],
    ids=["lone surrogate", "no message", "cut off"],
)
async def test_what_cannot_be_read_is_refused_and_the_rows_before_it_stay(
    vectors_database: Database, vectors_db: VectorsDb, bad: bytes
) -> None:
    parts = [*messages([recruit(number) for number in range(150)], 50), bad, message([recruit(901)])]
    async with batch_server(vectors_database, vectors_db) as client:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.upload(parts)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert [row[0] for row in await stored(vectors_database)] == [entity(number) for number in range(150)]
    assert (await runs(vectors_database))[0][:4] == ("push", "failed", 150, 150)
    assert await notices(vectors_database), "what was stored will be told to the API servers"


async def test_a_message_above_the_limit_is_told_by_its_status(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    parts = [message([recruit(1)]), message([recruit(2, company_name="x" * 2_000_000)])]
    async with batch_server(vectors_database, vectors_db, grpc_settings=GrpcSettings(max_message=1_000_000)) as client:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.upload(parts)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_sender_that_stalls_is_let_go_and_its_rows_stay(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield message([recruit(1)])
        await asyncio.sleep(30)

    async with batch_server(vectors_database, vectors_db, grpc_settings=GrpcSettings(idle_timeout=0.3)) as client:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.upload(stalling())
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert len(await stored(vectors_database)) == 1


async def test_a_sender_that_goes_away_leaves_its_rows(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async def going_away() -> AsyncIterator[bytes]:
        for part in messages([recruit(number) for number in range(400)], 100):
            yield part
        await asyncio.sleep(30)

    async def some_stored() -> bool:
        return len(await stored(vectors_database)) >= 200

    async def ended() -> bool:
        return bool((await runs(vectors_database))[0][1] != "running")

    async with batch_server(vectors_database, vectors_db) as client:
        upload = asyncio.create_task(client.upload(going_away()))
        await eventually(some_stored)
        upload.cancel()
        with pytest.raises(asyncio.CancelledError):
            await upload
        await eventually(ended)
    ((_, status, received, kept, *_),) = await runs(vectors_database)
    assert status == "cancelled"
    assert received == kept == len(await stored(vectors_database))


async def test_many_uploads_at_once_all_end_well(vectors_database: Database, vectors_db: VectorsDb) -> None:
    """More at once than are taken at a time; they share ids, and the newest row of each wins."""

    def rows(sender: int) -> list[bytes]:
        shared = (recruit(at, updated_at_micros=10**15 + sender, exp_years=sender) for at in range(60))
        return messages([*shared, recruit(1000 + sender)], 25)

    async with batch_server(vectors_database, vectors_db, settings=quick(rows_per_write=20)) as client:
        results = await asyncio.gather(*(client.upload(rows(sender)) for sender in range(12)))
    assert {result.total_rows for result in results} == {61}
    found = await stored(vectors_database)
    assert {row[2] for row in found[:60]} == {11}
    assert len(found) == 72
    assert all(row[2] == row[3] + row[4] + row[5] for row in await runs(vectors_database))
    assert not await letters(vectors_database)
