"""Part `vectors.batch`: takes uploads, runs the schedule, and is ready when rows can be stored.

It refuses to start where the settings' dimension is not the column's: no row could be stored, and the error names the
command that mends it.
"""

from collections.abc import Mapping

from hirehub.kernel.db import Database, open_database
from hirehub.kernel.module import Background, Check, Part, PartContext
from hirehub.kernel.settings import load
from hirehub.services.vectors.domain.domains import DOMAINS
from hirehub.services.vectors.rpc import upload_service
from hirehub.services.vectors.schedule import Schedule
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases import dimension, index
from hirehub.services.vectors.usecases.index import IndexState
from hirehub.services.vectors.usecases.notify import CacheInvalidator


async def build(context: PartContext) -> Part:
    """The part. `context.options["sources"]` may name, by domain, the AI server where settings name none."""
    settings, kernel = load(VectorsSettings), context.settings
    db = await open_database(kernel, "vectors")
    try:
        await _require_dimensions(db, settings)
        notes = await _index_notes(db, settings)
        invalidator = CacheInvalidator(db, kernel.grpc, settings.targets())
        schedule = Schedule(db, settings, kernel, invalidator, sources=_sources(context))
    except BaseException:
        await db.close()
        raise

    async def ready() -> None:
        await _require_dimensions(db, settings)

    async def close() -> None:
        await invalidator.close()
        await db.close()

    return Part(
        grpc=[upload_service(db, settings=settings, kernel_settings=kernel, invalidator=invalidator)],
        background=[Background("schedule of vectors", schedule.run)],
        checks=[Check("vectors.batch", ready)],
        close=close,
        notes=[*notes, *_schedule_notes(schedule)],
    )


def _sources(context: PartContext) -> Mapping[str, str]:
    found = context.options.get("sources")
    return {str(domain): str(target) for domain, target in found.items()} if isinstance(found, Mapping) else {}


async def _require_dimensions(db: Database, settings: VectorsSettings) -> None:
    """Raises DimensionMismatch, or DatabaseUnavailable, where rows cannot be stored."""
    async with db.transaction() as tx:
        for domain in DOMAINS:
            await dimension.require(tx, settings, domain)


async def _index_notes(db: Database, settings: VectorsSettings) -> list[str]:
    """What is to be said about the indexes at start, each with the command that mends it."""
    notes = []
    async with db.transaction() as tx:
        for domain in DOMAINS:
            found = await index.report(tx, settings, domain)
            if found.state is IndexState.OTHER:
                notes.append(f"The index of {domain} is not the one in the settings; build it anew: {found.advice}")
            elif found.search.exact_only:
                notes.append(
                    f"Searches over {domain} are exact, as its index finds too little; mend it: {found.advice}"
                )
    return notes


def _schedule_notes(schedule: Schedule) -> list[str]:
    return [
        f"No scheduled pulls of {domain}: set HIREHUB_VECTORS__{domain.upper()}__SOURCE to its AI server's HOST:PORT."
        for domain in DOMAINS
        if schedule.source(domain) is None
    ]
