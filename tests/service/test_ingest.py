"""Pulling rows from a sender: what arrives, where it goes on, and what broken streams cost."""

import asyncio
from uuid import UUID

import pytest

from hirehub.kernel.db import Database
from hirehub.kernel.errors import Unavailable
from hirehub.services.vectors.pipeline.reading import OutOfOrder
from hirehub.services.vectors.usecases.pulling import StreamGivenUp
from tests.support.loads import checkpoint, letters, pull, quick, runs
from tests.support.streams import candidate, entity, fixed, messages, recruit, sending, source, stored, vector
from tests.support.vectors_db import VectorsDb


async def test_every_row_arrives_with_its_vector_bit_for_bit(vectors_database: Database, vectors_db: VectorsDb) -> None:
    rows = [recruit(number) for number in range(1000)]
    async with sending(source(rows, size=77)) as sender:
        report = await pull(vectors_database, vectors_db, sender.target)
    found = await stored(vectors_database)
    assert [(row[0], row[-2][4:]) for row in found] == [
        (entity(number), bytes(reversed_floats(vector(number)))) for number in range(1000)
    ]
    assert found[4][1:5] == ("Company 4", 4, "upper", "Java")
    assert found[3][3] is None, "an empty optional text is NULL"
    assert (report.counts.received, report.counts.stored) == (1000, 1000)
    assert report.checkpoint == entity(999) == await checkpoint(vectors_database)


def reversed_floats(data: bytes) -> bytes:
    """Little-endian floats as PostgreSQL sends them."""
    return b"".join(data[at : at + 4][::-1] for at in range(0, len(data), 4))
