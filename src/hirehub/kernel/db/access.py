"""Addresses of databases, each for the role that needs least.

A service S has the database hirehub_S and three roles: its owner changes tables, S itself changes rows, the reader
reads. The embedded server knows a caller by its user of the machine and asks for no password. Elsewhere a role's
password is the HMAC of its name under one secret, so that nothing but that secret is kept.
"""

import hashlib
import hmac
import secrets
from enum import StrEnum
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from hirehub.kernel.data_dir import kept_secret
from hirehub.kernel.db.errors import DatabaseSettingsWrong
from hirehub.kernel.postgres.layout import PORT, Layout
from hirehub.kernel.settings import Settings

PRODUCT = "hirehub"
MAINTENANCE = "postgres"
"""The database in which roles and databases are made."""

KEEP_REVISION = "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {app}"
"""Which revision the tables have is for the owner to say."""

SETUP_LOCK = 0x68697265_68756200
"""Advisory lock of whoever makes roles and databases (in the maintenance database) or changes a service's tables or
rights (in the service's): two who write the same row of the catalogue at once fail, they do not wait.
"""

_SECRET_BYTES = 32


class Role(StrEnum):
    """Who connects."""

    APP = "app"
    OWNER = "owner"
    READER = "reader"
    ADMIN = "admin"


SERVICE_ROLES = (Role.OWNER, Role.APP, Role.READER)


def database_name(service: str) -> str:
    """The service's database."""
    return f"{PRODUCT}_{service}"


def role_name(service: str, role: Role) -> str:
    """The name of a service's role in PostgreSQL; the administrator's is not ours to name."""
    return database_name(service) if role is Role.APP else f"{database_name(service)}_{role}"


def dsn(settings: Settings, service: str, role: Role | str = Role.APP, *, replica: bool = False) -> str:
    """The address of the service's database for a role; `replica`: on the server for reads, where one is set."""
    return address(settings, database_name(service), service, Role(role), replica=replica)


def admin_dsn(settings: Settings) -> str:
    """The address under which roles and databases are made."""
    parameters = _base(settings)
    return _url(parameters | {"dbname": parameters.get("dbname", MAINTENANCE)})


def maintenance_dsn(settings: Settings) -> str:
    """The administrator's address of the one database that every server has, whatever the settings name."""
    return _url(_base(settings) | {"dbname": MAINTENANCE})


def address(settings: Settings, database: str, service: str, role: Role, *, replica: bool = False) -> str:
    """The address of any database for a role of a service."""
    parameters = _base(settings, replica=replica) | {"dbname": database}
    if role is not Role.ADMIN:
        parameters.pop("password", None)
        parameters["user"] = role_name(service, role)
        if settings.database.url is not None:
            parameters["password"] = password(settings, parameters["user"])
    return _url(parameters)


def password(settings: Settings, role: str) -> str:
    """The role's password on a server that asks for one."""
    return hmac.new(_secret(settings), f"{PRODUCT} role {role}".encode(), hashlib.sha256).hexdigest()


def _base(settings: Settings, *, replica: bool = False) -> dict[str, str]:
    url: SecretStr | None = settings.database.url
    if url is None:
        return {"host": str(Layout(settings.data_dir).socket_dir()), "port": str(PORT), "user": "postgres"}
    name = "HIREHUB_DATABASE__URL"
    if replica and settings.database.reader_url is not None:
        url, name = settings.database.reader_url, "HIREHUB_DATABASE__READER_URL"
    try:
        return {key: str(value) for key, value in conninfo_to_dict(url.get_secret_value()).items() if value is not None}
    except psycopg.ProgrammingError:
        raise DatabaseSettingsWrong(
            f"{name} is no address of a PostgreSQL server.", hint="Use postgresql://USER:PASSWORD@HOST:PORT/postgres."
        ) from None


def _url(parameters: dict[str, str]) -> str:
    """One URL that libpq, psql and psycopg take. A host that is a folder goes into the query."""
    rest = dict(parameters)
    user, secret = rest.pop("user", ""), rest.pop("password", "")
    login = quote(user, safe="") + (f":{quote(secret, safe='')}" if secret else "")
    place = ""
    if "," not in rest.get("host", ",") and not rest["host"].startswith("/"):
        host, port = rest.pop("host"), rest.pop("port", "")
        place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    base = f"postgresql://{login}{'@' if login else ''}{place}/{quote(rest.pop('dbname', ''), safe='')}"
    return f"{base}?{urlencode(rest, quote_via=quote)}" if rest else base


def _secret(settings: Settings) -> bytes:
    if settings.database.role_secret is not None:
        return settings.database.role_secret.get_secret_value().encode()
    return kept_secret(settings.data_dir, "roles", lambda: secrets.token_hex(_SECRET_BYTES).encode())
