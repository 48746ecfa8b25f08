"""What people do with runs: look at them, stop one, begin one again."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

from hirehub.kernel.db import Database
from hirehub.kernel.errors import Conflict, Invalid, Missing
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import lease, runs
from hirehub.services.vectors.usecases import holding

_POLL = 0.2


class UnknownRun(Missing):
    """There is no run of that id."""

    code = "unknown_run"


class RunOver(Conflict):
    """The run has ended, so there is nothing to stop."""

    code = "run_over"


class NotRestartable(Conflict):
    """The run is of a kind, or in a state, that cannot be begun again."""

    code = "not_restartable"


async def show(db: Database, run_id: UUID) -> runs.RunRecord:
    """One run with its steps."""
    async with db.read() as tx:
        found = await runs.get(tx, run_id)
    if found is None:
        raise UnknownRun(f"There is no run {run_id}.", hint="See them all: hirehub vectors runs")
    return found


async def list_runs(
    db: Database,
    *,
    domain: str | None = None,
    status: str | None = None,
    before: UUID | None = None,
    limit: int = 20,
) -> Sequence[runs.RunRecord]:
    """The latest runs first; `before` is the last id of the page before."""
    if domain is not None:
        by_name(domain)
    if status is not None and status not in runs.STATUSES:
        raise Invalid(f"There is no status {status[:40]!r}.", hint=f"Use one of: {', '.join(runs.STATUSES)}.")
    async with db.read() as tx:
        return await runs.list_runs(tx, domain=domain, status=status, before=before, limit=limit)


async def cancel(db: Database, settings: VectorsSettings, run_id: UUID, *, seconds: float = 0.0) -> runs.RunRecord:
    """Asks a run to stop, and closes it where its process is gone already; waits up to `seconds` for its end.

    What the run has stored stays. Raises UnknownRun, or RunOver where it has ended before.
    """
    found = await show(db, run_id)
    async with db.transaction() as tx:
        await lease.lock(tx, found.domain)
        asked = await runs.request_cancel(tx, run_id)
        closed = await holding.close_dead(tx, settings, found.domain)
    if not asked:
        raise RunOver(
            f"The run {run_id} is over: it {_ended(await show(db, run_id))}.", hint="There is nothing to stop."
        )
    found = await show(db, run_id)
    until = time.monotonic() + (0.0 if run_id in closed else seconds)
    while found.status == runs.RUNNING and time.monotonic() < until:
        await asyncio.sleep(_POLL)
        found = await show(db, run_id)
    return found


async def restartable(db: Database, run_id: UUID) -> runs.RunRecord:
    """The run, if it can be begun again: a pull that failed or was cancelled."""
    found = await show(db, run_id)
    if found.kind == "push":
        raise NotRestartable(f"The run {run_id} was an upload.", hint="Its sender uploads again: hirehub ai push")
    if found.kind == "replay":
        raise NotRestartable(f"The run {run_id} was a replay.", hint="Replay again: hirehub vectors dead replay --all")
    if found.status == runs.RUNNING:
        raise NotRestartable(f"The run {run_id} is running.", hint=f"Stop it first: hirehub vectors cancel {run_id}")
    if found.status == runs.SUCCEEDED:
        raise NotRestartable(
            f"The run {run_id} has succeeded.",
            hint=f"Load what is new: hirehub vectors ingest {found.domain} --from {found.source}",
        )
    return found


def _ended(run: runs.RunRecord) -> str:
    return {runs.SUCCEEDED: "has succeeded", runs.FAILED: "has failed", runs.CANCELLED: "was cancelled"}[run.status]
