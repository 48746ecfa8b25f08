"""Streams that bring the same again and break: a pull goes on only as long as it gets further."""

import pytest

from hirehub.kernel.db import Database
from hirehub.services.vectors.usecases.pulling import StreamGivenUp
from tests.support.loads import checkpoint, pull, quick, runs
from tests.support.streams import Row, breaking, entity, recruit, sending, source, stored
from tests.support.vectors_db import VectorsDb

NAMELESS = [recruit(number, id="") for number in range(5)]


@pytest.mark.parametrize(
    ("sent", "unordered", "asked"),
    [
        pytest.param(NAMELESS, False, 3, id="rows without an id"),
        pytest.param([recruit(1)], False, 3, id="an id of which more may be on their way"),
        pytest.param([recruit(0), recruit(1), recruit(1, exp_years=-1)], False, 4, id="and a dead row of its id"),
        pytest.param([recruit(1), recruit(2)], True, 4, id="stored rows in any order"),
        pytest.param(NAMELESS, True, 3, id="rows without an id in any order"),
    ],
)
async def test_the_same_rows_again_are_no_progress(
    vectors_database: Database, vectors_db: VectorsDb, sent: list[Row], unordered: bool, asked: int
) -> None:
    """Where any row that came counts as progress, the pull asks for ever: this times out."""
    async with sending(breaking(sent)) as sender:
        with pytest.raises(StreamGivenUp, match="broke off 3 times in a row without a new row"):
            await pull(vectors_database, vectors_db, sender.target, settings=quick(attempts=3), unordered=unordered)
    assert len(sender.requests) == asked, "one more where the first stream stored something"
    assert (await runs(vectors_database))[0][1] == "failed"


async def test_the_row_of_the_checkpoint_again_and_again_is_no_progress(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """The load begins behind a checkpoint. Where any row that came counts as progress, it never ends."""
    rows = [recruit(number) for number in range(3)]
    async with sending(source(rows), breaking(rows[2:])) as sender:
        await pull(vectors_database, vectors_db, sender.target)
        with pytest.raises(StreamGivenUp):
            await pull(vectors_database, vectors_db, sender.target, settings=quick(attempts=2))
    assert len(sender.requests) == 3
    assert await checkpoint(vectors_database) == entity(2)


async def test_one_row_more_each_time_is_progress_in_any_order_too(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Without counting the stored rows as progress, this is given up after two of the six breaks."""
    rows = [recruit(number) for number in (3, 1, 5, 2, 6, 4)]
    scripts = [breaking(rows[:number]) for number in range(1, 7)]
    async with sending(*scripts, source(rows)) as sender:
        report = await pull(vectors_database, vectors_db, sender.target, settings=quick(attempts=2), unordered=True)
    assert (report.breaks, report.counts.stored) == (6, 6)
    assert len(await stored(vectors_database)) == 6
