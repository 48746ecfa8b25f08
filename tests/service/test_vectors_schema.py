"""The migrated database of `vectors`: equal to its description and to the reference, its functions and triggers."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from psycopg import errors as pg
from psycopg.rows import TupleRow

from hirehub.kernel.db import migrate
from hirehub.services.vectors.module import MODULE
from hirehub.services.vectors.settings import DomainSettings, IndexSettings, VectorsSettings
from tests.support.shared import shared_dir
from tests.support.vectors_db import VectorsDb

ID = UUID("0190a5a0-0000-7000-8000-000000000001")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
VECTOR = "[1" + ",0" * 383 + "]"


@pytest.fixture
def app(vectors_db: VectorsDb) -> Iterator[psycopg.Connection[TupleRow]]:
    """A session of the service's own role, with one recruit stored long ago."""
    with psycopg.connect(vectors_db.dsn("app"), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO recruit_metadata (id, company_name, exp_years, updated_at) VALUES (%s, 'Ada', 1, %s)",
            (ID, LONG_AGO),
        )
        yield connection


def updated_at(connection: psycopg.Connection[TupleRow]) -> datetime:
    """When the recruit was changed last."""
    row = connection.execute("SELECT updated_at FROM recruit_metadata WHERE id = %s", (ID,)).fetchone()
    assert row is not None
    moment = row[0]
    assert isinstance(moment, datetime)
    return moment


def test_nothing_of_the_reference_schema_is_missing(vectors_db: VectorsDb, fresh_database: str) -> None:
    shared = shared_dir()
    done = subprocess.run(
        [
            sys.executable,
            shared / "tools" / "schema_conformance.py",
            shared / "spec" / "alpha_match.sql",
            vectors_db.dsn("owner"),
            fresh_database,
        ],
        capture_output=True,
        text=True,
    )
    assert done.stdout == "0 shortfalls against alpha_match.sql\n", done.stderr
    assert done.returncode == 0


def test_the_description_of_the_tables_equals_the_migrated_database(vectors_db: VectorsDb) -> None:
    report = migrate.check(vectors_db.settings, MODULE)
    assert report.differences == ()
    assert report.sound


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE dlq DROP COLUMN seen", "add column: dlq seen"),
        ("ALTER TABLE dlq ADD COLUMN extra int", "remove column: dlq extra"),
        ("ALTER TABLE run ALTER COLUMN recall TYPE numeric", "modify type: run recall"),
        ("ALTER TABLE dlq ALTER COLUMN seen DROP NOT NULL", "modify nullable: dlq seen"),
        ("DROP INDEX idx_dlq_run_id", "add index: idx_dlq_run_id"),
        ("DROP TABLE schedule_state", "add table: schedule_state"),
        ("DROP INDEX recruit_embedding_ann", "recruit has no index"),
    ],
)
def test_a_database_that_differs_from_its_description_is_told(vectors_db: VectorsDb, change: str, told: str) -> None:
    with psycopg.connect(vectors_db.dsn("owner"), autocommit=True) as owner:
        owner.execute(change.encode())
    differences = migrate.check(vectors_db.settings, MODULE).differences
    assert any(told in difference for difference in differences), differences


def test_going_back_to_nothing_and_forward_again_ends_with_the_same_tables(vectors_db: VectorsDb) -> None:
    migrate.downgrade(vectors_db.settings, MODULE)
    with psycopg.connect(vectors_db.dsn("owner")) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("alembic_version",)]
    assert migrate.check(vectors_db.settings, MODULE).revision is None
    migrate.upgrade(vectors_db.settings, MODULE)
    assert migrate.check(vectors_db.settings, MODULE).sound
    with psycopg.connect(vectors_db.dsn("app")) as app:
        seeded = app.execute("SELECT domain, last_processed_uuid FROM checkpoint ORDER BY domain DESC").fetchall()
    assert seeded == [("recruit", None), ("candidate", None)]


