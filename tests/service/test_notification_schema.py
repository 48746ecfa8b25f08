"""The migrated database of `notification`: equal to description and reference, its rows too, strict about values."""

import subprocess
import sys

import psycopg
import pytest
from psycopg import errors as pg

from hirehub.kernel.db import access, migrate
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.notification.module import MODULE
from tests.support.platform import execute, rows
from tests.support.shared import shared_dir

NOTICE = """
INSERT INTO notifications (user_id, channel, event_type, dedupe_key)
VALUES (gen_random_uuid(), 'email', 'match.recommended', 'a');
INSERT INTO user_notification_settings (user_id) VALUES (gen_random_uuid());
INSERT INTO notification_outbox (event_type, payload) VALUES ('application.submitted', '{}');
"""
TEMPLATES = "SELECT name, event_type, channel, subject_template, body_template FROM notification_templates"


def test_nothing_of_the_reference_schema_is_missing(notification_db: Settings, fresh_database: str) -> None:
    shared = shared_dir()
    program, reference = shared / "tools" / "schema_conformance.py", shared / "spec" / "hirehub_notification.sql"
    owner = access.dsn(notification_db, "notification", "owner")
    done = subprocess.run([sys.executable, program, reference, owner, fresh_database], capture_output=True, text=True)
    assert done.stdout == "0 shortfalls against hirehub_notification.sql\n", done.stderr
    assert done.returncode == 0


def test_the_templates_of_the_reference_are_there_to_the_letter(notification_db: Settings, fresh_database: str) -> None:
    reference = (shared_dir() / "spec" / "hirehub_notification.sql").read_text("utf-8")
    with psycopg.connect(fresh_database, autocommit=True) as scratch:
        scratch.execute(reference.encode())
        wanted = set(scratch.execute(TEMPLATES.encode()).fetchall())
    with psycopg.connect(access.dsn(notification_db, "notification")) as connection:
        found = set(connection.execute(TEMPLATES.encode()).fetchall())
    assert len(wanted) == 3
    assert wanted <= found


def test_the_description_of_the_tables_equals_the_migrated_database(notification_db: Settings) -> None:
    report = migrate.check(notification_db, MODULE)
    assert report.differences == ()
    assert report.sound


def test_the_tables_go_and_come_back_with_their_templates(notification_db: Settings) -> None:
    migrate.downgrade(notification_db, MODULE)
    assert migrate.check(notification_db, MODULE).revision is None
    upgrade_all(notification_db, [MODULE])
    assert migrate.check(notification_db, MODULE).sound
    with psycopg.connect(access.dsn(notification_db, "notification")) as connection:
        assert connection.execute("SELECT count(*) FROM notification_templates").fetchone() == (69,)


def test_new_words_come_with_a_release_but_not_over_those_that_an_administrator_has_chosen(
    notification_db: Settings,
) -> None:
    own, names = "interview.scheduled.push.en", ("interview.scheduled.push.en", "interview.scheduled.sms.en")
    migrate.downgrade(notification_db, MODULE, "0003")
    change = "UPDATE notification_templates SET body_template = 'Come.', version = version + 1 WHERE name = %s"
    execute(notification_db, "notification", change, own)
    upgrade_all(notification_db, [MODULE])
    statement = "SELECT body_template FROM notification_templates WHERE name = ANY(%s) ORDER BY name"
    (kept,), (new,) = rows(notification_db, "notification", statement, list(names))
    assert kept == "Come."
    assert "How: {{location}}" in str(new)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notifications SET status = 'lost'",
        "UPDATE notifications SET status = 'failed'",
        "UPDATE notifications SET error_message = 'why'",
        "UPDATE notifications SET channel = 'pigeon'",
        "UPDATE notifications SET attempts = -1",
        "UPDATE notification_outbox SET status = 'sent'",
        "UPDATE user_notification_settings SET quiet_start = '22:00'",
        "UPDATE user_notification_settings SET quiet_start = '22:00', quiet_end = '22:00'",
        "UPDATE user_notification_settings SET language = 'fr'",
        "UPDATE user_notification_settings SET disabled_event_types = array_fill('x'::text, ARRAY[21])",
        "UPDATE notification_templates SET channel = 'pigeon'",
        "UPDATE notification_templates SET body_template = repeat('x', 10001)",
        "INSERT INTO device_tokens (user_id, device_type, token) VALUES (gen_random_uuid(), 'toaster', 't')",
        "INSERT INTO device_tokens (user_id, device_type, token) VALUES (gen_random_uuid(), 'web', '')",
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_database(notification_db: Settings, statement: str) -> None:
    with psycopg.connect(access.dsn(notification_db, "notification")) as connection:
        connection.execute(NOTICE)
        with pytest.raises(pg.CheckViolation):
            connection.execute(statement.encode())


def test_a_key_stands_for_one_notification(notification_db: Settings) -> None:
    with psycopg.connect(access.dsn(notification_db, "notification")) as connection:
        connection.execute(NOTICE)
        with pytest.raises(pg.UniqueViolation):
            connection.execute(NOTICE.split(";", maxsplit=1)[0].encode())
