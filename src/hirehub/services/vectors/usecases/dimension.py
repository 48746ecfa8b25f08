"""The dimension of a domain: the setting is held against the column, and the column is changed on purpose only."""

from hirehub.kernel.db import ReadTransaction
from hirehub.kernel.errors import Conflict, Missing
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import states


class DimensionMismatch(Conflict):
    """The setting and the column's type differ, so that no row could be stored."""

    code = "dimension_mismatch"


class NotMigrated(Missing):
    """The tables of the service are not there."""

    code = "not_migrated"


async def require(tx: ReadTransaction, settings: VectorsSettings, domain: str) -> None:
    """Raises DimensionMismatch, with the command that mends it, where the setting is not the column's dimension."""
    actual = await states.column_dimension(tx, by_name(domain))
    wanted = settings.of(domain).dimension
    if actual is None:
        raise NotMigrated(f"The tables of {domain} are not there.", hint="Run: hirehub db upgrade")
    if actual != wanted:
        raise DimensionMismatch(
            f"The {domain} vectors have {actual} floats in the database and {wanted} in the settings.",
            hint=f"Run: hirehub vectors dimension migrate {domain} {wanted}"
            f" (it empties the vectors), or set HIREHUB_VECTORS__{domain.upper()}__DIMENSION={actual}",
            domain=domain,
            column=actual,
            setting=wanted,
        )
