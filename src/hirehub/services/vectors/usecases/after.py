"""What follows a load, as the last two steps of its run: the index is put right and tried, API servers are told.

The rows are durable before; so a failing index does not keep the news back, and a server that cannot be told does not
make the load fail: what is owed to it is in the database.
"""

from contextlib import AsyncExitStack
from typing import Final

from hirehub.kernel.db import Database
from hirehub.kernel.errors import Unavailable
from hirehub.kernel.settings import Settings
from hirehub.kernel.telemetry import get_logger
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import indexes, runs, states
from hirehub.services.vectors.usecases import index, recall
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from hirehub.services.vectors.usecases.runs import RunSession

_CHANGED_SHARE: Final = 0.01
"""Share of a domain's vectors that a small load must have stored for the recall to be measured anew."""


_log = get_logger(__name__)


class NewsOwed(Unavailable):
    """Some API server could not be told; the schedule goes on trying."""

    code = "news_owed"


async def finish_load(
    run: RunSession,
    *,
    db: Database,
    kernel: Settings,
    settings: VectorsSettings,
    stored: int,
    invalidator: CacheInvalidator | None = None,
) -> None:
    """The steps process and notify of a run that stored so many rows.

    `invalidator` is the process's own where it has one, so that calls to one server are joined.
    """
    try:
        async with run.step("process"):
            await _process(run, db, kernel, settings, stored)
    except Exception:
        await _tell(run, db, kernel, settings, invalidator, stored)
        raise
    await _tell(run, db, kernel, settings, invalidator, stored)


async def _process(run: RunSession, db: Database, kernel: Settings, settings: VectorsSettings, stored: int) -> None:
    """Builds an index that is missing or not as set, then measures it where enough has changed."""
    try:
        built = await index.ensure(db, kernel, settings, run.domain)
    except index.IndexBusy:
        return
    if not built and not await _worth_measuring(run, db, stored):
        return
    measured = await recall.check(db, settings, run.domain)
    if measured is not None:
        async with db.transaction() as tx:
            await runs.set_recall(tx, run.id, measured.recall)


async def _worth_measuring(run: RunSession, db: Database, stored: int) -> bool:
    if not stored:
        return False
    async with db.read() as tx:
        state = await states.search_state(tx, run.domain)
        if run.kind == "pull" or state.recall is None or state.exact_only:
            return True
        return stored >= _CHANGED_SHARE * await indexes.count(tx, by_name(run.domain))


async def _tell(
    run: RunSession,
    db: Database,
    kernel: Settings,
    settings: VectorsSettings,
    invalidator: CacheInvalidator | None,
    stored: int,
) -> None:
    if not stored:
        return await run.skip("notify", "nothing new")
    try:
        async with run.step("notify"), AsyncExitStack() as stack:
            if invalidator is None:
                invalidator = CacheInvalidator(db, kernel.grpc, settings.targets())
                stack.push_async_callback(invalidator.close)
            missed = [told for told in await invalidator.invalidate(run.domain) if told.error is not None]
            if missed:
                raise NewsOwed("; ".join(f"{told.target} {told.error}" for told in missed))
    except NewsOwed as owed:
        _log.info("news_owed", domain=run.domain, reason=owed.message)
