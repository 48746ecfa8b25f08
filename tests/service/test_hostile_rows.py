"""Rows and streams that mean harm: each ends as a dead letter or a named error, and nothing else is lost.

Memory stays bounded.
"""

import asyncio
import json
import os
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from itertools import count

import grpc
import pytest

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.kernel.db import Database
from hirehub.kernel.settings import GrpcSettings
from tests.support.api import execute
from tests.support.batch import batch_server
from tests.support.cli import ROOT
from tests.support.loads import letters, quick, runs
from tests.support.streams import (
    DIMENSION,
    Row,
    candidate,
    entity,
    message,
    messages,
    recruit,
    sending,
    stored,
    vector,
)
from tests.support.vectors_db import VectorsDb

HOSTILE: list[tuple[str, Row]] = [
    ("wrong_dimension", recruit(1, vector=vector(1, 768))),
    ("wrong_dimension", recruit(2, vector=vector(2)[:-1])),
    ("wrong_dimension", recruit(3, vector=vector(3, 1))),
    ("not_finite", recruit(4, vector=struct.pack("<f", float("nan")) * DIMENSION)),
    ("not_finite", recruit(5, vector=vector(5)[:-4] + struct.pack("<f", float("inf")))),
    ("not_finite", recruit(6, vector=struct.pack("<f", float("-inf")) + vector(6)[4:])),
    ("not_finite", recruit(7, vector=b"\x01\x00\xa0\x7f" + vector(7)[4:])),
    ("bad_text", recruit(8, company_name="a\0b")),
    ("bad_text", recruit(9, primary_keyword="\0" * 1000)),
    ("negative_number", recruit(10, exp_years=-(2**31))),
    ("bad_number", recruit(11, updated_at_micros=2**63 - 1)),
    ("bad_id", recruit(12, id="'; DROP TABLE recruit_metadata; --")),
    ("bad_id", recruit(13, id="0" * 100_000)),
    ("bad_id", recruit(14, id="\0" * 36)),
    ("unknown_level", recruit(15, english_level="'; DELETE FROM dlq; --")),
    ("missing_field", pb.RecruitRow()),
    ("database_error", recruit(16, company_name="".join(chr(0x4E00 + at * 7 % 20_000) for at in range(50_000)))),
    ("too_long", candidate(17, name="n" * 1_000_000)),
    ("bad_number", candidate(18, expected_salary=-(2**31))),
    ("bad_text", candidate(19, skills=["a"] * 1000 + ["\0"])),
    ("database_error", candidate(20, skills=["".join(chr(0x4E00 + at) for at in range(9000))])),
]


async def test_every_hostile_row_dies_alone_with_its_cause(vectors_database: Database, vectors_db: VectorsDb) -> None:
    """Each stands between sound rows, all in one stream."""
    sound = [recruit(1000 + number) for number in range(len(HOSTILE) + 1)]
    rows: list[Row] = [row for pair in zip(sound, [row for _, row in HOSTILE], strict=False) for row in pair]
    async with batch_server(vectors_database, vectors_db) as client:
        result = await client.upload(messages([*rows, sound[-1]], 5))
    assert (result.stored_rows, result.dead_lettered_rows) == (len(sound), len(HOSTILE))
    assert [row[0] for row in await stored(vectors_database)] == [entity(1000 + at) for at in range(len(sound))]
    assert sorted(row[0] for row in await letters(vectors_database)) == sorted(cause for cause, _ in HOSTILE)


async def test_extreme_but_sound_rows_are_stored(vectors_database: Database, vectors_db: VectorsDb) -> None:
    largest = struct.pack("<f", 3.4028234663852886e38) * DIMENSION
    smallest = struct.pack("<I", 1) * DIMENSION
    rows = [
        recruit(1, vector=bytes(4 * DIMENSION)),
        recruit(2, vector=largest),
        recruit(3, vector=smallest),
        recruit(4, exp_years=2**31 - 1, company_name="𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u202e\ufeff\n\t'\"\\", primary_keyword="k" * 100_000),
        recruit(5, updated_at_micros=1),
    ]
    async with batch_server(vectors_database, vectors_db) as client:
        result = await client.upload([message(rows)])
    assert (result.stored_rows, result.dead_lettered_rows) == (5, 0)
    found = await stored(vectors_database)
    assert found[3][1] == rows[3].company_name
    assert found[2][6][4:] == struct.pack(">I", 1) * DIMENSION


