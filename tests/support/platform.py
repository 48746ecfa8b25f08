"""Several services in one process as the runtime composes them, over real HTTP, with the bus at work between them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import psycopg
import pytest

from hirehub.kernel.cache import MemoryCache
from hirehub.kernel.clock import SystemClock
from hirehub.kernel.db import access
from hirehub.kernel.http import HttpServer, create_app
from hirehub.kernel.http.calls import Calls
from hirehub.kernel.module import Part, PartContext, build_part
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from hirehub.runtime.api import add_routes, signer
from hirehub.runtime.clients import clients
from hirehub.runtime.databases import upgrade_all
from hirehub.runtime.modules import parts
from hirehub.services.job.module import MODULE as JOB
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


def empty(settings: Settings, service: str) -> None:
    """Empties every table of a service."""
    with psycopg.connect(access.dsn(settings, service, "admin"), autocommit=True) as connection:
        found = connection.execute(
            "SELECT string_agg(format('%%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND NOT tablename = ANY(%s)",
            (list(_KEPT),),
        ).fetchone()
        connection.execute(f"TRUNCATE {found[0] if found else ''} RESTART IDENTITY CASCADE".encode())


@asynccontextmanager
async def platform(settings: Settings, *names: str) -> AsyncIterator[People]:
    """The services of those names, `user` among them, on a free port."""
    cache, calls = MemoryCache(8_388_608), Calls(settings)
    context = PartContext(settings, SystemClock(), cache, {}, clients(calls))
    built = [await build_part(spec, context) for spec in parts(names)]
    routes = tuple(one for part in built for one in part.routes)
    user = next(one.provides[UserService] for one in routes if UserService in one.provides)
    assert isinstance(user, UserService)
    tasks = [asyncio.ensure_future(work.run()) for part in built for work in part.background]
    try:
        korean = {code: text for one in routes for code, text in one.korean.items()}
        app = create_app("hirehub", settings=settings.http, korean=korean)
        add_routes(app, routes, settings, cache)
        calls.answer_here(app, names, signer(settings))
        async with HttpServer(app, host="127.0.0.1", port=0, grace=1) as http:
            yield People(http, user, settings, app.api)
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
