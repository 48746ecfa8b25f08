"""Rows out of a Parquet file, row group by row group, in memory that does not grow with the file.

Opening reads the ids alone: whether they are in order, and the last of each row group, so that a stream resumes at the
row group that holds the next id. Nothing of the file stays in memory. The file is read through one descriptor, so that
a stream under way keeps the file it began with when another takes its name; one that is written over in place ends the
stream, since its bytes are no longer those that were begun.
"""

import io
import os
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hirehub.kernel.errors import Invalid, Unavailable
from hirehub.services.ai import columns as mapping
from hirehub.services.ai.report import Report, Unsendable
from hirehub.services.ai.shape import Shape
from hirehub.services.ai.sources import ids, values
from hirehub.services.ai.sources.batches import Batch
from hirehub.services.ai.sources.encode import Source, encode

BLOCK = 1 << 22
"""Bytes that are decoded at once."""
_MOST_ROWS = 4096
_ID_ROWS = 65_536
_READ = 1 << 18
_SAMPLE = 256
_NONE = np.zeros(0, np.int64)


class DamagedParquet(Invalid):
    """The bytes are no whole Parquet file."""

    code = "damaged_parquet"


class FileChanged(Unavailable):
    """The file was written over while it was read."""

    code = "file_changed"


class _Positioned(io.RawIOBase):
    """A file of its own position over a descriptor that others read too."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves the position."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._descriptor).st_size}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """The position."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        wanted = size if size >= 0 else os.fstat(self._descriptor).st_size - self._at
        data = os.pread(self._descriptor, wanted, self._at)
        self._at += len(data)
        return data


