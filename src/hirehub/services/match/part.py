"""Part `match`: its routes in the process's API, its place on the bus, and what it does by itself."""

from fastapi import APIRouter

from hirehub.contracts.user import Members
from hirehub.kernel.bus.joining import at_home
from hirehub.kernel.http.idempotency import forget_keys
from hirehub.kernel.module import Background, Part, PartContext, Routes
from hirehub.kernel.settings import load
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
    home = await at_home(context.settings, MODULE, handlers=handlers(settings, kept))
    db = home.db

    return Part(
        routes=[Routes(_router(), {MatchService: MatchService(db, members, kept, settings)}, KOREAN)],
        background=[
            *home.background,
            Background("match.cache", kept.run),
            Background("match.keys", lambda: forget_keys(db, "match.keys")),
        ],
        checks=[home.check],
        close=home.close,
    )


def _router() -> APIRouter:
    whole = APIRouter()
    for router in (matches.router, feedback.router):
        whole.include_router(router)
    return whole
