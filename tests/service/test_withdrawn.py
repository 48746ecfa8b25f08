"""Rows of resumes that are gone and of posts that are closed: they end, and late uploads do not bring them back."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hirehub.contracts.job import JobUpdated, Status
from hirehub.contracts.resume import ResumeRemoved
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import Database
from hirehub.services.vectors.handlers import handlers
from hirehub.services.vectors.pipeline.storing import store_group
from hirehub.services.vectors.settings import VectorsSettings
from tests.service.test_storing import fates, group_of
from tests.support.batch import batch_server
from tests.support.loads import notices, quick
from tests.support.streams import candidate, entity, message, recruit, stored, vector
from tests.support.vectors_db import VectorsDb

CLOSED = datetime(2026, 3, 2, 10, tzinfo=UTC)
MICROS = int(CLOSED.timestamp()) * 1_000_000


def removed(number: int) -> Fact:
    return Fact.of(ResumeRemoved(resume_id=entity(number), user_id=UUID(int=7)), source="resume")


def post(number: int, status: Status, at: datetime) -> Fact:
    body = JobUpdated(job_id=entity(number), company_id=UUID(int=7), updated_fields=("status",), status=status)
    fact = Fact.of(body, source="job")
    return Fact(fact.id, fact.topic, fact.key, fact.source, at, fact.body)


async def hear(database: Database, facts: Sequence[Fact]) -> None:
    async with database.transaction() as tx:
        await handlers(VectorsSettings())[facts[0].topic](tx, facts)


async def ids(database: Database, domain: str) -> list[UUID]:
    return [row[0] for row in await stored(database, domain)]


async def letters(database: Database) -> list[UUID]:
    async with database.read() as tx:
        return [row[0] for row in await tx.fetch_all("SELECT entity_id FROM dlq ORDER BY entity_id")]


async def test_a_removed_resume_is_gone_with_its_letter_and_stays_so(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Whatever comes later of it is passed over; others of the same upload are not."""
    rows = [candidate(1), candidate(2), candidate(3, vector=vector(3, 5)), candidate(4, vector=vector(4, 5))]
    async with batch_server(vectors_database, vectors_db, settings=quick()) as client:
        await client.upload([message(rows)])
        assert await letters(vectors_database) == [entity(3), entity(4)]
        await hear(vectors_database, [removed(1), removed(3), removed(5)])
        assert await ids(vectors_database, "candidate") == [entity(2)]
        assert await letters(vectors_database) == [entity(4)]
        told = await client.upload([message([*rows, candidate(5, updated_at_micros=2 * MICROS), candidate(6)])])
    assert (told.total_rows, told.stored_rows, told.skipped_rows, told.dead_lettered_rows) == (6, 1, 4, 1)
    assert await ids(vectors_database, "candidate") == [entity(2), entity(6)]
    assert await letters(vectors_database) == [entity(4)]
    assert [one[1] for one in await notices(vectors_database)] == ["candidate"]


async def test_a_closed_post_comes_back_only_with_what_was_said_later(vectors_database: Database) -> None:
    def upload(minutes: int) -> object:
        at = MICROS + minutes * 60_000_000
        return group_of(recruit(1, updated_at_micros=at), recruit(2, updated_at_micros=at))

    async def stores(minutes: int) -> tuple[int, int, int]:
        async with vectors_database.transaction() as tx:
            return fates(await store_group(tx, upload(minutes)))  # type: ignore[arg-type]

    assert await stores(-2) == (2, 0, 0)
    await hear(vectors_database, [post(1, "open", CLOSED - timedelta(minutes=1)), post(1, "closed", CLOSED)])
    assert await ids(vectors_database, "recruit") == [entity(2)]
    assert await stores(-1) == (1, 1, 0)
    assert await ids(vectors_database, "recruit") == [entity(2)]
    assert await stores(1) == (2, 0, 0)
    await hear(vectors_database, [post(1, "closed", CLOSED), post(1, "open", CLOSED + timedelta(minutes=3))])
    assert await ids(vectors_database, "recruit") == [entity(1), entity(2)], "it is open in the end"


async def test_a_row_that_is_being_stored_does_not_slip_past_its_removal(vectors_database: Database) -> None:
    """The removal waits for the upload's commit, and then finds the row."""
    async with vectors_database.transaction() as tx:
        assert fates(await store_group(tx, group_of(candidate(1), candidate(2), domain="candidate"))) == (2, 0, 0)
        removing = asyncio.create_task(hear(vectors_database, [removed(1)]))
        await asyncio.sleep(0.2)
        assert not removing.done()
    await removing
    assert await ids(vectors_database, "candidate") == [entity(2)]
