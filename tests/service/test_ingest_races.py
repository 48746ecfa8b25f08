"""The races of loading, each provoked on purpose. Every docstring says which guard, taken out, lets the test fail."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from hirehub.kernel.clock import SystemClock
from hirehub.kernel.db import Database, DatabaseBusy, DatabaseUnavailable, Transaction
from hirehub.kernel.settings import DatabaseSettings
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.domain.domains import RECRUIT
from hirehub.services.vectors.pipeline import lane as lanes
from hirehub.services.vectors.pipeline.copybuffers import stage_copy
from hirehub.services.vectors.pipeline.decoding import decode
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.lane import Lane
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.storing import Outcome, store_group
from hirehub.services.vectors.settings import IngestSettings, VectorsSettings
from hirehub.services.vectors.store import rows
from tests.support.loads import checkpoint, pull, push, quick, runs
from tests.support.proxies import wire_to
from tests.support.streams import Row, entity, message, messages, recruit, sending, source, stored, vector
from tests.support.vectors_db import VectorsDb

TIME = 1_700_000_000_000_000
Seal = Callable[[Transaction, Group, Outcome], Awaitable[None]]


def group_of(*sent: Row) -> Group:
    arrival = SystemClock().micros()
    return decode(Rules.of(VectorsSettings(), "recruit"), sent, arrival_micros=arrival).settled()


def version(number: int, at: int) -> Row:
    """A row whose metadata and vector both tell its version."""
    return recruit(number, exp_years=at, vector=vector(at), updated_at_micros=TIME + at)


async def no_books(tx: Transaction, group: Group, outcome: Outcome) -> None:
    """A seal that writes nothing."""


async def nothing(tx: Transaction) -> int:
    """What those books count."""
    return 0


@asynccontextmanager
async def lane_on(database: Database, *, seal: Seal = no_books, **changes: int) -> AsyncIterator[Lane]:
    settings = IngestSettings(backoff=0.01, backoff_limit=0.05, **changes)
    async with Lane(database, settings, RECRUIT, seal=seal, counted=nothing) as lane:
        yield lane


async def whole_rows(database: Database) -> list[int]:
    """The version of each row, in order of id; AssertionError where metadata and vector differ in theirs."""
    found = []
    for row in await stored(database):
        sent = vector(row[2])
        assert row[6][4:] == b"".join(sent[at : at + 4][::-1] for at in range(0, len(sent), 4))
        assert row[5] == row[7]
        found.append(row[2])
    return found


async def test_an_older_row_cannot_overtake_a_newer_one_that_commits_between(vectors_database: Database) -> None:
    """Without the second look at who wins in `_UPDATE`, the older row, compared before, overwrites the newer."""
    await _store(vectors_database, version(1, 1))
    async with vectors_database.transaction() as slow:
        await rows.stage(slow, RECRUIT, (stage_copy(group_of(version(1, 2))),))
        compared = await rows.compare(slow, RECRUIT)
        assert compared.changed == [entity(1)], "it would win over what is there now"
        await _store(vectors_database, version(1, 3))
        assert await rows.update(slow, RECRUIT, compared.changed) == []
    assert await whole_rows(vectors_database) == [3]


async def test_a_row_that_others_add_meanwhile_is_merged_not_lost(vectors_database: Database) -> None:
    """Without the next round in `_merge`, the newer row here is counted as skipped, and the older one stays."""
    held, go = asyncio.Event(), asyncio.Event()

    async def add_older() -> None:
        async with vectors_database.transaction() as tx:
            await store_group(tx, group_of(version(1, 1)))
            held.set()
            await go.wait()

    adding = asyncio.create_task(add_older())
    await held.wait()
    newer = asyncio.create_task(_store(vectors_database, version(1, 2)))
    await asyncio.sleep(0.3)
    go.set()
    await adding
    assert (await newer).counts.stored == 1
    assert await whole_rows(vectors_database) == [2]


async def test_a_row_that_becomes_equal_while_it_waits_is_skipped(vectors_database: Database) -> None:
    """Without `_LOCK` before `_UPDATE`, the vector that it is compared with is the one from before the wait."""
    mine = recruit(1, vector=vector(2), updated_at_micros=TIME)
    await _store(vectors_database, recruit(1, updated_at_micros=TIME))
    async with vectors_database.transaction() as gate:
        assert (await store_group(gate, group_of(mine))).counts.stored == 1
        waiting = asyncio.create_task(_store(vectors_database, mine))
        await asyncio.sleep(0.3)
    assert (await waiting).counts == Counts(received=1, skipped=1)


async def _store(database: Database, *sent: Row) -> Outcome:
    async with database.transaction() as tx:
        return await store_group(tx, group_of(*sent))


async def test_the_vector_follows_its_metadata_also_when_another_row_was_first(vectors_database: Database) -> None:
    """Where `_merge` stores the vectors of all rows that looked like winners, and not only of those whose metadata it
    could write (`written`), the row ends with the metadata of the newer version and the vector of the older.
    """
    async with vectors_database.transaction() as gate:
        await store_group(gate, group_of(version(1, 9)))
        older = asyncio.create_task(_store(vectors_database, version(1, 2), version(2, 2)))
        await asyncio.sleep(0.3)
    assert (await older).counts == Counts(received=2, stored=1, skipped=1)
    assert await whole_rows(vectors_database) == [9, 2]


async def test_metadata_and_vector_belong_together_after_many_loads_at_once(vectors_database: Database) -> None:
    """Six loads of the same ids. Any of the guards in `_merge` taken out lets this fail now and then."""

    async def load(at: int) -> None:
        for start in (0, 3, 1):
            async with lane_on(vectors_database, attempts=20) as lane:
                await lane.put(group_of(*(version(number, at) for number in range(start, start + 6))))
                await lane.drain()

    await asyncio.gather(*(load(at) for at in (5, 2, 9, 7, 1, 8)))
    assert await whole_rows(vectors_database) == [9] * 9


async def test_one_id_in_two_chunks_at_once_ends_as_the_newer(vectors_database: Database) -> None:
    """Each group shares an id with the one before it. Without `sharing` in the lane, a group holds the row that the one
    before it needs, and waits for that one's commit: a circle that only the bound on turns opens, again and again.
    """
    began = time.monotonic()
    async with lane_on(vectors_database, writers=4) as lane:
        for at in range(24):
            await lane.put(group_of(version(1, at % 20), version(100 + at, at)))
        await lane.drain()
    assert (await whole_rows(vectors_database))[0] == 19
    assert time.monotonic() - began < 4 * lanes.TURN_SECONDS


async def test_two_loads_that_wait_for_each_other_in_a_circle_both_end(
    vectors_db: VectorsDb,
) -> None:
    """Load A stores X, then Y; load B stores Y, then X. Their second groups are stored first and wait for their turns.

    PostgreSQL sees no circle, as half of it is waiting for turns. Without the bound on that wait, both hang until the
    locks time out, a minute here.
    """
    x, y, a, b = 50, 60, 1, 2
    patient = DatabaseSettings(lock_timeout=60, pool_size=10)
    settings = vectors_db.settings.model_copy(update={"database": patient})
    async with VectorsDb(settings).database() as database, asyncio.timeout(30):
        async with database.transaction() as gate:
            await store_group(gate, group_of(version(a, 1), version(b, 1)))
            async with lane_on(database) as one, lane_on(database) as other:
                await one.put(group_of(version(a, 3), version(x, 3)))
                await other.put(group_of(version(b, 4), version(y, 4)))
                await one.put(group_of(version(y, 3)))
                await other.put(group_of(version(x, 4)))
                await asyncio.sleep(0.5)
                await gate.execute("COMMIT")
                await asyncio.gather(one.drain(), other.drain())
        assert await whole_rows(database) == [3, 4, 4, 4]


async def test_groups_commit_in_the_order_in_which_they_came(vectors_database: Database) -> None:
    """The first group is held back. Without the wait for its turn, a later one commits before it: a gap below the
    checkpoint.
    """
    sealed: list[UUID] = []

    async def note(tx: Transaction, group: Group, outcome: Outcome) -> None:
        sealed.append(UUID(bytes=group.ids[0]))

    async with vectors_database.transaction() as gate:
        await store_group(gate, group_of(version(1, 1)))
        async with lane_on(vectors_database, seal=note, writers=3) as lane:
            for number in range(1, 6):
                await lane.put(group_of(version(number, 2)))
            await asyncio.sleep(0.5)
            assert sealed == []
            assert len(await stored(vectors_database)) == 0
            await gate.execute("COMMIT")
            await lane.drain()
    assert sealed == [entity(number) for number in range(1, 6)]


async def test_a_group_that_fails_takes_those_after_it_with_it(vectors_database: Database) -> None:
    """Where a failed group counts as done (`set_exception` in `_work`), the next commits beyond the gap it leaves."""

    async def refuse_second(tx: Transaction, group: Group, outcome: Outcome) -> None:
        if group.ids[0] == entity(2).bytes:
            raise ZeroDivisionError

    async with lane_on(vectors_database, seal=refuse_second, writers=2) as lane:
        for number in (1, 2, 3):
            await lane.put(group_of(version(number, 1)))
        with pytest.raises(ZeroDivisionError):
            await lane.drain()
    assert [row[0] for row in await stored(vectors_database)] == [entity(1)]


async def test_the_queue_is_bounded(vectors_database: Database) -> None:
    """Without the limit of the queue, `put` never waits, and a slow database fills the memory."""

    async def fill(lane: Lane) -> None:
        for number in range(1, 20):
            await lane.put(group_of(version(number, 2)))

    async with vectors_database.transaction() as gate:
        await store_group(gate, group_of(version(1, 1)))
        async with lane_on(vectors_database, writers=2, queue=3) as lane:
            filling = asyncio.create_task(fill(lane))
            await asyncio.wait({filling}, timeout=1)
            assert not filling.done()
            filling.cancel()
            await gate.execute("COMMIT")


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_connection_that_breaks_at_the_commit_counts_every_row_once(
    vectors_db: VectorsDb, vectors_database: Database, tmp_path: Path, moment: str
) -> None:
    """The stream of rows goes on while the connection dies as the checkpoint is moved: once before the server sees the
    COMMIT, once after it has committed, with the answer lost. Without the look into the books in `Lane._store`, the
    second counts its rows twice.
    """
    sent = [recruit(number) for number in range(500)]
    async with wire_to(vectors_db.dsn(), tmp_path) as wire, await Database.open(wire.dsn) as database:
        async with sending(source(sent, pause=0.05, size=50)) as sender:
            loading = asyncio.create_task(pull(database, vectors_db, sender.target, settings=quick(rows_per_write=40)))
            await asyncio.sleep(0.3)
            wire.arm(moment)
            report = await loading
        assert wire.cuts == 1
    assert report.counts == Counts(received=500, stored=500)
    assert await runs(vectors_database) == [("pull", "succeeded", 500, 500, 0, 0, None)]
    assert await checkpoint(vectors_database) == entity(499)
    assert len(await stored(vectors_database)) == 500


async def test_a_database_that_stays_away_ends_the_load_by_name(
    vectors_db: VectorsDb, vectors_database: Database, tmp_path: Path
) -> None:
    """Without the bound on attempts the load tries for ever."""
    async with (
        wire_to(vectors_db.dsn(), tmp_path) as wire,
        await Database.open(wire.dsn, settings=DatabaseSettings(connect_timeout=1)) as database,
        lane_on(database, attempts=2) as lane,
    ):
        for name in tmp_path.iterdir():
            name.unlink()
        wire.arm("before")
        await lane.put(group_of(version(1, 1)))
        with pytest.raises((DatabaseUnavailable, DatabaseBusy)):
            await lane.drain()
    assert not await stored(vectors_database)


async def test_an_upload_beside_a_pull_leaves_the_newest_rows(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Two loads of one domain at once, by the two ways that the product allows. Without the comparison of times under
    the row's lock, the slower one wins.
    """
    pulled = [version(number, 5) for number in range(400)]
    pushed = [version(number, 7 if number % 2 else 3) for number in range(400)]
    async with sending(source(pulled, size=40)) as sender:
        report, summary = await asyncio.gather(
            pull(vectors_database, vectors_db, sender.target, settings=quick(rows_per_write=50)),
            push(vectors_database, vectors_db, messages(pushed, 60), settings=quick(rows_per_write=70)),
        )
    assert await whole_rows(vectors_database) == [7 if number % 2 else 5 for number in range(400)]
    assert report.counts.received == summary.counts.received == 400
    assert await checkpoint(vectors_database) == entity(399)


async def test_two_uploads_with_the_same_bad_rows_leave_one_dead_letter_each(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Without the unique fingerprint there are two; without its order in one statement, the two uploads deadlock."""
    bad = [message([recruit(number, vector=b"") for number in range(50)])]
    await asyncio.gather(*(push(vectors_database, vectors_db, bad) for _ in range(4)))
    async with vectors_database.read() as tx:
        assert await tx.fetch_one("SELECT count(*), min(seen), max(seen) FROM dlq") == (50, 4, 4)
