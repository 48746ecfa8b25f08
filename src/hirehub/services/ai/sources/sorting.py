"""Order: several sorted sequences as one, and an unsorted one sorted on disk.

Memory is bounded by one batch a sequence that is being read, and by one run while sorting, whatever the number of rows.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hirehub.services.ai.report import Report
from hirehub.services.ai.sources.batches import Batch, joined, part
from hirehub.services.ai.sources.stored import Stored, write

RUN_BYTES = 1 << 26
"""Bytes of rows that are sorted in memory at once."""


@dataclass(frozen=True)
class Ordered:
    """A sorted sequence that is not opened before its first key's turn comes."""

    first: bytes
    open: Callable[[], Iterator[Batch]]


class _Reader:
    """A sequence being read: its present batch."""

    def __init__(self, source: Ordered, place: int) -> None:
        self.place = place
        self._batches = source.open()
        self.batch: Batch | None = None
        self.advance()

    def advance(self) -> None:
        """Goes on to the next batch that holds rows."""
        self.batch = next((batch for batch in self._batches if len(batch.keys)), None)

    def take(self, bound: np.bytes_) -> Batch:
        """Takes the rows up to a key."""
        batch = self.batch
        if batch is None:
            raise RuntimeError("a finished sequence is not read")
        count = int(np.searchsorted(batch.keys, bound, side="right"))
        if count == len(batch.keys):
            self.advance()
        elif count:
            self.batch = part(batch, count)
        return part(batch, 0, count)


def merged(sources: Sequence[Ordered]) -> Iterator[Batch]:
    """All rows in order. Rows of one id come in the order of their sequences, as far as one batch holds them."""
    waiting = sorted(enumerate(sources), key=lambda entry: (entry[1].first, entry[0]), reverse=True)
    readers: list[_Reader] = []
    while waiting or readers:
        if not readers:
            _open(waiting, readers)
            continue
        bound = min(reader.batch.keys[-1] for reader in readers if reader.batch is not None)
        if waiting and np.array(waiting[-1][1].first, bound.dtype) <= bound:
            _open(waiting, readers)
            continue
        taken = [reader.take(bound) for reader in readers]
        readers = [reader for reader in readers if reader.batch is not None]
        yield joined([batch for batch in taken if len(batch.keys)])


def _open(waiting: list[tuple[int, Ordered]], readers: list[_Reader]) -> None:
    """Opens the sequence with the least first key."""
    place, source = waiting.pop()
    reader = _Reader(source, place)
    if reader.batch is not None:
        readers.append(reader)
        readers.sort(key=lambda entry: entry.place)


def sort_into(folder: Path, batches: Iterable[Batch], report: Report, run_bytes: int = RUN_BYTES) -> None:
    """Writes unsorted rows in order into a new folder: runs that fit memory, sorted and written, then merged."""
    scratch = folder.with_name(f"{folder.name}-runs")
    runs: list[Stored] = []
    held: list[Batch] = []
    size = 0

    def flush() -> None:
        nonlocal size
        place = scratch / str(len(runs))
        write(place, [joined(held)], Report())
        runs.append(Stored(place))
        held.clear()
        size = 0

    try:
        for batch in batches:
            held.append(batch)
            size += int(batch.sizes.sum())
            if size >= run_bytes:
                flush()
        if not runs:
            write(folder, [joined(held)] if held else [], report)
            return
        if held:
            flush()
        write(folder, merged([Ordered(run.first or b"", run.batches) for run in runs]), report)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