@pytest.mark.parametrize("dimension", [768, 1536, 2000])
def test_dimension_and_index_come_from_the_settings(
    vectors_db_with: Callable[[VectorsSettings], VectorsDb], dimension: int
) -> None:
    index = IndexSettings(kind="ivfflat", metric="l2", lists=100)
    own = VectorsSettings(candidate=DomainSettings(dimension=dimension, index=index), english_levels=("o'k", "b"))
    made = vectors_db_with(own)
    assert migrate.check(made.settings, MODULE, service_settings=own).sound
    with psycopg.connect(made.dsn("app"), autocommit=True) as app:
        row = app.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'candidate_embedding_ann'").fetchone()
        assert row is not None
        assert "USING ivfflat (vector) WITH (lists='100')" in row[0]
        app.execute("INSERT INTO candidate_metadata (id, name, experience_years) VALUES (%s, 'x', 0)", (ID,))
        values = "[1" + ",0.5" * (dimension - 1) + "]"
        app.execute("INSERT INTO candidate_embedding (id, vector) VALUES (%s, %s)", (ID, values))
        inside = app.execute("SELECT pg_column_size(vector) >= %s FROM candidate_embedding", (dimension * 4,))
        assert inside.fetchone() == (True,)
        app.execute("INSERT INTO recruit_metadata VALUES (%s, 'x', 0, 'o''k')", (ID,))


def test_a_dimension_other_than_the_setting_is_told_with_the_command_that_mends_it(vectors_db: VectorsDb) -> None:
    own = VectorsSettings(recruit=DomainSettings(dimension=768))
    report = migrate.check(vectors_db.settings, MODULE, service_settings=own)
    assert len(report.differences) == 1
    assert "384 floats, the setting says 768" in report.differences[0]
    assert "hirehub vectors dimension migrate recruit 768" in report.differences[0]


def test_the_english_levels_follow_the_setting_and_spare_older_rows(vectors_db: VectorsDb) -> None:
    with psycopg.connect(vectors_db.dsn("app"), autocommit=True) as app:
        app.execute("INSERT INTO recruit_metadata VALUES (%s, 'x', 0, 'fluent')", (ID,))
        own = VectorsSettings(english_levels=("native", "none"))
        assert not migrate.check(vectors_db.settings, MODULE, service_settings=own).sound
        migrate.upgrade(vectors_db.settings, MODULE, service_settings=own)
        assert migrate.check(vectors_db.settings, MODULE, service_settings=own).sound
        new = UUID(int=ID.int + 1)
        app.execute("INSERT INTO recruit_metadata VALUES (%s, 'x', 0, 'native')", (new,))
        app.execute("INSERT INTO recruit_metadata VALUES (%s, 'x', 0, NULL)", (UUID(int=ID.int + 2),))
        with pytest.raises(pg.CheckViolation):
            app.execute("INSERT INTO recruit_metadata VALUES (%s, 'x', 0, 'fluent')", (UUID(int=ID.int + 3),))
        assert app.execute("SELECT count(*) FROM recruit_metadata").fetchone() == (3,)


def test_an_update_that_leaves_updated_at_alone_sets_the_time_of_the_database(
    app: psycopg.Connection[TupleRow],
) -> None:
    app.execute("UPDATE recruit_metadata SET company_name = 'Bea'")
    assert (datetime.now(UTC) - updated_at(app)).total_seconds() < 60


@pytest.mark.parametrize("stated", [datetime(2019, 5, 5, tzinfo=UTC), datetime(2030, 5, 5, tzinfo=UTC), LONG_AGO])
def test_an_update_that_states_updated_at_keeps_it_even_when_it_is_the_same(
    app: psycopg.Connection[TupleRow], stated: datetime
) -> None:
    app.execute("UPDATE recruit_metadata SET company_name = 'Bea', updated_at = %s", (stated,))
    assert updated_at(app) == stated
    app.execute(
        "INSERT INTO recruit_metadata (id, company_name, exp_years, updated_at) VALUES (%s, 'Cy', 1, %s)"
        " ON CONFLICT (id) DO UPDATE SET company_name = excluded.company_name, updated_at = excluded.updated_at",
        (ID, stated),
    )
    assert updated_at(app) == stated


