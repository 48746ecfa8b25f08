"""Reads the nodes of pyarrow arrays, as pandas 3 pickles its text columns.

An array is built from the buffers in the file and then validated in full (offsets within the data, UTF-8) before
anything looks into it.
"""

from collections.abc import Callable
from typing import Final

import pyarrow as pa

from hirehub.services.ai.sources.loose import AnyArrow, arrow
from hirehub.services.ai.sources.pickles.nodes import Made, Node, damaged
from hirehub.services.ai.sources.pickles.plain import as_bytes, as_text, last

_MOST_NESTING = 4
_ALIASES: Final[dict[str, Callable[[], pa.DataType]]] = {
    "null": pa.null,
    "bool": pa.bool_,
    "int8": pa.int8,
    "int16": pa.int16,
    "int32": pa.int32,
    "int64": pa.int64,
    "uint8": pa.uint8,
    "uint16": pa.uint16,
    "uint32": pa.uint32,
    "uint64": pa.uint64,
    "halffloat": pa.float16,
    "float16": pa.float16,
    "float": pa.float32,
    "float32": pa.float32,
    "double": pa.float64,
    "float64": pa.float64,
    "string": pa.string,
    "utf8": pa.string,
    "large_string": pa.large_string,
    "binary": pa.binary,
    "large_binary": pa.large_binary,
    "date32[day]": pa.date32,
    "date32": pa.date32,
}


def arrow_array(node: Node) -> AnyArrow:
    """The array behind a node of pyarrow, chunks joined."""
    try:
        array = _array(node)
        array.validate(full=True)
    except (pa.ArrowException, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, MemoryError):
            raise
        raise damaged(f"a column of Arrow data that does not add up ({type(error).__name__})") from None
    return array


def _array(node: Node) -> AnyArrow:
    if not isinstance(node, Made):
        raise damaged("a column of Arrow data that is no array")
    kind = last(node.name)
    if kind == "chunked_array":
        chunks = [_array(chunk) for chunk in node.args[0]]
        for chunk in chunks:
            chunk.validate(full=True)
        return pa.concat_arrays(chunks) if chunks else arrow.nulls(0, _type(node.args[1], 0))
    if kind == "_restore_array":
        return _restore(node.args[0], 0)
    raise damaged(f"a column of Arrow data of a kind that is not read ({kind})")


def _restore(parts: Node, depth: int) -> AnyArrow:
    """An array from type, length, offset, buffers, children and dictionary."""
    if depth > _MOST_NESTING:
        raise damaged("a column of Arrow data that nests too deep")
    node, length, _nulls, offset, raw, children, values = parts
    kind = _type(node, depth)
    if not (type(length) is int and type(offset) is int and 0 <= length < 1 << 40 and 0 <= offset < 1 << 40):
        raise damaged("a column of Arrow data with an impossible length")
    buffers = [None if part is None else pa.py_buffer(as_bytes(_content(part))) for part in raw]
    if isinstance(kind, pa.DictionaryType):
        indices = pa.Array.from_buffers(kind.index_type, length, buffers, -1, offset)
        indices.validate(full=True)
        return pa.DictionaryArray.from_arrays(indices, _restore(values, depth + 1), ordered=kind.ordered)
    below = [_restore(child, depth + 1) for child in children]
    for child in below:
        child.validate(full=True)
    return pa.Array.from_buffers(kind, length, buffers, -1, offset, below)


def _content(node: Node) -> Node:
    return node.args[0] if isinstance(node, Made) and last(node.name) == "py_buffer" else node


def _type(node: Node, depth: int) -> pa.DataType:
    """A type of Arrow; damaged() for one that is not read."""
    if not isinstance(node, Made) or depth > _MOST_NESTING:
        raise damaged("a column of Arrow data without a type")
    kind, args = last(node.name), node.args
    if kind in {"string", "binary"} and not args:
        return _ALIASES[kind]()
    reader = _TYPES.get(kind)
    if reader is None:
        raise damaged(f"a column of Arrow data of a type that is not read ({kind})")
    found: pa.DataType = reader(args, depth + 1)
    return found


def _alias(args: tuple[Node, ...], _depth: int) -> pa.DataType:
    maker = _ALIASES.get(as_text(args[0]))
    if maker is None:
        raise damaged("a column of Arrow data of a type that is not read")
    return maker()


def _list(args: tuple[Node, ...], depth: int) -> AnyArrow:
    width = args[1] if len(args) > 1 else -1
    if type(width) is not int or not -1 <= width < 1 << 20:
        raise damaged("a column of Arrow lists with an impossible length")
    return arrow.list_(_type(args[0], depth), width)


def _timestamp(args: tuple[Node, ...], _depth: int) -> AnyArrow:
    if as_text(args[0]) not in {"s", "ms", "us", "ns"}:
        raise damaged("a column of Arrow moments of an unknown unit")
    return arrow.timestamp(as_text(args[0]), "UTC" if len(args) > 1 and args[1] else None)


_TYPES: Final[dict[str, Callable[[tuple[Node, ...], int], AnyArrow]]] = {
    "field": lambda args, depth: _type(args[1], depth),
    "type_for_alias": _alias,
    "list_": _list,
    "large_list": lambda args, depth: arrow.large_list(_type(args[0], depth)),
    "dictionary": lambda args, depth: arrow.dictionary(_type(args[0], depth), _type(args[1], depth), bool(args[2])),
    "timestamp": _timestamp,
}
