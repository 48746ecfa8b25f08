"""Several services in one process as the runtime composes them, over real HTTP, with the bus at work between them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import psycopg
import pytest

from hirehub.kernel.auth.callers import Callers
from hirehub.kernel.cache import CachePort, MemoryCache
from hirehub.kernel.calls import Calls
from hirehub.kernel.clock import SystemClock
from hirehub.kernel.db import access
from hirehub.kernel.http import HttpApp, HttpServer, create_app
from hirehub.kernel.module import Part, PartContext, Routes, build_part
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from hirehub.runtime.api import add_routes
from hirehub.runtime.clients import clients
from hirehub.runtime.databases import upgrade_all
from hirehub.runtime.modules import parts
from hirehub.services.ai.module import MODULE as AI
from hirehub.services.apply.module import MODULE as APPLY
from hirehub.services.job.module import MODULE as JOB
from hirehub.services.resume.module import MODULE as RESUME
from hirehub.services.user.api.deps import UserService
from tests.support.people import People
from tests.support.postgres import LEAN

_KEPT = ("alembic_version", "topic_right", "notification_templates")


@pytest.fixture(scope="session")
def job_database(cluster_server: EmbeddedPostgres) -> Settings:
    """The databases of `job` and of the bus, migrated once."""
    settings = Settings(data_dir=cluster_server.layout.data_dir, database=LEAN)
    upgrade_all(settings, [JOB])
    return settings


@pytest.fixture
def job_db(job_database: Settings, user_db: Settings) -> Settings:
    """The same, emptied, beside an empty database of `user`."""
    for service in ("job", "bus"):
        empty(job_database, service)
    return job_database


@pytest.fixture(scope="session")
def apply_database(job_database: Settings) -> Settings:
    """The databases of `apply`, `job` and the bus, migrated once."""
    upgrade_all(job_database, [APPLY])
    return job_database


@pytest.fixture
def apply_db(apply_database: Settings, job_db: Settings) -> Settings:
    """The same, emptied, beside an empty database of `user`."""
    empty(apply_database, "apply")
    return apply_database


def empty(settings: Settings, service: str) -> None:
    """Empties every table of a service."""
    with psycopg.connect(access.dsn(settings, service, "admin"), autocommit=True) as connection:
        found = connection.execute(
            "SELECT string_agg(format('%%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND NOT tablename = ANY(%s)",
            (list(_KEPT),),
        ).fetchone()
        connection.execute(f"TRUNCATE {found[0] if found else ''} RESTART IDENTITY CASCADE".encode())


@pytest.fixture(scope="session")
def resume_database(cluster_server: EmbeddedPostgres) -> Settings:
    """The databases of `resume`, `ai` and the bus, migrated once."""
    settings = Settings(data_dir=cluster_server.layout.data_dir, database=LEAN)
    upgrade_all(settings, [RESUME, AI])
    return settings


@pytest.fixture
def resume_db(resume_database: Settings, user_db: Settings) -> Settings:
    """The same, emptied, beside an empty database of `user`."""
    for service in ("resume", "ai", "bus"):
        empty(resume_database, service)
    return resume_database


@pytest.fixture
def matching_db(resume_db: Settings, job_db: Settings) -> Settings:
    """The databases of `user`, `job`, `resume`, `ai` and the bus, emptied."""
    empty(resume_db, "ai")
    return resume_db


@asynccontextmanager
async def platform(
    settings: Settings,
    *names: str,
    beside: Mapping[str, Part] | None = None,
    cache: CachePort | None = None,
    background: bool = True,
) -> AsyncIterator[People]:
    """The services of those names, `user` among them, on a free port; `beside` are parts of the tests' own, by name.

    Without `background` nothing happens but what requests do themselves.
    """
    async with _serving(settings, names, beside or {}, cache or MemoryCache(8_388_608), background) as (
        http,
        app,
        routes,
    ):
        user = next(one.provides[UserService] for one in routes if UserService in one.provides)
        assert isinstance(user, UserService)
        yield People(http, user, settings, app.api, (*app.paths,))


@asynccontextmanager
async def apart(settings: Settings, *names: str, cache: CachePort) -> AsyncIterator[HttpServer]:
    """The services of those names in a process in which the accounts are not kept; nothing goes on by itself there."""
    async with _serving(settings, names, {}, cache, background=False) as (http, _, _):
        yield http


@asynccontextmanager
async def _serving(
    settings: Settings, names: Sequence[str], beside: Mapping[str, Part], cache: CachePort, background: bool
) -> AsyncIterator[tuple[HttpServer, HttpApp, Sequence[Routes]]]:
    calls, callers = Calls(settings), Callers(settings, cache)
    context = PartContext(settings, SystemClock(), cache, {}, {Callers: callers, **clients(calls)})
    built = [*beside.values(), *[await build_part(spec, context) for spec in parts(names)]]
    routes = tuple(one for part in built for one in part.routes)
    tasks = [asyncio.ensure_future(work.run()) for part in built for work in part.background if background]
    mounts = [mount for part in built for mount in part.http]
    checks = [check for part in built for check in part.checks]
    try:
        korean = {code: text for one in routes for code, text in one.korean.items()}
        app = create_app("hirehub", settings=settings.http, mounts=mounts, checks=checks, korean=korean)
        add_routes(app, routes, settings, cache, callers)
        calls.answer_here(app, {*names, *beside})
        async with HttpServer(app, host="127.0.0.1", port=0, grace=1) as http:
            yield http, app, routes
    finally:
        await _ended(tasks, built, calls)


async def _ended(tasks: Sequence["asyncio.Future[None]"], built: Sequence[Part], calls: Calls) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await calls.close()
    for part in built:
        if part.close is not None:
            await part.close()


def rows(settings: Settings, service: str, statement: str, *params: object) -> list[tuple[object, ...]]:
    """What the administrator reads in a service's database."""
    with psycopg.connect(access.dsn(settings, service, "admin")) as connection:
        return connection.execute(statement.encode(), params).fetchall()


def execute(settings: Settings, service: str, statement: str, *params: object) -> None:
    """Changes rows beside a service."""
    with psycopg.connect(access.dsn(settings, service, "admin"), autocommit=True) as connection:
        connection.execute(statement.encode(), params)
