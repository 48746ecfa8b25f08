"""A column of a pickled frame to an Arrow array, for the field that it fills; cells that cannot be sent are marked.

Cells are Python values or inert nodes (a UUID, a moment, a numpy scalar). A node is understood by its name and its
plain contents; nothing is made from it but numbers and text.
"""

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from hirehub.kernel.errors import Invalid
from hirehub.services.ai.columns import Match, Rule
from hirehub.services.ai.report import Cause
from hirehub.services.ai.sources.loose import AnyArrow, arrow
from hirehub.services.ai.sources.pickles.arrays import Cells, Coded, Masked, Values, expand, numpy_array, scalar
from hirehub.services.ai.sources.pickles.nodes import Floats, Made, Node
from hirehub.services.ai.sources.pickles.plain import as_bytes, as_text, is_missing, last
from hirehub.services.ai.sources.values import Faults, moment, whole_number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PER_MICRO = {7: (1, 1_000_000), 8: (1, 1_000), 9: (1, 1), 10: (1_000, 1)}
"""pandas's numbers for s, ms, us and ns: what a moment is divided and multiplied by."""
_NS = 10
_INT_BITS = 4096
"""Longer whole numbers are no text of anybody's; Python itself refuses to write out much longer ones."""
_UNREAD = object()


def to_arrow(match: Match, column: Values) -> tuple[AnyArrow, Faults]:
    """The column as Arrow, and the places of cells that cannot be sent. Vectors are read by `vectors` instead."""
    if isinstance(column, Cells):
        return _READERS[match.field.kind](column.items, match.rule)
    if isinstance(column, Masked):
        return pa.array(column.values, mask=column.mask), {}
    if isinstance(column, Coded):
        return _coded(match, column)
    if isinstance(column, np.ndarray):
        if column.dtype.kind in "SU":
            return pa.array([str(cell) for cell in column.tolist()], pa.large_string()), {}
        native = column.astype(column.dtype.newbyteorder("="))
        return pa.array(native.astype("M8[s]") if native.dtype == "M8[D]" else native), {}
    return column.array, {}


def _coded(match: Match, column: Coded) -> tuple[AnyArrow, Faults]:
    """A categorical column, written out."""
    categories, faulty = to_arrow(match, column.categories)
    codes = column.codes
    if len(codes) and int(codes.max(initial=-1)) >= len(categories):
        raise Invalid("a categorical column names a category that is not there", hint="Write the file again.")
    faults = {int(at): cause for code, cause in faulty.items() for at in np.flatnonzero(codes == code)}
    return categories.take(arrow.array(codes, mask=codes < 0)), faults


def _plain(cell: Node) -> Node:
    """A cell as text, number, bytes, list or moment; None when missing; _UNREAD for anything else."""
    kind = type(cell)
    if kind is str or kind is int or kind is list or kind is tuple or kind is bytes or kind is bool:
        return cell
    if is_missing(cell):
        return None
    if kind is float:
        return cell
    if kind is not Made:
        return _UNREAD
    try:
        return _made(cell)
    except (Invalid, ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError, struct.error):
        return _UNREAD


