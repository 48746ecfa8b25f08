"""Migrations run live: one process at a time, no long wait for a lock, each revision whole or not at all."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from hirehub.kernel.db import access, migrate
from hirehub.kernel.db.errors import MigrationFailed
from hirehub.kernel.db.provision import provision
from hirehub.kernel.module import Module
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.module import MODULE
from tests.support.cli import ROOT, environment
from tests.support.vectors_db import VectorsDb

PLANTED = Module(
    name="planted",
    doc="Two revisions, of which the second fails half way.",
    settings="planted.settings:PlantedSettings",
    parts=(),
    database="hirehub_planted",
    migrations="planted.migrations",
)
FILES = {
    "__init__.py": "",
    "settings.py": "from hirehub.kernel.settings import SettingsGroup\nclass PlantedSettings(SettingsGroup): pass\n",
    "tables.py": "from sqlalchemy import MetaData\nMETADATA = MetaData()\n",
    "migrations/__init__.py": "",
    "migrations/versions/__init__.py": "",
    "migrations/versions/r1.py": """
from alembic import op
revision, down_revision = "1", None
def upgrade(): op.execute("CREATE TABLE first (n int)")
def downgrade(): op.execute("DROP TABLE first")
""",
    "migrations/versions/r2.py": """
from alembic import op
revision, down_revision = "2", "1"
def upgrade():
    op.execute("CREATE TABLE second (n int)")
    op.execute("SELECT 1 / 0")
def downgrade(): pass
""",
}


@pytest.fixture
def planted(tmp_path: Path, cluster_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A service with a database of its own and revisions of its own."""
    for name, text in FILES.items():
        path = tmp_path / "planted" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    provision(cluster_settings, PLANTED)
    yield cluster_settings
    with psycopg.connect(access.admin_dsn(cluster_settings), autocommit=True) as admin:
        admin.execute("DROP DATABASE hirehub_planted WITH (FORCE)")
    for name in [name for name in sys.modules if name.split(".")[0] == "planted"]:
        del sys.modules[name]


def tables(settings: Settings, service: str) -> list[str]:
    """The names of the service's tables."""
    with psycopg.connect(access.dsn(settings, service, "owner")) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def test_a_revision_that_fails_half_way_leaves_the_tables_at_the_one_before(planted: Settings) -> None:
    with pytest.raises(MigrationFailed, match="division by zero"):
        migrate.upgrade(planted, PLANTED)
    assert tables(planted, "planted") == ["alembic_version", "first"]
    report = migrate.check(planted, PLANTED)
    assert (report.revision, report.newest, report.sound) == ("1", "2", False)


def test_a_migration_does_not_wait_long_for_a_table_that_is_in_use(vectors_db: VectorsDb) -> None:
    bounds = vectors_db.settings.database.model_copy(update={"lock_timeout": 0.2})
    hasty = vectors_db.settings.model_copy(update={"database": bounds})
    with psycopg.connect(vectors_db.dsn("app")) as busy:
        busy.execute("SELECT count(*) FROM withdrawn")
        with pytest.raises(MigrationFailed, match="waits for a lock"):
            migrate.downgrade(hasty, MODULE)
    assert migrate.check(vectors_db.settings, MODULE).sound


def test_a_second_process_waits_until_the_first_has_migrated(vectors_db: VectorsDb) -> None:
    with psycopg.connect(vectors_db.dsn("owner"), autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", (access.SETUP_LOCK,))
        second = threading.Thread(target=migrate.downgrade, args=(vectors_db.settings, MODULE))
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()
        assert "dlq" in tables(vectors_db.settings, "vectors")
        first.execute("SELECT pg_advisory_unlock(%s)", (access.SETUP_LOCK,))
        second.join(timeout=30)
    assert tables(vectors_db.settings, "vectors") == ["alembic_version"]


@pytest.mark.parametrize("locked", [True, False])
def test_rights_are_given_beside_a_migration_and_beside_a_change_of_a_table(
    vectors_db: VectorsDb, locked: bool
) -> None:
    """PostgreSQL does not wait but fails where two change one row of its catalogue."""
    with ThreadPoolExecutor(1) as pool, psycopg.connect(vectors_db.dsn("owner")) as first:
        first.execute("REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM hirehub_vectors_reader")
        first.commit()
        if locked:
            first.execute("SELECT pg_advisory_lock(%s)", (access.SETUP_LOCK,))
        first.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO hirehub_vectors_reader")
        second = pool.submit(provision, vectors_db.settings, MODULE)
        with pytest.raises(TimeoutError):
            second.result(timeout=1)
        first.commit()
        first.close()
        second.result(timeout=30)
    assert migrate.check(vectors_db.settings, MODULE).sound


def test_processes_whose_addresses_name_different_databases_provision_one_after_the_other(
    vectors_db: VectorsDb, fresh_database: str
) -> None:
    database = vectors_db.settings.database.model_copy(update={"url": SecretStr(fresh_database)})
    other = vectors_db.settings.model_copy(update={"database": database})
    with psycopg.connect(access.maintenance_dsn(vectors_db.settings), autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", (access.SETUP_LOCK,))
        second = threading.Thread(target=provision, args=(other, MODULE))
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()
    second.join(timeout=30)
    assert not second.is_alive()


def test_alembics_own_command_line_goes_down_and_up_again(vectors_db: VectorsDb) -> None:
    for words in (("downgrade", "base"), ("upgrade", "head"), ("check",)):
        done = subprocess.run(
            [sys.executable, "-m", "alembic", "--name", "vectors", *words],
            cwd=ROOT,
            env=environment(vectors_db.environment),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    assert migrate.check(vectors_db.settings, MODULE).sound
