"""Builders for tests of runs, dead letters, indexes and the schedule."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import numpy as np

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.kernel.db import Database
from hirehub.kernel.ids import uuid7_at
from hirehub.services.vectors.settings import DomainSettings, IngestSettings, VectorsSettings
from hirehub.services.vectors.store import runs

NOWHERE = "127.0.0.1:1"
"""An address at which nobody listens."""


def quick(*, lease: float = 1.0, wait: float = 10.0, dimension: int = 384, **more: Any) -> VectorsSettings:
    """Settings with a short lease, and no server to tell unless one is named."""
    more.setdefault("cache_targets", (NOWHERE,))
    more.setdefault("recruit", DomainSettings(dimension=dimension))
    return VectorsSettings(ingest=IngestSettings(lease=lease, wait=wait), **more)


def entity(number: int) -> UUID:
    """The id of the row of that number; later numbers order after earlier ones."""
    return uuid7_at(1_700_000_000_000 + number, number)


def recruit(number: int, *, dimension: int = 384, **fields: Any) -> pb.RecruitRow:
    """A sound recruit row of that number; its vector is the same each time."""
    vector = np.random.default_rng(number).normal(size=dimension).astype("<f4").tobytes()
    values = {"id": str(entity(number)), "company_name": f"Company {number % 7}", "exp_years": number % 10}
    return pb.RecruitRow(**{**values, "vector": vector, **fields})


async def vector_rows(db: Database, numbers: Sequence[int], *, dimension: int = 384, spread: float = 1.0) -> None:
    """Stores recruits of these numbers straight into both tables."""
    generator = np.random.default_rng(7)
    async with db.transaction() as tx:
        await tx.execute_many(
            "INSERT INTO recruit_metadata (id, company_name, exp_years) VALUES (%s, 'C', 1)",
            [(entity(number),) for number in numbers],
        )
        async with tx.copy_in("COPY recruit_embedding (id, vector) FROM STDIN") as copy:
            for number in numbers:
                floats = generator.normal(scale=spread, size=dimension).astype(np.float32)
                await copy.write_row((entity(number), str(floats.tolist())))


async def until(what: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> bool:
    """Whether it became true in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        if await what():
            return True
        await asyncio.sleep(0.01)
    return False


async def happens(what: Callable[[], object], seconds: float = 10.0) -> bool:
    """Whether it became true in time."""

    async def now() -> bool:
        return bool(what())

    return await until(now, seconds)


async def only_run(db: Database, run_id: UUID | None = None) -> runs.RunRecord:
    """The run of that id, or the only one there is."""
    async with db.read() as tx:
        if run_id is not None:
            found = await runs.get(tx, run_id)
            assert found is not None
            return found
        (run,) = await runs.list_runs(tx)
        return run


@asynccontextmanager
async def python(code: str, environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Another Python process that runs `code`; it is killed at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
