"""A file's rows, encoded and in order, in a folder of the cache: what a pickle or an unsorted file becomes, once.

Three plain files (`rows`, `ids`, `ends`) and `about.json`. A folder is written under another name and renamed when it
is whole, and never changed after. Readers share it: each cuts its chunks with positioned reads of one open file, so
that a row is in memory only while it is sent, and a folder that was replaced lives on for who still reads it.
"""

import json
import os
import weakref
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hirehub.kernel.errors import Broken
from hirehub.services.ai.report import Report
from hirehub.services.ai.sources import ids
from hirehub.services.ai.sources.batches import Batch, Whole, chunks

FORMAT = 1
"""Part of a cached folder's key: raise it whenever the bytes of a row or the files change."""
_BLOCK = 1 << 22
"""Bytes that are read at once where no chunk size is asked for."""
_END = np.dtype("<i8")


class DamagedCache(Broken):
    """A cached folder that does not add up; it is made anew."""

    code = "damaged_cache"


class Writer:
    """Writes rows, which come in order, into a new folder. Memory does not grow with them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True)
        self.folder = folder
        self._files = [(folder / name).open("wb") for name in ("rows", "ids", "ends")]
        self._end = 0
        self.rows = 0
        self.largest = 0

    def write(self, batch: Batch) -> None:
        """Adds rows."""
        if not len(batch.keys):
            return
        rows, keys, ends = self._files
        for begin in range(0, len(batch.keys), 4096):
            rows.write(batch.cut(begin, min(begin + 4096, len(batch.keys))))
        keys.write(batch.keys.tobytes())
        places = np.cumsum(batch.sizes) + self._end
        ends.write(places.astype(_END).tobytes())
        self._end = int(places[-1])
        self.rows += len(batch.keys)
        self.largest = max(self.largest, int(batch.sizes.max()))

    def finish(self, report: Report) -> None:
        """Completes the folder."""
        for file in self._files:
            file.close()
        about = {"rows": self.rows, "bytes": self._end, "largest": self.largest, "report": report.as_dict()}
        (self.folder / "about.json").write_text(json.dumps(about), "utf-8")

    def close(self) -> None:
        """Closes the files of a folder that is not completed."""
        for file in self._files:
            file.close()


class Stored:
    """A finished folder, open for any number of readers."""

    def __init__(self, folder: Path) -> None:
        try:
            about: dict[str, Any] = json.loads((folder / "about.json").read_text("utf-8"))
            self.rows: int = about["rows"]
            self.largest: int = about["largest"]
            self.report = Report.from_dict(about["report"])
            self._size: int = about["bytes"]
            self._keys = _mapped(folder / "ids", np.dtype(ids.KEY), self.rows)
            self._ends = _mapped(folder / "ends", _END, self.rows)
            self._file = os.open(folder / "rows", os.O_RDONLY | os.O_CLOEXEC)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedCache(f"the cached rows in {folder.name} cannot be read ({type(error).__name__})") from None
        weakref.finalize(self, os.close, self._file)
        if os.fstat(self._file).st_size != self._size:
            raise DamagedCache(f"the cached rows in {folder.name} are not whole")

    @property
    def first(self) -> bytes | None:
        """The least key."""
        return bytes(self._keys[0]).ljust(16, b"\0") if self.rows else None

    def batches(self, after: bytes | None = None, rows: int | None = None) -> Iterator[Batch]:
        """The rows after a key, `rows` at a time, or as many as fit a block."""
        at = ids.rows_after(self._keys, after) if self.rows else 0
        while at < self.rows:
            begin = int(self._ends[at - 1]) if at else 0
            stop = min(at + rows, self.rows) if rows else self._fitting(at, begin)
            end = int(self._ends[stop - 1])
            data = os.pread(self._file, end - begin, begin)
            if len(data) != end - begin:
                raise DamagedCache("the cached rows are not whole")
            sizes = np.diff(np.asarray(self._ends[at:stop]), prepend=begin)
            yield Whole(np.asarray(self._keys[at:stop]), sizes, data)
            at = stop

    def chunks(self, after: bytes | None, rows: int) -> Generator[bytes]:
        """The rows after a key in chunks of `rows`."""
        return chunks(self.batches(after, rows), rows)

    def _fitting(self, at: int, begin: int) -> int:
        """Where a block that begins at a row ends: after one row at least."""
        return max(at + 1, int(np.searchsorted(self._ends, begin + _BLOCK, side="right")))


def _mapped(path: Path, kind: "np.dtype[Any]", rows: int) -> Any:  # noqa: ANN401 - an array that is mapped, or an empty one
    """An array of a file, not read until it is looked at."""
    if path.stat().st_size != rows * kind.itemsize:
        raise ValueError("an index of another length")
    return np.memmap(path, kind, mode="r", shape=(rows,)) if rows else np.empty(0, kind)


def write(folder: Path, batches: Iterable[Batch], report: Report) -> None:
    """Writes sorted rows into a new folder; the report is kept as it is when the last row has come."""
    writer = Writer(folder)
    try:
        for batch in batches:
            writer.write(batch)
        writer.finish(report)
    finally:
        writer.close()
