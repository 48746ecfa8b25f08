"""Reads the nodes of numpy, pandas and pyarrow arrays into arrays of our own.

Everything the file claims (shape, type, offsets) is held against the bytes that are there before memory is taken.
"""

import math
import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from hirehub.services.ai.sources.loose import AnyArrow
from hirehub.services.ai.sources.pickles.arrow import arrow_array
from hirehub.services.ai.sources.pickles.nodes import Floats, Made, Name, Node, damaged
from hirehub.services.ai.sources.pickles.plain import as_bytes, as_text, last

AnyArray: TypeAlias = npt.NDArray[Any]

_TYPE = re.compile(r"(?:[biufSU]|[mM])\d{0,6}|O8?|[?]")
_UNITS: Final = {"s", "ms", "us", "ns", "D"}
_MOST_DIMENSIONS = 2


@dataclass(frozen=True)
class Cells:
    """An array of Python objects: values or nodes, in C order."""

    items: list[Node]
    shape: tuple[int, ...]

    def row(self, at: int) -> "Cells":
        """One row of a two-dimensional array."""
        width = self.shape[1]
        return Cells(self.items[at * width : (at + 1) * width], (width,))


@dataclass(frozen=True)
class Masked:
    """Values beside a mask that is True where one is missing (Int64, boolean and so on)."""

    values: AnyArray
    mask: AnyArray


@dataclass(frozen=True)
class Coded:
    """A categorical column: codes into categories, -1 for a missing value."""

    codes: AnyArray
    categories: "Values"


@dataclass(frozen=True)
class Arrow:
    """A column of Arrow data."""

    array: AnyArrow


Values: TypeAlias = AnyArray | Cells | Masked | Coded | Arrow
"""What a column may be."""


def values_of(node: Node) -> Values:
    """The column's values behind an array or index node."""
    if not isinstance(node, Made):
        raise damaged("a column that is no array")
    kind = last(node.name)
    if kind in {"_reconstruct", "_frombuffer"}:
        return numpy_array(node)
    if kind in {"_new_Index", "_new_DatetimeIndex"}:
        return _index(node)
    if kind == "__pyx_unpickle_NDArrayBacked":
        return _backed(node)
    state = node.state if isinstance(node.state, dict) else {}
    if "_mask" in state:
        return _masked(state)
    if kind.startswith("Arrow"):
        return Arrow(arrow_array(state.get("_pa_array", state.get("_data"))))
    if kind == "Categorical":
        return _coded(state.get("_dtype"), state.get("_codes", state.get("_ndarray")))
    for key in ("_ndarray", "_data"):
        if key in state:
            return values_of(state[key])
    raise damaged(f"an array of a kind that is not read ({kind})")


def expand(items: list[Node]) -> list[Node]:
    """A list's items, runs of floats told apart."""
    if not any(type(item) is Floats for item in items):
        return items
    plain: list[Node] = []
    for item in items:
        if type(item) is Floats:
            plain.extend(item.values.tolist())
        else:
            plain.append(item)
    return plain


def numpy_array(node: Made) -> AnyArray | Cells:
    """The array behind numpy's own node."""
    if last(node.name) == "_frombuffer":
        data, dtype, shape, order, *axes = node.args
        return _shaped(as_bytes(data), _dtype(dtype), _shape(shape), as_text(order), axes[0] if axes else None)
    if not isinstance(node.state, tuple) or len(node.state) not in {4, 5}:
        raise damaged("an array without its contents")
    shape, dtype, fortran, data = node.state[-4:]
    kind, sizes = _dtype(dtype), _shape(shape)
    if kind is None:
        if not isinstance(data, list):
            raise damaged("an array of objects without a list of them")
        items = expand(data)
        if len(items) != math.prod(sizes):
            raise damaged(f"an array of shape {sizes} with {len(items)} items")
        return Cells(items, sizes)
    return _shaped(as_bytes(data), kind, sizes, "F" if fortran else "C", None)


def scalar(node: Made) -> Node:
    """The Python value behind a numpy scalar node."""
    kind = _dtype(node.args[0])
    if kind is None:
        raise damaged("a numpy scalar that is an object")
    return _shaped(as_bytes(node.args[1]), kind, (1,), "C", None).tolist()[0]