def test_the_checkpoint_keeps_its_time(app: psycopg.Connection[TupleRow]) -> None:
    app.execute("UPDATE checkpoint SET updated_at = %s", (LONG_AGO,))
    app.execute("UPDATE checkpoint SET last_processed_uuid = %s WHERE domain = 'recruit'", (ID,))
    rows = app.execute("SELECT domain, updated_at > '2026-01-01' FROM checkpoint ORDER BY domain").fetchall()
    assert rows == [("candidate", False), ("recruit", True)]


def test_statistics_count_each_domain_by_itself(app: psycopg.Connection[TupleRow]) -> None:
    app.execute("INSERT INTO recruit_embedding (id, vector) VALUES (%s, %s)", (ID, VECTOR))
    app.execute("INSERT INTO dlq (domain, error_message) VALUES ('candidate', 'x'), ('candidate', 'y')")
    app.execute("UPDATE checkpoint SET last_processed_uuid = %s WHERE domain = 'recruit'", (ID,))
    one = app.execute("SELECT * FROM get_domain_stats('recruit')")
    assert [column.name for column in one.description or ()] == [
        "metadata_count",
        "embedding_count",
        "dlq_count",
        "last_processed_uuid",
        "last_checkpoint_time",
    ]
    assert [row[:4] for row in one.fetchall()] == [(1, 1, 0, ID)]
    assert app.execute("SELECT * FROM get_domain_stats('nobody')").fetchall() == []
    every = app.execute("SELECT * FROM v_all_domain_stats ORDER BY 1").fetchall()
    assert [row[:5] for row in every] == [("candidate", 0, 0, 2, None), ("recruit", 1, 1, 0, ID)]


def test_cosine_similarity_is_one_for_equal_directions_and_minus_one_for_opposite(
    app: psycopg.Connection[TupleRow],
) -> None:
    row = app.execute(
        "SELECT cosine_similarity('[1,2]', '[2,4]'), cosine_similarity('[1,0]', '[0,1]'),"
        " cosine_similarity('[1,0]', '[-3,0]'), cosine_similarity('[1,0]', NULL)"
    ).fetchone()
    assert row == pytest.approx((1.0, 0.0, -1.0, None))
    kind = app.execute("SELECT provolatile, proparallel FROM pg_proc WHERE proname = 'cosine_similarity'").fetchone()
    assert kind == ("i", "s")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO recruit_metadata VALUES (%s, 'x', -1)",
        "INSERT INTO candidate_metadata (id, name, experience_years, expected_salary) VALUES (%s, 'x', 0, 0)",
        "INSERT INTO dlq (domain, error_message) VALUES ('job', 'x')",
        "INSERT INTO run (id, domain, kind, source, status, stored) VALUES (%s, 'recruit', 'pull', 'x', 'running', 1)",
        "INSERT INTO recruit_metadata VALUES (%s, 'x', 0, 'martian')",
    ],
)
def test_the_database_itself_refuses_what_no_row_may_be(app: psycopg.Connection[TupleRow], statement: str) -> None:
    app.execute("DELETE FROM recruit_metadata")
    with pytest.raises(pg.CheckViolation):
        app.execute(statement.replace("%s", f"'{ID}'").encode())


def test_a_vector_goes_with_its_metadata(app: psycopg.Connection[TupleRow]) -> None:
    app.execute("INSERT INTO recruit_embedding (id, vector) VALUES (%s, %s)", (ID, VECTOR))
    app.execute("DELETE FROM recruit_metadata")
    assert app.execute("SELECT count(*) FROM recruit_embedding").fetchone() == (0,)
