"""Senders that are idle, slow or empty-handed: they cost next to nothing and keep nobody out."""

import asyncio
import time
from collections.abc import AsyncIterator

import grpc
import pytest

from hirehub.kernel.db import Database
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.vectors.rpc import UPLOADS
from tests.support.batch import batch_server
from tests.support.loads import quick, runs
from tests.support.streams import message, messages, recruit, stored, trickle
from tests.support.vectors_db import VectorsDb
from tests.support.waiting import eventually

SLOW = 50


async def nothing() -> AsyncIterator[bytes]:
    """A sender that opens a call and sends nothing."""
    await asyncio.sleep(60)
    yield b""


async def heartbeats(database: Database) -> int:
    """Connections to this database that heartbeats hold."""
    async with database.read() as tx:
        return int(
            await tx.fetch_value(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'hirehub heartbeat'"
            )
        )


async def test_an_upload_gets_through_while_many_idle_and_trickling_senders_are_connected(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Where a slot is held while waiting for a sender, the upload waits for half a minute and is refused. Where each
    run's heartbeat has a connection of its own, there are 50 of them.
    """

    async def all_have_begun() -> bool:
        return len(await stored(vectors_database)) >= SLOW

    rows = [recruit(100_000 + number) for number in range(300)]
    async with batch_server(vectors_database, vectors_db, settings=quick(lease=3)) as client:
        senders = [trickle([recruit(1000 * at + row) for row in range(200)], pause=0.4) for at in range(SLOW)]
        calls = [asyncio.create_task(client.upload(sender)) for sender in (*senders, *(nothing() for _ in range(SLOW)))]
        await eventually(all_have_begun)
        took = []
        for _ in range(3):
            began = time.monotonic()
            await client.upload(messages(rows, 100))
            took.append(time.monotonic() - began)
            await asyncio.sleep(0.5)
        beating = await heartbeats(vectors_database)
        assert not any(call.done() for call in calls), "and none of the slow ones is ended for it"
        for call in calls:
            call.cancel()
        await asyncio.wait(calls)
    assert min(took) < 2
    assert max(took) < 5
    assert beating <= 1
    assert all(row[2] == row[3] + row[4] for row in await runs(vectors_database))


async def test_no_more_uploads_than_there_are_slots_are_stored_at_once(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """A locked row keeps as many uploads busy as there are slots. Without slots the next one is taken, too."""

    def newer(at: int) -> list[bytes]:
        return [message([recruit(1, updated_at_micros=2 * 10**15 + at)])]

    async with batch_server(vectors_database, vectors_db, settings=quick(wait=0.5)) as client:
        await client.upload([message([recruit(1)])])
        async with vectors_database.transaction() as gate:
            await gate.execute("SELECT FROM recruit_metadata FOR UPDATE")
            busy = [asyncio.create_task(client.upload(newer(at))) for at in range(UPLOADS)]
            await asyncio.sleep(2)
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await client.upload([message([recruit(2)])])
        results = await asyncio.gather(*busy)
    assert caught.value.code() is grpc.StatusCode.ABORTED
    assert f"{UPLOADS} uploads are under way" in (caught.value.details() or "")
    assert {result.total_rows for result in results} == {1}


@pytest.mark.parametrize("empty", [b"", b"\x78\x01"], ids=["no bytes", "no rows"])
async def test_messages_without_rows_do_not_keep_a_call_open(
    vectors_database: Database, vectors_db: VectorsDb, empty: bytes
) -> None:
    """Where any message counts as activity, this call goes on until the sender ends it."""

    async def empty_handed() -> AsyncIterator[bytes]:
        yield message([recruit(1)])
        for _ in range(60):
            yield empty
            await asyncio.sleep(0.1)

    limits = GrpcSettings(idle_timeout=0.5)
    async with batch_server(vectors_database, vectors_db, grpc_settings=limits) as client:
        with pytest.raises(grpc.aio.AioRpcError, match=r"no row came for 0\.5 seconds") as caught:
            await client.upload(empty_handed())
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert len(await stored(vectors_database)) == 1
