"""Streams the sample into tables that are still empty, over the same gRPC pull that real data take.

Tables that hold anything else are left alone. A load that was cut short is finished by the next start: its checkpoint
is then one of the sample's ids, but not the last.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

import pyarrow.parquet as pq

from hirehub.kernel.db import Database, open_database
from hirehub.kernel.errors import Conflict, HirehubError, Unavailable
from hirehub.kernel.settings import Settings, load
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import checkpoint, indexes
from hirehub.services.vectors.usecases.ingest import pull

SAMPLE_DIMENSION: Final = 384
_SERVICE: Final = "vectors"


class SampleLoading(Unavailable):
    """The sample is still on its way into the tables."""

    code = "sample_loading"


class WrongDimension(Conflict):
    """The sample's vectors do not fit the tables."""

    code = "sample_dimension"


class SampleLoad:
    """The sample of some domains, and whether it has arrived."""

    def __init__(self, files: Mapping[str, Path], note: Callable[[str], None]) -> None:
        self._files = files
        self._note = note
        self._done = not files
        self._ended = asyncio.Event()

    async def ended(self) -> None:
        """Waits until nothing of the sample will come any more: rows that came before it would keep it out."""
        if not self._done:
            await self._ended.wait()

    async def check(self) -> None:
        """For readiness: raises SampleLoading until all is there, or has been told why not."""
        if not self._done:
            raise SampleLoading("the sample is being loaded", hint="Wait a moment.")

    async def run(self, settings: Settings, target: str) -> dict[str, int]:
        """Loads what is missing from `target` (HOST:PORT); the rows that came, by domain."""
        own = load(VectorsSettings)
        came = {}
        async with await open_database(settings, _SERVICE) as db:
            for domain, path in self._files.items():
                try:
                    if await _wanted(db, own, domain, path):
                        report = await pull(db, settings=own, kernel_settings=settings, domain=domain, target=target)
                        came[domain] = report.counts.stored
                except HirehubError as error:
                    self._note(f"The sample of {domain} is not loaded: {error.message.rstrip('.')} — {error.hint}")
        self._done = True
        self._ended.set()
        return came


async def _wanted(db: Database, own: VectorsSettings, domain: str, path: Path) -> bool:
    """Whether the tables hold nothing, or only a part of the sample; WrongDimension where they cannot take it."""
    async with db.read() as tx:
        position = await checkpoint.read(tx, by_name(domain))
        empty = await indexes.is_empty(tx, by_name(domain))
    if not (empty and position is None) and position not in _ids(path)[:-1]:
        return False
    wanted = own.of(domain).dimension
    if wanted != SAMPLE_DIMENSION:
        raise WrongDimension(
            f"its vectors have {SAMPLE_DIMENSION} floats, the setting says {wanted}",
            hint="Go on without it: hirehub up --no-sample",
        )
    return True


def _ids(path: Path) -> list[UUID]:
    """The ids of a sample file, in their order."""
    return [UUID(text) for text in pq.read_table(path, columns=["id"])["id"].to_pylist()]
