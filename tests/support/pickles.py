"""Writes pickles opcode by opcode, for what no pickler would write: hostile ones, and those of versions long gone."""

import os
import pickle
import struct
from pathlib import Path
from typing import Any

PROTO = b"\x80\x04"
STOP = b"."


def text(value: str) -> bytes:
    """A text."""
    raw = value.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(raw)) + raw


def plain(value: Any) -> bytes:
    """A value of plain types, without the frame and the ends of a whole pickle."""
    whole = pickle.dumps(value, protocol=2)
    return whole[2:-1]


def name(full: str) -> bytes:
    """A name, in the form that every protocol reads."""
    module, _, last = full.rpartition(".")
    return f"c{module}\n{last}\n".encode()


def stack_name(module: str, last: str) -> bytes:
    """A name, in the form of protocol 4."""
    return text(module) + text(last) + b"\x93"


def call(full: str, *arguments: bytes) -> bytes:
    """An object by calling a name."""
    return name(full) + b"(" + b"".join(arguments) + b"tR"


def new(full: str, *arguments: bytes) -> bytes:
    """An object by its class's __new__."""
    return name(full) + b"(" + b"".join(arguments) + b"t\x81"


def with_state(made: bytes, state: bytes) -> bytes:
    """The object with a state set."""
    return made + state + b"b"


def items(*parts: bytes) -> bytes:
    """A list."""
    return b"](" + b"".join(parts) + b"e"


def pairs(**parts: bytes) -> bytes:
    """A dictionary with texts for keys."""
    return b"}(" + b"".join(text(key) + value for key, value in parts.items()) + b"u"


def group(*parts: bytes) -> bytes:
    """A tuple."""
    return b"(" + b"".join(parts) + b"t"


def whole(body: bytes) -> bytes:
    """A whole pickle."""
    return PROTO + body + STOP


def object_array(shape: tuple[int, ...], *cells: bytes) -> bytes:
    """A numpy array of objects."""
    dtype = with_state(
        call("numpy.dtype", text("O8"), plain(False), plain(True)), plain((3, "|", None, None, None, -1, -1, 63))
    )
    made = call("numpy.core.multiarray._reconstruct", name("numpy.ndarray"), plain((0,)), plain(b"b"))
    return with_state(made, group(plain(1), plain(shape), dtype, plain(False), items(*cells)))


def index(*labels: str) -> bytes:
    """An index of texts."""
    data = object_array((len(labels),), *(text(label) for label in labels))
    state = pairs(data=data, name=plain(None))
    return call("pandas.core.indexes.base._new_Index", name("pandas.core.indexes.base.Index"), state)


def rows(count: int) -> bytes:
    """The index of a frame of so many rows."""
    state = plain({"name": None, "start": 0, "stop": count, "step": 1})
    return call("pandas.core.indexes.base._new_Index", name("pandas.core.indexes.range.RangeIndex"), state)


def frame(columns: dict[str, list[bytes]]) -> bytes:
    """A whole pickled frame with one block of objects; a cell is any pickled value."""
    count = len(next(iter(columns.values())))
    cells = [cell for column in columns.values() for cell in column]
    values = object_array((len(columns), count), *cells)
    place = call("builtins.slice", plain(0), plain(len(columns)), plain(1))
    block = call("pandas._libs.internals._unpickle_block", values, place, plain(2))
    axes = items(index(*columns), rows(count))
    manager = call("pandas.core.internals.managers.BlockManager", group(block), axes)
    state = pairs(_mgr=manager, _typ=text("dataframe"), _metadata=plain([]), attrs=plain({}))
    return whole(with_state(new("pandas.core.frame.DataFrame"), state))


def recruit_cells(count: int = 3) -> dict[str, list[bytes]]:
    """The cells of a small frame of recruits, to be spoilt."""
    return {
        "id": [text(f"018f0000-0000-7000-8000-{at:012x}") for at in range(count)],
        "Company Name": [text(f"Company {at}") for at in range(count)],
        "Exp Years": [plain(at) for at in range(count)],
        "job_post_vectors": [plain([0.5, 1.5, float(at)]) for at in range(count)],
    }


class Bomb:
    """A pickle that runs something when it is loaded: it creates `marker`."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._made = (function, arguments)

    def __reduce__(self) -> Any:
        return self._made


def touch(marker: Path) -> str:
    """A shell command that creates a file."""
    return f"touch {os.fspath(marker)}"
