"""kill -9 of everybody: after the next pull the tables are those of an unbroken one, and every row was counted once."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hirehub.kernel.db.migrate import upgrade
from hirehub.kernel.db.provision import provision
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.module import MODULE
from hirehub.services.vectors.pipeline.faults import POINTS
from hirehub.services.vectors.settings import VectorsSettings
from tests.support.postgres import LEAN
from tests.support.product import free_ports
from tests.support.vectors_db import VectorsDb
from tests.torture.scene import FULL, Scene, agrees, rounds, sender

pytestmark = pytest.mark.torture

SEED = 7
PAUSE = 0.01
"""Seconds between two chunks, so that a load takes a while and can be killed in it."""


BY_DEFAULT = ("after_store", "before_commit", "after_commit")


@pytest.fixture
def scene(vectors_db: VectorsDb) -> Scene:
    """The test's database on the server of the test run."""
    return Scene(vectors_db.settings.data_dir, vectors_db.dsn("admin"))


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[Scene, EmbeddedPostgres]]:
    """A server of its own, to be killed."""
    settings = Settings(data_dir=tmp_path / "data", database=LEAN)
    with EmbeddedPostgres(settings.data_dir, LEAN) as server:
        provision(settings, MODULE)
        upgrade(settings, MODULE, service_settings=VectorsSettings())
        yield Scene(settings.data_dir, server.admin_dsn("hirehub_vectors")), server


_unbroken: list[tuple[dict[str, object], float]] = []


def unbroken(scene: Scene, target: str) -> tuple[dict[str, object], float]:
    """The tables after a load that nobody disturbs, and the seconds that it takes once it has begun."""
    if not _unbroken:
        peer = scene.receiver(target)
        began = time.monotonic()
        assert peer.wait() == 0, peer.said
        _unbroken.append((scene.tables(), time.monotonic() - began))
    return _unbroken[0]


def test_the_receiver_may_die_at_any_moment(scene: Scene) -> None:
    with sender(SEED, pause=PAUSE) as (_, target):
        expected, seconds = unbroken(scene, target)
        cut = 0
        for seed in rounds(2, 110):
            scene.empty()
            peer = scene.receiver(target)
            time.sleep(random.Random(seed).uniform(0, seconds))
            peer.kill()
            scene.finish(target)
            agrees(scene.tables(), expected)
            statuses = scene.statuses()
            cut += statuses[0] == "failed"
            assert "running" not in statuses
    assert cut >= len(rounds(2, 110)) // 3, "most kills should hit a load under way"


@pytest.mark.parametrize("point", POINTS if FULL else BY_DEFAULT)
def test_the_receiver_may_die_at_each_point_between_stages(scene: Scene, point: str) -> None:
    with sender(SEED, pause=PAUSE) as (_, target):
        expected, _ = unbroken(scene, target)
        for seed in rounds(1, 4):
            scene.empty()
            times = 1 if point == "before_end" else random.Random(f"{point} {seed}").randint(1, 5)
            peer = scene.receiver(target, fault=f"{point}:{times}")
            assert peer.wait() == -signal.SIGKILL, f"the point {point} was not reached {times} times: {peer.said}"
            scene.finish(target)
            agrees(scene.tables(), expected)


def test_the_sender_may_die_at_any_moment(scene: Scene) -> None:
    """One receiver lives through it all: it asks again from behind its last durable row."""
    (port,) = free_ports(1)
    with sender(SEED, pause=PAUSE) as (_, target):
        expected, seconds = unbroken(scene, target)
    for seed in rounds(1, 30):
        rng = random.Random(seed)
        scene.empty()
        with sender(SEED, pause=PAUSE, port=port) as (first, target):
            peer = scene.receiver(target)
            time.sleep(rng.uniform(0, seconds))
            first.kill()
        time.sleep(rng.uniform(0, 0.3))
        with sender(SEED, pause=PAUSE, port=port):
            assert peer.wait() == 0, peer.said
        agrees(scene.tables(), expected)
        assert scene.statuses() == ["succeeded"]


def test_postgresql_may_die_at_any_moment(own_server: tuple[Scene, EmbeddedPostgres]) -> None:
    """Now a process of it, after which it restarts by itself; now the whole of it, and somebody starts it again."""
    scene, server = own_server
    with sender(SEED, pause=PAUSE) as (_, target):
        expected, seconds = unbroken(scene, target)
        for seed in rounds(2, 30):
            scene.empty()
            peer = scene.receiver(target)
            time.sleep(random.Random(seed).uniform(0, seconds))
            leader = server.pid()
            assert leader, "the server lives until it is killed"
            writer = _a_writer(scene) if seed % 2 else None
            if writer is not None:
                os.kill(writer, signal.SIGKILL)
            else:
                _kill_and_wait(leader)
            with EmbeddedPostgres(server.layout.data_dir, LEAN):
                if peer.wait() != 0:
                    scene.finish(target)
                agrees(scene.tables(), expected)


def _kill_and_wait(pid: int) -> None:
    """Kills a process, and returns when it is dead: whoever looks before would find it alive."""
    process = psutil.Process(pid)
    process.kill()
    for _ in range(500):
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.01)
    raise AssertionError(f"{pid} does not die")


def _a_writer(scene: Scene) -> int | None:
    """The server's process that works for the receiver, if one does."""
    with scene.connect() as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'hirehub_vectors' AND pid <> pg_backend_pid() LIMIT 1"
        ).fetchone()
    return int(found[0]) if found else None
