"""Dead letters: one for one bad row, found by filters, corrected by the rules of fresh rows, replayed once."""

import asyncio
import struct
from datetime import timedelta
from uuid import uuid4

import pytest

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.kernel.db import Database
from hirehub.kernel.errors import Invalid
from hirehub.services.vectors.domain.deadletters import Cause
from hirehub.services.vectors.settings import DeadLetterSettings, DomainSettings
from hirehub.services.vectors.store.dead import put_dead_letters
from hirehub.services.vectors.store.letters import Filter
from hirehub.services.vectors.usecases import dead, dead_fix
from tests.support.dead import causes, company, letter_of, put, queue, replayer, store
from tests.support.ops import entity, only_run, quick, recruit
from tests.support.vectors_db import VectorsDb

T0 = 1_700_000_000_000_000


async def test_the_same_bad_row_again_is_one_letter_seen_twice(vectors_database: Database) -> None:
    bad = recruit(1, exp_years=-1)
    await put(vectors_database, bad, bad)
    first, other = uuid4(), uuid4()
    async with vectors_database.transaction() as tx:
        await put_dead_letters(tx, first, [letter_of(recruit(2, company_name=""))])
        await put_dead_letters(tx, other, [letter_of(bad)])
    one, two = await queue(vectors_database)
    assert (one.seen, one.run_id, one.cause) == (3, other, "negative_number")
    assert (two.seen, two.run_id, two.cause) == (1, first, "missing_field")


async def test_two_loads_with_the_same_bad_rows_do_not_wait_in_a_circle(vectors_database: Database) -> None:
    """Fails without the sorting by fingerprint in put_dead_letters: PostgreSQL then ends one of the two."""
    found = [letter_of(recruit(number, exp_years=-1)) for number in range(60)]

    async def load(some: list[int]) -> None:
        async with vectors_database.transaction() as tx:
            await put_dead_letters(tx, None, [found[number] for number in some])

    for _ in range(20):
        await asyncio.gather(load(list(range(60))), load(list(reversed(range(60)))))
    assert len(await queue(vectors_database)) == 60


async def test_text_that_postgresql_refuses_does_not_lose_the_letter(vectors_database: Database) -> None:
    await put(vectors_database, recruit(1, company_name="a\0b"), recruit(2, primary_keyword="\0"))
    assert await causes(vectors_database) == [Cause.BAD_TEXT, Cause.BAD_TEXT]


async def test_letters_are_found_by_domain_cause_run_and_age(vectors_database: Database) -> None:
    db, run = vectors_database, uuid4()
    await put(db, recruit(1, exp_years=-1), recruit(2, dimension=5), pb.CandidateRow(id="x", name="n"))
    async with db.transaction() as tx:
        await put_dead_letters(tx, run, [letter_of(recruit(3, exp_years=-4))])
        await tx.execute("UPDATE dlq SET created_at = now() - interval '3 days' WHERE cause = 'wrong_dimension'")

    async def found(**words: object) -> list[str]:
        return sorted(letter.cause for letter in await dead.list_letters(db, Filter(**words)))  # type: ignore[arg-type]  # one word each

    assert await found(domain="candidate") == ["bad_id"]
    assert await found(cause="negative_number") == ["negative_number", "negative_number"]
    assert await found(run_id=run) == ["negative_number"]
    assert await found(older_than=timedelta(days=2)) == ["wrong_dimension"]
    assert len(await found(newer_than=timedelta(hours=1))) == 3
    assert [(row.domain, row.cause, row.letters) for row in await dead.stats(db)] == [
        ("candidate", "bad_id", 1),
        ("recruit", "negative_number", 2),
        ("recruit", "wrong_dimension", 1),
    ]
    with pytest.raises(Invalid, match="no cause"):
        await dead.list_letters(db, Filter(cause="bad luck"))


async def test_pages_of_letters_do_not_overlap(vectors_database: Database) -> None:
    await put(vectors_database, *(recruit(number, exp_years=-1) for number in range(7)))
    first = await dead.list_letters(vectors_database, Filter(), limit=4)
    second = await dead.list_letters(vectors_database, Filter(), before=first[-1].id, limit=4)
    assert [len(first), len(second)] == [4, 3]
    assert min(letter.id for letter in first) > max(letter.id for letter in second)


async def test_the_payload_is_shown_of_one_letter_only(vectors_database: Database) -> None:
    await put(vectors_database, recruit(1, company_name="Secret Works", exp_years=-1))
    (listed,) = await dead.list_letters(vectors_database, Filter())
    assert "Secret" not in repr(listed)
    whole = await dead.show(vectors_database, listed.id)
    assert whole.payload["company_name"] == "Secret Works"
    assert "Secret" not in repr(whole)
    with pytest.raises(dead.UnknownLetter):
        await dead.show(vectors_database, listed.id + 1)