def _shaped(
    data: "bytes | memoryview", kind: "np.dtype[Any] | None", shape: tuple[int, ...], order: str, axes: Node
) -> AnyArray:
    """The bytes as an array, when there are exactly as many as its shape asks for."""
    if kind is None or kind.itemsize * math.prod(shape) != len(data):
        raise damaged(f"an array of shape {shape} with {len(data)} bytes")
    if order not in {"C", "F", "K"}:
        raise damaged("an array in an unknown order")
    array = np.frombuffer(data, kind).reshape(shape, order="F" if order == "F" else "C")
    if order == "K" and axes is not None:
        if sorted(axes) != list(range(len(shape))):
            raise damaged("an array with axes that it does not have")
        return array.transpose(axes)
    return array


def _shape(node: Node) -> tuple[int, ...]:
    if not isinstance(node, tuple) or len(node) > _MOST_DIMENSIONS or not all(type(n) is int and n >= 0 for n in node):
        raise damaged("an array with a shape that is not read")
    return node


def _dtype(node: Node) -> "np.dtype[Any] | None":
    """A type of numbers, text or moments; None for objects."""
    if not isinstance(node, Made) or node.name != "numpy.dtype" or not node.args:
        raise damaged("an array without a type")
    code = as_text(node.args[0])
    if not _TYPE.fullmatch(code):
        raise damaged("an array of a type that is not read")
    if code[0] == "O":
        return None
    state = node.state if isinstance(node.state, tuple) else (3, "|")
    order = as_text(state[1])
    if order not in {"<", ">", "|", "="}:
        raise damaged("an array with an unknown byte order")
    if code[0] in "mM":
        return np.dtype(f"{order.replace('|', '<')}{code[0]}8[{_unit(state)}]")
    return np.dtype(code).newbyteorder(order)  # type: ignore[arg-type]  # held against the four orders above


def _unit(state: tuple[Any, ...]) -> str:
    """The unit of a moment, out of the type's metadata."""
    try:
        unit, count = state[8][1][:2]
    except (IndexError, TypeError, KeyError):
        raise damaged("a moment without a unit") from None
    name = as_text(unit)
    if name not in _UNITS or count != 1:
        raise damaged("a moment of a unit that is not read")
    return name


def _index(node: Made) -> Values:
    """The values of an index."""
    _kind, state = node.args
    if "data" in state:
        return values_of(state["data"])
    if {"start", "stop", "step"} <= state.keys():
        numbers = range(state["start"], state["stop"], state["step"])
        if len(numbers) > np.iinfo(np.int32).max:
            raise damaged("an index of more rows than are read")
        return np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
    raise damaged("an index of a kind that is not read")


def _backed(node: Made) -> Values:
    """An array that pandas keeps around a numpy array: moments, text, categories."""
    kind = last(node.args[0].full) if isinstance(node.args[0], Name) else ""
    state = node.state
    if isinstance(state, tuple) and len(state) == 1:
        state = state[0]
    arrays = [part for part in state if isinstance(part, Made) and last(part.name) in {"_reconstruct", "_frombuffer"}]
    if len(arrays) != 1:
        raise damaged("an array without its contents")
    if kind == "Categorical":
        return _coded(next(part for part in state if isinstance(part, Made) and part is not arrays[0]), arrays[0])
    return flat(numpy_array(arrays[0]))


def _masked(state: dict[Node, Node]) -> Masked:
    values, mask = numpy_array(state["_data"]), numpy_array(state["_mask"])
    if isinstance(values, Cells) or isinstance(mask, Cells) or values.shape != mask.shape or mask.dtype != np.bool_:
        raise damaged("a column whose mask does not fit")
    return Masked(values, mask)


def _coded(dtype: Node, codes: Node) -> Coded:
    if not isinstance(dtype, Made) or not isinstance(dtype.state, dict) or not isinstance(codes, Made):
        raise damaged("a categorical column without categories")
    numbers = flat(numpy_array(codes))
    if isinstance(numbers, Cells) or numbers.dtype.kind != "i":
        raise damaged("a categorical column without codes")
    return Coded(numbers, values_of(dtype.state["categories"]))


def flat(values: AnyArray | Cells) -> AnyArray | Cells:
    """A row of one block as a plain column."""
    if len(values.shape) == 1:
        return values
    if values.shape[0] != 1:
        raise damaged("a column of two dimensions")
    return values.row(0) if isinstance(values, Cells) else values[0]


def size(values: Values) -> int:
    """How many rows a column has."""
    if isinstance(values, Cells):
        return values.shape[-1]
    if isinstance(values, Masked):
        return len(values.mask)
    if isinstance(values, Arrow):
        return len(values.array)
    return len(values.codes) if isinstance(values, Coded) else len(values)
