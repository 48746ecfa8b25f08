"""A pickled frame to a cached folder of encoded rows, in order: what the child process does.

Columns are read one by one, vectors a block of rows at a time and straight out of the file, so that memory stays near
the size of the other columns. Columns that no field is matched with are never looked into.
"""

from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np

from hirehub.kernel.errors import LimitExceeded
from hirehub.services.ai.columns import Columns, Match, match
from hirehub.services.ai.report import Cause, Report
from hirehub.services.ai.shape import Shape
from hirehub.services.ai.sources import ids, values
from hirehub.services.ai.sources.batches import Batch
from hirehub.services.ai.sources.encode import Source, encode
from hirehub.services.ai.sources.loose import AnyArrow, arrow
from hirehub.services.ai.sources.pickles import cells
from hirehub.services.ai.sources.pickles.arrays import Cells
from hirehub.services.ai.sources.pickles.frame import Frame, read_frame
from hirehub.services.ai.sources.pickles.machine import Machine
from hirehub.services.ai.sources.pickles.nodes import Floats, Made, Node, damaged
from hirehub.services.ai.sources.stored import write

_ROWS = 2048
_FLOATS = 1 << 20
"""Rows, and about how many floats, that are encoded at once."""


class TooManyRows(LimitExceeded):
    """A frame of more rows than the settings allow."""

    code = "too_many_rows"


def convert(path: Path, folder: Path, shape: Shape, columns: Columns, *, largest_row: int, most_rows: int) -> None:
    """Reads the pickle and writes its rows, sorted and encoded, into a new folder."""
    with path.open("rb") as file:
        if file.seek(0, 2) == 0:
            raise damaged("it is empty")
        buffer = mmap(file.fileno(), 0, access=ACCESS_READ)
    frame = read_frame(Machine(buffer).load())
    if frame.rows > most_rows:
        raise TooManyRows(f"{path.name} has {frame.rows} rows, {most_rows} are taken", hint="Cut it, or use Parquet.")
    source = Source(shape, match(shape, columns, [column.name for column in frame.columns]), path.name, largest_row)
    report = Report(rows=frame.rows, columns={found.field.name: found.column for found in source.matches})
    write(folder, _batches(source, frame, report), report)


def _batches(source: Source, frame: Frame, report: Report) -> Iterator[Batch]:
    """The frame's rows in the order of their ids."""
    arrays: dict[str, AnyArrow] = {}
    faults: dict[int, tuple[str, Cause]] = {}
    vectors: list[Node] | None = None
    for found in source.matches:
        column = next(column for column in frame.columns if column.name == found.column).read()
        if found.field.kind == "vector" and isinstance(column, Cells):
            vectors = column.items
            continue
        arrays[found.field.name], faulty = cells.to_arrow(found, column)
        for at, cause in faulty.items():
            faults.setdefault(at, (found.column, cause))
    order = np.argsort(_keys(source.matches[0], arrays["id"]), kind="stable")
    begin = 0
    while begin < frame.rows:
        end = min(begin + _ROWS, frame.rows) if vectors is None else _fitting(vectors, order, begin)
        yield _block(source, arrays, vectors, order[begin:end], faults, report)
        begin = end


def _fitting(vectors: list[Node], order: values.Longs, begin: int) -> int:
    """Where a block that begins at a row ends, so that its vectors stay within bounds."""
    floats = 0
    for at, place in enumerate(order[begin : begin + _ROWS].tolist(), begin):
        floats += _length(vectors[place])
        if floats > _FLOATS:
            return at + 1
    return min(begin + _ROWS, len(order))


def _length(cell: Node) -> int:
    """About how many floats a cell holds."""
    if isinstance(cell, list):
        return sum(len(item.values) if type(item) is Floats else 1 for item in cell)
    if isinstance(cell, Made) and isinstance(cell.state, tuple) and isinstance(cell.state[-1], bytes | memoryview):
        return len(cell.state[-1]) // 4
    if isinstance(cell, Made) and cell.args and isinstance(cell.args[0], bytes | memoryview):
        return len(cell.args[0]) // 4
    return len(cell) if isinstance(cell, tuple) else 1


def _block(
    source: Source,
    arrays: dict[str, AnyArrow],
    vectors: list[Node] | None,
    places: values.Longs,
    faults: dict[int, tuple[str, Cause]],
    report: Report,
) -> Batch:
    """Some rows of the frame, encoded."""
    picked = arrow.array(places)
    columns = {name: array.take(picked) for name, array in arrays.items()}
    here = {at: faults[place] for at, place in enumerate(places.tolist()) if place in faults} if faults else {}
    if vectors is not None:
        found = next(found for found in source.matches if found.field.kind == "vector")
        columns[found.field.name], faulty = cells.vectors([vectors[place] for place in places.tolist()])
        for at, cause in faulty.items():
            here.setdefault(at, (found.column, cause))
    result = encode(source, columns, places, here)
    report.add(result.unsendable)
    report.bad_ids += result.bad_ids
    return result.batch


def _keys(found: Match, column: AnyArrow) -> ids.Keys:
    read = values.read(found, column).values
    if not isinstance(read, values.Ids):
        raise TypeError("ids are read as ids")
    return read.keys