def _made(cell: Made) -> Node:
    """What a node in a cell stands for."""
    kind = last(cell.name)
    if kind == "UUID":
        return int(cell.state["int"]).to_bytes(16, "big")
    if kind == "scalar":
        value = scalar(cell)
        return None if is_missing(value) else value
    if kind in {"_reconstruct", "_frombuffer"}:
        array = numpy_array(cell)
        return array.items if isinstance(array, Cells) and len(array.shape) == 1 else array
    if kind == "_unpickle_timestamp":
        unit = cell.args[3] if len(cell.args) > 3 else _NS
        divide, multiply = _PER_MICRO[unit]
        return _EPOCH + timedelta(microseconds=cell.args[0] * multiply // divide)
    if kind == "datetime":
        return _datetime(bytes(as_bytes(cell.args[0])), cell.args[1] if len(cell.args) > 1 else None)
    if kind == "Decimal":
        number = float(as_text(cell.args[0]))
        return int(number) if number == number // 1 else number
    return _UNREAD


def _datetime(packed: bytes, zone: Node) -> Node:
    """A moment out of the ten bytes that Python packs it in; a zone that is not a fixed offset is not understood."""
    year, month, day, hour, minute, second, high, middle, low = struct.unpack(">H5B3B", packed)
    value = datetime(year, month & 0x7F, day, hour, minute, second, high << 16 | middle << 8 | low, UTC)
    if zone is None or (isinstance(zone, Made) and last(zone.name) == "_UTC"):
        return value
    if isinstance(zone, Made) and last(zone.name) == "timezone" and last(zone.args[0].name) == "timedelta":
        days, seconds, micros = zone.args[0].args
        return value - timedelta(days, seconds, micros)
    return _UNREAD


def _texts(cells: Sequence[Node], *, ids: bool) -> tuple[AnyArrow, Faults]:
    """Cells as texts; numbers are written out, 16 bytes of an id are spelled."""
    faults: Faults = {}
    texts: list[str | None] = []
    for at, cell in enumerate(cells):
        value = cell if type(cell) is str else _plain(cell)
        if type(value) is bytes and ids and len(value) == 16:
            value = value.hex()
        elif type(value) in {int, float, bool} and not (type(value) is int and value.bit_length() > _INT_BITS):
            value = str(value)
        elif value is not None and type(value) is not str:
            faults[at] = Cause.NOT_TEXT
            value = None
        texts.append(value)
    try:
        return pa.array(texts, pa.large_string()), faults
    except UnicodeEncodeError:
        for at, text in enumerate(texts):
            if text is not None and not _encodes(text):
                faults[at] = Cause.BAD_TEXT
                texts[at] = None
        return pa.array(texts, pa.large_string()), faults


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _lists(cells: Sequence[Node], _rule: Rule) -> tuple[AnyArrow, Faults]:
    """Cells as lists of texts; where all are plain texts they stay so, for the rule that may cut them."""
    plain = [_plain(cell) for cell in cells]
    if all(cell is None or isinstance(cell, str) for cell in plain):
        return _texts(plain, ids=False)
    faults: Faults = {}
    lists: list[list[str]] = []
    for at, cell in enumerate(plain):
        items = [] if cell is None else [cell] if isinstance(cell, str) else cell
        if isinstance(items, np.ndarray):
            items = items.tolist() if items.ndim == 1 else None
        words: list[str] = []
        for item in items if isinstance(items, list | tuple) else [_UNREAD]:
            word = _plain(item)
            if isinstance(word, str) and _encodes(word):
                words.append(word)
            elif word is not None:
                faults[at] = Cause.BAD_TEXT if isinstance(word, str) else Cause.NOT_TEXT
        lists.append(words)
    return pa.array(lists, pa.large_list(pa.large_string())), faults


def _numbers(cells: Sequence[Node], rule: Rule) -> tuple[AnyArrow, Faults]:
    """Cells as whole numbers within 32 bits."""
    faults: Faults = {}
    numbers: list[int | None] = []
    for at, cell in enumerate(cells):
        value = cell if type(cell) is int else _plain(cell)
        numbers.append(None if value is None else whole_number(value, rule, faults, at))
    return pa.array(numbers, pa.int64()), faults


def _moments(cells: Sequence[Node], _rule: Rule) -> tuple[AnyArrow, Faults]:
    """Cells as microseconds since 1970 UTC."""
    faults: Faults = {}
    micros: list[int | None] = []
    for at, cell in enumerate(cells):
        value = _plain(cell)
        if isinstance(value, str):
            value = moment(value) if value.strip() else None
            found = value is not None or not str(cell).strip()
        elif isinstance(value, datetime):
            value, found = (value - _EPOCH) // timedelta(microseconds=1), True
        else:
            found = value is None or (type(value) is int and -(1 << 63) <= value < 1 << 63)
        if not found:
            faults[at], value = Cause.NOT_A_MOMENT, None
        micros.append(value)
    return pa.array(micros, pa.int64()), faults


def vectors(cells: Sequence[Node]) -> tuple[AnyArrow, Faults]:
    """Cells as lists of float32; a missing number within one is NaN."""
    faults: Faults = {}
    parts: list[np.ndarray[Any, Any]] = []
    for at, cell in enumerate(cells):
        found = _vector(cell)
        if found is None:
            faults[at] = Cause.NOT_A_LIST_OF_NUMBERS
            found = _EMPTY
        parts.append(found)
    ends = np.cumsum([0, *(len(part) for part in parts)])
    floats = np.concatenate(parts) if parts else _EMPTY
    return pa.LargeListArray.from_arrays(pa.array(ends, pa.int64()), pa.array(floats, pa.float32())), faults


_EMPTY = np.zeros(0, np.float32)


def _vector(cell: Node) -> "np.ndarray[Any, Any] | None":
    """The floats of a cell; None when it is no list of numbers."""
    if type(cell) is list and cell:
        kinds = set(map(type, cell))
        if kinds == {Floats}:
            return _floats(cell[0].values if len(cell) == 1 else np.concatenate([item.values for item in cell]))
        if kinds == {float}:
            return _floats(np.array(cell))
    value = _plain(cell)
    if value is None:
        return _EMPTY
    if isinstance(value, np.ndarray):
        return _floats(value) if value.ndim == 1 and value.dtype.kind in "fiu" else None
    if not isinstance(value, list | tuple):
        return None
    numbers = []
    for item in expand(list(value)):
        number = float("nan") if is_missing(item) else _plain(item)
        if isinstance(number, bool) or not isinstance(number, int | float):
            return None
        numbers.append(number)
    try:
        return _floats(np.array(numbers, np.float64))
    except OverflowError:
        return None


def _floats(values: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The same as float32; a double beyond its range becomes infinite, which the receiver sets aside."""
    with np.errstate(over="ignore", invalid="ignore"):
        return values.astype(np.float32)


_READERS: dict[str, Callable[[Sequence[Node], Rule], tuple[AnyArrow, Faults]]] = {
    "id": lambda cells, _rule: _texts(cells, ids=True),
    "text": lambda cells, _rule: _texts(cells, ids=False),
    "texts": _lists,
    "int32": _numbers,
    "micros": _moments,
}
