"""The checkpoint of a domain, moved on purpose. Loads only move it on; this is for where one must not go on from.

Such a place is beyond all real rows, where a stream has once sent an id that no row should have: every later pull then
finds nothing new. It is one transaction with the domain's row of leases locked, so no pull is under way meanwhile; a
pull whose process seems dead is closed, so that it moves nothing should it wake.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hirehub.kernel.db import Database, ReadTransaction
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import rows, states
from hirehub.services.vectors.usecases import holding


@dataclass(frozen=True)
class Position:
    """Where a domain's next pull goes on from. None: at the start."""

    domain: str
    checkpoint: UUID | None
    moved_at: datetime | None
    greatest_stored: UUID | None
    """The greatest id among the stored rows. The checkpoint lies beyond it where the last rows were dead."""


@dataclass(frozen=True)
class Placed:
    """A checkpoint before and after it was placed."""

    domain: str
    before: UUID | None
    after: UUID | None

    @property
    def changed(self) -> bool:
        """Whether it was elsewhere."""
        return self.before != self.after


async def show(tx: ReadTransaction, domain: str) -> Position:
    """The domain's checkpoint beside the rows that are there."""
    found = await states.checkpoint(tx, domain)
    greatest = await rows.greatest_id(tx, by_name(domain))
    return Position(domain, found.position if found else None, found.updated_at if found else None, greatest)


async def place(db: Database, settings: VectorsSettings, domain: str, position: UUID | None) -> Placed:
    """Puts the domain's checkpoint at a position, forward or back; None is the start.

    Rows stay as they are. Raises DomainBusy while a pull holds the domain.
    """
    name = by_name(domain).name
    async with db.transaction() as tx:
        await holding.hold(tx, name)
        await holding.close_dead(tx, settings, name)
        before = (await show(tx, name)).checkpoint
        if before != position:
            await states.place_checkpoint(tx, name, position)
    return Placed(name, before, position)
