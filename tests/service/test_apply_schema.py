"""The migrated database of `apply`: equal to description and reference, and a history that nobody changes."""

import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors as pg

from hirehub.kernel.db import access, migrate
from hirehub.kernel.db.provision import provision
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.apply.module import MODULE
from tests.support.shared import shared_dir

APPLICATION = (
    "INSERT INTO applications (job_id, user_id, resume_id, company_id, job_title)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'Cook') RETURNING id"
)
EVENT = (
    "INSERT INTO application_events (application_id, number, event_type, to_status, actor_type)"
    " SELECT id, 1, 'status_changed', 'submitted', 'jobseeker' FROM applications"
)
INTERVIEW = (
    "INSERT INTO interviews (application_id, interview_type, scheduled_at, duration_minutes)"
    " SELECT id, 'phone', now(), 30 FROM applications"
)

HELD_AFTER_THE_END = (
    "UPDATE applications SET status = 'withdrawn', pending_status = 'rejected', pending_until = now(),"
    " pending_by = gen_random_uuid()"
)
STRANGE_ACTOR = (
    "INSERT INTO application_events (application_id, number, event_type, actor_type)"
    " SELECT id, 1, 'status_changed', 'stranger' FROM applications"
)
OVERWRITE = (
    "INSERT INTO application_events (id, application_id, number, event_type)"
    " SELECT id, application_id, 1, event_type FROM application_events"
    " ON CONFLICT (id) DO UPDATE SET to_status = 'offered'"
)


def test_nothing_of_the_reference_schema_is_missing(apply_db: Settings, fresh_database: str) -> None:
    shared = shared_dir()
    program, reference = shared / "tools" / "schema_conformance.py", shared / "spec" / "hirehub_apply.sql"
    owner = access.dsn(apply_db, "apply", "owner")
    done = subprocess.run([sys.executable, program, reference, owner, fresh_database], capture_output=True, text=True)
    assert done.stdout == "0 shortfalls against hirehub_apply.sql\n", done.stderr
    assert done.returncode == 0


def test_the_description_of_the_tables_equals_the_migrated_database(apply_db: Settings) -> None:
    report = migrate.check(apply_db, MODULE)
    assert report.differences == ()
    assert report.sound


def test_the_tables_go_and_come_back(apply_db: Settings) -> None:
    migrate.downgrade(apply_db, MODULE)
    assert migrate.check(apply_db, MODULE).revision is None
    upgrade_all(apply_db, [MODULE])
    assert migrate.check(apply_db, MODULE).sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE applications SET status = 'asleep'",
        "UPDATE applications SET match_score = 101",
        "UPDATE applications SET pending_status = 'offered'",
        "UPDATE applications SET pending_status = 'rejected'",
        "UPDATE applications SET pending_note = 'nothing is held'",
        HELD_AFTER_THE_END,
        "UPDATE interviews SET interview_type = 'letter'",
        "UPDATE interviews SET duration_minutes = 0",
        "UPDATE interviews SET status = 'moved'",
        "UPDATE interviews SET time_zone = ''",
        "INSERT INTO application_events (application_id, number, event_type) SELECT id, 1, 'slept' FROM applications",
        STRANGE_ACTOR,
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_database(apply_db: Settings, statement: str) -> None:
    with psycopg.connect(access.dsn(apply_db, "apply")) as connection:
        connection.execute(APPLICATION)
        connection.execute(INTERVIEW)
        with pytest.raises(pg.CheckViolation):
            connection.execute(statement.encode())


