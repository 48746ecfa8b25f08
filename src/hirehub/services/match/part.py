"""Part `match`: its routes in the process's API, its place on the bus, and what it does by itself."""

from fastapi import APIRouter

from hirehub.contracts.user import Members
from hirehub.kernel.bus.joining import join
from hirehub.kernel.db import open_database
from hirehub.kernel.module import Background, Check, Part, PartContext, Routes
from hirehub.kernel.settings import load
from hirehub.services.match import work
from hirehub.services.match.caching import Kept
from hirehub.services.match.handlers import handlers
from hirehub.services.match.korean import KOREAN
from hirehub.services.match.module import MODULE
from hirehub.services.match.routes import feedback, matches
from hirehub.services.match.routes.deps import MatchService
from hirehub.services.match.settings import MatchSettings


async def build(context: PartContext) -> Part:
    """The part."""
    settings = load(MatchSettings)
    members = context.port(Members)  # type: ignore[type-abstract]  # a key, never called
    kept = Kept(context.cache, settings.keep)
    db = await open_database(context.settings, MODULE.name)
    try:
        joined = await join(context.settings, MODULE, db, handlers=handlers(settings, kept))
    except BaseException:
        await db.close()
        raise

    async def ready() -> None:
        async with db.transaction() as tx:
            await tx.fetch_value("SELECT 1")

    async def close() -> None:
        await joined.close()
        await db.close()

    return Part(
        routes=[Routes(_router(), {MatchService: MatchService(db, members, kept, settings)}, KOREAN)],
        background=[
            *joined.background,
            Background("match.cache", kept.run),
            Background("match.keys", lambda: work.forget_keys(db)),
        ],
        checks=[Check("match", ready)],
        close=close,
    )


def _router() -> APIRouter:
    whole = APIRouter()
    for router in (matches.router, feedback.router):
        whole.include_router(router)
    return whole
