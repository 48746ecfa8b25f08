"""The migrated databases of `job` and of the bus: equal to description and reference, and strict about rights."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import errors as pg

from hirehub.kernel.broker import rights
from hirehub.kernel.broker.module import MODULE as BUS
from hirehub.kernel.db import access, migrate
from hirehub.kernel.module import Module
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.job.module import MODULE
from tests.support.platform import rows
from tests.support.postgres import LEAN
from tests.support.shared import shared_dir

JOB = "INSERT INTO jobs (company_id, title) VALUES (gen_random_uuid(), 'Cook') RETURNING id"
APPEND = "SELECT append_facts(ARRAY[gen_random_uuid()], ARRAY[%s], ARRAY['k'], ARRAY['s'], ARRAY[now()], ARRAY['{}'])"


def test_nothing_of_the_reference_schema_is_missing(job_db: Settings, fresh_database: str) -> None:
    shared = shared_dir()
    program, reference = shared / "tools" / "schema_conformance.py", shared / "spec" / "hirehub_job.sql"
    owner = access.dsn(job_db, "job", "owner")
    done = subprocess.run([sys.executable, program, reference, owner, fresh_database], capture_output=True, text=True)
    assert done.stdout == "0 shortfalls against hirehub_job.sql\n", done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("module", [MODULE, BUS], ids=["job", "bus"])
def test_the_description_of_the_tables_equals_the_migrated_database(job_db: Settings, module: Module) -> None:
    report = migrate.check(job_db, module)
    assert report.differences == ()
    assert report.sound


def test_the_tables_go_and_come_back(job_db: Settings) -> None:
    migrate.downgrade(job_db, MODULE)
    assert migrate.check(job_db, MODULE).revision is None
    upgrade_all(job_db, [MODULE])
    assert migrate.check(job_db, MODULE).sound


def test_the_tables_of_the_bus_go_and_come_back_with_everybodys_rights(tmp_path: Path) -> None:
    """On a server of its own: the rights of all services on the bus go with its tables."""
    may = "SELECT count(*) FROM information_schema.routine_privileges WHERE grantee = 'hirehub_job'"
    with EmbeddedPostgres(tmp_path, LEAN) as server:
        settings = Settings(data_dir=server.layout.data_dir, database=LEAN)
        upgrade_all(settings, [MODULE])
        assert rows(settings, "bus", may) == [(3,)]
        migrate.downgrade(settings, BUS)
        assert migrate.check(settings, BUS).revision is None
        assert rows(settings, "bus", may) == [(0,)]
        upgrade_all(settings, [MODULE])
        assert migrate.check(settings, BUS).sound
        assert rows(settings, "bus", may) == [(3,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE jobs SET status = 'asleep'",
        "UPDATE jobs SET status = 'open'",
        "UPDATE jobs SET job_type = 'full time'",
        "UPDATE jobs SET experience_level = 'chief'",
        "UPDATE jobs SET remote_type = 'moon'",
        "UPDATE jobs SET experience_min = 61",
        "UPDATE jobs SET experience_min = 3, experience_max = 2",
        "UPDATE jobs SET salary_min = -1",
        "UPDATE jobs SET title = ''",
        "UPDATE jobs SET applies_count = -1",
        "INSERT INTO skill_tags (name, category) VALUES ('Go', 'game')",
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_database(job_db: Settings, statement: str) -> None:
    with psycopg.connect(access.dsn(job_db, "job")) as connection:
        connection.execute(JOB)
        with pytest.raises(pg.CheckViolation):
            connection.execute(statement.encode())


def test_a_services_role_enters_its_own_database_and_the_bus_and_no_other(job_db: Settings) -> None:
    user_database = access.address(job_db, "hirehub_user", "job", access.Role.APP)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(user_database)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM fact",
        "SELECT * FROM topic_right",
        "INSERT INTO subscriber (role, topic, position) VALUES ('a', 'b', 1)",
    ],
)
def test_on_the_bus_a_services_role_touches_no_table(job_db: Settings, statement: str) -> None:
    with (
        psycopg.connect(access.address(job_db, "hirehub_bus", "job", access.Role.APP)) as connection,
        pytest.raises(pg.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_a_service_tells_and_hears_what_its_descriptor_says_and_nothing_else(job_db: Settings) -> None:
    upgrade_all(job_db, [MODULE])
    with psycopg.connect(access.address(job_db, "hirehub_bus", "job", access.Role.APP), autocommit=True) as connection:
        connection.execute(APPEND, ("job.created",))
        connection.execute("SELECT * FROM read_facts('application.submitted', 0, 10)")
        refused = ((APPEND, "application.submitted"), ("SELECT * FROM read_facts(%s, 0, 1)", "job.created"))
        for statement, topic in refused:
            with pytest.raises(pg.InsufficientPrivilege, match="may not"):
                connection.execute(statement, (topic,))


def test_rights_on_the_bus_are_written_only_where_they_lack(job_db: Settings) -> None:
    """Each row's transactions tell whether it was written or locked."""
    stamps = (
        "SELECT xmin::text, xmax::text FROM topic_right UNION ALL SELECT xmin::text, xmax::text FROM pg_proc WHERE"
        " proname LIKE '%_facts' UNION ALL SELECT xmin::text, '' FROM pg_database WHERE datname = current_database()"
        " UNION ALL SELECT xmin::text, '' FROM pg_namespace WHERE nspname = 'public'"
    )
    revoked = "REVOKE EXECUTE ON FUNCTION read_facts(text, bigint, integer) FROM hirehub_job"
    may = "SELECT has_function_privilege('hirehub_job', 'read_facts(text, bigint, integer)', 'EXECUTE')"
    rights.follow(job_db, [MODULE])
    with psycopg.connect(access.dsn(job_db, "bus", "owner"), autocommit=True) as connection:
        before = connection.execute(stamps).fetchall()
        rights.follow(job_db, [MODULE])
        assert connection.execute(stamps).fetchall() == before
        connection.execute(revoked.encode())
        connection.execute("UPDATE topic_right SET may_tell = NOT may_tell WHERE role = 'hirehub_job'")
        connection.execute(
            "INSERT INTO topic_right (role, topic, may_tell) VALUES ('hirehub_job', 'user.removed', true)"
        )
        with ThreadPoolExecutor(4) as several:
            list(several.map(lambda _: rights.follow(job_db, [MODULE]), range(4)))
        assert connection.execute(may).fetchone() == (True,)
        found = connection.execute("SELECT topic, may_tell, may_hear FROM topic_right WHERE role = 'hirehub_job'")
        assert {row[0]: row[1:] for row in found} == {
            topic: (topic in MODULE.tells, topic in MODULE.hears) for topic in (*MODULE.tells, *MODULE.hears)
        }