async def test_a_corrected_letter_is_replayed(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db:
        await put(db, recruit(1, exp_years=-1, company_name=""))
        (letter,) = await queue(db)
        fixed = await dead_fix.fix(db, quick(), letter.id, {"exp_years": ["3"], "company_name": ["New"]})
        assert "corrected" in fixed.message
        (report,) = await replayer(db, vectors_db.settings).replay(Filter(ids=(letter.id,)))
        assert (report.counts.received, report.counts.stored) == (1, 1)
        assert await company(db, 1) == "New"
        assert await queue(db) == []
        run = await only_run(db)
        assert (run.kind, run.status, run.stored) == ("replay", "succeeded", 1)


async def test_the_bad_row_again_before_the_replay_is_the_same_letter_and_spoils_no_correction(
    vectors_db: VectorsDb,
) -> None:
    """Fails where a correction gives the letter another fingerprint, or where the row's return overwrites it."""
    bad = recruit(1, exp_years=-1)
    async with vectors_db.database() as db:
        await put(db, bad)
        (letter,) = await queue(db)
        fixed = await dead_fix.fix(db, quick(), letter.id, {"exp_years": ["3"]})
        shown = (await dead.show(db, letter.id)).payload
        await put(db, bad, bad)
        (again,) = await queue(db)
        assert (again.seen, again.message, again.cause) == (3, fixed.message, fixed.cause)
        assert (await dead.show(db, letter.id)).payload == shown
        (report,) = await replayer(db, vectors_db.settings).replay_what_may_pass()
        assert report.counts.stored == 1
        assert await replayer(db, vectors_db.settings).replay(Filter()) == []
        assert await queue(db) == []
        await put(db, bad)
        (new,) = await queue(db)
        assert (new.seen, new.cause) == (1, "negative_number"), "after the replay it is news again"


async def test_two_letters_corrected_to_one_row_are_both_replayed(vectors_db: VectorsDb) -> None:
    """Fails where a letter is known by its corrected row: then the second correction is refused."""
    async with vectors_db.database() as db:
        await put(db, recruit(1, exp_years=-1), recruit(1, exp_years=-2))
        for letter in await queue(db):
            await dead_fix.fix(db, quick(), letter.id, {"exp_years": ["3"], "company_name": ["One"]})
        (report,) = await replayer(db, vectors_db.settings).replay(Filter())
        assert (report.counts.received, report.counts.dead) == (2, 0)
        assert await company(db, 1) == "One"
        assert await queue(db) == []


async def test_a_correction_that_does_not_mend_changes_nothing(vectors_database: Database) -> None:
    """The judge is that of fresh rows: what it refuses there, it refuses here."""
    await put(vectors_database, recruit(1, exp_years=-1, company_name=""))
    (before,) = await queue(vectors_database)
    with pytest.raises(dead_fix.NotMended, match="missing_field"):
        await dead_fix.fix(vectors_database, quick(), before.id, {"exp_years": ["3"]})
    with pytest.raises(dead_fix.UnknownField, match="no field 'years'"):
        await dead_fix.fix(vectors_database, quick(), before.id, {"years": ["3"]})
    with pytest.raises(dead_fix.UnknownField, match="whole number"):
        await dead_fix.fix(vectors_database, quick(), before.id, {"exp_years": ["many"]})
    with pytest.raises(Invalid, match="company_name takes text in UTF-8"):
        await dead_fix.fix(vectors_database, quick(), before.id, {"company_name": ["a\udcff"]})
    assert await queue(vectors_database) == [before]


async def test_a_bad_id_lists_and_a_vector_can_be_corrected(vectors_database: Database) -> None:
    row = pb.CandidateRow(id="no id", name="n", skills=["a\0"], experience_years=1, expected_salary=-5, vector=b"1234")
    await put(vectors_database, row)
    (letter,) = await queue(vectors_database)
    changes = {"id": [str(entity(9))], "skills": ["Go", "SQL"], "expected_salary": [""]}
    fixed = await dead_fix.fix(vectors_database, quick(), letter.id, changes, vector=[0.5] * 384)
    assert (fixed.entity_id, fixed.dimension) == (entity(9), 384)
    shown = (await dead.show(vectors_database, letter.id)).payload
    assert (shown["skills"], shown["expected_salary"]) == (["Go", "SQL"], None)


async def test_an_unpacked_vector_is_packed_by_a_correction_of_nothing(vectors_db: VectorsDb) -> None:
    floats = [float(number) for number in range(384)]
    wire = recruit(1, vector=b"").SerializeToString() + b"".join(b"\x35" + struct.pack("<f", one) for one in floats)
    async with vectors_db.database() as db:
        await put(db, pb.RecruitRow.FromString(wire))
        (letter,) = await queue(db)
        assert letter.cause == Cause.UNPACKED_VECTOR
        await dead_fix.fix(db, quick(), letter.id, {})
        await replayer(db, vectors_db.settings).replay(Filter())
        async with db.read() as tx:
            stored = await tx.fetch_value("SELECT vector::text FROM recruit_embedding")
    assert stored == "[" + ",".join(f"{one:.0f}" for one in floats) + "]"


async def test_a_replay_never_overwrites_what_came_after_the_letter(vectors_db: VectorsDb) -> None:
    """Fails where a replayed row without updated_at counts as of now instead of its arrival."""
    async with vectors_db.database() as db:
        await put(db, recruit(1, company_name="Old"), micros=T0)
        await store(db, recruit(1, company_name="Newer"), micros=T0 + 1)
        (report,) = await replayer(db, vectors_db.settings).replay(Filter())
        assert (report.counts.skipped, report.counts.stored) == (1, 0)
        assert await company(db, 1) == "Newer"
        assert await queue(db) == []


async def test_two_letters_of_one_id_end_as_the_later(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db:
        await put(db, recruit(1, company_name="Later"), micros=T0 + 5)
        await put(db, recruit(1, company_name="Earlier"), micros=T0)
        (report,) = await replayer(db, vectors_db.settings).replay(Filter())
        assert report.counts.received == 2
        assert await company(db, 1) == "Later"
        assert await queue(db) == []


async def test_of_two_replays_at_once_each_letter_is_counted_once(vectors_db: VectorsDb) -> None:
    """Fails without FOR UPDATE SKIP LOCKED in letters._LOCK: then both count the same letters."""
    async with vectors_db.database() as db:
        await put(db, *(recruit(number) for number in range(1200)))
        both = await asyncio.gather(*(replayer(db, vectors_db.settings).replay(Filter()) for _ in range(2)))
        assert sum(report.counts.received for reports in both for report in reports) == 1200
        assert await queue(db) == []
        async with db.read() as tx:
            assert await tx.fetch_value("SELECT count(*) FROM recruit_embedding") == 1200


async def test_replaying_what_is_still_bad_counts_a_try_and_says_why(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as db:
        await put(db, recruit(1), recruit(2, exp_years=-1))
        (report,) = await replayer(db, vectors_db.settings).replay(Filter())
        assert (report.counts.stored, report.counts.dead, report.counts.causes) == (1, 1, {"negative_number": 1})
        (left,) = await queue(db)
        assert (left.cause, left.attempts) == ("negative_number", 1)
        assert left.last_attempt_at is not None


async def test_the_schedule_replays_what_a_change_has_mended_and_nothing_else(vectors_db: VectorsDb) -> None:
    was = quick(recruit=DomainSettings(dimension=768), english_levels=("basic",))
    async with vectors_db.database() as db:
        await put(db, recruit(1), recruit(2, dimension=768, english_level="fluent"), settings=was)
        await put(db, recruit(3, exp_years=-1), recruit(4, dimension=5), recruit(5, english_level="martian"))
        assert sorted(await causes(db)) == [
            Cause.NEGATIVE_NUMBER,
            Cause.UNKNOWN_LEVEL,
            Cause.UNKNOWN_LEVEL,
            Cause.WRONG_DIMENSION,
            Cause.WRONG_DIMENSION,
        ]
        (report,) = await replayer(db, vectors_db.settings).replay_what_may_pass()
        assert (report.letters, report.counts.stored, report.counts.dead) == (2, 1, 1)
        assert await company(db, 1) is not None
        assert len(await queue(db)) == 4


async def test_the_schedule_tries_a_letter_a_bounded_number_of_times(vectors_db: VectorsDb) -> None:
    """Fails without the bound on attempts in letters._TRY_AGAIN."""
    settings = quick(dead=DeadLetterSettings(attempts=2))
    async with vectors_db.database() as db:
        await put(db, recruit(1, vector=b"1" * 1537))
        tries = 0
        for _ in range(5):
            tries += len(await replayer(db, vectors_db.settings, settings).replay_what_may_pass())
        assert tries == 2
        assert (await queue(db))[0].attempts == 2


async def test_dropping_removes_what_is_meant_and_nothing_else(vectors_database: Database) -> None:
    await put(vectors_database, recruit(1, exp_years=-1), recruit(2, dimension=5))
    assert await dead.drop(vectors_database, Filter(cause="wrong_dimension")) == 1
    assert await causes(vectors_database) == [Cause.NEGATIVE_NUMBER]
