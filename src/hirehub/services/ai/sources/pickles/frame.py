"""Reads the node of a DataFrame: its columns by name, each still unread.

A column that nobody asks for is never looked into.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hirehub.kernel.errors import Invalid
from hirehub.services.ai.sources.pickles.arrays import Arrow, Cells, Values, expand, flat, numpy_array, size, values_of
from hirehub.services.ai.sources.pickles.nodes import Made, Name, Node, damaged
from hirehub.services.ai.sources.pickles.plain import as_text, last

MOST_COLUMNS = 10_000


class NoFrame(Invalid):
    """The pickle is sound, but holds something other than a DataFrame."""

    code = "no_frame"


@dataclass(frozen=True)
class Column:
    """A column by name; `read` gives its values."""

    name: str
    read: Callable[[], Values]


@dataclass(frozen=True)
class Frame:
    """Columns in the file's order, and the number of rows that each has."""

    columns: list[Column]
    rows: int


def read_frame(node: Node) -> Frame:
    """The frame behind a pickle's top value; NoFrame or damaged() otherwise."""
    if not isinstance(node, Made) or last(node.name) != "DataFrame":
        shown = last(node.name if isinstance(node, Made) else type(node).__name__)
        raise NoFrame(f"the pickle holds a {shown}, not a DataFrame", hint="Pickle the frame itself: df.to_pickle.")
    try:
        return _frame(node)
    except (IndexError, KeyError, TypeError, ValueError, AttributeError, StopIteration, OverflowError) as error:
        raise damaged(f"a frame that does not add up ({type(error).__name__})") from None


def _frame(node: Made) -> Frame:
    state = node.state
    manager = state.get("_mgr", state.get("_data"))
    if not isinstance(manager, Made) or last(manager.name) != "BlockManager":
        raise damaged("a frame without its blocks")
    blocks, axes = _blocks(manager)
    names, rows = _labels(axes[0]), _rows(axes[1])
    found: dict[int, Column] = {}
    for values, places in blocks:
        for at, place in enumerate(places):
            if not 0 <= place < len(names) or place in found:
                raise damaged("a frame whose blocks do not fit its columns")
            found[place] = Column(names[place], _reader(values, at, len(places), rows))
    if len(found) != len(names):
        raise damaged("a frame with a column that no block holds")
    columns = [found[place] for place in range(len(names))]
    label = _index_name(axes[1])
    if label is not None and label not in names:
        columns.append(Column(label, lambda: _sized(values_of(axes[1]), rows)))
    return Frame(columns, rows)


def _blocks(manager: Made) -> tuple[list[tuple[Node, list[int]]], list[Node]]:
    """Each block's values and the places of its columns, and the axes; in pandas before 1.3 they stand in a state."""
    if isinstance(manager.state, tuple):
        parts = next(part for part in manager.state if isinstance(part, dict))["0.14.1"]
        return [(block["values"], _places(block["mgr_locs"])) for block in parts["blocks"]], parts["axes"]
    blocks, axes = manager.args[:2]
    return [(block.args[0], _places(block.args[1])) for block in blocks], axes


def _places(node: Node) -> list[int]:
    """Which columns a block holds."""
    if isinstance(node, Made) and last(node.name) == "slice":
        places = range(MOST_COLUMNS)[slice(*node.args)]
        if len(places) == MOST_COLUMNS:
            raise damaged("a frame of too many columns")
        return list(places)
    array = numpy_array(node)
    if isinstance(array, Cells) or array.dtype.kind not in "iu" or len(array) > MOST_COLUMNS:
        raise damaged("a frame whose blocks do not fit its columns")
    return [int(place) for place in array]


def _reader(node: Node, at: int, width: int, rows: int) -> Callable[[], Values]:
    """How to read one column of a block."""

    def read() -> Values:
        if not isinstance(node, Made):
            raise damaged("a block that is no array")
        if last(node.name) not in {"_reconstruct", "_frombuffer"}:
            return _sized(values_of(node), rows)
        block = numpy_array(node)
        if len(block.shape) == 1:
            return _sized(flat(block), rows)
        if block.shape != (width, rows):
            raise damaged("a block of another size than its frame")
        return block.row(at) if isinstance(block, Cells) else block[at]

    return read


def _sized(values: Values, rows: int) -> Values:
    if size(values) != rows:
        raise damaged("a column of another length than its frame")
    return values


def _rows(axis: Node) -> int:
    """How many rows an index stands for."""
    state = axis.args[1]
    if "codes" in state:
        return size(values_of(state["codes"][0]))
    if "data" not in state:
        return len(range(state["start"], state["stop"], state["step"]))
    return size(values_of(axis))


def _index_name(axis: Node) -> str | None:
    name = axis.args[1].get("name")
    return name if isinstance(name, str) and last(getattr(axis.args[0], "full", "")) != "MultiIndex" else None


def _labels(axis: Node) -> list[str]:
    """The columns' names; one that is no text is shown as pandas would."""
    if isinstance(axis.args[0], Name) and last(axis.args[0].full) == "MultiIndex":
        raise damaged("a frame with columns in levels, which is not read")
    values = values_of(axis)
    if isinstance(values, Cells):
        labels = [as_text(item) if isinstance(item, str | bytes) else str(item)[:100] for item in expand(values.items)]
    elif isinstance(values, np.ndarray):
        labels = [str(item) for item in values.tolist()]
    elif isinstance(values, Arrow):
        labels = [str(item) for item in values.array.to_pylist()]
    else:
        raise damaged("a frame without names of columns")
    if len(labels) > MOST_COLUMNS:
        raise damaged("a frame of too many columns")
    return labels
