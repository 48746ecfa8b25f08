"""Runs and their steps.

A run's counters grow in the transactions that store its rows, so that they say the truth after any kill; the table's
CHECK holds received = stored + skipped + dead. Only a run that is `running` takes progress or an end: a run that was
closed because its process ended stays closed, however late that process wakes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.store import lease

RUNNING: Final = "running"
SUCCEEDED: Final = "succeeded"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
SKIPPED: Final = "skipped"
STATUSES: Final = (RUNNING, SUCCEEDED, FAILED, CANCELLED)
STEPS: Final = ("receive", "process", "notify")
PROCESS_ENDED: Final = "its process ended"


@dataclass(frozen=True)
class StepRecord:
    """One step of a run."""

    name: str
    status: str
    started_at: datetime | None
    finished_at: datetime | None
    detail: str | None


@dataclass(frozen=True)
class RunRecord:
    """A run as it stands in the table."""

    id: UUID
    domain: str
    kind: str
    source: str
    options: Mapping[str, Any]
    status: str
    received: int
    stored: int
    skipped: int
    dead: int
    causes: Mapping[str, int]
    checkpoint: UUID | None
    failure: str | None
    recall: float | None
    cancel_requested: bool
    retried_of: UUID | None
    started_at: datetime
    finished_at: datetime | None
    heartbeat_at: datetime
    seconds: float
    """Seconds from start to end, or to now, by the database's clock."""
    steps: tuple[StepRecord, ...] = ()


_COLUMNS = """
    run.id, run.domain, run.kind, run.source, run.options, run.status, run.received, run.stored, run.skipped, run.dead,
    run.causes, run.checkpoint, run.failure, run.recall, run.cancel_requested, run.retried_of, run.started_at,
    run.finished_at, run.heartbeat_at,
    extract(epoch FROM coalesce(run.finished_at, clock_timestamp()) - run.started_at)::float8
"""

_INSERT = """
INSERT INTO run (id, domain, kind, source, options, status, retried_of, checkpoint, started_at, heartbeat_at)
VALUES (%(id)s, %(domain)s, %(kind)s, %(source)s, %(options)s::jsonb, 'running', %(retried_of)s, %(checkpoint)s,
        clock_timestamp(), clock_timestamp())
"""

_INSERT_STEPS = "INSERT INTO run_step (run_id, name, status) SELECT %s, unnest(%s::text[]), 'pending'"

_PROGRESS = """
UPDATE run
   SET received = received + %(received)s, stored = stored + %(stored)s, skipped = skipped + %(skipped)s,
       dead = dead + %(dead)s, checkpoint = greatest(checkpoint, %(checkpoint)s::uuid),
       causes = CASE WHEN %(causes)s::jsonb = '{}'::jsonb THEN causes ELSE (
           SELECT jsonb_object_agg(summed.cause, summed.number) FROM (
               SELECT key AS cause, sum(value::bigint) AS number
                 FROM (SELECT * FROM jsonb_each_text(run.causes)
                       UNION ALL SELECT * FROM jsonb_each_text(%(causes)s::jsonb)) AS both_sides
                GROUP BY key) AS summed) END
 WHERE id = %(id)s AND status = 'running'
"""

_DOMAIN = "SELECT domain FROM run WHERE id = %s"

_BEAT = (
    "UPDATE run SET heartbeat_at = clock_timestamp() WHERE id = %s AND status = 'running' RETURNING cancel_requested"
)

_FINISH = """
UPDATE run SET status = %(status)s, failure = %(failure)s, finished_at = clock_timestamp()
 WHERE id = %(id)s AND status = 'running'
"""

_FINISH_STEPS = """
UPDATE run_step
   SET status = CASE status WHEN 'running' THEN 'failed' ELSE 'skipped' END,
       finished_at = CASE status WHEN 'running' THEN clock_timestamp() END
 WHERE run_id = %s AND status IN ('pending', 'running')
"""

_START_STEP = """
UPDATE run_step SET status = 'running', started_at = clock_timestamp(), finished_at = NULL, detail = NULL
 WHERE run_id = %(id)s AND name = %(name)s
"""

_END_STEP = """
UPDATE run_step SET status = %(status)s, finished_at = clock_timestamp(), detail = %(detail)s
 WHERE run_id = %(id)s AND name = %(name)s AND status IN ('pending', 'running')
"""

_DEAD = """
SELECT run.id, run.cancel_requested FROM run LEFT JOIN domain_lease AS lease ON lease.run_id = run.id
 WHERE run.status = 'running' AND run.domain = %(domain)s
   AND CASE WHEN run.kind = 'pull' THEN coalesce(lease.expires_at <= clock_timestamp(), true)
            ELSE run.heartbeat_at <= clock_timestamp() - make_interval(secs => %(seconds)s) END
 ORDER BY run.id FOR UPDATE OF run SKIP LOCKED
"""

_CANCEL = "UPDATE run SET cancel_requested = true WHERE id = %s AND status = 'running'"

_STORED = "SELECT stored FROM run WHERE id = %s"

_RECALL = "UPDATE run SET recall = %(recall)s WHERE id = %(id)s"

_STEPS = "SELECT run_id, name, status, started_at, finished_at, detail FROM run_step WHERE run_id = ANY(%s::uuid[])"

_GET = f"SELECT {_COLUMNS} FROM run WHERE run.id = %s"  # noqa: S608 - constants of this file only

