"""When scheduled jobs last began, by the database's clock; a job is begun by whoever holds its row."""

from collections.abc import Sequence
from datetime import datetime

from hirehub.kernel.db import Transaction

_NOW = "SELECT clock_timestamp()"

_ENROL = "INSERT INTO schedule_state (name) SELECT unnest(%s::text[]) ON CONFLICT (name) DO NOTHING"

_STATES = "SELECT name, last_started_at FROM schedule_state WHERE name = ANY(%s::text[])"

_LOCK = "SELECT last_started_at, clock_timestamp() FROM schedule_state WHERE name = %s FOR UPDATE SKIP LOCKED"

_BEGIN = "UPDATE schedule_state SET last_started_at = %(at)s WHERE name = %(name)s"


async def enrol(tx: Transaction, names: Sequence[str]) -> None:
    """Makes rows for jobs that have none; one without a beginning has never been due."""
    await tx.execute(_ENROL, (sorted(names),))


async def states(tx: Transaction, names: Sequence[str]) -> tuple[datetime, dict[str, datetime | None]]:
    """The present moment, and when each of the jobs last began."""
    now: datetime = await tx.fetch_value(_NOW)
    rows = await tx.fetch_all(_STATES, (list(names),))
    return now, dict(rows)


async def lock(tx: Transaction, name: str) -> tuple[datetime | None, datetime] | None:
    """When the job last began, and the present moment; None where another process looks at it."""
    row = await tx.fetch_one(_LOCK, (name,))
    return (row[0], row[1]) if row else None


async def begin(tx: Transaction, name: str, at: datetime) -> None:
    """Notes that the job has begun."""
    await tx.execute(_BEGIN, {"name": name, "at": at})
