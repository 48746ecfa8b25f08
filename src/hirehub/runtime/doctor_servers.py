"""The doctor's checks of other servers: PostgreSQL with its tables and its clock, and Redis where one is configured."""

import time
from collections.abc import Iterator

import psycopg

from hirehub.kernel.db import access
from hirehub.kernel.db.migrate import check as check_migrations
from hirehub.kernel.db.provision import connect
from hirehub.kernel.module import Module
from hirehub.kernel.postgres import cluster
from hirehub.kernel.postgres.layout import Layout, find_programs
from hirehub.kernel.settings import Settings
from hirehub.runtime.findings import Finding, fail, ok, warn
from hirehub.runtime.modules import with_database

_LEAST_POSTGRES = 15
_LEAST_PGVECTOR = (0, 8)
_CLOCK_WARN, _CLOCK_FAIL = 2.0, 60.0


def check_databases(settings: Settings) -> Iterator[Finding]:
    """The server, its version, its vector extension and clock, and each service's tables."""
    if settings.database.url is None and not (Layout(settings.data_dir).cluster / "PG_VERSION").exists():
        yield ok("PostgreSQL", f"{find_programs().major}, embedded; `hirehub up` will make the database")
        return
    with cluster(settings):
        with connect(access.admin_dsn(settings), settings) as connection:
            yield from _server(settings, connection)
        for module in with_database():
            yield from _tables(settings, module)


def _server(settings: Settings, connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[Finding]:
    major = connection.info.server_version // 10_000
    where = "embedded" if settings.database.url is None else "configured by HIREHUB_DATABASE__URL"
    if major < _LEAST_POSTGRES:
        yield fail("PostgreSQL", f"{major}, {where}", f"Use PostgreSQL {_LEAST_POSTGRES} or newer.")
    else:
        yield ok("PostgreSQL", f"{major}, {where}")
    yield _pgvector(connection)
    yield _clock(connection)


def _pgvector(connection: "psycopg.Connection[tuple[object, ...]]") -> Finding:
    """The version that the server could install; what a database has follows it."""
    row = connection.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'").fetchone()
    if row is None:
        return fail("pgvector", "the server does not have it", "Install pgvector 0.8 or newer on the server.")
    version = str(row[0])
    if tuple(int(part) for part in version.split(".")[:2]) < _LEAST_PGVECTOR:
        return fail("pgvector", version, "Install pgvector 0.8 or newer on the server.")
    return ok("pgvector", version)


def _clock(connection: "psycopg.Connection[tuple[object, ...]]") -> Finding:
    """How far this machine's clock is from the server's: the middle of the round trip is compared."""
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    apart = abs(float(str(row[0] if row else 0)) - (before + time.time()) / 2)
    told = f"{apart:.3f} s apart from the database's"
    mend = "Set this machine's clock by NTP; a row without a time of its own gets this clock's."
    if apart > _CLOCK_FAIL:
        return fail("clock", told, mend)
    return warn("clock", told, mend) if apart > _CLOCK_WARN else ok("clock", told)


def _tables(settings: Settings, module: Module) -> Iterator[Finding]:
    """Whether a service's tables are there, of this program's revision, and as the settings say."""
    name = f"tables of {module.name}"
    report = check_migrations(settings, module)
    if not report.reachable:
        yield fail(name, report.reason, report.hint)
    elif report.revision != report.newest:
        yield fail(name, f"revision {report.revision or 'none'}, this program's is {report.newest}", _UPGRADE)
    elif not report.differences:
        yield ok(name, f"revision {report.revision}, as the settings say")
    for difference in report.differences:
        message, _, command = difference.partition(": `")
        yield warn(name, message, f"Run: {command.rstrip('`')}" if command else _UPGRADE)


_UPGRADE = "Run: hirehub db upgrade"


def check_redis(settings: Settings) -> Iterator[Finding]:
    """Redis answers, where it is configured."""
    if settings.cache.url is None:
        return
    try:
        from redis import Redis
        from redis.exceptions import RedisError
    except ImportError:
        yield fail("Redis", "HIREHUB_CACHE__URL is set, the client is not installed", "Install hirehub[redis].")
        return
    try:
        client = Redis.from_url(settings.cache.url.get_secret_value(), socket_timeout=3, socket_connect_timeout=3)
        version = client.info("server").get("redis_version", "unknown")
        client.close()
    except ValueError:
        yield fail("Redis", "HIREHUB_CACHE__URL is no address of Redis", "Write it as redis://HOST:PORT/DB.")
    except (RedisError, OSError) as error:
        yield fail("Redis", f"does not answer ({type(error).__name__})", "Start it, or unset HIREHUB_CACHE__URL.")
    else:
        yield ok("Redis", f"version {version}")