_LIST = f"""
SELECT {_COLUMNS} FROM run
 WHERE (%(domain)s::text IS NULL OR run.domain = %(domain)s) AND (%(status)s::text IS NULL OR run.status = %(status)s)
   AND (%(before)s::uuid IS NULL OR run.id < %(before)s)
 ORDER BY run.id DESC LIMIT %(limit)s
"""  # noqa: S608 - constants of this file only


async def insert(
    tx: Transaction,
    *,
    run_id: UUID,
    domain: str,
    kind: str,
    source: str,
    options: Mapping[str, Any],
    retried_of: UUID | None,
    checkpoint: UUID | None = None,
) -> None:
    """Begins a run with its three steps pending."""
    values = {"id": run_id, "domain": domain, "kind": kind, "source": source, "options": json.dumps(dict(options))}
    await tx.execute(_INSERT, values | {"retried_of": retried_of, "checkpoint": checkpoint})
    await tx.execute(_INSERT_STEPS, (run_id, list(STEPS)))


async def add_progress(
    tx: Transaction, run_id: UUID, token: UUID | None, counts: Counts, checkpoint: UUID | None
) -> None:
    """Adds what this transaction stores to the run; call it last. LeaseLost when the writer was replaced or closed.

    `token` is that of the run's lease, None for a run without one (push, replay). Source: the group's own counts.
    """
    if token is not None:
        domain = await tx.fetch_value(_DOMAIN, (run_id,))
        await lease.guard(tx, domain=str(domain), token=token)
    values = {"id": run_id, "received": counts.received, "stored": counts.stored, "skipped": counts.skipped}
    values |= {"dead": counts.dead, "causes": json.dumps(dict(counts.causes)), "checkpoint": checkpoint}
    if await tx.execute(_PROGRESS, values) != 1:
        raise lease.LeaseLost(
            f"The run {run_id} is closed and takes no more rows.", hint=f"See why: hirehub vectors runs {run_id}"
        )


async def received(tx: Transaction, run_id: UUID) -> int:
    """The rows that the run has counted; waits for whoever is counting."""
    return int(await tx.fetch_value("SELECT received FROM run WHERE id = %s FOR UPDATE", (run_id,)) or 0)


async def beat(tx: Transaction, run_id: UUID) -> bool | None:
    """Shows that the run's process lives; whether its cancellation is asked for, None when the run is closed."""
    row = await tx.fetch_one(_BEAT, (run_id,))
    return None if row is None else bool(row[0])


async def finish(tx: Transaction, run_id: UUID, status: str, failure: str | None) -> bool:
    """Ends a running run and whatever of its steps is open; False when it was ended before."""
    ended = await tx.execute(_FINISH, {"id": run_id, "status": status, "failure": failure}) == 1
    if ended:
        await tx.execute(_FINISH_STEPS, (run_id,))
    return ended


async def start_step(tx: Transaction, run_id: UUID, name: str) -> None:
    """Marks a step as begun."""
    await tx.execute(_START_STEP, {"id": run_id, "name": name})


async def end_step(tx: Transaction, run_id: UUID, name: str, status: str, detail: str | None) -> None:
    """Marks a step as ended."""
    await tx.execute(_END_STEP, {"id": run_id, "name": name, "status": status, "detail": detail})


async def close_dead(tx: Transaction, *, domain: str, seconds: float) -> list[UUID]:
    """Ends every running run whose process is silent: a pull by its lease, others by their heartbeat.

    The caller holds the domain's lease row (`lease.lock`), so that no holder renews meanwhile.
    """
    rows = await tx.fetch_all(_DEAD, {"domain": domain, "seconds": seconds})
    for run_id, cancel_requested in rows:
        await finish(tx, run_id, CANCELLED if cancel_requested else FAILED, PROCESS_ENDED)
    return [row[0] for row in rows]


async def request_cancel(tx: Transaction, run_id: UUID) -> bool:
    """Raises the flag that the holder's heartbeat sees; False when the run is not running."""
    return await tx.execute(_CANCEL, (run_id,)) == 1


async def stored(tx: ReadTransaction, run_id: UUID) -> int:
    """Rows that the run has stored so far."""
    return int(await tx.fetch_value(_STORED, (run_id,)) or 0)


async def set_recall(tx: Transaction, run_id: UUID, recall: float) -> None:
    """Keeps the measured recall with the run after which it was measured."""
    await tx.execute(_RECALL, {"id": run_id, "recall": recall})


async def get(tx: ReadTransaction, run_id: UUID) -> RunRecord | None:
    """One run with its steps."""
    found = await _with_steps(tx, await tx.fetch_all(_GET, (run_id,)))
    return found[0] if found else None


async def list_runs(
    tx: ReadTransaction,
    *,
    domain: str | None = None,
    status: str | None = None,
    before: UUID | None = None,
    limit: int = 20,
) -> list[RunRecord]:
    """The latest runs first; `before` is the last id of the page before."""
    rows = await tx.fetch_all(_LIST, {"domain": domain, "status": status, "before": before, "limit": limit})
    return await _with_steps(tx, rows)


async def _with_steps(tx: ReadTransaction, rows: list[tuple[Any, ...]]) -> list[RunRecord]:
    """Adds their steps, in order, to runs."""
    steps: dict[UUID, list[StepRecord]] = {row[0]: [] for row in rows}
    for run_id, *step in await tx.fetch_all(_STEPS, (list(steps),)):
        steps[run_id].append(StepRecord(*step))
    order = {name: place for place, name in enumerate(STEPS)}
    records = []
    for row in rows:
        ordered = tuple(sorted(steps[row[0]], key=lambda step: order[step.name]))
        records.append(replace(RunRecord(*row), steps=ordered))
    return records
