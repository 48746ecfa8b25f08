"""The migrated database of `match`: equal to description and reference, with rules and rights of its own."""

import subprocess
import sys

import psycopg
import pytest
from psycopg import errors as pg

from hirehub.kernel.db import access, migrate
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.match.module import MODULE
from tests.support.shared import shared_dir

MATCH = (
    "INSERT INTO matches (job_id, resume_id, user_id, company_id, rank, job_version, resume_version, calculated_at)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 0, 1, 1, now())"
)
FEEDBACK = (
    "INSERT INTO match_feedback (match_id, feedback_type, feedback_by) SELECT id, '{}', gen_random_uuid() FROM matches"
)


def test_nothing_of_the_reference_schema_is_missing(match_alone: Settings, fresh_database: str) -> None:
    shared = shared_dir()
    program, reference = shared / "tools" / "schema_conformance.py", shared / "spec" / "hirehub_match.sql"
    owner = access.dsn(match_alone, "match", "owner")
    done = subprocess.run([sys.executable, program, reference, owner, fresh_database], capture_output=True, text=True)
    assert done.stdout == "0 shortfalls against hirehub_match.sql\n", done.stderr
    assert done.returncode == 0


def test_the_description_of_the_tables_equals_the_migrated_database(match_alone: Settings) -> None:
    report = migrate.check(match_alone, MODULE)
    assert report.differences == ()
    assert report.sound


def test_the_tables_go_and_come_back(match_alone: Settings) -> None:
    migrate.downgrade(match_alone, MODULE)
    assert migrate.check(match_alone, MODULE).revision is None
    upgrade_all(match_alone, [MODULE])
    assert migrate.check(match_alone, MODULE).sound


@pytest.mark.parametrize(
    "statement",
    [
        *(f"UPDATE matches SET {part}_score = 100.01" for part in ("overall", "skill", "experience", "culture")),
        "UPDATE matches SET low_score = -0.01",
        "UPDATE matches SET low_score = 70, high_score = 60",
        "UPDATE matches SET is_recommended = true",
        FEEDBACK.format("nice"),
        "INSERT INTO post (job_id, company_id, status) VALUES (gen_random_uuid(), gen_random_uuid(), 'asleep')",
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_database(match_alone: Settings, statement: str) -> None:
    with psycopg.connect(access.dsn(match_alone, "match")) as connection:
        connection.execute(MATCH)
        connection.execute(FEEDBACK.format("helpful").encode())
        with pytest.raises(pg.CheckViolation):
            connection.execute(statement.encode())


def test_the_service_can_neither_enter_another_database_nor_be_entered(match_alone: Settings) -> None:
    for role, database in (("match", "hirehub_apply"), ("apply", "hirehub_match")):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(access.address(match_alone, database, role, access.Role.APP))


def test_the_service_tells_and_hears_what_its_descriptor_says_and_nothing_else(match_alone: Settings) -> None:
    append = (
        "SELECT append_facts(ARRAY[gen_random_uuid()], ARRAY[%s], ARRAY['k'], ARRAY['s'], ARRAY[now()], ARRAY['{}'])"
    )
    read = "SELECT * FROM read_facts(%s, 0, 1)"
    upgrade_all(match_alone, [MODULE])
    with psycopg.connect(access.address(match_alone, "hirehub_bus", "match", access.Role.APP), autocommit=True) as bus:
        for statement, topics in ((append, MODULE.tells), (read, MODULE.hears)):
            for topic in topics:
                bus.execute(statement.encode(), (topic,))
        for statement, topic in ((append, "match.calculated"), (read, "application.submitted")):
            with pytest.raises(pg.InsufficientPrivilege, match="may not"):
                bus.execute(statement.encode(), (topic,))
