"""Part `vectors.batch`: takes uploads, withdraws rows, runs the schedule, and is ready when rows can be stored.

It refuses to start where the settings' dimension is not the column's: no row could be stored, and the error names the
command that mends it.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from hirehub.kernel.background import drained
from hirehub.kernel.bus.joining import join
from hirehub.kernel.db import Database, open_database
from hirehub.kernel.module import Background, Check, Part, PartContext
from hirehub.kernel.settings import load
from hirehub.services.vectors.domain.domains import DOMAINS
from hirehub.services.vectors.handlers import OWED, handlers
from hirehub.services.vectors.module import MODULE
from hirehub.services.vectors.rpc import upload_service
from hirehub.services.vectors.schedule import Schedule
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases import dimension, index
from hirehub.services.vectors.usecases.index import IndexState
from hirehub.services.vectors.usecases.notify import CacheInvalidator

_HOUR: Final = 3_600.0


async def build(context: PartContext) -> Part:
    """The part. `context.options["sources"]` may name, by domain, the AI server where settings name none."""
    settings, kernel = load(VectorsSettings), context.settings
    db = await open_database(kernel, MODULE.name)
    try:
        await _require_dimensions(db, settings)
        notes = await _index_notes(db, settings)
        invalidator = CacheInvalidator(db, kernel.grpc, settings.targets())
        schedule = Schedule(db, settings, kernel, invalidator, sources=_sources(context))
        joined = await join(kernel, MODULE, db, handlers=handlers(settings))
    except BaseException:
        await db.close()
        raise

    async def ready() -> None:
        await _require_dimensions(db, settings)

    async def close() -> None:
        await joined.close()
        await invalidator.close()
        await db.close()

    return Part(
        grpc=[upload_service(db, settings=settings, kernel_settings=kernel, invalidator=invalidator)],
        background=[
            Background("schedule of vectors", schedule.run),
            Background("news of vectors", lambda: _tell(db, invalidator)),
            *joined.background,
        ],
        checks=[Check("vectors.batch", ready)],
        close=close,
        notes=[*notes, *_schedule_notes(schedule)],
    )


async def _tell(db: Database, invalidator: CacheInvalidator) -> None:
    """Tells API servers at once what was withdrawn; what does not reach them the schedule tries again."""
    news = asyncio.Event()
    end = db.ring(OWED, news.set)
    try:
        await drained(invalidator.retry_owed, news=news, seconds=_HOUR, name="vectors.news")
    finally:
        end()


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
