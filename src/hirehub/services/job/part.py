"""Part `job`: its routes in the process's API, its place on the bus, and what it does by itself."""

from fastapi import APIRouter

from hirehub.contracts.user import Members
from hirehub.kernel.bus.joining import join
from hirehub.kernel.db import open_database
from hirehub.kernel.module import Background, Check, Part, PartContext, Routes
from hirehub.kernel.settings import load
from hirehub.services.job import work
from hirehub.services.job.handlers import HANDLERS
from hirehub.services.job.korean import KOREAN
from hirehub.services.job.module import MODULE
from hirehub.services.job.routes import posts, skills
from hirehub.services.job.routes.deps import JobService
from hirehub.services.job.settings import JobSettings


async def build(context: PartContext) -> Part:
    """The part."""
    settings = load(JobSettings)
    db = await open_database(context.settings, MODULE.name)
    try:
        joined = await join(context.settings, MODULE, db, handlers=HANDLERS)
    except BaseException:
        await db.close()
        raise
    service = JobService(db, context.port(Members), context.clock)  # type: ignore[type-abstract]  # a key, never called

    async def ready() -> None:
        async with db.transaction() as tx:
            await tx.fetch_value("SELECT 1")

    async def close() -> None:
        await joined.close()
        await db.close()

    return Part(
        routes=[Routes(_router(), {JobService: service}, KOREAN)],
        background=[
            *joined.background,
            Background("job.expiry", lambda: work.close_over(db, settings)),
            Background("job.views", lambda: work.fold_views(db, settings)),
            Background("job.keys", lambda: work.forget_keys(db)),
        ],
        checks=[Check("job", ready)],
        close=close,
    )


def _router() -> APIRouter:
    whole = APIRouter()
    for router in (posts.router, skills.router):
        whole.include_router(router)
    return whole
