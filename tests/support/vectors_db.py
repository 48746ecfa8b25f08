"""A migrated, empty database of `vectors` for each test, copied from one that was migrated once.

It has the name that the product gives it, so that commands and parts find it by `settings` alone. A test that wants
other dimensions or another index asks `vectors_db_with` for a database migrated under its own settings.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psycopg
import pytest

from hirehub.kernel.broker import rights
from hirehub.kernel.broker.module import MODULE as BUS
from hirehub.kernel.db import Database, access, open_database
from hirehub.kernel.db.migrate import upgrade
from hirehub.kernel.db.provision import provision
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.module import MODULE
from hirehub.services.vectors.settings import VectorsSettings
from tests.support.postgres import LEAN

NAME = "hirehub_vectors"
TEMPLATE = "hirehub_vectors_template"


@dataclass(frozen=True)
class VectorsDb:
    """The database of one test."""

    settings: Settings
    vectors: VectorsSettings = field(default_factory=VectorsSettings)

    def dsn(self, role: str = "app") -> str:
        """Its address for app, owner, reader or admin."""
        return access.dsn(self.settings, "vectors", role)

    @asynccontextmanager
    async def database(self, role: str = "app") -> AsyncIterator[Database]:
        """Opens it: `async with vectors_db.database() as database`."""
        async with await open_database(self.settings, "vectors", role=role) as database:
            yield database

    @property
    def environment(self) -> dict[str, str]:
        """What a command in another process needs in order to use it."""
        return {"HIREHUB_DATA_DIR": str(self.settings.data_dir)}


def _run(server: EmbeddedPostgres, *statements: str) -> None:
    with psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def vectors_template(cluster_server: EmbeddedPostgres) -> Settings:
    """Migrates the database that others are copied from; gives the settings that find the server."""
    settings = Settings(data_dir=cluster_server.layout.data_dir, database=LEAN)
    provision(settings, MODULE)
    upgrade(settings, MODULE, service_settings=VectorsSettings())
    _run(cluster_server, f"ALTER DATABASE {NAME} RENAME TO {TEMPLATE}")
    return settings


@pytest.fixture(scope="session")
def vectors_on_bus(vectors_template: Settings) -> Settings:
    """The same, and the bus, on which the service may listen."""
    provision(vectors_template, BUS)
    upgrade(vectors_template, BUS)
    rights.follow(vectors_template, [MODULE])
    return vectors_template


@pytest.fixture
def vectors_db(cluster_server: EmbeddedPostgres, vectors_template: Settings) -> Iterator[VectorsDb]:
    """A migrated, empty database of `vectors`."""
    _run(
        cluster_server,
        f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)",
        f"CREATE DATABASE {NAME} OWNER {NAME}_owner TEMPLATE {TEMPLATE}",
        f"REVOKE ALL ON DATABASE {NAME} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {NAME} TO {NAME}",
        f"GRANT CONNECT ON DATABASE {NAME} TO {NAME}_reader",
    )
    yield VectorsDb(vectors_template)
    _run(cluster_server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


@pytest.fixture
async def vectors_database(vectors_db: VectorsDb) -> AsyncIterator[Database]:
    """The same, opened as the service opens it."""
    async with vectors_db.database() as database:
        yield database


@pytest.fixture
def vectors_db_with(
    cluster_server: EmbeddedPostgres, vectors_template: Settings
) -> Iterator[Callable[[VectorsSettings], VectorsDb]]:
    """Makes the test's database under settings of the test's own; not to be mixed with `vectors_db`."""

    def make(vectors: VectorsSettings) -> VectorsDb:
        _run(cluster_server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        provision(vectors_template, MODULE)
        upgrade(vectors_template, MODULE, service_settings=vectors)
        return VectorsDb(vectors_template, vectors)

    yield make
    _run(cluster_server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
