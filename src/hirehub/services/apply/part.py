"""Part `apply`: its routes in the process's API, its place on the bus, and what it does by itself."""

from fastapi import APIRouter

from hirehub.contracts.job import Jobs
from hirehub.contracts.match import Matches
from hirehub.contracts.resume import Resumes
from hirehub.contracts.user import Members
from hirehub.kernel.bus.joining import at_home
from hirehub.kernel.db import Database
from hirehub.kernel.http.idempotency import forget_keys
from hirehub.kernel.module import Background, Part, PartContext, Routes
from hirehub.kernel.settings import load
from hirehub.services.apply import work
from hirehub.services.apply.handlers import HANDLERS
from hirehub.services.apply.korean import KOREAN
from hirehub.services.apply.module import MODULE
from hirehub.services.apply.routes import applications, events, interviews, sent
from hirehub.services.apply.routes.deps import ApplyService
from hirehub.services.apply.settings import ApplySettings


async def build(context: PartContext) -> Part:
    """The part."""
    settings = load(ApplySettings)
    home = await at_home(context.settings, MODULE, handlers=HANDLERS)
    db = home.db

    return Part(
        routes=[Routes(_router(), {ApplyService: _service(context, db, settings)}, KOREAN)],
        background=[
            *home.background,
            Background("apply.held", lambda: work.release_held(db, settings)),
            Background("apply.keys", lambda: forget_keys(db, "apply.keys")),
        ],
        checks=[home.check],
        close=home.close,
    )


def _service(context: PartContext, db: Database, settings: ApplySettings) -> ApplyService:
    return ApplyService(
        db,
        context.port(Members),  # type: ignore[type-abstract]  # a key, never called
        context.port(Jobs),  # type: ignore[type-abstract]  # a key, never called
        context.port(Resumes),  # type: ignore[type-abstract]  # a key, never called
        context.port(Matches),  # type: ignore[type-abstract]  # a key, never called
        context.clock,
        settings,
    )


def _router() -> APIRouter:
    whole = APIRouter()
    for router in (applications.router, events.router, interviews.router, sent.router):
        whole.include_router(router)
    return whole
