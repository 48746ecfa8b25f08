"""A migrated, empty database of `user` for each test, copied from one that was migrated once."""

from collections.abc import Iterator

import psycopg
import pytest

from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.user.module import MODULE
from hirehub.services.user.settings import LimitSettings
from tests.support.postgres import LEAN

NAME = "hirehub_user"
TEMPLATE = "hirehub_user_template"


def _run(server: EmbeddedPostgres, *statements: str) -> None:
    with psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def user_template(cluster_server: EmbeddedPostgres) -> Settings:
    """Migrates the database that others are copied from; gives the settings that find the server."""
    settings = Settings(data_dir=cluster_server.layout.data_dir, database=LEAN)
    upgrade_all(settings, [MODULE])
    _run(cluster_server, f"ALTER DATABASE {NAME} RENAME TO {TEMPLATE}")
    return settings


@pytest.fixture
def user_db(cluster_server: EmbeddedPostgres, user_template: Settings) -> Iterator[Settings]:
    """The settings under which the test's database of `user` is found."""
    _run(
        cluster_server,
        f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)",
        f"CREATE DATABASE {NAME} OWNER {NAME}_owner TEMPLATE {TEMPLATE}",
        f"REVOKE ALL ON DATABASE {NAME} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {NAME} TO {NAME}",
        f"GRANT CONNECT ON DATABASE {NAME} TO {NAME}_reader",
    )
    yield user_template
    _run(cluster_server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost little, and no limits of rates but those that a test sets itself."""
    monkeypatch.setenv("HIREHUB_USER__HASHING__MEMORY", "1024")
    monkeypatch.setenv("HIREHUB_USER__HASHING__PASSES", "1")
    for name in LimitSettings.model_fields:
        monkeypatch.setenv(f"HIREHUB_USER__LIMITS__{name.upper()}", "0/60")
