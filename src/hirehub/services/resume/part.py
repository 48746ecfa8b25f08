"""Part `resume`: its routes in the process's API, its place on the bus, its files."""

from fastapi import APIRouter

from hirehub.contracts.apply import SentResumes
from hirehub.contracts.resume import ResumeProcessed, ResumeRemoved
from hirehub.contracts.user import Companies
from hirehub.kernel.blobs import open_blobs
from hirehub.kernel.bus.joining import at_home
from hirehub.kernel.db import Database
from hirehub.kernel.http.idempotency import forget_keys
from hirehub.kernel.module import Background, Part, PartContext, Routes
from hirehub.kernel.settings import load
from hirehub.services.resume import work
from hirehub.services.resume.handlers import HANDLERS
from hirehub.services.resume.korean import KOREAN
from hirehub.services.resume.module import MODULE
from hirehub.services.resume.routes import entries, resumes
from hirehub.services.resume.routes.deps import PREFIX, ResumeService
from hirehub.services.resume.settings import ResumeSettings
from hirehub.services.resume.usecases.watching import Watchers

_AROUND_FILE = 65_536
"""Bytes of a form beside its file."""
_READ = 8_388_608
"""Bytes of what was read in a file: its text up to three times over, and where everything stands in it."""


async def build(context: PartContext) -> Part:
    """The part."""
    settings, kernel = load(ResumeSettings), context.settings
    home = await at_home(kernel, MODULE, handlers=HANDLERS)
    db = home.db
    service = _service(context, db, settings)
    quiet = home.joined.transport.ring((ResumeProcessed.topic, ResumeRemoved.topic), service.watchers.nudge)

    async def close() -> None:
        quiet()
        await home.close()

    read = max(_READ, kernel.http.max_body)
    bodies = {f"POST {PREFIX}/resumes": max(settings.max_file + _AROUND_FILE, kernel.http.max_body)}
    service_bodies = {f"PUT {PREFIX}/resumes/*": read, f"PUT {PREFIX}/resumes/*/chunks": read}
    return Part(
        routes=[Routes(_router(), {ResumeService: service}, KOREAN, bodies, service_bodies)],
        background=[
            *home.background,
            Background("resume.watching", service.watchers.run),
            Background("resume.files", lambda: work.keep_clean(db, service.blobs, settings)),
            Background("resume.keys", lambda: forget_keys(db, "resume.keys")),
        ],
        checks=[home.check],
        close=close,
    )


def _service(context: PartContext, db: Database, settings: ResumeSettings) -> ResumeService:
    return ResumeService(
        db,
        open_blobs(context.settings, "resumes"),
        settings,
        context.port(Companies),  # type: ignore[type-abstract]  # a key, never called
        context.port(SentResumes),  # type: ignore[type-abstract]  # a key, never called
        Watchers(db, most=settings.watchers, poll=settings.watch_poll),
    )


def _router() -> APIRouter:
    whole = APIRouter()
    for router in (resumes.router, entries.router):
        whole.include_router(router)
    return whole
