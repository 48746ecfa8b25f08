"""Pulls a domain's rows from an AI server into the tables, from the checkpoint or from the start.

A pull is a run of three steps: receive (see `pulling`), process (the index), notify (the API servers). Whatever ends
it, what was committed stays and the checkpoint is true.
"""

from dataclasses import dataclass
from uuid import UUID

from hirehub.kernel.clock import Clock
from hirehub.kernel.db import Database
from hirehub.kernel.grpc import check_target
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.pipeline.faults import reach
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases import index
from hirehub.services.vectors.usecases.after import finish_load
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from hirehub.services.vectors.usecases.pulling import Pull, Told
from hirehub.services.vectors.usecases.runs import open_run


@dataclass(frozen=True)
class RunReport:
    """A pull that has ended well."""

    run_id: UUID
    domain: str
    counts: Counts
    checkpoint: UUID | None
    received_bytes: int
    breaks: int
    """Streams that broke on the way."""
    seconds: float
    """From the request to the last commit, without what follows a load."""


async def pull(
    db: Database,
    *,
    settings: VectorsSettings,
    kernel_settings: Settings,
    domain: str,
    target: str,
    full: bool = False,
    unordered: bool = False,
    wait: bool = False,
    progress: Told | None = None,
    retried_of: UUID | None = None,
    invalidator: CacheInvalidator | None = None,
    clock: Clock | None = None,
) -> RunReport:
    """Loads what `target` (HOST:PORT) has after the checkpoint, or all of it (`full`).

    `unordered` takes rows in any order and moves the checkpoint at the end only. Raises DomainBusy, DimensionMismatch,
    StreamGivenUp, OutOfOrder and whatever else the stream or the database did; the run tells it too.
    """
    check_target(target)
    options = {"full": full, "unordered": unordered}
    async with open_run(
        db, settings, domain=domain, kind="pull", source=target, options=options, wait=wait, retried_of=retried_of
    ) as run:
        load = Pull(db, settings, kernel_settings, run, target, clock=clock, progress=progress)
        async with run.step("receive"):
            await index.before_load(db, kernel_settings, settings, domain)
            received = await load.receive(full=full, unordered=unordered)
        reach("before_end")
        await finish_load(
            run,
            db=db,
            kernel=kernel_settings,
            settings=settings,
            stored=received.counts.stored,
            invalidator=invalidator,
        )
    return RunReport(
        run_id=run.id,
        domain=domain,
        counts=received.counts,
        checkpoint=received.checkpoint,
        received_bytes=received.size,
        breaks=received.breaks,
        seconds=received.seconds,
    )
