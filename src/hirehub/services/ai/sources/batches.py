"""Rows as they go on the wire, ready to be cut anywhere.

A row is what a RowChunk holds for it: the field's tag, its length, its bytes. Rows one after the other are a whole
RowChunk, so that a chunk of any size is one join of bytes and nothing is parsed again.
"""

from collections.abc import Generator, Iterable
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from hirehub.services.ai.sources.ids import Keys, is_sorted


class Batch(Protocol):
    """Rows with their keys; rows i to j, exclusive, as bytes."""

    keys: Keys
    sizes: "npt.NDArray[np.int64]"

    def cut(self, begin: int, end: int) -> bytes:
        """The rows' bytes."""
        ...


class Encoded:
    """Rows whose vectors still lie where they were read; they are joined with the rest when a chunk is cut."""

    def __init__(
        self,
        keys: Keys,
        sizes: "npt.NDArray[np.int64]",
        rest: bytes,
        cuts: "list[int]",
        bounds: "list[int]",
        vectors: memoryview,
        ends: "list[int]",
    ) -> None:
        self.keys = keys
        self.sizes = sizes
        self._rest = rest
        """Each row's bytes before its vector, then those after it."""
        self._cuts = cuts
        """Where in `rest` each row's vector belongs."""
        self._bounds = bounds
        """Where in `rest` each row begins, and the end."""
        self._vectors = vectors
        self._ends = ends
        """Where each vector begins, and the end."""

    def cut(self, begin: int, end: int) -> bytes:
        """The rows' bytes."""
        if begin == end:
            return b""
        rest, vectors = self._rest, self._vectors
        places = [self._bounds[begin], *self._cuts[begin:end], self._bounds[end]]
        pieces: list[bytes | memoryview] = [b""] * (2 * (end - begin) + 1)
        pieces[0::2] = [rest[low:high] for low, high in pairwise(places)]
        pieces[1::2] = [vectors[low:high] for low, high in pairwise(self._ends[begin : end + 1])]
        return b"".join(pieces)


class Whole:
    """Rows whose bytes lie one after the other."""

    def __init__(self, keys: Keys, sizes: "npt.NDArray[np.int64]", data: bytes) -> None:
        self.keys = keys
        self.sizes = sizes
        self._data = memoryview(data)
        self._bounds = [0, *np.cumsum(sizes).tolist()]

    def cut(self, begin: int, end: int) -> bytes:
        """The rows' bytes."""
        low, high = self._bounds[begin], self._bounds[end]
        whole = low == 0 and high == len(self._data)
        return self._data.obj if whole and isinstance(self._data.obj, bytes) else bytes(self._data[low:high])


class Part:
    """Rows of another batch from a place on."""

    def __init__(self, batch: Batch, begin: int, end: int) -> None:
        self.keys = batch.keys[begin:end]
        self.sizes = batch.sizes[begin:end]
        self._batch = batch
        self._begin = begin

    def cut(self, begin: int, end: int) -> bytes:
        """The rows' bytes."""
        return self._batch.cut(self._begin + begin, self._begin + end)


def part(batch: Batch, begin: int, end: int | None = None) -> Batch:
    """Rows `begin` to `end` of a batch; the batch itself where that is all of it."""
    stop = len(batch.keys) if end is None else end
    return batch if begin == 0 and stop == len(batch.keys) else Part(batch, begin, stop)


def chunks(batches: Iterable[Batch], rows: int) -> Generator[bytes]:
    """Chunks of exactly `rows` rows, but for the last; none is empty."""
    pieces: list[bytes] = []
    have = 0
    for batch in batches:
        at, size = 0, len(batch.keys)
        while at < size:
            take = min(rows - have, size - at)
            pieces.append(batch.cut(at, at + take))
            at += take
            have += take
            if have == rows:
                yield pieces[0] if len(pieces) == 1 else b"".join(pieces)
                pieces, have = [], 0
    if pieces:
        yield b"".join(pieces)


def joined(batches: list[Batch]) -> Batch:
    """Several batches as one in order; rows of one id stay in the order in which they came."""
    if len(batches) == 1 and is_sorted(batches[0].keys):
        return batches[0]
    keys = np.concatenate([batch.keys for batch in batches])
    sizes = np.concatenate([batch.sizes for batch in batches])
    order = np.argsort(keys, kind="stable")
    starts = np.cumsum([0, *(len(batch.keys) for batch in batches)])
    which = np.searchsorted(starts, order, side="right") - 1
    places = order - starts[which]
    breaks = np.flatnonzero((np.diff(places) != 1) | (np.diff(which) != 0)) + 1
    begins, ends = np.concatenate(([0], breaks)), np.concatenate((breaks, [len(order)]))
    runs = zip(which[begins].tolist(), places[begins].tolist(), (ends - begins).tolist(), strict=True)
    rows = [batches[source].cut(place, place + count) for source, place, count in runs]
    return Whole(keys[order], sizes[order], b"".join(rows))
