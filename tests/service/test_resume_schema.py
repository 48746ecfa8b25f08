"""The migrated databases of `resume` and `ai`: as described, as the reference, and strict about their values."""

import subprocess
import sys

import psycopg
import pytest
from psycopg import errors as pg

from hirehub.kernel.db import access, migrate
from hirehub.kernel.module import Module
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.ai.module import MODULE as AI
from hirehub.services.resume.module import MODULE
from tests.support.shared import shared_dir

RESUME = "INSERT INTO resumes (user_id) VALUES ('00000000-0000-7000-8000-000000000001')"


@pytest.mark.parametrize("service", ["resume", "ai"])
def test_nothing_of_the_reference_schema_is_missing(resume_db: Settings, fresh_database: str, service: str) -> None:
    shared = shared_dir()
    program, reference = shared / "tools" / "schema_conformance.py", shared / "spec" / f"hirehub_{service}.sql"
    owner = access.dsn(resume_db, service, "owner")
    done = subprocess.run([sys.executable, program, reference, owner, fresh_database], capture_output=True, text=True)
    assert done.stdout == f"0 shortfalls against hirehub_{service}.sql\n", done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("module", [MODULE, AI], ids=["resume", "ai"])
def test_the_description_of_the_tables_equals_the_migrated_database(resume_db: Settings, module: Module) -> None:
    report = migrate.check(resume_db, module)
    assert report.differences == ()
    assert report.sound


@pytest.mark.parametrize("module", [MODULE, AI], ids=["resume", "ai"])
def test_the_tables_go_and_come_back(resume_db: Settings, module: Module) -> None:
    migrate.downgrade(resume_db, module)
    assert migrate.check(resume_db, module).revision is None
    upgrade_all(resume_db, [module])
    assert migrate.check(resume_db, module).sound


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
