"""The index over a domain's vectors: held against the settings, dropped before a first load, built after it, mended.

Without a valid index searches read every vector: slow and right. So a load into an empty table may be cut off at any
moment; whoever comes next (a run, the schedule, a person) builds what is missing.
"""

import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

from psycopg import AsyncConnection
from psycopg import errors as pg
from psycopg.rows import TupleRow

from hirehub.kernel.db import Database, DatabaseBusy, ReadTransaction, Transaction, open_database
from hirehub.kernel.db.access import Role, dsn
from hirehub.kernel.errors import Busy
from hirehub.kernel.settings import Settings
from hirehub.kernel.telemetry import get_logger
from hirehub.services.vectors.domain.domains import Domain, by_name
from hirehub.services.vectors.domain.indexes import IndexShape, memory_to_build, wanted
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import indexes, states

_LOCK_SECONDS = 2.0
_SWAP_SECONDS = 30.0

_log = get_logger(__name__)


class IndexBusy(Busy):
    """Another process builds the domain's index."""

    code = "index_busy"


class IndexState(StrEnum):
    """How the index stands to the settings."""

    SOUND = "sound"
    MISSING = "missing"
    OTHER = "other"
    """It works, and is not the one that the settings ask for."""


@dataclass(frozen=True)
class IndexReport:
    """A domain's index beside the one that the settings ask for, and how well it finds."""

    domain: str
    state: IndexState
    wanted: IndexShape
    found: IndexShape | None
    size: int
    search: states.SearchState

    @property
    def advice(self) -> str | None:
        """The command that mends it; None where nothing is to be mended."""
        if self.state is IndexState.SOUND and not self.search.exact_only:
            return None
        return f"hirehub vectors index build {self.domain}"


async def report(tx: ReadTransaction, settings: VectorsSettings, domain: str) -> IndexReport:
    """How the domain's index stands."""
    found = [index for index in await indexes.list_indexes(tx, by_name(domain)) if index.valid]
    shape = wanted(settings.of(domain).index)
    match = next((index for index in found if index.shape.same(shape)), None)
    chosen = match or (found[0] if found else None)
    state = IndexState.SOUND if match else IndexState.OTHER if found else IndexState.MISSING
    return IndexReport(
        domain=domain,
        state=state,
        wanted=shape,
        found=chosen.shape if chosen else None,
        size=sum(index.size for index in found),
        search=await states.search_state(tx, domain),
    )


async def before_load(db: Database, kernel: Settings, settings: VectorsSettings, domain: str) -> bool:
    """Drops the index where the table is empty, since rows go in faster without it; True when it did.

    Call it while the run holds the domain. A table that somebody reads for long keeps its index.
    """
    del settings  # what is wanted matters after the load only
    async with db.read() as tx:
        if not await indexes.is_empty(tx, by_name(domain)):
            return False
    with contextlib.suppress(DatabaseBusy):
        async with await _open_owner(kernel) as owner, owner.transaction(lock_timeout=_LOCK_SECONDS) as tx:
            return await _drop_if_empty(tx, domain)
    return False


async def _drop_if_empty(tx: Transaction, domain: str) -> bool:
    described = by_name(domain)
    if not await indexes.only_builder(tx, described):
        return False
    await indexes.lock_table(tx, described)
    if not await indexes.is_empty(tx, described):
        return False
    for index in await indexes.list_indexes(tx, described):
        await indexes.drop(tx, index.name)
    await states.set_unmeasured(tx, domain=domain, definition=None)
    return True


async def ensure(db: Database, kernel: Settings, settings: VectorsSettings, domain: str) -> bool:
    """Builds the index that the settings ask for where it is not there; True when it did."""
    async with db.read() as tx:
        before = await report(tx, settings, domain)
    if before.state is IndexState.SOUND:
        return False
    await build(kernel, settings, domain)
    return True


async def build(kernel: Settings, settings: VectorsSettings, domain: str) -> None:
    """Builds the index that the settings ask for, anew, while others read and write; then it replaces the old one.

    Raises IndexBusy when another process is at it.
    """
    described, shape = by_name(domain), wanted(settings.of(domain).index)
    async with _builder(kernel) as connection:
        tx = Transaction(connection)
        rows = await indexes.count(tx, described)
        memory = memory_to_build(settings.of(domain).index, rows, settings.of(domain).dimension)
        await _set_memory(connection, min(memory, max(64, kernel.database.maintenance_memory)))
        _log.info("index_build_begins", domain=domain, rows=rows, index=str(shape))
        if not await _build_online(connection, described, shape):
            raise IndexBusy(
                f"Another process builds the index of {domain}.",
                hint=f"Look again later: hirehub vectors index show {domain}",
            )
        async with connection.transaction():
            await tx.set_local({"lock_timeout": f"{_SWAP_SECONDS:g}s"})
            await indexes.swap(tx, described)
            await states.set_unmeasured(tx, domain=domain, definition=str(shape))
    _log.info("index_build_ends", domain=domain, rows=rows)


async def _build_online(connection: AsyncConnection[TupleRow], domain: Domain, shape: IndexShape) -> bool:
    """Builds with helpers; alone where the server has no shared memory for them (a small /dev/shm, say)."""
    try:
        return await indexes.build_online(connection, domain, shape)
    except (pg.DiskFull, pg.OutOfMemory):
        await connection.execute("SET max_parallel_maintenance_workers = 0")
        return await indexes.build_online(connection, domain, shape)


async def _set_memory(connection: AsyncConnection[TupleRow], mebibytes: int) -> None:
    await connection.execute("SELECT set_config('maintenance_work_mem', %s, false)", (f"{mebibytes}MB",))


@asynccontextmanager
async def _builder(kernel: Settings) -> AsyncGenerator[AsyncConnection[TupleRow]]:
    """A session of the owner outside any transaction, without a limit to the time that a statement takes."""
    connection = await AsyncConnection.connect(
        dsn(kernel, "vectors", Role.OWNER),
        autocommit=True,
        application_name="hirehub index",
        options="-c TimeZone=UTC -c statement_timeout=0 -c lock_timeout=0",
        connect_timeout=max(2, round(kernel.database.connect_timeout)),
    )
    async with connection:
        yield connection


async def _open_owner(kernel: Settings) -> Database:
    return await open_database(kernel, "vectors", role=Role.OWNER, reader=False)
