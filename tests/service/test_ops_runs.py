"""Runs: one holder a domain by the database's clock, counts that add up, ends that tell the truth."""

import asyncio
import signal
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import psycopg
import pytest

from hirehub.kernel.db import Database, open_database
from hirehub.kernel.settings import DatabaseSettings
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.settings import DomainSettings
from hirehub.services.vectors.store import lease, notices, runs
from hirehub.services.vectors.usecases import holding, run_control
from hirehub.services.vectors.usecases.dimension import DimensionMismatch
from hirehub.services.vectors.usecases.holding import DomainBusy
from hirehub.services.vectors.usecases.runs import RunCancelled, open_run
from tests.support.ops import only_run, python, quick, until
from tests.support.vectors_db import VectorsDb

HOLDER = """
import asyncio
from hirehub.kernel.db import open_database
from hirehub.kernel.settings import get_settings
from tests.support.ops import quick
from hirehub.services.vectors.usecases.runs import open_run

async def main():
    async with await open_database(get_settings(), "vectors") as db:
        async with open_run(db, quick(lease=1.5), domain="recruit", kind="pull", source="elsewhere") as run:
            print(run.id, flush=True)
            await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_run_keeps_its_counts_steps_and_end(vectors_database: Database) -> None:
    db = vectors_database
    async with open_run(db, quick(), domain="recruit", kind="pull", source="a:1", options={"full": True}) as run:
        async with run.step("receive"):
            for counts in (Counts.of(stored=2, causes={"bad_id": 1}), Counts.of(skipped=3, causes={"bad_id": 2})):
                async with db.transaction() as tx:
                    await runs.add_progress(tx, run.id, run.token, counts, None)
        await run.skip("notify", "nothing new")
    found = await only_run(db)
    assert (found.status, found.received, found.stored, found.skipped, found.dead) == ("succeeded", 8, 2, 3, 3)
    assert found.causes == {"bad_id": 3}
    assert found.options == {"full": True}
    assert [(step.name, step.status) for step in found.steps] == [
        ("receive", "succeeded"),
        ("process", "skipped"),
        ("notify", "skipped"),
    ]
    assert found.finished_at is not None


async def test_counts_that_do_not_add_up_cannot_be_kept(vectors_database: Database) -> None:
    async with open_run(vectors_database, quick(), domain="recruit", kind="pull", source="a:1") as run:
        with pytest.raises(psycopg.errors.CheckViolation):
            async with vectors_database.transaction() as tx:
                await tx.execute("UPDATE run SET stored = 1 WHERE id = %s", (run.id,))


async def test_of_many_loads_at_once_one_holds_the_domain(vectors_database: Database) -> None:
    """Fails without FOR UPDATE in lease._LOCK: then several find the domain free."""
    held, refused = [], []

    async def load(stack: AsyncExitStack) -> None:
        try:
            opened = open_run(vectors_database, quick(), domain="recruit", kind="pull", source="a:1")
            held.append(await stack.enter_async_context(opened))
        except DomainBusy as busy:
            refused.append(busy)

    stacks = [AsyncExitStack() for _ in range(8)]
    await asyncio.gather(*(load(stack) for stack in stacks))
    for stack in stacks:
        await stack.aclose()
    assert len(held) == 1
    assert len(refused) == 7
    assert {busy.facts["run_id"] for busy in refused} == {held[0].id}


async def test_a_second_load_is_told_run_holder_and_since(vectors_database: Database) -> None:
    async with open_run(vectors_database, quick(), domain="recruit", kind="pull", source="a:1") as run:
        with pytest.raises(DomainBusy) as refused:
            async with open_run(vectors_database, quick(), domain="recruit", kind="pull", source="a:1"):
                pass
        async with open_run(vectors_database, quick(), domain="candidate", kind="pull", source="a:1") as other:
            assert other.id != run.id
    assert str(run.id) in refused.value.message
    assert holding.process_name() in refused.value.message
    assert "since 2" in refused.value.message
    assert f"hirehub vectors cancel {run.id}" in refused.value.hint


async def test_a_load_that_waits_begins_when_the_other_ends(vectors_database: Database) -> None:
    first = open_run(vectors_database, quick(), domain="recruit", kind="pull", source="a:1")
    held = await first.__aenter__()

    async def second() -> bool:
        async with open_run(vectors_database, quick(), domain="recruit", kind="pull", source="a:1", wait=True):
            return (await only_run(vectors_database, held.id)).status == "succeeded"

    waiting = asyncio.create_task(second())
    await asyncio.sleep(0.5)
    assert not waiting.done()
    await first.__aexit__(None, None, None)
    assert await waiting


async def test_a_killed_holder_blocks_no_longer_than_its_lease(vectors_db: VectorsDb) -> None:
    """Fails where the end of the lease is not looked at, and where a taker leaves the dead run open."""
    async with vectors_db.database() as db, python(HOLDER, vectors_db.environment) as holder:
        assert holder.stdout is not None
        dead = (await holder.stdout.readline()).decode().strip()
        with pytest.raises(DomainBusy):
            async with open_run(db, quick(), domain="recruit", kind="pull", source="a:1"):
                pass
        holder.kill()
        async with open_run(db, quick(wait=5), domain="recruit", kind="pull", source="a:1", wait=True) as run:
            assert str(run.id) != dead
        found = {str(record.id): record for record in await run_control.list_runs(db)}
        assert (found[dead].status, found[dead].failure) == ("failed", "its process ended")


async def test_a_holder_that_slept_through_its_lease_cannot_write(vectors_db: VectorsDb) -> None:
    """Fails without lease.guard in runs.add_progress: then the sleeper's rows and checkpoint count after all."""
    async with vectors_db.database() as db, python(HOLDER, vectors_db.environment) as holder:
        assert holder.stdout is not None
        sleeper = (await holder.stdout.readline()).decode().strip()
        token = await _token(db)
        holder.send_signal(signal.SIGSTOP)
        async with open_run(db, quick(wait=8), domain="recruit", kind="pull", source="a:1", wait=True) as run:
            with pytest.raises(lease.LeaseLost):
                async with db.transaction() as tx:
                    await lease.guard(tx, domain="recruit", token=token)
            holder.send_signal(signal.SIGCONT)
            assert await asyncio.wait_for(holder.wait(), 8) != 0
            assert await _token(db) == run.token
        assert str((await only_run(db, run.id)).id) != sleeper


