"""Fresh vectors are stored over a real socket, and an older one never replaces a newer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from hirehub.kernel.db import Database
from hirehub.kernel.errors import Unavailable
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.ai.fresh import FreshRow, FreshRows, Sent
from tests.support.api import clustered, row_id
from tests.support.batch import batch_server
from tests.support.vectors_db import VectorsDb

NOW = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)


async def test_fresh_rows_are_stored_and_older_ones_are_not(vectors_database: Database, vectors_db: VectorsDb) -> None:
    vectors = clustered(450)
    columns = {"company_name": "Lumen", "exp_years": 3, "english_level": None, "primary_keyword": "Backend"}
    posts = [FreshRow(row_id(at), one, NOW, columns) for at, one in enumerate(vectors)]
    person = FreshRow(row_id(1), vectors[1], NOW, {"name": "7f", "skills": ["Go", "R"], "experience_years": 2})
    older = FreshRow(row_id(5), vectors[6], NOW - timedelta(seconds=1), columns)
    newer = FreshRow(row_id(7), vectors[8], NOW + timedelta(seconds=1), columns)
    wrong = FreshRow(row_id(9), vectors[9][:5], NOW, columns)
    async with batch_server(vectors_database, vectors_db) as server:
        fresh = FreshRows(server.target, GrpcSettings())
        told = [await fresh.send("recruit", posts), await fresh.send("candidate", [person])]
        told.append(await fresh.send("recruit", [older, newer, wrong]))
    assert told == [Sent(450, 0, 0), Sent(1, 0, 0), Sent(1, 1, 1)]
    assert await vector(vectors_database, row_id(5)) == vectors[5].tolist()
    assert await vector(vectors_database, row_id(7)) == vectors[8].tolist()
    with pytest.raises(Unavailable):
        await FreshRows("127.0.0.1:9", GrpcSettings(deadline=1)).send("recruit", posts[:1])


async def vector(database: Database, row: UUID) -> list[float]:
    """The vector in the table."""
    async with database.read() as tx:
        found = await tx.fetch_value("SELECT vector::real[] FROM recruit_embedding WHERE id = %s", (row,))
    return [float(np.float32(one)) for one in found]
