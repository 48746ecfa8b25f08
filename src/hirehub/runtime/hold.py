"""One product a data directory: the process that runs it holds a lock there and tells where it listens.

The lock is the file system's, so it goes with the process however that ends; the text in the file is only for people
and for `hirehub ready`.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hirehub.kernel.data_dir import usable
from hirehub.kernel.errors import Busy

_FILE = "up.json"
_TRIES = 10


class AlreadyUp(Busy):
    """Another process runs the product on this data directory."""

    code = "already_up"


@dataclass(frozen=True)
class Hold:
    """The lock, held."""

    descriptor: int

    def tell(self, where: Mapping[str, Any]) -> None:
        """Writes where this process listens."""
        text = json.dumps({"pid": os.getpid(), **where}).encode()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text, 0)


@contextmanager
def hold(data_dir: Path) -> Iterator[Hold]:
    """Holds the data directory for the block; AlreadyUp tells who holds it."""
    with usable():
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data_dir / _FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _lock(descriptor):
            told = _read(descriptor)
            at = f", {told['http']}" if told.get("http") else ""
            raise AlreadyUp(
                f"The product already runs on {data_dir} (process {told.get('pid', 'unknown')}{at})",
                hint="Use that one or stop it; for a second product set HIREHUB_DATA_DIR and its ports.",
            )
        held = Hold(descriptor)
        held.tell({})
        yield held
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def told(data_dir: Path) -> dict[str, Any]:
    """Where the product on this data directory listens, as its process told; empty where none runs."""
    try:
        descriptor = os.open(data_dir / _FILE, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return {}
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    finally:
        os.close(descriptor)
    return {}


def _lock(descriptor: int) -> bool:
    """Tries a moment longer than a reader holds the lock to look."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def _read(descriptor: int) -> dict[str, Any]:
    try:
        found = json.loads(os.pread(descriptor, 65_536, 0) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
