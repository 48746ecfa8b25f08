"""Columns of values to rows on the wire, many rows at a time and without a Python object per number.

The bytes are those that protobuf itself writes: fields in ascending order, packed floats, nothing for a default.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hirehub.services.ai.columns import Match
from hirehub.services.ai.report import Cause, Unsendable
from hirehub.services.ai.shape import Field, Shape
from hirehub.services.ai.sources import values
from hirehub.services.ai.sources.batches import Encoded
from hirehub.services.ai.sources.loose import AnyArrow, arrow
from hirehub.services.ai.sources.values import Bytes, Ids, Lists, Longs, Numbers, Texts, Vectors

_VARINT, _BYTES = 0, 2
_WIDEST = 10


@dataclass
class Grid:
    """A few bytes a row, left-aligned in a table."""

    lens: Longs
    table: Bytes

    def put(self, out: Bytes, starts: Longs) -> None:
        """Writes each row's bytes at its place."""
        width = self.table.shape[1]
        places = starts[:, None] + np.arange(width)
        if len(self.lens) and (self.lens == width).all():
            out[places] = self.table
        else:
            keep = np.arange(width) < self.lens[:, None]
            out[places[keep]] = self.table[keep]


@dataclass
class Run:
    """Any number of bytes a row, one row's after the other's."""

    lens: Longs
    data: Bytes

    def put(self, out: Bytes, starts: Longs) -> None:
        """Writes each row's bytes at its place."""
        if len(self.lens) and self.lens[0] and (self.lens == self.lens[0]).all():
            width = int(self.lens[0])
            out[starts[:, None] + np.arange(width)] = self.data.reshape(-1, width)
        elif len(self.data):
            shift = starts - (np.cumsum(self.lens) - self.lens)
            out[np.repeat(shift, self.lens) + np.arange(len(self.data))] = self.data


Segment: TypeAlias = Grid | Run


@dataclass(frozen=True)
class Source:
    """Where rows come from: what its columns are matched with, its name, and the most bytes that a row may have."""

    shape: Shape
    matches: tuple[Match, ...]
    file: str
    largest: int


@dataclass
class Result:
    """Encoded rows, those that could not be, and how many ids are none."""

    batch: Encoded
    unsendable: list[Unsendable]
    bad_ids: int


def encode(
    source: Source, columns: dict[str, AnyArrow], numbers: Longs, faults: dict[int, tuple[str, Cause]]
) -> Result:
    """Encodes columns by field name. `numbers` are the rows' places in their file; `faults` (by place here, with the
    column at fault) are cells that were found out before.
    """
    found = dict(faults)
    read: dict[str, values.Values] = {}
    for match in source.matches:
        cellwise = values.read(match, columns[match.field.name])
        read[match.field.name] = cellwise.values
        for at, cause in cellwise.faults.items():
            found.setdefault(at, (match.column, cause))
    if not found:
        batch = _encode(source.shape, read)
        large = np.flatnonzero(batch.sizes > source.largest).tolist()
        if not large:
            ids = read["id"]
            return Result(batch, [], ids.bad if isinstance(ids, Ids) else 0)
        found = dict.fromkeys(large, (_widest(source), Cause.TOO_LARGE))
    kept = np.ones(len(numbers), np.bool_)
    kept[list(found)] = False
    mask = arrow.array(kept)
    result = encode(source, {name: column.filter(mask) for name, column in columns.items()}, numbers[kept], {})
    told = [Unsendable(source.file, int(numbers[at]), column, cause) for at, (column, cause) in sorted(found.items())]
    return Result(result.batch, sorted(told + result.unsendable, key=lambda row: row.row), result.bad_ids)


def _widest(source: Source) -> str:
    """The column to name for a row that is too large: the vector's."""
    return next(match.column for match in source.matches if match.field.kind == "vector")


def _encode(shape: Shape, read: dict[str, values.Values]) -> Encoded:
    ids, vectors = read["id"], read["vector"]
    if not isinstance(ids, Ids) or not isinstance(vectors, Vectors):
        raise TypeError("a row needs an id and a vector")
    before: list[Segment] = []
    after: list[Segment] = []
    for field in shape.fields:
        if field.name in read:
            (before if field.number <= shape.vector.number else after).extend(_segments(field, read[field.name]))
    payload = vectors.lens * 4
    body = sum((part.lens for part in before + after), start=payload.copy())
    frame = _tagged(shape.chunk_number, _BYTES, body)
    parts = [frame, *before, *after]
    widths: npt.NDArray[Any] = np.stack([part.lens for part in parts], axis=1)
    places = np.cumsum(widths.reshape(-1)).reshape(widths.shape) - widths
    total = int(widths.sum())
    out = np.empty(total, np.uint8)
    for at, part in enumerate(parts):
        part.put(out, places[:, at])
    bounds = [*places[:, 0].tolist(), total]
    cuts = (places[:, len(before)] + widths[:, len(before)]).tolist()
    floats = np.ascontiguousarray(vectors.floats).view(np.uint8)
    ends = [0, *np.cumsum(payload).tolist()]
    return Encoded(ids.keys, frame.lens + body, out.tobytes(), cuts, bounds, floats.data, ends)


def _segments(field: Field, value: values.Values) -> list[Segment]:
    """A field of every row; the floats of a vector are left out."""
    if isinstance(value, Vectors):
        header = _tagged(field.number, _BYTES, value.lens * 4)
        return [_only(header, value.lens > 0)]
    if isinstance(value, Numbers):
        told = value.told if field.presence else value.told & (value.values != 0)
        return [_only(_tagged(field.number, _VARINT, value.values), told)]
    if isinstance(value, Lists):
        return [_nested(field, value)]
    return [_only(_tagged(field.number, _BYTES, value.lens), value.lens > 0), Run(value.lens, value.data)]


def _nested(field: Field, value: Lists) -> Run:
    """A list of texts a row; an empty text within a list is kept."""
    texts: Texts = value.texts
    header = _tagged(field.number, _BYTES, texts.lens)
    sizes = header.lens + texts.lens
    starts = np.cumsum(sizes) - sizes
    out = np.empty(int(sizes.sum()), np.uint8)
    header.put(out, starts)
    Run(texts.lens, texts.data).put(out, starts + header.lens)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    last = np.cumsum(value.counts)
    return Run(ends[last] - ends[last - value.counts], out)


def _only(grid: Grid, told: "npt.NDArray[np.bool_]") -> Grid:
    """The same, with nothing for the rows that are not told."""
    return grid if told.all() else Grid(np.where(told, grid.lens, 0), grid.table)


def _tagged(number: int, wire: int, numbers: Longs) -> Grid:
    """A field's tag and a varint: its value, or the length of what follows."""
    bits = numbers.astype(np.uint64)
    width = 1
    while width < _WIDEST and len(bits) and (bits >> np.uint64(7 * width)).any():
        width += 1
    groups = (bits[:, None] >> (np.arange(width, dtype=np.uint64) * np.uint64(7))).astype(np.uint8) & 0x7F
    more = np.zeros((len(bits), width), np.bool_)
    for at in range(width - 1):
        more[:, at] = bits >> np.uint64(7 * (at + 1)) != 0
    table = np.empty((len(bits), width + 1), np.uint8)
    table[:, 0] = number << 3 | wire
    table[:, 1:] = groups | more.astype(np.uint8) << 7
    return Grid(more.sum(axis=1) + 2, table)
