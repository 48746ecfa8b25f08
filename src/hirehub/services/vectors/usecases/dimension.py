"""The dimension of a domain: the setting is held against the column, and the column is changed on purpose only.

A change empties the domain's vectors, because a vector of another model means nothing beside the new ones. It is one
transaction with the domain's row of leases locked: no run can hold or take the domain meanwhile, and a process that is
killed in the middle has changed nothing. What API servers are owed is part of it, and they are told right after.
"""

from dataclasses import dataclass

from psycopg import errors as pg

from hirehub.kernel.db import Database, DatabaseBusy, ReadTransaction, Transaction, open_database
from hirehub.kernel.db.access import Role
from hirehub.kernel.errors import Busy, Conflict, Invalid, Missing
from hirehub.kernel.settings import Settings
from hirehub.kernel.telemetry import get_logger
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.domain.indexes import wanted
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import indexes, notices, states
from hirehub.services.vectors.usecases import holding
from hirehub.services.vectors.usecases.notify import CacheInvalidator

LEAST, MOST = 1, 2000
_LOCK_SECONDS = 10.0
_HOUR = 3600.0
_log = get_logger(__name__)


class DimensionMismatch(Conflict):
    """The setting and the column's type differ, so that no row could be stored."""

    code = "dimension_mismatch"


class NotMigrated(Missing):
    """The tables of the service are not there."""

    code = "not_migrated"


class TableBusy(Busy):
    """Somebody reads or writes the vectors for too long."""

    code = "table_busy"


@dataclass(frozen=True)
class DimensionReport:
    """A domain's dimension, as set and as the column has it; how many vectors a change would remove."""

    domain: str
    setting: int
    column: int | None
    vectors: int

    @property
    def matches(self) -> bool:
        """Whether rows can be stored."""
        return self.setting == self.column


def held_against(settings: VectorsSettings, domain: str, column: int | None) -> None:
    """Raises DimensionMismatch, with the command that mends it, where the setting is not the column's dimension."""
    setting = settings.of(domain).dimension
    if column is None:
        raise NotMigrated(f"The tables of {domain} are not there.", hint="Run: hirehub db upgrade")
    if column != setting:
        raise DimensionMismatch(
            f"The {domain} vectors have {column} floats in the database and {setting} in the settings.",
            hint=f"Run: hirehub vectors dimension migrate {domain} {setting}"
            f" (it empties the vectors), or set HIREHUB_VECTORS__{domain.upper()}__DIMENSION={column}",
            domain=domain,
            column=column,
            setting=setting,
        )


async def require(tx: ReadTransaction, settings: VectorsSettings, domain: str) -> None:
    """Raises DimensionMismatch or NotMigrated where rows of the settings' dimension cannot be stored."""
    held_against(settings, domain, await states.column_dimension(tx, by_name(domain)))


async def show(tx: ReadTransaction, settings: VectorsSettings, domain: str) -> DimensionReport:
    """The domain's dimension and its vectors."""
    described = by_name(domain)
    column = await states.column_dimension(tx, described)
    vectors = 0 if column is None else await indexes.count(tx, described)
    return DimensionReport(domain, settings.of(domain).dimension, column, vectors)


async def migrate(kernel: Settings, settings: VectorsSettings, domain: str, dimension: int) -> DimensionReport:
    """Gives the column another dimension: removes the vectors, makes the index anew, sets the checkpoint to the start.

    Metadata stay. Raises DomainBusy while a run holds the domain. A dimension that the column has already changes
    nothing. The report says how many vectors went.
    """
    described = by_name(domain)
    if not LEAST <= dimension <= MOST:
        raise Invalid(f"A dimension of {dimension} cannot be indexed.", hint=f"Use {LEAST} to {MOST}.")
    async with await open_database(kernel, "vectors", role=Role.OWNER, reader=False) as owner:
        try:
            async with owner.transaction(statement_timeout=_HOUR, lock_timeout=_LOCK_SECONDS) as tx:
                await holding.hold(tx, domain)
                before = await show(tx, settings, domain)
                if before.column is None:
                    held_against(settings, domain, None)
                if before.column == dimension:
                    return DimensionReport(domain, before.setting, dimension, 0)
                await indexes.lock_table(tx, described)
                vectors = await indexes.count(tx, described)
                await _change(tx, settings, domain, dimension)
        except DatabaseBusy as error:
            if isinstance(error.__cause__, pg.LockNotAvailable):
                raise TableBusy(
                    f"The vectors of {domain} are in use, and did not come free within {_LOCK_SECONDS:g} seconds.",
                    hint="Try again when no upload or long search is under way.",
                ) from error
            raise
        await _tell(owner, kernel, settings, domain)
    return DimensionReport(domain, before.setting, dimension, vectors)


async def _tell(db: Database, kernel: Settings, settings: VectorsSettings, domain: str) -> None:
    """Has API servers drop their answers; what cannot be told stays owed, and the schedule goes on trying."""
    invalidator = CacheInvalidator(db, kernel.grpc, settings.targets())
    try:
        for told in await invalidator.invalidate(domain):
            if told.error is not None:
                _log.info("news_owed", domain=domain, target=told.target, reason=told.error)
    finally:
        await invalidator.close()


async def _change(tx: Transaction, settings: VectorsSettings, domain: str, dimension: int) -> None:
    """The change itself, with the table locked."""
    described, shape = by_name(domain), wanted(settings.of(domain).index)
    for index in await indexes.list_indexes(tx, described):
        await indexes.drop(tx, index.name)
    await indexes.change_dimension(tx, described, dimension)
    await indexes.create(tx, described, shape)
    await states.set_unmeasured(tx, domain=domain, definition=str(shape))
    await states.place_checkpoint(tx, domain, None)
    await notices.owe(tx, domain=domain, targets=settings.targets(), seconds=0.0)
