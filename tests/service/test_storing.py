"""Storing groups of rows: who wins, what stays untouched, and what one bad row costs."""

from typing import Any

import psycopg
import pytest

from hirehub.kernel.db import Database, Transaction
from hirehub.services.vectors.pipeline.decoding import decode
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.storing import DimensionChanged, Outcome, store_group
from hirehub.services.vectors.settings import DomainSettings, VectorsSettings
from tests.support.streams import Row, candidate, entity, recruit, stored, vector
from tests.support.vectors_db import VectorsDb

TOLD = 1_700_000_000_000_000
LATER = TOLD + 1_000_000


def group_of(*rows: Row, domain: str = "recruit", arrival: int = LATER) -> Group:
    return decode(Rules.of(VectorsSettings(), domain), rows, arrival_micros=arrival)


async def store(database: Database, *rows: Row, fast: bool = False, **options: Any) -> Outcome:
    async with database.transaction() as tx:
        return await store_group(tx, group_of(*rows, **options), fast=fast)


def fates(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.counts.stored, outcome.counts.skipped, outcome.counts.dead


async def versions(database: Database, domain: str = "recruit") -> list[tuple[Any, ...]]:
    """Which version of each row is there: it changes with every write, also one that changes no value."""
    async with database.read() as tx:
        return await tx.fetch_all(
            f"SELECT m.id, m.xmin::text, m.ctid::text, e.xmin::text, e.ctid::text"
            f" FROM {domain}_metadata m JOIN {domain}_embedding e USING (id) ORDER BY id"
        )


@pytest.mark.parametrize("fast", [True, False])
async def test_both_ways_store_the_same(vectors_database: Database, fast: bool) -> None:
    rows = [recruit(number, updated_at_micros=TOLD) for number in range(20)]
    outcome = await store(vectors_database, *rows, fast=fast)
    assert (fates(outcome), outcome.copied) == ((20, 0, 0), fast)
    found = await stored(vectors_database)
    assert [row[0] for row in found] == [entity(number) for number in range(20)]
    assert {(row[5].timestamp(), row[7].timestamp()) for row in found} == {(TOLD / 1e6, TOLD / 1e6)}


@pytest.mark.parametrize("fast", [True, False])
async def test_candidates_are_stored_with_their_lists_and_nulls(vectors_database: Database, fast: bool) -> None:
    rows = [
        candidate(3, skills=[], education_level=""),
        candidate(4, skills=["파이썬", "", 'a "b"'], expected_salary=7),
    ]
    await store(vectors_database, *rows, fast=fast, domain="candidate")
    first, second = await stored(vectors_database, "candidate")
    assert first[1:7] == ("Person 3", None, 3, None, None, None)
    assert second[1:7] == ("Person 4", ["파이썬", "", 'a "b"'], 4, None, None, 7)


@pytest.mark.parametrize("told", [TOLD, 0])
async def test_the_same_rows_again_change_nothing(vectors_database: Database, told: int) -> None:
    rows = [recruit(number, updated_at_micros=told) for number in range(10)]
    await store(vectors_database, *rows)
    before = await versions(vectors_database)
    assert fates(await store(vectors_database, *rows, arrival=LATER + 5)) == (0, 10, 0)
    assert await versions(vectors_database) == before


async def test_the_same_candidates_again_change_nothing(vectors_database: Database) -> None:
    rows = [candidate(number) for number in range(12)]
    await store(vectors_database, *rows, domain="candidate")
    before = await versions(vectors_database, "candidate")
    assert fates(await store(vectors_database, *rows, domain="candidate")) == (0, 12, 0)
    assert await versions(vectors_database, "candidate") == before


CHANGES: list[dict[str, Any]] = [
    {"company_name": "Other"},
    {"exp_years": 9},
    {"english_level": ""},
    {"primary_keyword": "Go"},
    {"vector": vector(99)},
    {"vector": vector(1)[:-1] + bytes([vector(1)[-1] ^ 0x80])},
]


@pytest.mark.parametrize("change", CHANGES, ids=",".join)
@pytest.mark.parametrize(("told", "then", "wins"), [(TOLD, LATER, True), (TOLD, TOLD, True), (LATER, TOLD, False)])
async def test_the_newer_row_wins_and_of_equal_ones_the_later(
    vectors_database: Database, change: dict[str, Any], told: int, then: int, wins: bool
) -> None:
    await store(vectors_database, recruit(1, updated_at_micros=told))
    outcome = await store(vectors_database, recruit(1, updated_at_micros=then, **change))
    assert fates(outcome) == ((1, 0, 0) if wins else (0, 1, 0))
    (found,) = await stored(vectors_database)
    if not wins:
        then, change = told, {}
    expected = recruit(1, **change)
    assert found[1:5] == (
        expected.company_name,
        expected.exp_years,
        expected.english_level or None,
        expected.primary_keyword,
    )
    assert found[6][4:] == b"".join(expected.vector[at : at + 4][::-1] for at in range(0, 1536, 4))
    assert found[5].timestamp() == found[7].timestamp() == then / 1e6


async def test_zero_and_minus_zero_are_different_vectors(vectors_database: Database) -> None:
    """Bit for bit: without the image comparison in `compare`, pgvector's own `=` calls them equal."""
    minus = b"\0\0\0\x80" + bytes(4 * 383)
    await store(vectors_database, recruit(1, vector=bytes(4 * 384), updated_at_micros=TOLD))
    assert fates(await store(vectors_database, recruit(1, vector=minus, updated_at_micros=TOLD))) == (1, 0, 0)


async def test_a_newer_time_alone_is_kept_so_that_older_rows_stay_out(vectors_database: Database) -> None:
    await store(vectors_database, recruit(1, updated_at_micros=TOLD))
    assert fates(await store(vectors_database, recruit(1, updated_at_micros=LATER + 9))) == (1, 0, 0)
    between = recruit(1, updated_at_micros=LATER, company_name="Between")
    assert fates(await store(vectors_database, between)) == (0, 1, 0)


async def test_a_row_that_tells_no_time_counts_as_of_its_arrival(vectors_database: Database) -> None:
    await store(vectors_database, recruit(1, updated_at_micros=LATER))
    stale = recruit(1, updated_at_micros=0, company_name="Arrived before")
    assert fates(await store(vectors_database, stale, arrival=TOLD)) == (0, 1, 0)
    fresh = recruit(1, updated_at_micros=0, company_name="Arrived after")
    assert fates(await store(vectors_database, fresh, arrival=LATER + 1)) == (1, 0, 0)


async def test_a_group_with_new_changed_equal_older_and_doubled_rows(vectors_database: Database) -> None:
    await store(vectors_database, *(recruit(number, updated_at_micros=TOLD) for number in range(4)))
    outcome = await store(
        vectors_database,
        recruit(0, updated_at_micros=TOLD),
        recruit(1, updated_at_micros=TOLD, exp_years=30),
        recruit(2, updated_at_micros=TOLD - 1, exp_years=30),
        recruit(8, updated_at_micros=TOLD),
        recruit(8, updated_at_micros=TOLD + 1),
        recruit(9, vector=b"", updated_at_micros=TOLD),
    )
    assert fates(outcome) == (2, 3, 1)
    assert outcome.counts.causes == {"missing_field": 1}
    assert [row[0] for row in await stored(vectors_database)] == [entity(number) for number in (0, 1, 2, 3, 8)]


async def test_metadata_without_its_vector_is_made_whole(vectors_database: Database) -> None:
    row = recruit(1, updated_at_micros=TOLD)
    await store(vectors_database, row)
    async with vectors_database.transaction() as tx:
        await tx.execute("DELETE FROM recruit_embedding")
    assert fates(await store(vectors_database, row)) == (1, 0, 0)
    assert (await stored(vectors_database))[0][6] is not None


async def test_rows_that_are_there_already_fall_back_to_the_merge(vectors_database: Database) -> None:
    await store(vectors_database, recruit(3, updated_at_micros=TOLD))
    outcome = await store(vectors_database, *(recruit(at, updated_at_micros=TOLD) for at in range(6)), fast=True)
    assert (fates(outcome), outcome.copied) == ((5, 1, 0), False)


@pytest.mark.parametrize("fast", [True, False])
async def test_rows_that_postgresql_refuses_die_alone(vectors_database: Database, fast: bool) -> None:
    """A name too long for the B-tree over it: no rule of ours knows that limit."""
    huge = "".join(chr(0x4E00 + at * 7 % 20000) for at in range(4000))
    rows = [recruit(at, company_name=huge if at in (5, 11) else "Short", updated_at_micros=TOLD) for at in range(16)]
    outcome = await store(vectors_database, *rows, fast=fast)
    assert fates(outcome) == (14, 0, 2)
    letter = outcome.letters[0]
    assert (letter.cause.value, letter.entity_id) == ("database_error", entity(5))
    assert letter.message.startswith("PostgreSQL refused the row (54000): index row ")
    assert huge[:20] not in letter.message
    assert len(await stored(vectors_database)) == 14


async def test_a_constraint_that_was_added_later_costs_its_rows_only(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    with psycopg.connect(vectors_db.dsn("owner"), autocommit=True) as owner:
        owner.execute("ALTER TABLE recruit_metadata ADD CHECK (primary_keyword <> 'Cobol')")
    rows = [recruit(at, primary_keyword="Cobol" if at % 2 else "Java") for at in range(8)]
    outcome = await store(vectors_database, *rows, fast=True)
    assert fates(outcome) == (4, 0, 4)
    assert all("23514" in letter.message for letter in outcome.letters)


async def test_a_column_of_another_dimension_is_not_blamed_on_the_rows(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    rules = Rules.of(VectorsSettings(recruit=DomainSettings(dimension=8)), "recruit")
    group = decode(rules, [recruit(1, vector=vector(1, 8))], arrival_micros=LATER)

    async def store_it(tx: Transaction) -> None:
        await store_group(tx, group)

    with pytest.raises(DimensionChanged, match="384 floats in the database by now, and 8 came in"):
        async with vectors_database.transaction() as tx:
            await store_it(tx)


async def test_several_groups_share_one_transaction(vectors_database: Database) -> None:
    """A replay stores many small groups at once; what one staged must be gone for the next."""
    async with vectors_database.transaction() as tx:
        outcomes = [await store_group(tx, group_of(recruit(at, updated_at_micros=TOLD))) for at in (1, 2, 1)]
    assert [fates(outcome) for outcome in outcomes] == [(1, 0, 0), (1, 0, 0), (0, 1, 0)]


@pytest.mark.parametrize("fast", [True, False])
async def test_what_a_group_stored_is_undone_with_its_transaction(vectors_database: Database, fast: bool) -> None:
    """Without the explicit BEGIN in `Database.transaction`, the group's savepoint is the transaction, and commits."""

    async def store_and_fail() -> None:
        async with vectors_database.transaction() as tx:
            await store_group(tx, group_of(recruit(1)), fast=fast)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store_and_fail()
    assert not await stored(vectors_database)
