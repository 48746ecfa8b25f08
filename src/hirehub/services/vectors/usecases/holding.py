"""Who holds a domain: the one place that says no to a second holder, and ends what a dead one left open."""

import os
import socket
from collections.abc import Sequence
from uuid import UUID

from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.errors import Busy
from hirehub.services.vectors.domain.domains import DOMAINS
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import lease, notices, runs


class DomainBusy(Busy):
    """Another run holds the domain."""

    code = "domain_busy"


async def hold(tx: Transaction, domain: str) -> None:
    """Locks the domain against every pull until the transaction ends; DomainBusy where a run holds it."""
    _, alive = await lease.lock(tx, domain)
    if not alive:
        return
    found = await lease.holder(tx, domain)
    run_id, holder, began = (found.run_id, found.holder, found.since) if found else (None, "", None)
    since = f" since {began:%Y-%m-%d %H:%M:%S} UTC" if began else ""
    raise DomainBusy(
        f"The run {run_id} ({holder}) holds the domain {domain}{since}.",
        hint=f"Wait for it with --wait, or stop it: hirehub vectors cancel {run_id}",
        run_id=run_id,
        holder=holder,
        since=began,
    )


async def close_dead(tx: Transaction, settings: VectorsSettings, domain: str) -> list[UUID]:
    """Ends the domain's runs whose processes are gone, with `hold` or the lease's lock taken before.

    Rows that they stored made answers stale, and nobody was told: so that is owed.
    """
    closed = await runs.close_dead(tx, domain=domain, seconds=settings.ingest.lease)
    if closed:
        await owe_news(tx, domain, settings.targets())
    return closed


async def owe_news(tx: Transaction, domain: str, targets: Sequence[str]) -> None:
    """Leaves it to the schedule to tell the API servers, at once."""
    await notices.owe(tx, domain=domain, targets=targets, seconds=0.0)


async def sweep(db: Database, settings: VectorsSettings) -> list[UUID]:
    """Closes the running runs whose processes have ended; the ids of those."""
    closed: list[UUID] = []
    for domain in sorted(DOMAINS):
        async with db.transaction() as tx:
            await lease.lock(tx, domain)
            closed += await close_dead(tx, settings, domain)
    return closed


def process_name() -> str:
    """The name of this process for people: machine and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"
