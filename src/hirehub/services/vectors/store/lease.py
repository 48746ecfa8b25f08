"""One holder a domain, by the database's clock.

A pull takes its domain's row of `domain_lease` with a fresh token and keeps it by moving `expires_at`; whoever finds it
expired takes it over. The machine's clock is never asked, so clocks that differ cannot make two holders. The token is
held against the row in every final write, and that row is locked first and all else after: no two transactions of the
service wait for each other in a circle.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.errors import Conflict

FINAL_WRITE = 10.0
"""Seconds that a holder may stand still between its last check of the token and its commit."""


class LeaseLost(Conflict):
    """The writer no longer holds what it writes for: another run took over, or the run was closed."""

    code = "lease_lost"


@dataclass(frozen=True)
class Holder:
    """Who holds a domain."""

    domain: str
    run_id: UUID | None
    holder: str
    since: datetime | None
    expires_at: datetime
    alive: bool


_LOCK = """
SELECT run_id, token, coalesce(expires_at > clock_timestamp(), false)
  FROM domain_lease WHERE domain = %s FOR UPDATE
"""

_TAKE = """
UPDATE domain_lease
   SET run_id = %(run_id)s, token = %(token)s, holder = %(holder)s,
       expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE domain = %(domain)s
"""

_RENEW = """
UPDATE domain_lease SET expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE domain = %(domain)s AND token = %(token)s
"""

_RELEASE = """
UPDATE domain_lease SET run_id = NULL, token = NULL, holder = NULL, expires_at = NULL
 WHERE domain = %(domain)s AND token = %(token)s
"""

_GUARD = """
SELECT set_config('idle_in_transaction_session_timeout', %(millis)s, true)
  FROM (SELECT 1 FROM domain_lease WHERE domain = %(domain)s AND token = %(token)s FOR NO KEY UPDATE) AS held
"""

_HOLDER = """
SELECT lease.domain, lease.run_id, coalesce(lease.holder, ''), run.started_at, lease.expires_at,
       lease.expires_at > clock_timestamp()
  FROM domain_lease AS lease LEFT JOIN run ON run.id = lease.run_id
 WHERE lease.domain = %s AND lease.token IS NOT NULL
"""


async def lock(tx: Transaction, domain: str) -> tuple[UUID | None, bool]:
    """Locks the domain's row until the end of the transaction; gives the run that holds it and whether it is alive."""
    row = await tx.fetch_one(_LOCK, (domain,))
    if row is None:
        raise LeaseLost(f"The domain {domain} has no lease row.", hint="Run: hirehub db upgrade")
    run_id, token, alive = row
    return (run_id, bool(alive)) if token is not None else (None, False)


async def take(tx: Transaction, *, domain: str, run_id: UUID, token: UUID, holder: str, seconds: float) -> None:
    """Writes the holder into a row that `lock` has found free or expired."""
    await tx.execute(_TAKE, {"domain": domain, "run_id": run_id, "token": token, "holder": holder, "seconds": seconds})


async def renew(tx: Transaction, *, domain: str, token: UUID, seconds: float) -> bool:
    """Moves the end of the lease; False when the token no longer holds the domain."""
    return await tx.execute(_RENEW, {"domain": domain, "token": token, "seconds": seconds}) == 1


async def release(tx: Transaction, *, domain: str, token: UUID) -> bool:
    """Lets go of the domain; False when the token no longer holds it."""
    return await tx.execute(_RELEASE, {"domain": domain, "token": token}) == 1


async def guard(tx: Transaction, *, domain: str, token: UUID) -> None:
    """Holds the domain until this transaction ends, or raises LeaseLost. Call it late: others wait meanwhile.

    A process that is frozen between here and its commit loses the session, and with it the transaction.
    """
    found = await tx.fetch_one(_GUARD, {"domain": domain, "token": token, "millis": str(int(FINAL_WRITE * 1000))})
    if found is None:
        raise LeaseLost(
            f"This run no longer holds the domain {domain}; what it had not committed is rolled back.",
            hint="See who does: hirehub vectors runs",
        )


async def holder(tx: ReadTransaction, domain: str) -> Holder | None:
    """Who holds the domain, dead or alive; None when nobody does."""
    row = await tx.fetch_one(_HOLDER, (domain,))
    return Holder(*row) if row else None
