"""Rows in spellings that proto3 allows and few senders use, pushed over gRPC: stored as meant, or kept as sent."""

import struct

import pytest

from hirehub.kernel.db import Database
from hirehub.services.vectors.domain.deadletters import wire_of
from hirehub.services.vectors.store.letters import Filter
from hirehub.services.vectors.usecases import dead_fix
from tests.support.batch import batch_server
from tests.support.dead import queue, replayer
from tests.support.loads import letters, quick
from tests.support.streams import message, recruit, stored, vector
from tests.support.vectors_db import VectorsDb
from tests.support.wire import alone, chunk, pieces


def bare(number: int) -> bytes:
    """A row without its vector."""
    return recruit(number, vector=b"").SerializeToString()


async def test_a_vector_in_pieces_is_stored_as_the_one_that_it_is(
    vectors_database: Database, vectors_db: VectorsDb
) -> None:
    """Fails where the last piece of a vector stands for all: the second row is dead, the third stored wrong."""
    rows = [
        recruit(1).SerializeToString(),
        bare(2) + pieces(6, vector(2)[:4], vector(2)[4:]),
        bare(3) + pieces(6, vector(4), vector(5)),
    ]
    async with batch_server(vectors_database, vectors_db) as client:
        result = await client.upload([chunk(rows)])
        assert result.message == (
            "recruit: 3 rows, 2 stored, 0 skipped, 1 dead-lettered (wrong_dimension 1: 768 floats instead of 384)"
        )
        in_pieces = await stored(vectors_database)
        again = await client.upload([message([recruit(1), recruit(2)]), chunk(rows)])
    assert (again.skipped_rows, again.dead_lettered_rows) == (4, 1), "rows in one piece and in several are equal"
    assert await stored(vectors_database) == in_pieces
    (letter,) = await letters(vectors_database)
    assert letter[0] == "wrong_dimension"
    assert wire_of(letter[3]) == rows[2]
    assert letter[4] == 2, "the same bad row is one letter"


@pytest.mark.parametrize("loners", [2, 384])
async def test_floats_that_came_one_by_one_are_packed_by_a_correction_of_nothing(
    vectors_database: Database, vectors_db: VectorsDb, loners: int
) -> None:
    """Fails where a correction knows the packed floats only, or only those that came alone."""
    whole = vector(1)
    values = struct.unpack(f"<{loners}f", whole[: 4 * loners])
    row = bare(1) + alone(6, values) + pieces(6, whole[4 * loners :])
    async with batch_server(vectors_database, vectors_db) as client:
        result = await client.upload([chunk([row])])
    assert "unpacked_vector 1" in result.message
    (letter,) = await queue(vectors_database)
    await dead_fix.fix(vectors_database, quick(), letter.id, {})
    (report,) = await replayer(vectors_database, vectors_db.settings).replay(Filter())
    assert report.counts.stored == 1
    (found,) = await stored(vectors_database)
    assert found[-2] == struct.pack(">hh384f", 384, 0, *struct.unpack("<384f", whole))
