"""The checkpoint moved by hand: past it nothing is asked for, so one that lies wrong must not be for ever."""

import asyncio
from uuid import UUID, uuid4

import pytest

from hirehub.kernel.db import Database
from hirehub.kernel.ids import uuid7
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.store import lease, runs
from hirehub.services.vectors.usecases import position
from hirehub.services.vectors.usecases.holding import DomainBusy
from hirehub.services.vectors.usecases.runs import open_run
from tests.support.cli import Ran, hirehub
from tests.support.loads import checkpoint, pull, quick
from tests.support.ops import only_run
from tests.support.streams import entity, recruit, sending, source
from tests.support.vectors_db import VectorsDb

LAST = UUID(int=2**128 - 1)


async def command(vectors_db: VectorsDb, *words: str) -> Ran:
    """`hirehub vectors checkpoint WORDS`."""
    return await asyncio.to_thread(hirehub, "vectors", "checkpoint", *words, env=vectors_db.environment)


async def test_a_domain_whose_stream_once_sent_the_last_of_all_ids_can_load_again(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Without `checkpoint reset` the second half of this test has no way to begin but --full, each time."""
    sound = [recruit(number) for number in range(5)]
    async with sending(source([*sound, recruit(9, id=str(LAST))]), source([*sound, recruit(5)])) as sender:
        await pull(vectors_database, vectors_db, sender.target)
        stuck = await pull(vectors_database, vectors_db, sender.target)
        assert stuck.counts.received == 0
        shown = (await command(vectors_db, "show", "recruit", "--json")).document()["checkpoints"]
        assert [(one["checkpoint"], one["greatest_stored"]) for one in shown] == [(str(LAST), str(LAST))]
        done = await command(vectors_db, "reset", "recruit", "--yes", "--json")
        assert done.code == 0, done.err
        assert done.document() == {"domain": "recruit", "before": str(LAST), "after": None, "changed": True}
        freed = await pull(vectors_database, vectors_db, sender.target)
    assert (freed.counts.stored, freed.counts.skipped) == (1, 5)
    assert await checkpoint(vectors_database) == entity(5)


async def test_a_pull_goes_on_after_the_id_that_was_set(vectors_database: Database, vectors_db: VectorsDb) -> None:
    async with sending(source([recruit(number) for number in range(5)])) as sender:
        await pull(vectors_database, vectors_db, sender.target)
        done = await command(vectors_db, "set", "recruit", str(entity(2)).upper(), "-y")
        assert done.out == f"The checkpoint of recruit is at {entity(2)} now; it was at {entity(4)}.\n"
        again = await command(vectors_db, "set", "recruit", str(entity(2)))
        assert again.out == f"The checkpoint of recruit is at {entity(2)} already; nothing was changed.\n"
        await pull(vectors_database, vectors_db, sender.target)
    assert sender.requests[-1].last_processed_uuid == str(entity(2))
    table = (await command(vectors_db, "show")).out
    assert str(entity(4)) in table
    assert "the start" in table, "the candidates have none"


async def test_it_asks_first_and_takes_known_domains_and_whole_ids_only(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    unasked = await command(vectors_db, "set", "recruit", str(LAST))
    assert unasked.code == 2
    assert "from the start to ffffffff-" in unasked.err
    assert "rows up to it come with --full only" in unasked.err
    assert "--yes" in unasked.err
    for words in (
        ("set", "recruit", "7", "-y"),
        ("set", "jobs", str(LAST), "-y"),
        ("reset", "", "-y"),
        ("reset", "-y"),
    ):
        ended = await command(vectors_db, *words, "--yes")
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1), words
    assert await checkpoint(vectors_database) is None


async def test_a_pull_that_is_under_way_is_not_disturbed(vectors_database: Database, vectors_db: VectorsDb) -> None:
    """Fails where the lease is not asked: then the run's checkpoint jumps while it stores."""
    settings = quick(lease=5.0)
    async with open_run(vectors_database, settings, domain="recruit", kind="pull", source="a:1") as held:
        refused = await command(vectors_db, "set", "recruit", str(LAST), "--yes", "--json")
        with pytest.raises(DomainBusy):
            await position.place(vectors_database, settings, "recruit", None)
        placed = await position.place(vectors_database, settings, "candidate", entity(1))
    assert (refused.code, refused.document()["error"]["code"]) == (3, "domain_busy")
    assert str(held.id) in refused.err
    assert placed.changed, "the other domain is free"
    assert await checkpoint(vectors_database) is None


async def test_a_pull_that_slept_past_its_lease_moves_nothing_when_it_wakes(vectors_database: Database) -> None:
    """Fails where the sleeper's run is left open: its token is still in the lease, so its last group would pass."""
    run_id, token = uuid7(), uuid4()
    async with vectors_database.transaction() as tx:
        await lease.take(tx, domain="recruit", run_id=run_id, token=token, holder="asleep", seconds=0)
        await runs.insert(tx, run_id=run_id, domain="recruit", kind="pull", source="a:1", options={}, retried_of=None)
    await position.place(vectors_database, quick(), "recruit", entity(3))
    with pytest.raises(lease.LeaseLost):
        async with vectors_database.transaction() as tx:
            await runs.add_progress(tx, run_id, token, Counts.of(stored=1), entity(9))
    assert (await only_run(vectors_database)).failure == runs.PROCESS_ENDED
    assert await checkpoint(vectors_database) == entity(3)
