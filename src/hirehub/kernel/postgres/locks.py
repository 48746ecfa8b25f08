"""File locks between processes. The kernel drops them with the process, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hirehub.kernel.postgres.errors import StillBusy

_PAUSE = 0.01


class FileLock:
    """A lock on one file, held through a descriptor that child programs do not inherit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take_shared(self) -> None:
        """Holds the lock beside other sharers; waits for one who holds it alone."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """True when nobody else holds the lock; it is then held alone. Either way a shared hold may be gone."""
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Lets go; harmless when nothing is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor


@contextmanager
def alone(path: Path, *, wait: float) -> Iterator[None]:
    """Holds the file's lock alone for the block; raises StillBusy after `wait` seconds."""
    lock = FileLock(path)
    deadline = time.monotonic() + wait
    try:
        while not lock.try_alone():
            if time.monotonic() > deadline:
                raise StillBusy(
                    "Another process is still starting or stopping PostgreSQL.",
                    hint=f"Try again; if it stays so, look for a process that holds {path}.",
                )
            time.sleep(_PAUSE)
        yield
    finally:
        lock.release()
