"""One embedded PostgreSQL server for a test run, and empty databases on it.

Tests that end a server, or start one of their own, use a directory of their own instead.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import DatabaseSettings, Settings

LEAN = DatabaseSettings(shared_buffers=128, maintenance_memory=256)


@pytest.fixture(scope="session")
def cluster_server() -> Iterator[EmbeddedPostgres]:
    """The server of this test run. It may forget what it stored if the machine loses power, and is faster for it."""
    with (
        tempfile.TemporaryDirectory(prefix="hirehub-test-", ignore_cleanup_errors=True) as folder,
        EmbeddedPostgres(Path(folder), LEAN) as server,
    ):
        with psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server


@pytest.fixture(scope="session")
def cluster_dsn(cluster_server: EmbeddedPostgres) -> str:
    """The superuser's address of the test run's server."""
    return cluster_server.admin_dsn()


@pytest.fixture
def cluster_settings(cluster_server: EmbeddedPostgres) -> Settings:
    """Settings whose embedded server is that of the test run."""
    return Settings(data_dir=cluster_server.layout.data_dir, database=LEAN)


@pytest.fixture
def fresh_database(cluster_server: EmbeddedPostgres) -> Iterator[str]:
    """The superuser's address of an empty database, dropped after the test."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(cluster_server.admin_dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield cluster_server.admin_dsn(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
