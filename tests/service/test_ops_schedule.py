"""The schedule and the part that runs it: each time of a job once, whoever runs; what is broken is mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hirehub.contracts.vectors import EMBEDDING_STREAM_SERVICE
from hirehub.kernel.cache import MemoryCache
from hirehub.kernel.clock import SystemClock
from hirehub.kernel.db import Database
from hirehub.kernel.module import PartContext
from hirehub.kernel.settings import GrpcSettings, InvalidSettings, Settings
from hirehub.services.vectors import batch
from hirehub.services.vectors.domain.domains import RECRUIT
from hirehub.services.vectors.schedule import Job, Schedule
from hirehub.services.vectors.settings import DeadLetterSettings, DomainSettings, VectorsSettings
from hirehub.services.vectors.store import indexes, notices, runs
from hirehub.services.vectors.usecases import dimension, index
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from tests.support.ai_server import ai_server
from tests.support.dead import put, queue
from tests.support.ops import NOWHERE, python, quick, recruit, until, vector_rows
from tests.support.vectors_db import VectorsDb

LONG_AGO = "2020-01-01"


@asynccontextmanager
async def scheduled(
    db: Database, kernel: Settings, settings: VectorsSettings, *, number: int = 1
) -> AsyncIterator[list[Schedule]]:
    """Running schedules, as of so many batch servers."""
    callers = [CacheInvalidator(db, kernel.grpc, settings.targets()) for _ in range(number)]
    schedules = [Schedule(db, settings, kernel, caller, tick=0.1) for caller in callers]
    tasks = [asyncio.create_task(schedule.run()) for schedule in schedules]
    try:
        yield schedules
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for caller in callers:
            await caller.close()


async def last_begun(db: Database, name: str, at: str = LONG_AGO) -> None:
    """Makes a job one that last began then."""
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO schedule_state (name, last_started_at) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET last_started_at = excluded.last_started_at",
            (name, at),
        )


async def warm(db: Database) -> None:
    """Holds a connection for a moment, so that as many are open as do this at once."""
    async with db.transaction() as tx:
        await tx.fetch_value("SELECT pg_sleep(0.2)")


async def all_runs(db: Database) -> list[runs.RunRecord]:
    """Every run."""
    async with db.read() as tx:
        return await runs.list_runs(tx, limit=100)


def pulling(source: str, **more: str) -> VectorsSettings:
    """Settings with a source for recruits, and nothing else to do."""
    return quick(recruit=DomainSettings(source=source, **more), dead=DeadLetterSettings(replay_cron=""))


async def test_of_three_batch_servers_one_makes_up_for_the_missed_pull(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db, ai_server() as (target, asked):
        await last_begun(db, "pull:recruit")

        async def pulled() -> bool:
            return any(run.status == "succeeded" for run in await all_runs(db))

        async with scheduled(db, vectors_db.settings, pulling(target), number=3):
            assert await until(pulled)
            await asyncio.sleep(0.5)
        assert len(asked) == 1
        assert [(run.kind, run.source, run.stored) for run in await all_runs(db)] == [("pull", target, 3)]


async def test_of_many_claims_at_once_and_late_ones_a_single_one_begins_the_job(vectors_db: VectorsDb) -> None:
    """Fails where store.schedule.lock takes no lock (several at once begin it), and where the time is not looked at
    again under the lock (those that come late, with what they saw before, begin it again).
    """
    begun = 0

    async def count() -> None:
        nonlocal begun
        begun += 1

    job = Job("counted", "0 2 * * *", count)
    async with vectors_db.database() as db:
        await last_begun(db, job.name)
        caller = CacheInvalidator(db, GrpcSettings(), ())
        servers = [Schedule(db, quick(), vectors_db.settings, caller) for _ in range(6)]
        await asyncio.gather(*(warm(db) for _ in servers))
        await asyncio.gather(*(server.claim(job) for server in servers))
        for server in servers:
            await server.claim(job)
        await asyncio.sleep(0.1)
        await caller.close()
    assert begun == 1


async def test_a_missed_pull_is_left_out_where_that_is_wanted(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db, ai_server() as (target, asked):
        await last_begun(db, "pull:recruit")
        settings = pulling(target).model_copy(update={"catch_up": False})
        async with scheduled(db, vectors_db.settings, settings):
            await asyncio.sleep(0.6)
        assert asked == []
        assert await all_runs(db) == []


async def test_a_fresh_installation_waits_for_the_first_time(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db, ai_server() as (target, asked):
        async with scheduled(db, vectors_db.settings, pulling(target)):
            await asyncio.sleep(0.5)
        assert asked == []


async def test_a_full_pull_has_its_own_time_and_begins_at_the_start(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db, ai_server() as (target, asked):
        await last_begun(db, "full_pull:recruit")

        async def pulled() -> bool:
            return any(run.status == "succeeded" for run in await all_runs(db))

        async with scheduled(db, vectors_db.settings, pulling(target, cron="", full_cron="0 3 * * 0")):
            assert await until(pulled)
        (run,) = await all_runs(db)
        assert run.options["full"] is True
        assert [request.last_processed_uuid for request in asked] == [""]


async def test_a_job_that_fails_ends_neither_the_schedule_nor_other_jobs(vectors_db: VectorsDb) -> None:
    settings = quick(recruit=DomainSettings(source=NOWHERE))
    settings = settings.model_copy(
        update={"ingest": settings.ingest.model_copy(update={"attempts": 1, "backoff": 0.01})}
    )
    async with vectors_db.database() as db:
        await put(db, recruit(1), settings=quick(recruit=DomainSettings(dimension=768)))
        await last_begun(db, "pull:recruit")
        await last_begun(db, "replay")

        async def both() -> bool:
            return sorted((run.kind, run.status) for run in await all_runs(db)) == [
                ("pull", "failed"),
                ("replay", "succeeded"),
            ]

        async with scheduled(db, vectors_db.settings, settings):
            assert await until(both)
        assert await queue(db) == []


async def test_owed_news_are_told_and_dead_runs_closed(vectors_db: VectorsDb) -> None:
    code = """
