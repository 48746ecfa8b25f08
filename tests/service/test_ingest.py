"""Pulling rows from a sender: what arrives, where it goes on, and what broken streams cost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError, Invalid, LimitExceeded, Unavailable
from hirehub.kernel.grpc import UnreadableMessage
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.vectors.pipeline.reading import ForeignRows, OutOfOrder
from hirehub.services.vectors.usecases.pulling import Progress, StreamGivenUp
from tests.support.loads import checkpoint, letters, notices, pull, quick, runs
from tests.support.streams import (
    BreakOff,
    candidate,
    entity,
    fixed,
    message,
    messages,
    recruit,
    sending,
    source,
    stored,
    vector,
)
from tests.support.vectors_db import VectorsDb


def big_endian(data: bytes) -> bytes:
    """Little-endian floats as PostgreSQL sends them."""
    return b"".join(data[at : at + 4][::-1] for at in range(0, len(data), 4))


async def test_every_row_arrives_with_its_vector_bit_for_bit(vectors_database: Database, vectors_db: VectorsDb) -> None:
    rows = [recruit(number) for number in range(1000)]
    async with sending(source(rows, size=77)) as sender:
        report = await pull(vectors_database, vectors_db, sender.target)
    found = await stored(vectors_database)
    assert [row[0] for row in found] == [entity(number) for number in range(1000)]
    assert all(row[6][4:] == big_endian(vector(number)) for number, row in enumerate(found))
    assert found[4][1:5] == ("Company 4", 4, "upper", "Java")
    assert found[3][3] is None, "an empty optional text is NULL"
    assert (report.counts.received, report.counts.stored) == (1000, 1000)
    assert report.checkpoint == entity(999) == await checkpoint(vectors_database)
    assert await runs(vectors_database) == [("pull", "succeeded", 1000, 1000, 0, 0, None)]


async def test_candidates_come_the_same_way(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async with sending(source([candidate(number) for number in range(250)])) as sender:
        report = await pull(vectors_database, vectors_db, sender.target, domain="candidate")
    assert sender.requests[0].domain == "candidate"
    assert report.counts.stored == len(await stored(vectors_database, "candidate")) == 250
    assert await checkpoint(vectors_database, "recruit") is None


async def test_a_second_pull_asks_for_what_comes_after_the_checkpoint(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    rows = [recruit(number) for number in range(300)]
    async with sending(source(rows[:200]), source(rows)) as sender:
        await pull(vectors_database, vectors_db, sender.target)
        report = await pull(vectors_database, vectors_db, sender.target)
    assert [request.last_processed_uuid for request in sender.requests] == ["", str(entity(199))]
    assert report.counts.received == report.counts.stored == 100


async def test_a_full_pull_brings_changed_rows_and_leaves_equal_ones_alone(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    rows = [recruit(number) for number in range(300)]
    changed = [
        recruit(number, updated_at_micros=2 * 10**15, exp_years=40) if number % 10 == 0 else rows[number]
        for number in range(300)
    ]
    async with sending(source(rows), source(changed)) as sender:
        await pull(vectors_database, vectors_db, sender.target)
        report = await pull(vectors_database, vectors_db, sender.target, full=True)
    assert sender.requests[1].last_processed_uuid == ""
    assert (report.counts.stored, report.counts.skipped) == (30, 270)
    assert [row[2] for row in await stored(vectors_database)][:11:10] == [40, 40]
    assert await checkpoint(vectors_database) == entity(299)


async def test_an_empty_stream_is_a_load_of_nothing(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async with sending([]) as sender:
        report = await pull(vectors_database, vectors_db, sender.target)
    assert (report.counts.received, report.checkpoint) == (0, None)
    assert await runs(vectors_database) == [("pull", "succeeded", 0, 0, 0, 0, None)]


async def test_a_stream_that_breaks_often_but_moves_on_ends_well(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """30 breaks with 2 attempts allowed: attempts are counted between two moments of progress."""
    rows = [recruit(number) for number in range(300)]
    async with sending(source(rows, size=10, break_after=1)) as sender:
        report = await pull(vectors_database, vectors_db, sender.target, settings=quick(attempts=2))
    assert report.breaks >= 30
    assert report.counts.received == report.counts.stored == len(await stored(vectors_database)) == 300


async def test_one_id_more_between_breaks_is_progress_too(vectors_database: Database, vectors_db: VectorsDb) -> None:
    """Each stream brings two ids; of the second nobody knows whether more rows of it were on their way."""
    async with sending(source([recruit(number) for number in range(8)], size=2, break_after=1)) as sender:
        report = await pull(vectors_database, vectors_db, sender.target, settings=quick(attempts=2))
    assert (report.breaks, report.counts.stored) == (6, 8)


async def test_a_break_within_the_only_id_that_came_loses_none_of_its_rows(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Where the rows of an id that stands alone are stored at the break, only the oldest of them is."""
    rows = [recruit(1, exp_years=version, updated_at_micros=2 * 10**15 + version) for version in range(3)] + [
        recruit(2)
    ]
    async with sending(source(rows, size=1, break_after=1), source(rows)) as sender:
        report = await pull(vectors_database, vectors_db, sender.target)
    assert report.counts.received == 4
    assert [row[2] for row in await stored(vectors_database)] == [2, recruit(2).exp_years]


