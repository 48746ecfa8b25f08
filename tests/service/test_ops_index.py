"""The index over vectors and the dimension of their column: held against settings, changed on purpose, mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from hirehub.kernel.db import Database
from hirehub.kernel.errors import Invalid
from hirehub.services.vectors.domain.domains import RECRUIT, by_name
from hirehub.services.vectors.domain.indexes import IndexShape, wanted
from hirehub.services.vectors.settings import DomainSettings, IndexSettings, RecallSettings, VectorsSettings
from hirehub.services.vectors.store import indexes, notices, states
from hirehub.services.vectors.usecases import dimension, index, recall
from hirehub.services.vectors.usecases.after import finish_load
from hirehub.services.vectors.usecases.dimension import DimensionReport, TableBusy
from hirehub.services.vectors.usecases.holding import DomainBusy
from hirehub.services.vectors.usecases.index import IndexState
from hirehub.services.vectors.usecases.runs import open_run
from tests.support.dead import put, queue, replayer, store
from tests.support.ops import NOWHERE, only_run, quick, recruit, until, vector_rows
from tests.support.vectors_db import VectorsDb

LISTS = IndexSettings(kind="ivfflat", metric="l2", lists=4, probes=4)


def settings_with(shape: IndexSettings) -> VectorsSettings:
    """Settings whose recruits are indexed so."""
    return quick(recruit=DomainSettings(index=shape))


async def many_rows(db: Database, vectors_db: VectorsDb, number: int) -> None:
    """Stores rows the quick way: without an index, which is left to the test."""
    await index.before_load(db, vectors_db.settings, quick(), "recruit")
    await vector_rows(db, range(number))


async def state(db: Database, settings: VectorsSettings) -> index.IndexReport:
    """How the index of the recruits stands."""
    async with db.read() as tx:
        return await index.report(tx, settings, "recruit")


async def names(db: Database) -> list[tuple[str, bool]]:
    """The indexes of the recruits, and whether each is valid."""
    async with db.read() as tx:
        return [(found.name, found.valid) for found in await indexes.list_indexes(tx, RECRUIT)]


async def test_the_index_of_a_fresh_database_is_the_one_of_the_settings(vectors_database: Database) -> None:
    found = await state(vectors_database, quick())
    assert (found.state, found.advice) == (IndexState.SOUND, None)
    assert found.found is not None
    assert found.found.same(wanted(IndexSettings()))


def test_a_parameter_left_to_pgvector_is_the_same_as_its_default_stated() -> None:
    assert IndexShape("hnsw", "vector_l2_ops", {}).same(
        IndexShape("hnsw", "vector_l2_ops", {"m": "16", "ef_construction": "64"})
    )
    assert not IndexShape("hnsw", "vector_l2_ops", {}).same(IndexShape("hnsw", "vector_l2_ops", {"m": "8"}))


async def test_before_a_load_the_index_of_an_empty_table_is_dropped_and_of_no_other(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db:
        assert await index.before_load(db, vectors_db.settings, quick(), "recruit")
        assert (await state(db, quick())).state is IndexState.MISSING
        assert not await index.before_load(db, vectors_db.settings, quick(), "recruit") or await names(db) == []
        assert await index.ensure(db, vectors_db.settings, quick(), "recruit")
        await vector_rows(db, range(3))
        assert not await index.before_load(db, vectors_db.settings, quick(), "recruit")
        assert await names(db) == [(RECRUIT.index, True)]


async def test_an_index_that_is_not_as_set_is_told_with_the_command_and_built_anew(vectors_db: VectorsDb) -> None:
    settings = settings_with(LISTS)
    async with vectors_db.database() as db:
        await vector_rows(db, range(50))
        before = await state(db, settings)
        assert (before.state, before.advice) == (IndexState.OTHER, "hirehub vectors index build recruit")
        assert await index.ensure(db, vectors_db.settings, settings, "recruit")
        after = await state(db, settings)
        assert after.state is IndexState.SOUND
        assert str(after.found) == "USING ivfflat (vector vector_l2_ops) WITH (lists = 4)"
        assert await names(db) == [(RECRUIT.index, True)]


@asynccontextmanager
async def held_back(db: Database) -> AsyncIterator[None]:
    """A build that begins in this block lasts as long as the block: it waits for a transaction that has written."""
    async with db.transaction() as tx:
        await tx.execute(
            "UPDATE recruit_embedding SET updated_at = now() WHERE id IN (SELECT id FROM recruit_metadata LIMIT 1)"
        )
        yield


async def building_of_two(db: Database) -> bool:
    return len(await names(db)) == 2


async def test_rows_can_be_written_while_the_index_is_built(vectors_db: VectorsDb) -> None:
    """Fails where the index is built without CONCURRENTLY: the write then waits for the end of the build."""
    async with vectors_db.database() as db:
        await many_rows(db, vectors_db, 500)
        await index.build(vectors_db.settings, quick(), "recruit")
        async with held_back(db):
            building = asyncio.create_task(index.build(vectors_db.settings, quick(), "recruit"))
            assert await until(lambda: building_of_two(db))
            await store(db, recruit(10_000))
            assert not building.done()
        await building
        assert await names(db) == [(RECRUIT.index, True)]


async def test_a_build_that_was_cut_off_is_mended_by_the_next(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db:
        await many_rows(db, vectors_db, 500)
        await index.build(vectors_db.settings, quick(), "recruit")
        async with held_back(db):
            building = asyncio.create_task(index.build(vectors_db.settings, quick(), "recruit"))
            assert await until(lambda: building_of_two(db))
            building.cancel()
            with pytest.raises(asyncio.CancelledError):
                await building
        assert ("recruit_embedding_ann_new", False) in await names(db)
        assert (await state(db, quick())).state is IndexState.SOUND
        await index.build(vectors_db.settings, quick(), "recruit")
        assert await names(db) == [(RECRUIT.index, True)]


async def test_of_two_builders_one_is_told_to_wait(vectors_db: VectorsDb) -> None:
    """Fails without the advisory lock in indexes.build_online: one drops what the other builds."""
    async with vectors_db.database() as db:
        await many_rows(db, vectors_db, 500)
        async with held_back(db):
            both = [asyncio.create_task(index.build(vectors_db.settings, quick(), "recruit")) for _ in range(2)]
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            assert [type(one.exception()).__name__ for one in done] == ["IndexBusy"]
        outcomes = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IndexBusy", "NoneType"]
        assert await names(db) == [(RECRUIT.index, True)]


async def test_recall_is_measured_after_a_load_and_kept_with_the_run(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db:
        async with open_run(db, quick(), domain="recruit", kind="pull", source="a:1") as run:
            await index.before_load(db, vectors_db.settings, quick(), "recruit")
            await vector_rows(db, range(500))
            await finish_load(run, db=db, kernel=vectors_db.settings, settings=quick(), stored=500)
        found = await only_run(db)
        assert found.recall is not None
        assert found.recall > 0.95
        search = (await state(db, quick())).search
        assert (search.recall, search.sampled, search.exact_only) == (found.recall, 50, False)
        assert [(step.name, step.status) for step in found.steps[1:]] == [
            ("process", "succeeded"),
            ("notify", "failed"),
        ]
        assert found.status == "succeeded"
        async with db.read() as tx:
            assert [notice.target for notice in await notices.list_owed(tx)] == [NOWHERE]


async def test_recall_below_the_floor_makes_searches_exact_until_the_index_is_built_anew(
    vectors_db: VectorsDb,
) -> None:
    poor = settings_with(IndexSettings(kind="ivfflat", metric="l2", lists=300, probes=1))
    async with vectors_db.database() as db:
        await many_rows(db, vectors_db, 600)
        await index.ensure(db, vectors_db.settings, poor, "recruit")
        measured = await recall.check(db, poor, "recruit")
        assert measured is not None
        assert measured.recall < 0.95
        told = await state(db, poor)
        assert told.search.exact_only
        assert told.advice == "hirehub vectors index build recruit"
        good = settings_with(IndexSettings(kind="ivfflat", metric="l2", lists=300, probes=300))
        await index.build(vectors_db.settings, good, "recruit")
        assert not (await state(db, good)).search.exact_only
        assert (await recall.check(db, good, "recruit")) == recall.Recall("recruit", 1.0, 50, exact_only=False)


def test_equal_distances_are_no_mistakes() -> None:
    assert recall.share_found([0.1, 0.2, 0.2], [0.1, 0.2, 0.2]) == 1.0
    assert recall.share_found([0.1, 0.3], [0.1, 0.2]) == 0.5
    assert recall.share_found([], []) == 1.0


async def test_no_vector_or_no_wish_means_no_figure(vectors_database: Database) -> None:
    assert await recall.check(vectors_database, quick(), "recruit") is None
    await vector_rows(vectors_database, range(20))
    assert await recall.check(vectors_database, quick(recall=RecallSettings(sample=0)), "recruit") is None


async def test_a_migration_empties_vectors_resets_the_checkpoint_and_rebuilds_the_index(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db:
        await vector_rows(db, range(30))
        async with db.transaction() as tx:
            await tx.execute("UPDATE checkpoint SET last_processed_uuid = %s WHERE domain = 'recruit'", (uuid4(),))
        wide = quick(dimension=1536)
        with pytest.raises(dimension.DimensionMismatch):
            async with db.read() as tx:
                await dimension.require(tx, wide, "recruit")
        report = await dimension.migrate(vectors_db.settings, wide, "recruit", 1536)
        assert report == DimensionReport("recruit", 1536, 1536, 30)
        async with db.read() as tx:
            await dimension.require(tx, wide, "recruit")
            assert await indexes.count(tx, RECRUIT) == 0
            assert await tx.fetch_value("SELECT count(*) FROM recruit_metadata") == 30
            position = await states.checkpoint(tx, "recruit")
            storage = await tx.fetch_value(
                "SELECT attstorage FROM pg_attribute"
                " WHERE attrelid = 'recruit_embedding'::regclass AND attname = 'vector'"
            )
        assert position is not None
        assert position.position is None
        assert storage == "p"
        assert (await state(db, wide)).state is IndexState.SOUND
        await vector_rows(db, range(100, 110), dimension=1536)
        again = await dimension.migrate(vectors_db.settings, wide, "recruit", 1536)
        assert again.vectors == 0
        async with db.read() as tx:
            assert await indexes.count(tx, RECRUIT) == 10


async def test_rows_of_the_new_dimension_come_back_beside_their_metadata(vectors_db: VectorsDb) -> None:
    """Dead letters of another dimension pass after the migration, though their metadata are there already."""
    wide = quick(dimension=8)
    async with vectors_db.database() as db:
        await store(db, recruit(1, updated_at_micros=5))
        await put(db, recruit(1, dimension=8, updated_at_micros=5))
        await dimension.migrate(vectors_db.settings, wide, "recruit", 8)
        (report,) = await replayer(db, vectors_db.settings, wide).replay_what_may_pass()
        assert (report.counts.stored, await queue(db)) == (1, [])
        async with db.read() as tx:
            assert await indexes.count(tx, RECRUIT) == 1


async def test_a_migration_and_a_load_exclude_each_other(vectors_db: VectorsDb) -> None:
    """Fails without holding.hold in dimension.migrate: the column changes under the load's feet."""
    async with vectors_db.database() as db:
        async with open_run(db, quick(), domain="recruit", kind="pull", source="a:1"):
            with pytest.raises(DomainBusy):
                await dimension.migrate(vectors_db.settings, quick(), "recruit", 768)
        async with db.transaction() as tx:
            await tx.fetch_all("SELECT 1 FROM domain_lease WHERE domain = 'recruit' FOR UPDATE")
            migration = asyncio.create_task(dimension.migrate(vectors_db.settings, quick(), "recruit", 768))
            await asyncio.sleep(0.3)
            assert not migration.done()
        await migration
        with pytest.raises(dimension.DimensionMismatch):
            async with open_run(db, quick(), domain="recruit", kind="pull", source="a:1"):
                pass


async def test_a_migration_that_cannot_get_the_table_changes_nothing(
    vectors_db: VectorsDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dimension, "_LOCK_SECONDS", 0.3)
    async with vectors_db.database() as db:
        await vector_rows(db, range(3))
        async with db.transaction() as tx:
            await tx.execute("LOCK TABLE recruit_embedding IN ROW EXCLUSIVE MODE")
            with pytest.raises(TableBusy):
                await dimension.migrate(vectors_db.settings, quick(), "recruit", 768)
        async with db.read() as tx:
            assert await states.column_dimension(tx, by_name("recruit")) == 384
            assert await indexes.count(tx, RECRUIT) == 3
    with pytest.raises(Invalid):
        await dimension.migrate(vectors_db.settings, quick(), "recruit", 2001)
