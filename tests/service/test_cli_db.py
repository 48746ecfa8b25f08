"""`hirehub db`, run as people and scripts run it."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from hirehub.kernel.postgres import postmaster
from hirehub.kernel.postgres.layout import Layout
from tests.support.cli import ROOT, environment, hirehub
from tests.support.vectors_db import VectorsDb


def count_tables(dsn: str) -> int:
    """How many tables the role sees."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row is not None
    return int(row[0])


def ended(layout: Layout) -> bool:
    """Whether the server ends by itself, soon: one that writes down new databases may outlast the command."""
    ends = time.monotonic() + 15
    while postmaster.look(layout) is not None and time.monotonic() < ends:
        time.sleep(0.1)
    return postmaster.look(layout) is None


def test_a_database_is_made_found_checked_and_leaves_no_process_behind(tmp_path: Path) -> None:
    env = {"HIREHUB_DATA_DIR": str(tmp_path / "data")}
    nothing = hirehub("db", "check", env=env)
    assert nothing.code == 1
    assert "run `hirehub db upgrade`" in nothing.out
    assert not (tmp_path / "data").exists()

    made = hirehub("db", "upgrade", env=env)
    assert (made.code, made.err) == (0, "")
    assert ["vectors", "hirehub_vectors", "0002", "ok"] in [line.split() for line in made.out.splitlines()]
    assert ended(Layout(tmp_path / "data"))

    found = hirehub("db", "url", "vectors", "--keep", "1", env=env)
    assert "stops after 1 s without a session" in found.err
    with psycopg.connect(found.out.strip()) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("hirehub_vectors",)
        time.sleep(2)
        assert postmaster.look(Layout(tmp_path / "data")) is not None
    deadline = time.monotonic() + 20
    while postmaster.look(Layout(tmp_path / "data")) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_upgrading_twice_and_checking_tell_the_same(vectors_db: VectorsDb) -> None:
    first = hirehub("db", "upgrade", "vectors", "--json", env=vectors_db.environment)
    second = hirehub("db", "check", "vectors", "--json", env=vectors_db.environment)
    assert first.code == second.code == 0
    assert first.document() == second.document()
    (database,) = second.document()["databases"]
    assert database == {
        "service": "vectors",
        "database": "hirehub_vectors",
        "reachable": True,
        "revision": "0002",
        "newest": "0002",
        "differences": [],
        "reason": "",
        "hint": "",
        "sound": True,
    }


def test_going_back_and_forward_again_needs_no_terminal(vectors_db: VectorsDb) -> None:
    back = hirehub("db", "downgrade", "vectors", env=vectors_db.environment)
    assert back.code == 0
    assert count_tables(vectors_db.dsn("owner")) == 1
    check = hirehub("db", "check", "vectors", env=vectors_db.environment)
    assert check.code == 4
    assert "`hirehub db upgrade vectors`" in check.out
    assert hirehub("db", "upgrade", "vectors", env=vectors_db.environment).code == 0
    assert hirehub("db", "check", "vectors", env=vectors_db.environment).code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal")
def test_on_a_terminal_going_back_asks_first_and_no_is_no(vectors_db: VectorsDb) -> None:
    tables = count_tables(vectors_db.dsn("owner"))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "hirehub", "db", "downgrade", "vectors"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(vectors_db.environment),
        cwd=ROOT,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(ours, 1000)
    os.write(ours, b"n\n")
    assert process.wait(timeout=30) == 1
    os.close(ours)
    assert b"What they hold is lost" in said
    assert count_tables(vectors_db.dsn("owner")) == tables


def test_an_unknown_revision_is_told_in_one_line(vectors_db: VectorsDb) -> None:
    ran = hirehub("db", "downgrade", "vectors", "0042", env=vectors_db.environment)
    assert ran.code == 4
    assert len(ran.err.splitlines()) == 1
    assert "Name a revision of this program" in ran.err


@pytest.mark.parametrize("role", ["app", "reader", "owner", "admin"])
def test_the_address_of_every_role_is_printed_for_other_clients(vectors_db: VectorsDb, role: str) -> None:
    ran = hirehub("db", "url", "vectors", "--role", role, "--json", env=vectors_db.environment)
    assert (ran.code, ran.err) == (0, "")
    assert ran.document() == {"service": "vectors", "role": role, "url": vectors_db.dsn(role)}
    assert count_tables(ran.document()["url"]) >= 13


def test_psql_speaks_as_the_role(vectors_db: VectorsDb) -> None:
    ran = hirehub(
        "db", "psql", "vectors", "--role", "reader", env=vectors_db.environment, text="SELECT current_user;\n"
    )
    assert ran.code == 0
    assert "hirehub_vectors_reader" in ran.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("db", "check", "nobody"), "Use one of: ai, vectors, user"),
        (("db", "url", "matching"), "Use one of: ai, vectors, user"),
        (("db", "url", "vectors", "--role", "king"), "Use one of: app, owner, reader, admin"),
    ],
)
def test_a_word_that_stands_for_nothing_is_told_with_those_that_do(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    ran = hirehub(*words, env={"HIREHUB_DATA_DIR": str(tmp_path / "data")})
    assert ran.code == 2
    assert told in ran.err
    assert not (tmp_path / "data").exists()


def test_a_server_that_does_not_answer_is_told_in_one_line_without_its_password(tmp_path: Path) -> None:
    env = {"HIREHUB_DATA_DIR": str(tmp_path), "HIREHUB_DATABASE__URL": "postgresql://u:hidden@127.0.0.1:1/postgres"}
    ran = hirehub("db", "upgrade", env=env)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert "The database does not answer" in ran.err
    assert "hidden" not in ran.err
    assert hirehub("db", "check", env=env).code == 1