async def _token(db: Database) -> UUID:
    async with db.read() as tx:
        return UUID(str(await tx.fetch_value("SELECT token FROM domain_lease WHERE domain = 'recruit'")))


async def test_progress_with_a_lost_token_is_rolled_back(vectors_database: Database) -> None:
    """Fails without lease.guard in runs.add_progress."""
    db = vectors_database
    async with open_run(db, quick(), domain="recruit", kind="pull", source="a:1") as run:

        async def store() -> None:
            async with db.transaction() as tx:
                await tx.execute("UPDATE checkpoint SET last_processed_uuid = %s WHERE domain = 'recruit'", (uuid4(),))
                await runs.add_progress(tx, run.id, uuid4(), Counts.of(stored=1), None)

        with pytest.raises(lease.LeaseLost):
            await store()
        async with db.read() as tx:
            assert await tx.fetch_value("SELECT last_processed_uuid FROM checkpoint WHERE domain = 'recruit'") is None
    assert (await only_run(db)).stored == 0


async def test_a_closed_run_takes_no_more_rows(vectors_database: Database) -> None:
    """Fails without the test of the status in runs._PROGRESS."""
    db = vectors_database

    async def load() -> None:
        async with open_run(db, quick(), domain="recruit", kind="push", source="a:1") as run:
            async with db.transaction() as tx:
                await runs.finish(tx, run.id, "failed", "its process ended")
            async with db.transaction() as tx:
                await runs.add_progress(tx, run.id, None, Counts.of(stored=1), None)

    with pytest.raises(lease.LeaseLost):
        await load()
    found = await only_run(db)
    assert (found.status, found.failure, found.stored) == ("failed", "its process ended", 0)


async def test_a_heartbeat_goes_on_while_the_pool_is_exhausted(vectors_db: VectorsDb) -> None:
    """Fails where the heartbeat takes its connection from the pool."""
    settings = vectors_db.settings.model_copy(update={"database": DatabaseSettings(pool_size=1)})
    async with await open_database(settings, "vectors") as db, vectors_db.database() as other:
        opened = open_run(db, quick(lease=0.9), domain="recruit", kind="pull", source="a:1")
        async with opened as run, db.transaction() as tx:
            await tx.fetch_value("SELECT pg_sleep(2)")
            with pytest.raises(DomainBusy):
                async with open_run(other, quick(), domain="recruit", kind="pull", source="a:1"):
                    pass
        assert (await only_run(other, run.id)).status == "succeeded"