import asyncio
from hirehub.kernel.db import open_database
from hirehub.kernel.settings import get_settings
from tests.support.ops import quick
from hirehub.services.vectors.usecases.runs import open_run

async def main():
    async with await open_database(get_settings(), "vectors") as db:
        async with open_run(db, quick(), domain="recruit", kind="pull", source="elsewhere") as run:
            print(run.id, flush=True)
            await asyncio.sleep(60)

asyncio.run(main())
"""
    async with vectors_db.database() as db, python(code, vectors_db.environment) as holder:
        assert holder.stdout is not None
        await holder.stdout.readline()
        holder.kill()

        async def tidy() -> bool:
            async with db.read() as tx:
                owed = await notices.list_owed(tx)
            closed = all(run.failure == "its process ended" for run in await all_runs(db))
            return closed and bool(owed) and owed[0].attempts == 3

        async with scheduled(db, vectors_db.settings, quick()):
            assert await until(tidy)


async def test_an_index_that_a_killed_load_left_out_is_built(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db:
        await index.before_load(db, vectors_db.settings, quick(), "recruit")
        await vector_rows(db, range(30))

        async def mended() -> bool:
            async with db.read() as tx:
                found = await index.report(tx, quick(), "recruit")
            return found.state is index.IndexState.SOUND and found.search.recall is not None

        async with scheduled(db, vectors_db.settings, quick()):
            assert await until(mended)
        async with db.read() as tx:
            assert [found.name for found in await indexes.list_indexes(tx, RECRUIT)] == [RECRUIT.index]


async def test_a_cron_setting_that_is_none_refuses_to_start(vectors_database: Database) -> None:
    caller = CacheInvalidator(vectors_database, GrpcSettings(), ())
    with pytest.raises(InvalidSettings, match="HIREHUB_VECTORS__RECRUIT__CRON"):
        Schedule(vectors_database, quick(recruit=DomainSettings(cron="sometimes")), Settings(), caller)
    await caller.close()


async def test_the_part_says_what_is_off_and_is_ready_when_rows_can_be_stored(
    vectors_db: VectorsDb, vectors_on_bus: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = MemoryCache(1 << 20)
    options: dict[str, object] = {"sources": {"candidate": "127.0.0.1:50051"}}
    context = PartContext(vectors_on_bus, SystemClock(), cache, options)
    monkeypatch.setenv("HIREHUB_VECTORS__RECRUIT__INDEX__M", "8")
    part = await batch.build(context)
    assert part.close is not None
    try:
        assert [service.names for service in part.grpc] == [(EMBEDDING_STREAM_SERVICE,)]
        assert len(part.notes) == 2
        assert "hirehub vectors index build recruit" in part.notes[0]
        assert "HIREHUB_VECTORS__RECRUIT__SOURCE" in part.notes[1]
        await part.checks[0].run()
        await dimension.migrate(vectors_db.settings, VectorsSettings(), "recruit", 768)
        with pytest.raises(dimension.DimensionMismatch):
            await part.checks[0].run()
    finally:
        await part.close()
    with pytest.raises(dimension.DimensionMismatch) as refused:
        await batch.build(context)
    assert "hirehub vectors dimension migrate recruit 384" in refused.value.hint
