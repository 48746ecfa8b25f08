"""The migrated database of `resume`: equal to its description and to the reference, and strict about its values."""

import subprocess
import sys

import psycopg
import pytest
from psycopg import errors as pg

from hirehub.kernel.db import access, migrate
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.resume.module import MODULE
from tests.support.shared import shared_dir

RESUME = "INSERT INTO resumes (user_id) VALUES ('00000000-0000-7000-8000-000000000001')"


def test_nothing_of_the_reference_schema_is_missing(resume_db: Settings, fresh_database: str) -> None:
    shared = shared_dir()
    program, reference = shared / "tools" / "schema_conformance.py", shared / "spec" / "hirehub_resume.sql"
    owner = access.dsn(resume_db, "resume", "owner")
    done = subprocess.run([sys.executable, program, reference, owner, fresh_database], capture_output=True, text=True)
    assert done.stdout == "0 shortfalls against hirehub_resume.sql\n", done.stderr
    assert done.returncode == 0


def test_the_description_of_the_tables_equals_the_migrated_database(resume_db: Settings) -> None:
    report = migrate.check(resume_db, MODULE)
    assert report.differences == ()
    assert report.sound


def test_the_tables_go_and_come_back(resume_db: Settings) -> None:
    migrate.downgrade(resume_db, MODULE)
    assert migrate.check(resume_db, MODULE).revision is None
    upgrade_all(resume_db, [MODULE])
    assert migrate.check(resume_db, MODULE).sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE resumes SET status = 'asleep'",
        "UPDATE resumes SET file_type = 'exe'",
        "UPDATE resumes SET file_bytes = 0",
        "INSERT INTO resume_skills (resume_id, proficiency) SELECT id, 'wizard' FROM resumes",
        "INSERT INTO resume_skills (resume_id, years) SELECT id, 81 FROM resumes",
        (
            "INSERT INTO resume_experiences (resume_id, start_date, end_date) SELECT id, '2020-01-02', '2020-01-01'"
            " FROM resumes"
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_database(resume_db: Settings, statement: str) -> None:
    with psycopg.connect(access.dsn(resume_db, "resume")) as connection:
        connection.execute(RESUME)
        with pytest.raises(pg.CheckViolation):
            connection.execute(statement.encode())


def test_two_primaries_of_a_person_are_refused_by_the_database(resume_db: Settings) -> None:
    with psycopg.connect(access.dsn(resume_db, "resume")) as connection:
        connection.execute(RESUME)
        connection.execute(RESUME)
        with pytest.raises(pg.UniqueViolation):
            connection.execute("UPDATE resumes SET is_primary = true")
