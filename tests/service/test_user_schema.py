"""The migrated database of `user`: equal to its description and to the reference, and strict about its values."""

import subprocess
import sys

import psycopg
import pytest
from psycopg import errors as pg

from hirehub.kernel.db import access, migrate
from hirehub.kernel.settings import Settings
from hirehub.services.user.module import MODULE
from hirehub.services.user.store import sessions
from tests.support.shared import shared_dir

USER = "INSERT INTO users (cognito_sub, email, user_type) VALUES ('s', 'a@example.com', 'jobseeker') RETURNING id"


def test_nothing_of_the_reference_schema_is_missing(user_db: Settings, fresh_database: str) -> None:
    shared = shared_dir()
    program, reference = shared / "tools" / "schema_conformance.py", shared / "spec" / "hirehub_user.sql"
    owner = access.dsn(user_db, "user", "owner")
    done = subprocess.run([sys.executable, program, reference, owner, fresh_database], capture_output=True, text=True)
    assert done.stdout == "0 shortfalls against hirehub_user.sql\n", done.stderr
    assert done.returncode == 0


def test_the_description_of_the_tables_equals_the_migrated_database(user_db: Settings) -> None:
    report = migrate.check(user_db, MODULE)
    assert report.differences == ()
    assert report.sound


def test_the_tables_go_and_come_back(user_db: Settings) -> None:
    migrate.downgrade(user_db, MODULE)
    assert migrate.check(user_db, MODULE).revision is None
    migrate.upgrade(user_db, MODULE)
    assert migrate.check(user_db, MODULE).sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET user_type = 'chief'",
        "UPDATE users SET status = 'asleep'",
        "UPDATE users SET email = 'A@example.com'",
        "INSERT INTO jobseeker_profiles (user_id, experience_years) SELECT id, 81 FROM users",
        "INSERT INTO jobseeker_profiles (user_id, desired_salary_min) SELECT id, -1 FROM users",
        "INSERT INTO jobseeker_profiles (user_id, desired_salary_min, desired_salary_max) SELECT id, 2, 1 FROM users",
        "INSERT INTO jobseeker_profiles (user_id, skills) SELECT id, array_fill('x'::text, ARRAY[101]) FROM users",
        "INSERT INTO companies (name) VALUES ('')",
        "INSERT INTO companies (name, company_size) VALUES ('A', '12')",
        "INSERT INTO companies (name, status) VALUES ('A', 'asleep')",
        "INSERT INTO user_session (id, user_id, expires_at, ended_at) SELECT id, id, now(), now() FROM users",
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_database(user_db: Settings, statement: str) -> None:
    with psycopg.connect(access.dsn(user_db, "user")) as connection:
        connection.execute(USER)
        with pytest.raises(pg.CheckViolation):
            connection.execute(statement.encode())


def test_sessions_that_ended_lately_are_found_among_many_by_an_index(user_db: Settings) -> None:
    many = (
        "INSERT INTO user_session (id, user_id, expires_at, ended_at, end_reason) SELECT gen_random_uuid(), %s,"
        " now() + interval '1 day', now() - n * interval '1 minute', 'log_out' FROM generate_series(1, 5000) AS n"
    )
    with psycopg.connect(access.dsn(user_db, "user", "owner")) as connection:
        connection.execute(many.encode(), connection.execute(USER).fetchone())
        connection.execute("ANALYZE user_session")
        plan = connection.execute(f"EXPLAIN {sessions._ENDED_LATELY}".encode(), (600,)).fetchall()
        connection.rollback()
    assert any("idx_user_session_ended_at" in row[0] for row in plan), plan