async def test_a_run_asked_to_stop_ends_cancelled_and_frees_its_domain(vectors_database: Database) -> None:
    db = vectors_database
    async with open_run(db, quick(), domain="recruit", kind="pull", source="a:1") as run:
        await run_control.cancel(db, quick(), run.id)
        await asyncio.wait_for(run.cancelled.wait(), 3)
    assert (await only_run(db)).status == "cancelled"
    async with open_run(db, quick(), domain="recruit", kind="pull", source="a:1"):
        pass


async def test_a_run_that_does_not_heed_is_interrupted(vectors_database: Database) -> None:
    db = vectors_database

    async def load() -> None:
        async with open_run(db, quick(lease=0.6), domain="recruit", kind="push", source="a:1") as run:
            await run_control.cancel(db, quick(), run.id)
            await asyncio.sleep(30)

    with pytest.raises(RunCancelled):
        await load()
    assert (await only_run(db)).status == "cancelled"


async def test_cancelling_the_run_of_a_dead_process_closes_it(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db, python(HOLDER, vectors_db.environment) as holder:
        assert holder.stdout is not None
        await holder.stdout.readline()
        holder.kill()
        run = await only_run(db)
        found = await run_control.cancel(db, quick(), run.id)
        assert found.status == "running"
        await asyncio.sleep(1.6)
        assert (await run_control.cancel(db, quick(), run.id)).status == "cancelled"
        with pytest.raises(run_control.RunOver):
            await run_control.cancel(db, quick(), run.id)


async def test_ctrl_c_ends_a_run_cancelled(vectors_database: Database) -> None:
    started = asyncio.Event()

    async def work() -> None:
        opened = open_run(vectors_database, quick(), domain="recruit", kind="pull", source="a:1")
        async with opened as run, run.step("receive"):
            started.set()
            await asyncio.sleep(30)

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    found = await only_run(vectors_database)
    assert (found.status, found.failure) == ("cancelled", "stopped by its caller")
    assert found.steps[0].status == "failed"
    async with vectors_database.read() as tx:
        assert await lease.holder(tx, "recruit") is None


async def test_a_failure_is_kept_without_what_a_foreign_error_says(vectors_database: Database) -> None:
    with pytest.raises(ValueError, match="Ada"):
        async with open_run(vectors_database, quick(), domain="recruit", kind="push", source="a:1"):
            raise ValueError("row of Ada Example")
    found = await only_run(vectors_database)
    assert (found.status, found.failure) == ("failed", "ValueError")


async def test_a_failed_run_that_stored_rows_owes_the_news(vectors_database: Database) -> None:
    """Fails without owe_news in RunSession.close: then answers stay stale until their time to live ends."""
    db = vectors_database

    async def load() -> None:
        async with open_run(db, quick(cache_targets=("api:1",)), domain="recruit", kind="push", source="a") as run:
            async with db.transaction() as tx:
                await runs.add_progress(tx, run.id, None, Counts.of(stored=1), None)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await load()
    async with db.read() as tx:
        assert [(notice.target, notice.domain) for notice in await notices.list_owed(tx)] == [("api:1", "recruit")]


async def test_the_sweep_closes_what_dead_processes_left(vectors_db: VectorsDb) -> None:
    code = HOLDER.replace('kind="pull"', 'kind="push"')
    async with vectors_db.database() as db, python(code, vectors_db.environment) as holder:
        assert holder.stdout is not None
        await holder.stdout.readline()
        assert await holding.sweep(db, quick(lease=1.5)) == []
        holder.kill()

        async def swept() -> bool:
            return bool(await holding.sweep(db, quick(lease=1.5)))

        assert await until(swept)
        assert (await only_run(db)).failure == "its process ended"


async def test_a_dimension_that_differs_refuses_the_run_with_the_command_that_mends_it(
    vectors_database: Database,
) -> None:
    settings = quick(recruit=DomainSettings(dimension=768))
    with pytest.raises(DimensionMismatch) as refused:
        async with open_run(vectors_database, settings, domain="recruit", kind="pull", source="a:1"):
            pass
    assert "384" in refused.value.message
    assert "768" in refused.value.message
    assert "hirehub vectors dimension migrate recruit 768" in refused.value.hint
    assert await run_control.list_runs(vectors_database) == []
