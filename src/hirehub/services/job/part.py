"""Part `job`: its routes in the process's API, its place on the bus, and what it does by itself."""

from fastapi import APIRouter

from hirehub.contracts.skills import SkillNames
from hirehub.contracts.user import Members
from hirehub.kernel.bus.joining import at_home
from hirehub.kernel.http.idempotency import forget_keys
from hirehub.kernel.module import Background, Part, PartContext, Routes
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
    home = await at_home(context.settings, MODULE, handlers=HANDLERS)
    db = home.db
    members = context.port(Members)  # type: ignore[type-abstract]  # a key, never called
    names = context.port(SkillNames)  # type: ignore[type-abstract]  # a key, never called
    service = JobService(db, members, names, context.clock)

    return Part(
        routes=[Routes(_router(), {JobService: service}, KOREAN)],
        background=[
            *home.background,
            Background("job.expiry", lambda: work.close_over(db, settings)),
            Background("job.views", lambda: work.fold_views(db, settings)),
            Background("job.keys", lambda: forget_keys(db, "job.keys")),
        ],
        checks=[home.check],
        close=home.close,
    )


def _router() -> APIRouter:
    whole = APIRouter()
    for router in (posts.router, skills.router):
        whole.include_router(router)
    return whole