async def test_a_stream_without_progress_is_given_up_and_the_run_says_so(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    rows = [recruit(number) for number in range(40)]
    async with sending(source(rows, size=20, break_after=1), source(rows, break_after=0)) as sender:
        with pytest.raises(StreamGivenUp, match="broke off 3 times in a row without a new row"):
            await pull(vectors_database, vectors_db, sender.target, settings=quick(attempts=3))
    assert len(sender.requests) == 4
    ((_, status, received, *_, failure),) = await runs(vectors_database)
    assert (status, received) == ("failed", 19), "the rows of the last id wait, as more of them may be on their way"
    assert "broke off 3 times" in failure
    assert await checkpoint(vectors_database) == entity(18)
    assert [domain for _, domain in await notices(vectors_database)] == ["recruit"], "the API servers will be told"


async def test_a_break_between_two_rows_of_one_id_loses_neither(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Without `between_ids` in the cutter the checkpoint stands on the id after its first row: the newer is lost."""
    older, newer = recruit(5, company_name="Older"), recruit(5, company_name="Newer", updated_at_micros=2 * 10**15)
    rows = [recruit(1), recruit(2), older, newer, recruit(9)]
    async with sending(source(rows, size=3, break_after=1), source(rows, size=3)) as sender:
        report = await pull(vectors_database, vectors_db, sender.target)
    assert {row[0]: row[1] for row in await stored(vectors_database)}[entity(5)] == "Newer"
    assert (report.counts.stored, report.counts.skipped) == (4, 1)


async def test_rows_out_of_order_end_the_run_with_both_ids(vectors_database: Database, vectors_db: VectorsDb) -> None:
    parts = [message([recruit(1), recruit(2)]), message([recruit(4), recruit(3)])]
    async with sending(parts) as sender:
        with pytest.raises(OutOfOrder, match=f"{entity(3)} came after {entity(4)}") as caught:
            await pull(vectors_database, vectors_db, sender.target)
    assert "--unordered" in caught.value.hint
    assert await checkpoint(vectors_database) == entity(1)
    assert (await runs(vectors_database))[0][1] == "failed"


async def test_unordered_rows_are_all_loaded_and_the_checkpoint_moves_at_the_end(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """The stream breaks once in the middle, and begins again from where the load began."""
    rows = [recruit(number * 37 % 200) for number in range(200)]
    seen = []

    async def broken(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        for part in messages(rows, 50)[:3]:
            yield part
        await asyncio.sleep(0.2)
        seen.append(await checkpoint(vectors_database))
        raise BreakOff

    async with sending(broken, fixed(messages(rows, 50))) as sender:
        report = await pull(vectors_database, vectors_db, sender.target, unordered=True)
    assert seen == [None]
    assert [request.last_processed_uuid for request in sender.requests] == ["", ""]
    assert await checkpoint(vectors_database) == entity(199)
    assert report.counts.stored == len(await stored(vectors_database)) == 200


async def test_bad_rows_are_dead_letters_and_the_checkpoint_passes_them(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    rows = [recruit(1), recruit(2, vector=vector(2)[:-8]), recruit(3, exp_years=-4), recruit(4, id="no id")]
    async with sending(fixed([message(rows)])) as sender:
        report = await pull(vectors_database, vectors_db, sender.target)
        await pull(vectors_database, vectors_db, sender.target, full=True)
    assert report.counts.causes == {"wrong_dimension": 1, "negative_number": 1, "bad_id": 1}
    assert report.checkpoint == await checkpoint(vectors_database) == entity(3), "the last sound id"
    assert sorted((cause, str(dead), seen) for cause, dead, _, _, seen in await letters(vectors_database)) == [
        ("bad_id", "None", 2),
        ("negative_number", str(entity(3)), 2),
        ("wrong_dimension", str(entity(2)), 2),
    ]
    assert [row[2:6] for row in await runs(vectors_database)] == [(4, 1, 0, 3), (4, 0, 1, 3)]


async def test_text_that_is_not_utf8_ends_the_run_and_keeps_what_came_before(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    bad = message([recruit(3, company_name="abc")]).replace(b"abc", b"\xed\xa0\x80")
    async with sending([message([recruit(1), recruit(2)]), bad]) as sender:
        with pytest.raises(UnreadableMessage, match="not UTF-8"):
            await pull(vectors_database, vectors_db, sender.target)
    assert await checkpoint(vectors_database) == entity(1)


async def test_rows_of_the_other_domain_are_an_error(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async with sending([message([candidate(1)])]) as sender:
        with pytest.raises(ForeignRows, match="candidate"):
            await pull(vectors_database, vectors_db, sender.target)
    assert not await stored(vectors_database, "candidate")


async def test_a_refusal_is_not_asked_for_again(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async def refuse(request: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        if request.domain == "recruit":
            raise Invalid("there is no such domain here")
        yield b""

    async with sending(refuse) as sender:
        with pytest.raises(Invalid, match="there is no such domain here"):
            await pull(vectors_database, vectors_db, sender.target)
    assert len(sender.requests) == 1


async def test_nobody_at_the_address_is_told_after_a_few_attempts(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        await pull(vectors_database, vectors_db, "127.0.0.1:9", settings=quick(attempts=2))
    assert (await runs(vectors_database))[0][1] == "failed"


async def test_a_message_above_the_limit_ends_the_run_by_name(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    parts = [message([recruit(1), recruit(2)]), message([recruit(3, primary_keyword="x" * 200_000)])]
    async with sending(parts) as sender:
        with pytest.raises(LimitExceeded):
            await pull(vectors_database, vectors_db, sender.target, grpc=GrpcSettings(max_message=100_000))
    assert len(sender.requests) == 1
    assert [row[0] for row in await stored(vectors_database)] == [entity(1)]


async def test_a_silent_stream_is_given_up_after_the_idle_time(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    async def silent(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        await asyncio.sleep(30)
        yield b""

    async with sending(silent) as sender:
        with pytest.raises(StreamGivenUp, match=r"sent nothing for 0\.2 seconds"):
            await pull(
                vectors_database,
                vectors_db,
                sender.target,
                settings=quick(attempts=2),
                grpc=GrpcSettings(idle_timeout=0.2),
            )


async def endless(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
    """Rows without end."""
    number = 0
    while True:
        yield message(recruit(at) for at in range(number, number + 50))
        number += 50


async def test_an_interrupted_pull_keeps_what_is_durable(vectors_database: Database, vectors_db: VectorsDb) -> None:
    enough = asyncio.Event()

    def note(progress: Progress) -> None:
        if progress.counts.stored >= 300:
            enough.set()

    async with sending(endless) as sender:
        task = asyncio.create_task(pull(vectors_database, vectors_db, sender.target, progress=note))
        await asyncio.wait_for(enough.wait(), 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    ((_, status, received, stored_rows, *_),) = await runs(vectors_database)
    found = await stored(vectors_database)
    assert status == "cancelled"
    assert received == stored_rows == len(found) >= 300
    assert await checkpoint(vectors_database) == found[-1][0]


async def test_a_run_that_is_cancelled_by_others_ends_clean(vectors_database: Database, vectors_db: VectorsDb) -> None:
    asked = asyncio.Event()

    async def ask_to_stop() -> None:
        await asked.wait()
        async with vectors_database.transaction() as tx:
            await tx.execute("UPDATE run SET cancel_requested = true")

    async with sending(endless) as sender, asyncio.TaskGroup() as tasks:
        tasks.create_task(ask_to_stop())
        with pytest.raises(HirehubError) as caught:
            await pull(
                vectors_database,
                vectors_db,
                sender.target,
                settings=quick(lease=0.6),
                progress=lambda _: asked.set(),
            )
    assert caught.value.code == "run_cancelled"
    ((_, status, received, *_),) = await runs(vectors_database)
    found = await stored(vectors_database)
    assert (status, received) == ("cancelled", len(found))
    assert await checkpoint(vectors_database) == found[-1][0]


async def test_rows_of_a_slow_stream_are_stored_while_it_pauses(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    seen = []

    async def slow(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        yield message([recruit(1), recruit(2)])
        for _wait in range(50):
            await asyncio.sleep(0.1)
            if await checkpoint(vectors_database) is not None:
                seen.append(await checkpoint(vectors_database))
                break
        yield message([recruit(3)])

    async with sending(slow) as sender:
        await pull(vectors_database, vectors_db, sender.target)
    assert seen == [entity(1)]
    assert len(await stored(vectors_database)) == 3
