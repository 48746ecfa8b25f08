"""What can be learned of a server from the file in which it keeps its process id.

A process id may have been given to another program since. A process counts as this cluster's server only when it is
called postgres and its working directory is the cluster.
"""

import os
import signal
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from hirehub.kernel.postgres.layout import PORT, Layout

PAUSE = 0.005


class State(StrEnum):
    """How far a server is."""

    GONE = "gone"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"


@dataclass(frozen=True)
class Postmaster:
    """The server that the file speaks of."""

    pid: int
    state: State


def look(layout: Layout) -> Postmaster | None:
    """The living server of this cluster, or None."""
    try:
        lines = layout.pid_file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    if not is_server(pid, layout):
        return None
    word = lines[7].strip() if len(lines) > 7 else ""
    state = {"ready": State.READY, "stopping": State.STOPPING}.get(word, State.STARTING)
    return Postmaster(pid, state)


def is_server(pid: int, layout: Layout) -> bool:
    """Whether that process lives and is this cluster's server."""
    if pid <= 0:
        return False
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
            return False
        return Path(process.cwd()).samefile(layout.cluster)
    except (psutil.Error, OSError):
        return False


def is_alive(pid: int) -> bool:
    """Whether a process of that id runs (one that has ended and waits to be noticed does not)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def forget_foreign(layout: Layout) -> None:
    """Removes lock files whose process id now belongs to some other program: the server would take it for a server.

    Files that name no living process stay: the server mends them itself, and checks its shared memory as it does so.
    """
    for path in (layout.pid_file, layout.socket_dir() / f".s.PGSQL.{PORT}.lock"):
        try:
            word = path.read_text("utf-8", "replace").split("\n", 1)[0].strip()
        except OSError:
            continue
        if word.isdigit() and is_alive(int(word)) and not is_server(int(word), layout):
            path.unlink(missing_ok=True)


def wait_until_gone(layout: Layout, pid: int, *, seconds: float) -> bool:
    """Waits for the server's end; False when it still runs after that time."""
    deadline = time.monotonic() + seconds
    while is_server(pid, layout):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def ask_to_stop(pid: int) -> None:
    """Fast shutdown: open transactions are rolled back, everything is written, then it ends."""
    try:
        os.kill(pid, signal.SIGINT)
    except ProcessLookupError:
        return
