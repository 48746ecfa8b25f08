"""What the tables themselves are like: the vector columns' dimension, the state of the searches over them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.vectors.domain.domains import Domain


@dataclass(frozen=True)
class SearchState:
    """How well a domain's index finds, as last measured. `exact_only`: searches leave the index aside."""

    domain: str
    recall: float | None
    sampled: int | None
    exact_only: bool
    measured_at: datetime | None
    index_definition: str | None


@dataclass(frozen=True)
class Checkpoint:
    """How far a domain's pulls have come."""

    domain: str
    position: UUID | None
    updated_at: datetime


_IDENTITY = """
SELECT system_identifier || '-' || (SELECT oid FROM pg_database WHERE datname = current_database())
  FROM pg_control_system()
"""

_DIMENSION = """
SELECT atttypmod FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'vector' AND NOT attisdropped
"""

_STATE = """
SELECT domain, recall, sampled, exact_only, measured_at, index_definition FROM search_state WHERE domain = %s
"""

_MEASURED = """
UPDATE search_state
   SET recall = %(recall)s, sampled = %(sampled)s, exact_only = %(exact_only)s, measured_at = clock_timestamp(),
       index_definition = %(definition)s
 WHERE domain = %(domain)s
"""

_UNMEASURED = """
UPDATE search_state
   SET recall = NULL, sampled = NULL, exact_only = false, measured_at = NULL, index_definition = %(definition)s
 WHERE domain = %(domain)s
"""

_PLACE_CHECKPOINT = "UPDATE checkpoint SET last_processed_uuid = %s WHERE domain = %s"

_CHECKPOINT = "SELECT domain, last_processed_uuid, updated_at FROM checkpoint WHERE domain = %s"


async def database_identity(tx: ReadTransaction) -> str:
    """What tells this database from all others; the same over restarts, and on servers that follow this one."""
    return str(await tx.fetch_value(_IDENTITY))


async def column_dimension(tx: ReadTransaction, domain: Domain) -> int | None:
    """Floats that the domain's vector column takes; None where the table is not there."""
    value = await tx.fetch_value(_DIMENSION, (domain.embedding_table,))
    return None if value is None else int(value)


async def search_state(tx: ReadTransaction, domain: str) -> SearchState:
    """How well the domain's index finds."""
    row = await tx.fetch_one(_STATE, (domain,))
    return SearchState(*row) if row else SearchState(domain, None, None, False, None, None)


async def set_measured(
    tx: Transaction, *, domain: str, recall: float, sampled: int, exact_only: bool, definition: str | None
) -> None:
    """Keeps a measured recall, and whether searches go exact because of it."""
    values = {"domain": domain, "recall": recall, "sampled": sampled, "exact_only": exact_only}
    await tx.execute(_MEASURED, values | {"definition": definition})


async def set_unmeasured(tx: Transaction, *, domain: str, definition: str | None) -> None:
    """Forgets what was measured of an index that is no more; searches may use the one that is there."""
    await tx.execute(_UNMEASURED, {"domain": domain, "definition": definition})


async def place_checkpoint(tx: Transaction, domain: str, position: UUID | None) -> None:
    """Makes the next pull begin after `position`, wherever it began before; None: at the start."""
    await tx.execute(_PLACE_CHECKPOINT, (position, domain))


async def checkpoint(tx: ReadTransaction, domain: str) -> Checkpoint | None:
    """How far the domain's pulls have come."""
    row = await tx.fetch_one(_CHECKPOINT, (domain,))
    return Checkpoint(*row) if row else None
