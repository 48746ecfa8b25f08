"""Invalidations that API servers are still owed: written before the call, removed when a call made after it passed.

So neither a server that is down nor a process that dies before it could call leaves stale answers for longer than the
schedule takes. A notice that is asked for again while a call is under way outlives that call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hirehub.kernel.db import ReadTransaction, Transaction

FIRST_PAUSE = 10.0
LONGEST_PAUSE = 600.0
"""Seconds between two times that an owed notice is tried again."""


@dataclass(frozen=True)
class Notice:
    """One API server that is to be told about one domain."""

    target: str
    domain: str
    requested_at: datetime
    attempts: int
    last_error: str | None
    next_attempt_at: datetime


_OWE = """
INSERT INTO cache_notice (target, domain, requested_at, attempts, next_attempt_at)
SELECT unnest(%(targets)s::text[]), %(domain)s, clock_timestamp(), 0,
       clock_timestamp() + make_interval(secs => %(seconds)s)
 ORDER BY 1
    ON CONFLICT (target, domain) DO UPDATE
   SET requested_at = excluded.requested_at, attempts = 0, next_attempt_at = excluded.next_attempt_at
RETURNING target, requested_at
"""

_TOLD = """
DELETE FROM cache_notice WHERE target = %(target)s AND domain = %(domain)s AND requested_at <= %(requested_at)s
"""

_MISSED = """
UPDATE cache_notice
   SET attempts = attempts + %(tries)s, last_error = %(error)s,
       next_attempt_at = clock_timestamp() + make_interval(
           secs => least(%(limit)s, %(pause)s * power(2, least(attempts / %(tries)s, 20))))
 WHERE target = %(target)s AND domain = %(domain)s AND requested_at <= %(requested_at)s
"""

_CLAIM = """
UPDATE cache_notice AS notice SET next_attempt_at = clock_timestamp() + make_interval(secs => %(seconds)s)
  FROM (SELECT target, domain FROM cache_notice WHERE next_attempt_at <= clock_timestamp()
         ORDER BY target, domain FOR UPDATE SKIP LOCKED) AS due
 WHERE notice.target = due.target AND notice.domain = due.domain
RETURNING notice.target, notice.domain, notice.requested_at, notice.attempts, notice.last_error, notice.next_attempt_at
"""

_FORGET = "DELETE FROM cache_notice WHERE NOT (target = ANY(%s::text[])) RETURNING target"

_LIST = """
SELECT target, domain, requested_at, attempts, last_error, next_attempt_at FROM cache_notice ORDER BY domain, target
"""


async def owe(tx: Transaction, *, domain: str, targets: Sequence[str], seconds: float) -> dict[str, datetime]:
    """Notes that these servers are to be told; whoever claims owed notices leaves them alone for `seconds`."""
    rows = await tx.fetch_all(_OWE, {"targets": list(targets), "domain": domain, "seconds": seconds})
    return dict(rows)


async def told(tx: Transaction, *, target: str, domain: str, requested_at: datetime) -> None:
    """Removes the notice, unless it was asked for again since."""
    await tx.execute(_TOLD, {"target": target, "domain": domain, "requested_at": requested_at})


async def missed(tx: Transaction, *, target: str, domain: str, requested_at: datetime, error: str, tries: int) -> None:
    """Keeps why so many calls failed; the next are due after a pause that doubles each time."""
    values = {"target": target, "domain": domain, "requested_at": requested_at, "error": error, "tries": tries}
    await tx.execute(_MISSED, values | {"pause": FIRST_PAUSE, "limit": LONGEST_PAUSE})


async def claim(tx: Transaction, *, seconds: float) -> list[Notice]:
    """The notices that are due, each for one caller only: others see it again after `seconds`."""
    return [Notice(*row) for row in await tx.fetch_all(_CLAIM, {"seconds": seconds})]


async def forget_others(tx: Transaction, targets: Sequence[str]) -> list[str]:
    """Drops what is owed to servers that the settings no longer name; their addresses."""
    return sorted({row[0] for row in await tx.fetch_all(_FORGET, (list(targets),))})


async def list_owed(tx: ReadTransaction) -> list[Notice]:
    """All that is owed."""
    return [Notice(*row) for row in await tx.fetch_all(_LIST)]
