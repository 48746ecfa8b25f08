"""Opens what a person names: a pickle, a Parquet file, or a folder of either.

A sorted Parquet file is read where it lies. A pickle and an unsorted file become a sorted folder in the cache, once
for each state of the file (path, size, time of its last change) and each mapping; whoever needs it next, in this
process or another, finds it there. Copies of a file's earlier states are removed.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from hirehub.kernel.errors import Invalid, Missing, Unavailable
from hirehub.services.ai.columns import Columns
from hirehub.services.ai.isolation.parent import Stopped
from hirehub.services.ai.shape import Shape
from hirehub.services.ai.sources.batches import Batch
from hirehub.services.ai.sources.parquet import Parquet
from hirehub.services.ai.sources.pickles.isolate import Limits, read_pickle
from hirehub.services.ai.sources.sorting import RUN_BYTES, sort_into
from hirehub.services.ai.sources.source import Folder, Source
from hirehub.services.ai.sources.stored import FORMAT, DamagedCache, Stored

PICKLES: Final = frozenset({".pkl", ".pickle"})
PARQUETS: Final = frozenset({".parquet", ".pq"})
_ATTEMPTS = 3
_ORIGIN = "origin"

Stamp: TypeAlias = tuple[tuple[str, int, int, int], ...]
"""Of each file its name, inode, size and time of the last change."""


class NoSuchSource(Missing):
    """There is no file of that name."""

    code = "no_such_source"


class UnknownFormat(Invalid):
    """A file that is neither a pickle nor Parquet, or a folder without either."""

    code = "unknown_format"


class RestlessFile(Unavailable):
    """A file that is being written while it is read."""

    code = "restless_file"


@dataclass(frozen=True)
class Library:
    """Where sorted copies are kept, and what may be read."""

    cache: Path
    limits: Limits
    largest_row: int
    """Bytes that a row may have: those of a message."""
    run_bytes: int = RUN_BYTES
    """Bytes of rows that are sorted in memory at once."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the process ends: what is being read is given up."""

    def open(self, path: Path, shape: Shape, columns: Columns) -> Source:
        """The rows of a file or folder. Blocks; errors name the file and say what to do."""
        if not path.is_dir():
            return self._open_file(path, shape, columns)
        files = members(path)
        if not files:
            raise UnknownFormat(f"the folder {path.name} holds no .pkl and no .parquet file", hint="Name another one.")
        return Folder([self._open_file(file, shape, columns) for file in files])

    def _open_file(self, path: Path, shape: Shape, columns: Columns) -> Source:
        kind = path.suffix.lower()
        if kind not in PICKLES | PARQUETS:
            raise UnknownFormat(f"{path.name} is neither .pkl nor .parquet", hint="Name a file of either kind.")
        try:
            if kind in PICKLES:
                return self._pickle(path, shape, columns)
            return self._parquet(path, shape, columns)
        except FileNotFoundError:
            raise NoSuchSource(f"there is no file {path.name}", hint="Check its path.") from None
        except OSError as error:
            few = error.errno in {errno.EMFILE, errno.ENFILE}
            hint = (
                "Raise the limit of open files (ulimit -n), or join small files." if few else "Check its permissions."
            )
            raise Unavailable(f"{path.name} cannot be read ({error.strerror})", hint=hint) from None

    def _pickle(self, path: Path, shape: Shape, columns: Columns) -> Source:
        def build(folder: Path) -> None:
            read_pickle(
                path, folder, shape, columns, limits=self.limits, largest_row=self.largest_row, stopping=self.stopping
            )

        return self._cached(path, shape, columns, build)

    def _parquet(self, path: Path, shape: Shape, columns: Columns) -> Source:
        known = self._found(path, shape, columns)
        if known is not None:
            return known
        file = Parquet(path, shape, columns, self.largest_row)
        return file if file.sorted else self._cached(path, shape, columns, self._sorter(path, shape, columns))

    def _sorter(self, path: Path, shape: Shape, columns: Columns) -> Callable[[Path], None]:
        def build(folder: Path) -> None:
            file = Parquet(path, shape, columns, self.largest_row)
            sort_into(folder, self._until_stopped(file.batches()), file.report, self.run_bytes)

        return build

    def _until_stopped(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            if self.stopping.is_set():
                raise Stopped("reading was given up, as the process ends")
            yield batch

    def prune(self) -> None:
        """Removes the copies of files that are no longer there."""
        for origin in self.cache.glob(f"*/{_ORIGIN}"):
            with suppress(OSError), _locked(origin.with_name("lock")):
                if not Path(origin.read_text("utf-8")).exists():
                    shutil.rmtree(origin.parent)

    def _found(self, path: Path, shape: Shape, columns: Columns) -> Stored | None:
        """The sorted copy of a file's present state, if there is one."""
        folder = self._slot(path, shape, columns) / self._version(path)
        try:
            return Stored(folder) if folder.is_dir() else None
        except DamagedCache:
            shutil.rmtree(folder, ignore_errors=True)
            return None

    def _cached(self, path: Path, shape: Shape, columns: Columns, build: Callable[[Path], None]) -> Stored:
        """The sorted copy of a file's present state; made now when there is none."""
        slot = self._slot(path, shape, columns)
        slot.mkdir(mode=0o700, parents=True, exist_ok=True)
        (slot / _ORIGIN).write_text(str(path.resolve()), "utf-8")
        with _locked(slot / "lock"):
            for _ in range(_ATTEMPTS):
                known = self._found(path, shape, columns)
                if known is not None:
                    return known
                version = self._version(path)
                _clear(slot)
                fresh = slot / f"new-{uuid.uuid4().hex[:8]}"
                build(fresh)
                if self._version(path) == version:
                    fresh.rename(slot / version)
                    return Stored(slot / version)
        raise RestlessFile(f"{path.name} is being written", hint="Wait until it is whole; rename it into its place.")

    def _slot(self, path: Path, shape: Shape, columns: Columns) -> Path:
        """The folder for a file's copies under one mapping."""
        key = json.dumps([str(path.resolve()), shape.domain, columns.as_dict()])
        return self.cache / hashlib.sha256(key.encode()).hexdigest()[:24]

    def _version(self, path: Path) -> str:
        """The name of the copy of a file's present state."""
        key = json.dumps([stamp(path), FORMAT, self.largest_row])
        return hashlib.sha256(key.encode()).hexdigest()[:24]


def members(folder: Path) -> list[Path]:
    """The files of a folder that hold rows, by name; hidden ones and those that begin with `_` do not."""
    kinds = PICKLES | PARQUETS
    found = (path for path in folder.iterdir() if path.suffix.lower() in kinds and path.name[0] not in "._")
    return sorted(path for path in found if path.is_file())


def stamp(path: Path) -> Stamp:
    """What tells one state of a file or folder from another; NoSuchSource where there is none."""
    try:
        files = members(path) if path.is_dir() else [path]
        states = [(file.name, file.stat()) for file in files]
    except OSError:
        raise NoSuchSource(f"there is no file {path.name}", hint="Check its path.") from None
    return tuple((name, state.st_ino, state.st_size, state.st_mtime_ns) for name, state in states)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds a lock between processes; the system lets go of it when its holder dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _clear(slot: Path) -> None:
    """Removes what an interrupted build left behind, and copies of earlier states: who reads one keeps it open."""
    for old in slot.iterdir():
        if old.is_dir():
            with suppress(OSError):
                shutil.rmtree(old)
