"""Alembic for services: one environment, each service its own revisions, run by the owner role.

One process migrates at a time, and none gives rights meanwhile (advisory lock). No statement waits long for a lock,
because a waiting ALTER TABLE makes everybody behind it wait too. What depends on settings rather than on revisions is
in the service's `migrations.follow`: `follow(connection, settings)` brings the database to the settings after each
upgrade, `differences(connection, settings)` tells where it is not.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, MetaData, NullPool, create_engine
from sqlalchemy.exc import DBAPIError, SAWarning

from hirehub.kernel.db import access
from hirehub.kernel.db.access import Role
from hirehub.kernel.db.errors import DatabaseUnavailable, MigrationFailed, not_connected, translate, unavailable
from hirehub.kernel.module import Module, resolve
from hirehub.kernel.postgres import cluster
from hirehub.kernel.settings import Settings, load

_WAIT_FOR_OTHERS = "120s"
_STATEMENT_TIMEOUT = "15min"


_MAY_CHANGE_REVISION = "SELECT has_table_privilege(%s, 'alembic_version', 'INSERT, UPDATE, DELETE')"


@dataclass(frozen=True)
class Report:
    """How a service's database stands to what the program expects."""

    service: str
    database: str
    reachable: bool
    revision: str | None = None
    newest: str | None = None
    differences: tuple[str, ...] = field(default=())
    reason: str = ""
    hint: str = ""
    """The next step where it is not reachable."""

    @property
    def sound(self) -> bool:
        """Whether nothing is to be done."""
        return self.reachable and self.revision == self.newest and not self.differences


def upgrade(settings: Settings, module: Module, revision: str = "head", *, service_settings: Any = None) -> None:  # noqa: ANN401 - each service has its own class
    """Brings the service's tables to the revision, then to the settings. Harmless when they are there."""
    own = service_settings or load(resolve(module.settings))
    with _told(module), _session(settings, module) as connection:
        config = _config(module, connection, own)
        command.upgrade(config, revision)
        if revision in ("head", "heads"):
            _following(module, "follow", connection, own)
            app = access.role_name(module.name, Role.APP)
            if connection.exec_driver_sql(_MAY_CHANGE_REVISION, (app,)).scalar():
                connection.exec_driver_sql(access.KEEP_REVISION.format(app=app))
            connection.commit()


def downgrade(settings: Settings, module: Module, revision: str = "base", *, service_settings: Any = None) -> None:  # noqa: ANN401 - each service has its own class
    """Takes the service's tables back to the revision; `base` removes them all."""
    own = service_settings or load(resolve(module.settings))
    with _told(module), _session(settings, module) as connection:
        command.downgrade(_config(module, connection, own), revision)


def check(settings: Settings, module: Module, *, service_settings: Any = None) -> Report:  # noqa: ANN401 - each service has its own class
    """Whether the database is reachable, migrated, and as described. Changes nothing."""
    own = service_settings or load(resolve(module.settings))
    database = access.database_name(module.name)
    try:
        with _session(settings, module, alone=False) as connection:
            script = ScriptDirectory.from_config(_config(module, connection, own))
            options = {"compare_type": True, "compare_server_default": False, "include_object": is_ours}
            context = MigrationContext.configure(connection, opts=options)
            revision, newest = context.get_current_revision(), script.get_current_head()
            told: list[str] = []
            if revision == newest:
                told = _compare(context, module) + _following(module, "differences", connection, own)
            return Report(module.name, database, True, revision, newest, tuple(told))
    except DatabaseUnavailable as error:
        return Report(module.name, database, False, reason=error.message, hint=error.hint)


@contextmanager
def standalone(config: Config) -> Iterator[None]:
    """For Alembic's own command line: prepares what its section of `alembic.ini` asks for, with the server running."""
    settings, module = load(Settings), resolve(str(config.get_main_option("module")))
    with cluster(settings), _session(settings, module) as connection:
        own = load(resolve(module.settings))
        config.attributes.update(connection=connection, metadata=_metadata(module), settings=own)
        yield


def service_settings(operations: Any) -> Any:  # noqa: ANN401 - `alembic.op` has no type; each service has its own settings
    """The settings of the service whose revision is running, for revisions that depend on them."""
    config: Config = operations.get_context().config
    return config.attributes["settings"]


def is_ours(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:  # noqa: ANN401, ARG001 - Alembic's signature
    """Whether a comparison looks at that thing: not at indexes over vectors, which settings and loads remake."""
    return not (kind == "index" and name is not None and name.endswith("_ann"))


@contextmanager
def _session(settings: Settings, module: Module, *, alone: bool = True) -> Iterator[Connection]:
    """A session of the owner role; `alone` among those who migrate this service."""
    dsn = access.dsn(settings, module.name, Role.OWNER)
    timeout = max(2, round(settings.database.connect_timeout))

    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(dsn, connect_timeout=timeout, application_name=f"{access.PRODUCT} migrate")

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise (not_connected(error.orig) if isinstance(error.orig, psycopg.Error) else unavailable()) from error
    with connection:
        if alone:
            connection.exec_driver_sql(f"SET lock_timeout = '{_WAIT_FOR_OTHERS}'")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({access.SETUP_LOCK})")
        connection.exec_driver_sql(f"SET lock_timeout = {round(settings.database.lock_timeout * 1000)}")
        connection.exec_driver_sql(f"SET statement_timeout = '{_STATEMENT_TIMEOUT}'")
        connection.commit()
        yield connection


@contextmanager
def _told(module: Module) -> Iterator[None]:
    """Turns what Alembic and the server raise into one line."""
    again = f"Run `hirehub db upgrade {module.name}` again."
    try:
        yield
    except DBAPIError as error:
        known = translate(error.orig) if isinstance(error.orig, psycopg.Error) else None
        reason = known.message if known else str(error.orig).splitlines()[0]
        raise MigrationFailed(f"Migrating {module.name} failed: {reason}", hint=again) from error
    except CommandError as error:
        raise MigrationFailed(
            f"Migrating {module.name} failed: {error}", hint="Name a revision of this program, `head` or `base`."
        ) from error


def _config(module: Module, connection: Connection, own: object) -> Config:
    folder = Path(str(import_module(f"{module.migrations}.versions").__file__)).parent
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("version_locations", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, metadata=_metadata(module), settings=own)
    return config


def _metadata(module: Module) -> MetaData:
    """The service's description of its tables: `tables.METADATA` beside its migrations."""
    metadata: MetaData = resolve(f"{str(module.migrations).rpartition('.')[0]}.tables:METADATA")
    return metadata


def _compare(context: MigrationContext, module: Module) -> list[str]:
    """Where tables, columns and indexes differ from the description."""
    with warnings.catch_warnings():
        # SQLAlchemy cannot take back the NOT VALID of a check that it reads itself, and warns of that.
        warnings.filterwarnings("ignore", "Can't validate argument", SAWarning)
        return [_readable(difference) for difference in compare_metadata(context, _metadata(module))]


def _following(module: Module, name: str, connection: Connection, own: object) -> list[str]:
    place = f"{module.migrations}.follow"
    return list(resolve(f"{place}:{name}")(connection, own)) if find_spec(place) else []


def _readable(difference: Any) -> str:  # noqa: ANN401 - Alembic's tuples differ by kind
    """One line for one of Alembic's differences."""
    if isinstance(difference, list):
        return "; ".join(_readable(part) for part in difference)
    kind, *rest = difference
    return f"{kind.replace('_', ' ')}: " + " ".join(
        str(getattr(part, "name", part)) for part in rest if part is not None
    )
