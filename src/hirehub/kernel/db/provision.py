"""Databases and roles of services: made where they lack, left alone where they are; safe with two processes at once.
A start that finds everything as it should be writes nothing.

The owner role changes tables, the service's own role changes rows (it can neither alter nor truncate a table), the
reader role reads. Nobody else may connect to a service's database. Rights on tables that come later are given ahead.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import psycopg
from psycopg import Connection, sql
from psycopg import errors as pg
from psycopg.rows import TupleRow

from hirehub.kernel.db import access, rights
from hirehub.kernel.db.access import SERVICE_ROLES, Role, database_name, role_name
from hirehub.kernel.db.errors import (
    DatabaseRightsMissing,
    DatabaseUnavailable,
    ExtensionMissing,
    ServerTooOld,
    not_connected,
    translate,
)
from hirehub.kernel.module import Module
from hirehub.kernel.settings import Settings

_LOCK_WAIT = "120s"
_TRIES = 3
_OLDEST = 150000
_BUILTIN_LOCALE_SINCE = 170000


@dataclass(frozen=True)
class _Server:
    """An administrator's session, and what he may do."""

    connection: Connection[TupleRow]
    settings: Settings
    user: str
    superuser: bool

    def has_role(self, name: str) -> bool:
        return self.connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone() is not None

    def has_database(self, name: str) -> bool:
        return self.connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def provision(settings: Settings, *modules: Module) -> None:
    """Makes the services' databases, roles and extensions where they lack.

    Raises DatabaseUnavailable, or DatabaseRightsMissing with the statement that a superuser must run.
    """
    with _administrator(settings) as server:
        for module in modules:
            with _explained(server):
                _make_roles(server, module.name)
                _make_database(server, module.name)
            _make_extensions(settings, module)
    for module in modules:
        _give_rights_beside_others(settings, module.name)


@contextmanager
def _administrator(settings: Settings) -> Iterator[_Server]:
    """A session of the administrator, alone among those who provision."""
    with _turn(settings), connect(access.admin_dsn(settings), settings) as connection:
        row = connection.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        user, superuser = row or ("", False)
        version = connection.info.server_version
        if version < _OLDEST:
            raise ServerTooOld(
                f"The server is PostgreSQL {version // 10000}.", hint=f"Use PostgreSQL {_OLDEST // 10000} or newer."
            )
        if settings.database.url is None:
            rights.close_to_public(connection, access.MAINTENANCE, "template1")
        yield _Server(connection, settings, user, superuser)


@contextmanager
def _turn(settings: Settings) -> Iterator[None]:
    """Holds the lock of the whole server. It is one of the maintenance database's, as advisory locks are a database's
    own and processes may name different ones; who may not enter that one holds it where his address leads.
    """
    common, own = access.maintenance_dsn(settings), access.admin_dsn(settings)
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(connect(common, settings))
        except DatabaseUnavailable:
            if own == common:
                raise
            connection = stack.enter_context(connect(own, settings))
        _lock(connection)
        yield


def _lock(connection: Connection[TupleRow]) -> None:
    """Waits for the lock of this database; the session's end gives it back."""
    connection.execute("SELECT set_config('lock_timeout', %s, false)", (_LOCK_WAIT,))
    connection.execute("SELECT pg_advisory_lock(%s)", (access.SETUP_LOCK,))


@contextmanager
def connect(dsn: str, settings: Settings) -> Iterator[Connection[TupleRow]]:
    """A session outside any transaction; DatabaseUnavailable where the server does not let us in, or goes away."""
    try:
        connection = psycopg.connect(
            dsn,
            autocommit=True,
            application_name=f"{access.PRODUCT} setup",
            connect_timeout=max(2, round(settings.database.connect_timeout)),
        )
    except psycopg.OperationalError as error:
        raise not_connected(error) from error
    with connection:
        try:
            yield connection
        except psycopg.Error as error:
            if (known := translate(error)) is not None:
                raise known from error
            raise


@contextmanager
def _explained(server: _Server) -> Iterator[None]:
    try:
        yield
    except pg.InsufficientPrivilege as error:
        raise DatabaseRightsMissing(
            f"The role {server.user} may not make databases and roles on this server.",
            hint=f'Let a superuser run: ALTER ROLE "{server.user}" CREATEDB CREATEROLE;',
        ) from error


def _make_roles(server: _Server, service: str) -> None:
    for role in SERVICE_ROLES:
        name = role_name(service, role)
        if not server.has_role(name):
            server.connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
            if role is Role.READER:
                statement = sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on")
                server.connection.execute(statement.format(sql.Identifier(name)))
        if server.settings.database.url is not None:
            _set_password(server, service, role)


def _set_password(server: _Server, service: str, role: Role) -> None:
    """Sets the role's password, unless it is that already. The server gets it hashed: it may log statements."""
    name = role_name(service, role)
    if server.has_database(database_name(service)):
        try:
            psycopg.connect(access.dsn(server.settings, service, role), connect_timeout=5).close()
        except psycopg.OperationalError:
            pass
        else:
            return
    hashed = server.connection.pgconn.encrypt_password(
        access.password(server.settings, name).encode(), name.encode(), b"scram-sha-256"
    )
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(hashed.decode()))
    server.connection.execute(statement)


def _make_database(server: _Server, service: str) -> None:
    name, owner = database_name(service), role_name(service, Role.OWNER)
    if server.has_database(name):
        return
    if not server.superuser:
        server.connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(owner), sql.Identifier(server.user)))
    statement = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
    if server.connection.info.server_version >= _BUILTIN_LOCALE_SINCE:
        statement += " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
    server.connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(owner)))


def _make_extensions(settings: Settings, module: Module) -> None:
    """Adds the extensions that the service's tables need; most may be added by a superuser only."""
    if not module.extensions:
        return
    with connect(access.dsn(settings, module.name, Role.OWNER), settings) as connection:
        there = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    for name in module.extensions:
        if name not in there:
            _make_extension(settings, module, name)


def _make_extension(settings: Settings, module: Module, name: str) -> None:
    database = database_name(module.name)
    try:
        with connect(access.dsn(settings, module.name, Role.ADMIN), settings) as connection:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    except (pg.InsufficientPrivilege, DatabaseUnavailable) as error:
        raise DatabaseRightsMissing(
            f"The extension {name} may not be added to the database {database} by this role.",
            hint=f"Let a superuser run, in {database}: CREATE EXTENSION {name};",
        ) from error
    except (pg.FeatureNotSupported, pg.UndefinedFile) as error:
        raise ExtensionMissing(
            f"The server does not have the extension {name}.", hint=f"Install {name} on the server, then try again."
        ) from error


def _give_rights_beside_others(settings: Settings, service: str) -> None:
    """Gives them again where somebody changed a table meanwhile without the lock (a new dimension or index)."""
    for _ in range(_TRIES - 1):
        with suppress(pg.InternalError_):
            return _give_rights(settings, service)
    return _give_rights(settings, service)


def _give_rights(settings: Settings, service: str) -> None:
    with connect(access.dsn(settings, service, Role.OWNER), settings) as connection, connection.transaction():
        _lock(connection)
        rights.give(connection, service)
