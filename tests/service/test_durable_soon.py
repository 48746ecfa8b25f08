"""What was received is durable within moments, however slowly the rest comes and whatever ends the load."""

import asyncio
import time
from collections.abc import AsyncIterator

import grpc
import pytest

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.kernel.db import Database
from tests.support.batch import Client, batch_server
from tests.support.loads import checkpoint, pull, quick, runs
from tests.support.streams import Row, candidate, entity, fixed, message, recruit, sending, stored, trickle
from tests.support.vectors_db import VectorsDb
from tests.support.waiting import eventually


async def test_rows_that_trickle_in_are_durable_before_they_fill_a_group(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Rows that come faster than one a second, in a pull. Where only a pause stores what waits, all 100 come before."""
    seen = []

    async def slow(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        for number in range(30):
            yield message([recruit(number)])
            await asyncio.sleep(0.2)
            if await checkpoint(vectors_database) is not None:
                seen.append(number)
                return

    async with sending(slow) as sender:
        await pull(vectors_database, vectors_db, sender.target)
    assert seen, "nothing was durable after 6 seconds"
    assert seen[0] <= 15


async def test_a_row_does_not_wait_for_those_of_the_other_domain(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """One candidate, and recruits that fill a group each time. With one age for both domains it waits for the end."""

    async def one_among_many() -> AsyncIterator[bytes]:
        yield message([candidate(1)])
        for number in range(30):
            yield message([recruit(5 * number + at) for at in range(5)])
            await asyncio.sleep(0.2)

    async def stored_candidate() -> bool:
        return bool(await stored(vectors_database, "candidate"))

    async with batch_server(vectors_database, vectors_db, settings=quick(rows_per_write=4)) as client:
        upload = asyncio.create_task(client.upload(one_among_many()))
        async with asyncio.timeout(4):
            await eventually(stored_candidate)
        assert not upload.done()
        upload.cancel()


async def _leave(client: Client, rows: list[Row]) -> None:
    """Sends rows that fill no group, and goes away at once."""
    upload = asyncio.create_task(client.upload(trickle(rows, pause=0.02)))
    await asyncio.sleep(0.3)
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload


async def test_a_sender_that_goes_away_at_once_leaves_its_rows_and_its_run(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Where a cancellation drops what waits for a group, there are no rows, and no run that tells of them."""

    async def ended() -> bool:
        return [row[1] for row in await runs(vectors_database)] == ["cancelled"]

    async with batch_server(vectors_database, vectors_db) as client:
        await _leave(client, [recruit(1), recruit(2), recruit(3, exp_years=-1)])
        await eventually(ended, "a run that was cancelled")
    assert [row[0] for row in await stored(vectors_database)] == [entity(1), entity(2)]
    assert (await runs(vectors_database))[0][:6] == ("push", "cancelled", 3, 2, 0, 1)


async def test_a_server_that_stops_stores_what_it_has_received(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Where the stop of the server does not wait for the last words of its calls, the run is open when it returns."""
    async with batch_server(vectors_database, vectors_db) as client:
        upload = asyncio.create_task(client.upload(trickle([recruit(1), recruit(2)], pause=0.02)))
        await asyncio.sleep(0.3)
    assert [row[:4] for row in await runs(vectors_database)] == [("push", "cancelled", 2, 2)]
    with pytest.raises(grpc.aio.AioRpcError):
        await upload


async def test_an_interrupted_pull_stores_what_waits_but_the_rows_of_the_last_id(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Where a cancellation drops what waits, nothing is stored. With the last id, its second row may be lost."""

    async def three(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        yield message([recruit(1), recruit(2), recruit(3)])
        await asyncio.sleep(30)

    async with sending(three) as sender:
        loading = asyncio.create_task(pull(vectors_database, vectors_db, sender.target))
        await asyncio.sleep(0.6)
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading
    assert [row[0] for row in await stored(vectors_database)] == [entity(1), entity(2)]
    assert await checkpoint(vectors_database) == entity(2)
    assert (await runs(vectors_database))[0][:4] == ("pull", "cancelled", 2, 2)


async def test_a_database_that_does_not_answer_holds_an_interrupted_load_for_moments_only(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Another transaction keeps a row locked. Without the bound on the last storing, the load waits for the lock."""
    rows = [recruit(number, exp_years=30, updated_at_micros=2 * 10**15) for number in range(20)]
    async with sending(fixed([message([recruit(1)])]), fixed([message(rows)])) as sender:
        await pull(vectors_database, vectors_db, sender.target)
        async with vectors_database.transaction() as gate:
            await gate.execute("SELECT FROM recruit_metadata FOR UPDATE")
            loading = asyncio.create_task(pull(vectors_database, vectors_db, sender.target, full=True))
            await asyncio.sleep(1)
            began = time.monotonic()
            loading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await loading
            assert time.monotonic() - began < 4
    assert (await runs(vectors_database))[1][:3] == ("pull", "cancelled", 0)
    assert len(await stored(vectors_database)) == 1


async def test_an_upload_that_is_asked_to_stop_keeps_what_came(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Where the heartbeat interrupts the storing instead of the upload, the rows that wait are dropped."""

    sent = 0

    async def begun() -> bool:
        return bool(await runs(vectors_database))

    async def counted() -> AsyncIterator[bytes]:
        nonlocal sent
        async for part in trickle([recruit(number) for number in range(400)], pause=0.02):
            yield part
            sent += 1

    async with batch_server(vectors_database, vectors_db, settings=quick(lease=0.6)) as client:
        upload = asyncio.create_task(client.upload(counted()))
        await eventually(begun)
        async with vectors_database.transaction() as tx:
            await tx.execute("UPDATE run SET cancel_requested = true")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await upload
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    ((_, status, received, kept, *_),) = await runs(vectors_database)
    assert (status, kept) == ("cancelled", len(await stored(vectors_database)))
    assert received == kept > sent - 15, "those on the wire when it ended may be missing"