class Parquet:
    """A Parquet file with the columns of a domain. `sorted` tells whether it can be streamed as it is."""

    def __init__(self, path: Path, shape: Shape, columns: mapping.Columns, largest_row: int) -> None:
        self.name = path.name
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, descriptor)
        self._descriptor = descriptor
        self._state = self._stat()
        with self._named():
            file = self._open()
            names = file.schema_arrow.names
            self.rows: int = file.metadata.num_rows
            self._metadata = file.metadata
            self._source = Source(shape, mapping.match(shape, columns, names), self.name, largest_row)
            self._typical = self._estimate()
            empty = file.schema_arrow.empty_table()
            nothing = {match.field.name: empty.column(match.column).combine_chunks() for match in self._source.matches}
            sizes = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
        encode(self._source, nothing, _NONE, {})
        self.report = Report(rows=self.rows, columns={match.field.name: match.column for match in self._source.matches})
        self.largest = 0
        self._counted = bytearray(self.rows // 8 + 1)
        self._lock = threading.Lock()
        self._starts = np.cumsum([0, *sizes])
        self._lasts: ids.Keys = np.zeros(0, ids.KEY)
        self.first: bytes | None = None
        self.sorted = self._scan()
        self._sample()

    def batches(self, after: bytes | None = None, rows: int | None = None, block: int = BLOCK) -> Iterator[Batch]:
        """The rows after a key, as they lie in the file. Without a key any file can be read, sorted or not."""
        del rows
        begin = ids.rows_after(self._lasts, after) if after is not None else 0
        skipping = after is not None
        at = int(self._starts[begin])
        groups = range(begin, len(self._starts) - 1)
        size = max(1, min(_MOST_ROWS, block // self._typical))
        for raw in self._read(groups, self._wanted(), size):
            batch, numbers = raw, np.arange(at, at + raw.num_rows)
            at += raw.num_rows
            if skipping:
                passed = ids.rows_after(self._keys(raw), after)
                batch, numbers = raw.slice(passed), numbers[passed:]
                skipping = passed == raw.num_rows
            if batch.num_rows:
                yield self._encoded(batch, numbers)

    def _encoded(self, batch: pa.RecordBatch, numbers: "values.Longs") -> Batch:
        """A batch on the wire; what cannot be sent is counted once, however often it is read."""
        arrays = {match.field.name: batch.column(match.column) for match in self._source.matches}
        result = encode(self._source, arrays, numbers, {})
        if result.unsendable:
            self._count(result.unsendable)
        if not self.sorted:  # read once, to be sorted; else the scan has counted them
            self.report.bad_ids += result.bad_ids
        if len(result.batch.sizes):
            self.largest = max(self.largest, int(result.batch.sizes.max()))
        return result.batch

    def _count(self, rows: list[Unsendable]) -> None:
        with self._lock:
            fresh = [row for row in rows if not self._counted[row.row >> 3] & 1 << (row.row & 7)]
            for row in fresh:
                self._counted[row.row >> 3] |= 1 << (row.row & 7)
            self.report.add(fresh)

    def _scan(self) -> bool:
        """Reads the ids alone: the last of each row group, and whether they rise. Stops where they do not."""
        lasts: list[bytes] = []
        previous, bad = ids.LEAST, 0
        column = self._source.matches[0].column
        for group in range(len(self._starts) - 1):
            for raw in self._read(range(group, group + 1), [column], _ID_ROWS):
                read = values.read(self._source.matches[0], raw.column(column)).values
                if not isinstance(read, values.Ids):
                    raise TypeError("ids are read as ids")
                if not len(read.keys):
                    continue
                if not ids.is_sorted(read.keys) or bytes(read.keys[0]) < previous.rstrip(b"\0"):
                    return False
                bad += read.bad
                previous = bytes(read.keys[-1])
                if self.first is None:
                    self.first = bytes(read.keys[0]).ljust(16, b"\0")
            lasts.append(previous)
        self._lasts = np.array(lasts, ids.KEY)
        self.report.bad_ids = bad
        return True

    def _sample(self) -> None:
        """Reads a few rows, for the size of a row and for errors of type that would else come with the first stream."""
        for raw in self._read(range(min(1, len(self._starts) - 1)), self._wanted(), _SAMPLE):
            arrays = {match.field.name: raw.column(match.column) for match in self._source.matches}
            sizes = encode(self._source, arrays, np.arange(raw.num_rows), {}).batch.sizes
            self.largest = int(sizes.max(initial=0))
            return

    def _wanted(self) -> list[str]:
        return [match.column for match in self._source.matches]

    def _keys(self, batch: pa.RecordBatch) -> ids.Keys:
        match = self._source.matches[0]
        read = values.read(match, batch.column(match.column)).values
        if not isinstance(read, values.Ids):
            raise TypeError("ids are read as ids")
        return read.keys

    def _read(self, groups: range, columns: list[str], size: int) -> Iterator[pa.RecordBatch]:
        """Batches of the named columns; each is given out only when the file is still the one that was opened."""
        if not len(groups):
            return
        with self._named():
            batches = self._open().iter_batches(size, row_groups=list(groups), columns=columns, use_threads=False)
        while True:
            with self._named():
                batch = next(batches, None)
            if self._stat() != self._state:
                raise self._changed()
            if batch is None:
                return
            yield batch

    def _open(self) -> pq.ParquetFile:
        """The file for one reader."""
        return pq.ParquetFile(
            pa.PythonFile(_Positioned(self._descriptor), mode="r"),
            pre_buffer=False,
            buffer_size=_READ,
            metadata=getattr(self, "_metadata", None),
        )

    def _estimate(self) -> int:
        """Bytes of an ordinary row, by what the row groups say of themselves."""
        wanted = {match.column for match in self._source.matches}
        most = 1
        for group in range(self._metadata.num_row_groups):
            row_group = self._metadata.row_group(group)
            parts = [row_group.column(at) for at in range(row_group.num_columns)]
            size = sum(part.total_uncompressed_size for part in parts if part.path_in_schema.split(".")[0] in wanted)
            most = max(most, size // max(row_group.num_rows, 1))
        return most

    def _stat(self) -> tuple[int, int]:
        found = os.fstat(self._descriptor)
        return found.st_size, found.st_mtime_ns

    def _changed(self) -> FileChanged:
        return FileChanged(f"{self.name} was written over while it was read", hint="Ask again from the last id.")

    def _named(self) -> "_Named":
        return _Named(self)


class _Named:
    """Turns what the Parquet reader raises into an error that names the file; a file that changed says so instead."""

    def __init__(self, file: Parquet) -> None:
        self._file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, MemoryError):
            return
        if isinstance(error, pa.ArrowException | OSError | ValueError | TypeError | OverflowError | UnicodeDecodeError):
            if self._file._stat() != self._file._state:  # noqa: SLF001 - its own file
                raise self._file._changed() from None  # noqa: SLF001 - its own file
            raise DamagedParquet(
                f"{self._file.name} is no whole Parquet file ({type(error).__name__})", hint="Copy or write it again."
            ) from None
