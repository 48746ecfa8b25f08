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

_NO_PROCESS = 2**22 + 1
"""Greater than any process id of Linux or macOS."""


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
    pid = _pid_in(layout.pid_file)
    if not is_server(pid, layout):
        return None
    word = lines[7].strip() if len(lines) > 7 else ""
    state = {"ready": State.READY, "stopping": State.STOPPING}.get(word, State.STARTING)
    return Postmaster(pid, state)


def is_server(pid: int, layout: Layout) -> bool:
    """Whether that process lives and is this cluster's server."""
    if not 0 < pid < _NO_PROCESS:
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
    """Takes out of the lock files a process id that is not this server's: a new server would take it for one.

    It may be some other program's now, or that of a server which was killed and whose end nobody has noticed yet.
    The rest of the file stays, as by it the server checks that nobody uses the old one's memory any more.
    """
    lock = layout.socket_dir() / f".s.PGSQL.{PORT}.lock"
    for path in (layout.pid_file, lock):
        if path.exists() and not 0 < _pid_in(path) <= _NO_PROCESS:
            path.unlink()
    if _is_foreign(layout.pid_file, layout):
        rest = layout.pid_file.read_bytes().split(b"\n", 1)[1:]
        layout.pid_file.write_bytes(b"\n".join([b"%d" % _NO_PROCESS, *rest]))
    if _is_foreign(lock, layout):
        lock.unlink(missing_ok=True)


def _is_foreign(path: Path, layout: Layout) -> bool:
    pid = _pid_in(path)
    return psutil.pid_exists(pid) and not is_server(pid, layout)


def _pid_in(path: Path) -> int:
    """The process id in a lock file; 0 where there is none to read (a file cut short by a power failure)."""
    try:
        word = path.read_text("utf-8", "replace").split("\n", 1)[0].strip()
    except OSError:
        return 0
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else 0


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