def test_nobody_applies_twice_for_a_post(apply_db: Settings) -> None:
    statement = (
        "INSERT INTO applications (job_id, user_id, resume_id, company_id, job_title) VALUES (%s, %s, %s, %s, 'Cook')"
    )
    values = [uuid4() for _ in range(4)]
    with psycopg.connect(access.dsn(apply_db, "apply")) as connection:
        connection.execute(statement, values)
        with pytest.raises(pg.UniqueViolation):
            connection.execute(statement, [*values[:2], uuid4(), uuid4()])


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE application_events SET to_status = 'offered'",
        "DELETE FROM application_events",
        "DELETE FROM applications",
        "WITH gone AS (DELETE FROM application_events RETURNING 1) SELECT count(*) FROM gone",
        OVERWRITE,
    ],
)
def test_history_is_neither_changed_nor_removed(apply_db: Settings, role: str, statement: str) -> None:
    provision(apply_db, MODULE)  # gives the rights on all tables once more
    with psycopg.connect(access.dsn(apply_db, "apply", role)) as connection:
        connection.execute(APPLICATION)
        connection.execute(EVENT)
        with pytest.raises(pg.InsufficientPrivilege, match="is history"):
            connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE application_events",
        "ALTER TABLE application_events DISABLE TRIGGER ALL",
        "DROP TRIGGER application_events_stay ON application_events",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
    ],
)
def test_the_services_role_cannot_lift_that(apply_db: Settings, statement: str) -> None:
    with (
        psycopg.connect(access.dsn(apply_db, "apply")) as connection,
        pytest.raises(pg.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


GONE = "INSERT INTO tombstone (id) SELECT user_id FROM applications"
NOTE = (
    "INSERT INTO application_events (application_id, number, event_type, payload) SELECT id, 2, 'feedback_added',"
    """ '{"note": "words", "interview_id": "7"}' FROM applications"""
)
FORGET = "SELECT sum(forget_words(user_id)) FROM applications"


def test_words_about_somebody_who_is_gone_are_erased_and_nothing_else(apply_db: Settings) -> None:
    with psycopg.connect(access.dsn(apply_db, "apply")) as connection:
        for statement in (APPLICATION, EVENT, NOTE):
            connection.execute(statement.encode())
        everything = "SELECT to_jsonb(e) - 'payload' FROM application_events AS e ORDER BY number"
        before = connection.execute(everything).fetchall()
        with pytest.raises(pg.InsufficientPrivilege, match="somebody who is gone"), connection.transaction():
            connection.execute(FORGET)
        connection.execute(GONE)
        touched = [connection.execute(FORGET).fetchone() for _ in range(2)]
        left = connection.execute("SELECT payload FROM application_events ORDER BY number").fetchall()
        assert connection.execute(everything).fetchall() == before
    with (
        psycopg.connect(access.dsn(apply_db, "apply", "reader")) as reader,
        pytest.raises(pg.InsufficientPrivilege, match="forget_words"),
    ):
        reader.execute(FORGET)
    assert touched == [(1,), (0,)]
    assert left == [(None,), ({"erased": True, "interview_id": "7"},)]


@pytest.mark.parametrize("role", ["app", "owner"])
def test_the_history_of_somebody_who_is_gone_stays_as_it_was(apply_db: Settings, role: str) -> None:
    with psycopg.connect(access.dsn(apply_db, "apply")) as connection:
        for made in (APPLICATION, EVENT, NOTE, GONE):
            connection.execute(made.encode())
    with psycopg.connect(access.dsn(apply_db, "apply", role)) as connection:
        for statement in (
            "UPDATE application_events SET to_status = 'offered', payload = without_words(payload)",
            """UPDATE application_events SET payload = '{"note": "other words"}'""",
            "DELETE FROM application_events",
        ):
            with pytest.raises(pg.InsufficientPrivilege, match="is history"), connection.transaction():
                connection.execute(statement.encode())


def test_the_service_tells_and_hears_what_its_descriptor_says_and_nothing_else(apply_db: Settings) -> None:
    append = (
        "SELECT append_facts(ARRAY[gen_random_uuid()], ARRAY[%s], ARRAY['k'], ARRAY['s'], ARRAY[now()], ARRAY['{}'])"
    )
    bus = access.address(apply_db, "hirehub_bus", "apply", access.Role.APP)
    with psycopg.connect(bus, autocommit=True) as connection:
        for topic in MODULE.tells:
            connection.execute(append, (topic,))
        for topic in MODULE.hears:
            assert connection.execute("SELECT * FROM read_facts(%s, 0, 1)", (topic,)).fetchall() == []
        refused = ((append, "job.created"), ("SELECT * FROM read_facts(%s, 0, 1)", "application.submitted"))
        for statement, topic in refused:
            with pytest.raises(pg.InsufficientPrivilege, match="may not"):
                connection.execute(statement, (topic,))