async def test_a_row_of_a_hundred_megabytes_is_refused_by_name(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    huge = message([recruit(2, company_name="x" * 100_000_000)])

    async def stream() -> AsyncIterator[bytes]:
        yield message([recruit(1)])
        await asyncio.sleep(1.5)
        yield huge

    async with batch_server(vectors_database, vectors_db) as client:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.upload(stream())
        after = await client.upload([message([recruit(3)])])
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert after.stored_rows == 1
    assert [row[0] for row in await stored(vectors_database)] == [entity(1), entity(3)]
    assert "running" not in {row[1] for row in await runs(vectors_database)}


async def test_a_message_of_many_tiny_rows_is_cut_to_size(vectors_database: Database, vectors_db: VectorsDb) -> None:
    rows = [pb.RecruitRow(id=str(entity(number)), exp_years=1) for number in range(20_000)]
    async with batch_server(vectors_database, vectors_db, settings=quick(rows_per_write=500)) as client:
        result = await client.upload([message([*rows, recruit(1)])])
    assert (result.stored_rows, result.dead_lettered_rows) == (1, 20_000)


@pytest.mark.parametrize("rich", [b"\x0a\x00" * 1_000_000, b"\x0a\x80\x80\x40" + b"\x32\x00" * 2**19])
async def test_a_message_that_would_become_a_thousand_times_itself_is_refused_by_name(
    vectors_database: Database, vectors_db: VectorsDb, rich: bytes
) -> None:
    """A million empty rows, and a row whose vector comes in half a million empty pieces."""
    async with batch_server(vectors_database, vectors_db) as client:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.upload([message([recruit(1)]), rich])
        after = await client.upload([message([recruit(3)])])
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "are taken" in (caught.value.details() or "")
    assert after.stored_rows == 1
    assert [row[0] for row in await stored(vectors_database)] == [entity(1), entity(3)]


async def test_slow_senders_do_not_keep_others_out(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async def slow(number: int) -> AsyncIterator[bytes]:
        yield message([recruit(number)])
        await asyncio.sleep(60)

    limits = GrpcSettings(idle_timeout=2)
    async with batch_server(vectors_database, vectors_db, grpc_settings=limits) as client:
        stalled = [asyncio.create_task(client.upload(slow(number))) for number in range(30)]
        await asyncio.sleep(0.5)
        result = await client.upload([message([recruit(100)])])
        ends = await asyncio.gather(*stalled, return_exceptions=True)
    assert result.stored_rows == 1
    assert {end.code() for end in ends if isinstance(end, grpc.aio.AioRpcError)} == {grpc.StatusCode.DEADLINE_EXCEEDED}
    assert len(ends) == 30
    assert len(await stored(vectors_database)) == 31


async def test_an_endless_stream_is_loaded_in_bounded_memory(vectors_database: Database, vectors_db: VectorsDb) -> None:
    """The receiver is the product's own process; it stops itself after 45,000 rows, 70 MB of them."""
    execute(vectors_db, "DROP INDEX recruit_embedding_ann")  # as a first load does
    chunk = [messages([recruit(number) for number in range(300)], 300)[0]]

    async def endless(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        first = pb.RowChunk.FromString(chunk[0])
        for start in count(0, 300):
            for at, row in enumerate(first.rows):
                row.id = str(entity(start + at))
            yield first.SerializeToString()

    async with sending(endless) as sender:
        environment = {**os.environ, **vectors_db.environment, "WATCHED": "45000"}
        words = [sys.executable, "-m", "tests.support.watched_pull", sender.target]
        done = await asyncio.to_thread(
            subprocess.run, words, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=120
        )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["stored"] >= 44_000
    assert told["peak_mebibytes"] < 285, "300 MB"
