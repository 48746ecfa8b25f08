"""kill -9 of publisher, relay, subscriber and database in a storm of facts: none lost, none worked twice, in order."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import MetaData, create_engine

from hirehub.kernel.broker import rights
from hirehub.kernel.broker.module import MODULE as BUS
from hirehub.kernel.bus import tables
from hirehub.kernel.db import access
from hirehub.kernel.db.migrate import upgrade
from hirehub.kernel.db.provision import provision
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from tests.support.cli import ROOT
from tests.support.postgres import LEAN
from tests.torture.bus_peer import KEYS, SERVICE, TABLES
from tests.torture.scene import FULL

pytestmark = pytest.mark.torture

FACTS, KILLS = (100_000, 200) if FULL else (4_000, 8)
ROLES = ("publisher", "relay", "subscriber")
SECONDS = 1200 if FULL else 120
"""The longest that a storm may take."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    settings = Settings(data_dir=tmp_path / "data", database=LEAN)
    with EmbeddedPostgres(settings.data_dir, LEAN) as running:
        provision(settings, BUS, SERVICE)
        upgrade(settings, BUS)
        rights.follow(settings, [SERVICE])
        dsn = access.dsn(settings, SERVICE.name, "owner")
        metadata = MetaData()
        tables.outbox(metadata)
        tables.inbox(metadata)
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn))
        metadata.create_all(engine)
        engine.dispose()
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(TABLES)
        yield running


@dataclass
class Storm:
    """The processes under fire."""

    server: EmbeddedPostgres
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, role: str) -> None:
        words = [sys.executable, "-m", "tests.torture.bus_peer", role, str(self.server.layout.data_dir), str(FACTS)]
        self.running[role] = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)

    def keep(self) -> None:
        """Starts again who has died; the publisher also when it has told all, which costs nothing."""
        self.server.revive()
        for role in ROLES:
            if role not in self.running or self.running[role].poll() is not None:
                self.start(role)

    def kill(self, role: str) -> None:
        if role == "database":
            if leader := self.server.pid():
                os.kill(leader, signal.SIGKILL)
            return
        self.running[role].kill()
        self.running[role].wait()

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()

    def counts(self) -> tuple[int, int]:
        """Facts told, and effects."""
        with suppress(psycopg.Error), psycopg.connect(self.server.admin_dsn(SERVICE.database or "")) as connection:
            row = connection.execute("SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM effect)").fetchone()
            return (row[0], row[1]) if row else (0, 0)
        return 0, 0


def test_facts_survive_any_death(server: EmbeddedPostgres) -> None:
    rng, storm = random.Random(11), Storm(server)
    deadline, killed = time.monotonic() + SECONDS, 0
    try:
        while storm.counts()[1] < FACTS:
            assert time.monotonic() < deadline, f"after {killed} kills still {storm.counts()}"
            storm.keep()
            time.sleep(rng.uniform(0.2, 1.5))
            if killed < KILLS:
                storm.kill(rng.choice((*ROLES, *ROLES, "database")))
                killed += 1
    finally:
        storm.end()
    assert killed >= KILLS * 3 // 4, "most kills should hit the storm"
    _judge(server)


def _judge(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.admin_dsn(SERVICE.database or "")) as connection:
        told = connection.execute("SELECT count(*), min(number), max(number) FROM told").fetchone()
        assert told == (FACTS, 1, FACTS)
        effects = connection.execute("SELECT key, number FROM effect ORDER BY seq").fetchall()
        left = connection.execute(
            "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM parked_fact), (SELECT count(*) FROM dead_fact)"
        ).fetchone()
    assert sorted(number for _, number in effects) == list(range(1, FACTS + 1)), "each once"
    assert left == (0, 0, 0)
    of_key: dict[str, list[int]] = {}
    for key, number in effects:
        of_key.setdefault(key, []).append(number)
    assert len(of_key) == KEYS
    assert all(numbers == sorted(numbers) for numbers in of_key.values()), "in order per key"
