"""The checkpoint of each domain: every row up to it is stored or dead-lettered.

It is moved in the transaction that stores the rows, and never back: what it covers stays covered, also while a load
that began at the start passes over it again.
"""

from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.vectors.domain.domains import Domain

_READ = "SELECT last_processed_uuid FROM checkpoint WHERE domain = %s"

_MOVE = """
UPDATE checkpoint SET last_processed_uuid = %(position)s
 WHERE domain = %(domain)s AND (last_processed_uuid IS NULL OR last_processed_uuid < %(position)s)
"""


async def read(tx: ReadTransaction, domain: Domain) -> UUID | None:
    """Where a pull goes on from; None: at the start."""
    value: UUID | None = await tx.fetch_value(_READ, (domain.name,))
    return value


async def move(tx: Transaction, domain: Domain, position: UUID) -> None:
    """Moves the checkpoint on to `position`, unless it is there or beyond."""
    await tx.execute(_MOVE, {"domain": domain.name, "position": position})
