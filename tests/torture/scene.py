"""Starting, killing and judging what a torture plays with."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.support.cli import ROOT
from tests.torture.peers import ROWS

FULL = os.environ.get("TORTURE") == "full"
ROW_COLUMNS = (
    "m.id, m.company_name, m.exp_years, m.english_level, m.primary_keyword, m.updated_at, e.updated_at,"
    " vector_send(e.vector)"
)


def rounds(few: int, many: int) -> range:
    """Seeds of the rounds: a few by default, many in full."""
    return range(many if FULL else few)


class Peer:
    """A process of `peers`."""

    def __init__(self, role: str, fault: str = "", **options: Any) -> None:
        words = [sys.executable, "-m", "tests.torture.peers", role, json.dumps(options)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HIREHUB_")}
        if fault:
            environment["HIREHUB_FAULT"] = fault
        self.process = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def line(self) -> str:
        """The next line that it prints; '' when it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().strip()

    def kill(self) -> None:
        """Ends it without a chance to tidy up."""
        self.process.kill()
        self.process.communicate()

    def wait(self) -> int:
        """Waits for its end; its exit code, and what it complained about in `said`."""
        _, errors = self.process.communicate(timeout=120)
        self.said = errors.decode("utf-8", "replace")
        return self.process.returncode


@contextmanager
def sender(seed: int, *, pause: float = 0.0, port: int = 0) -> Iterator[tuple[Peer, str]]:
    """A sender and its address."""
    peer = Peer("sender", seed=seed, pause=pause, port=port)
    try:
        yield peer, peer.line()
    finally:
        peer.kill()


@dataclass
class Scene:
    """The database that rows are loaded into, and whom its receivers pull from."""

    data_dir: Path
    admin: str

    def connect(self) -> "psycopg.Connection[Any]":
        """A session of the superuser; waits while the server recovers."""
        for _ in range(200):
            try:
                return psycopg.connect(self.admin, autocommit=True)
            except psycopg.OperationalError:
                time.sleep(0.1)
        return psycopg.connect(self.admin, autocommit=True)

    def receiver(self, target: str, fault: str = "") -> Peer:
        """A receiver that has begun."""
        peer = Peer("receiver", fault, data_dir=str(self.data_dir), target=target)
        assert peer.line() == "begins", peer.wait() and peer.said
        return peer

    def finish(self, target: str, tries: int = 5) -> None:
        """Pulls until a pull ends well."""
        for _ in range(tries):
            peer = Peer("receiver", data_dir=str(self.data_dir), target=target)
            if peer.wait() == 0:
                return
            time.sleep(0.5)
        raise AssertionError(peer.said)

    def empty(self) -> None:
        """As if nothing had ever been loaded."""
        with self.connect() as connection:
            connection.execute("TRUNCATE recruit_metadata, dlq, run, cache_notice CASCADE")
            connection.execute("UPDATE checkpoint SET last_processed_uuid = NULL")
            connection.execute("UPDATE domain_lease SET run_id = NULL, token = NULL, holder = NULL, expires_at = NULL")

    def tables(self) -> dict[str, Any]:
        """Everything that must be as after an unbroken load."""
        with self.connect() as connection:
            tables = "recruit_metadata m FULL JOIN recruit_embedding e USING (id)"
            return {
                "rows": connection.execute(f"SELECT {ROW_COLUMNS} FROM {tables} ORDER BY 1".encode()).fetchall(),
                "dead": connection.execute(
                    "SELECT entity_id, cause, fingerprint, payload::text, seen FROM dlq ORDER BY entity_id"
                ).fetchall(),
                "checkpoint": connection.execute(
                    "SELECT last_processed_uuid FROM checkpoint WHERE domain = 'recruit'"
                ).fetchall(),
                "counted": connection.execute("SELECT sum(received), sum(stored), sum(dead) FROM run").fetchall(),
            }

    def statuses(self) -> list[str]:
        """How the runs ended, oldest first."""
        with self.connect() as connection:
            return [row[0] for row in connection.execute("SELECT status FROM run ORDER BY id").fetchall()]


def agrees(found: dict[str, Any], unbroken: dict[str, Any]) -> None:
    """Asserts that nothing is lost, doubled or counted twice.

    Which of two rows of one id is stored and which is skipped depends on where the groups were cut, so of the counts
    only those that cannot depend on it are compared.
    """
    assert found["checkpoint"] == unbroken["checkpoint"]
    assert found["rows"] == unbroken["rows"]
    assert found["dead"] == unbroken["dead"]
    assert found["counted"][0][0] == ROWS
    assert found["counted"][0][2] == len(unbroken["dead"])
