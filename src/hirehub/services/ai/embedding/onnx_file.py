"""Writes ONNX models: the few messages of that format which a graph needs, as bytes of protocol buffers.

The package that does this in general is larger than all that it would be used for here. Weights lie in a file beside
the graph, so that a runtime maps them into memory instead of reading them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

IR_VERSION: Final = 8
OPSET: Final = 17
CONTRIB: Final = "com.microsoft"
"""ONNX Runtime's own fused operators."""
_FLOAT, _INT32, _INT64 = 1, 6, 7
_TYPES: Final = {"float32": _FLOAT, "int32": _INT32, "int64": _INT64}
_ALIGNED: Final = 4096
_VARINT, _FIXED32, _BYTES = 0, 5, 2
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_INTS = 1, 2, 7

Dim = int | str
Value = tuple[str, str, Sequence[Dim]]
"""Name, type of its numbers, shape; a word stands for any size."""
Attribute = int | float | Sequence[int]


@dataclass(frozen=True)
class Weights:
    """The weights of a graph: what the model says of them, and what lies in the file beside it."""

    described: bytes
    content: Sequence[bytes]


def node(op: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes: Attribute) -> bytes:
    """An operator's use; an empty name is an input that is left out."""
    body = b"".join(_text(1, one) for one in inputs) + b"".join(_text(2, one) for one in outputs)
    body += _text(4, op) + b"".join(_field(5, _attribute(name, value)) for name, value in attributes.items())
    return _field(1, body + (_text(7, domain) if domain else b""))


def weights(tensors: Mapping[str, NDArray[np.generic]], file: str) -> Weights:
    """Tensors that lie in a file of that name beside the model."""
    described, content, offset = b"", [], 0
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor).tobytes()
        places = (("location", file), ("offset", str(offset)), ("length", str(len(raw))))
        body = b"".join(_number(1, size) for size in tensor.shape) + _number(2, _TYPES[tensor.dtype.name])
        body += _text(8, name) + b"".join(_field(13, _text(1, key) + _text(2, value)) for key, value in places)
        described += _field(5, body + _number(14, 1))
        padding = -len(raw) % _ALIGNED
        content += [raw, bytes(padding)]
        offset += len(raw) + padding
    return Weights(described, content)


def model(nodes: Sequence[bytes], inputs: Sequence[Value], outputs: Sequence[Value], described: bytes) -> bytes:
    """The file's bytes."""
    graph = b"".join(nodes) + _text(2, "graph") + described
    graph += b"".join(_value(11, one) for one in inputs) + b"".join(_value(12, one) for one in outputs)
    body = _number(1, IR_VERSION) + _text(2, "hirehub") + _field(7, graph)
    return body + _field(8, _number(2, OPSET)) + _field(8, _text(1, CONTRIB) + _number(2, 1))


def _value(number: int, value: Value) -> bytes:
    name, kind, shape = value
    dims = b"".join(_field(1, _text(2, dim) if isinstance(dim, str) else _number(1, dim)) for dim in shape)
    tensor = _number(1, _TYPES[kind]) + _field(2, dims)
    return _field(number, _text(1, name) + _field(2, _field(1, tensor)))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return _text(1, name) + _key(2, _FIXED32) + np.float32(value).tobytes() + _number(20, _ATTRIBUTE_FLOAT)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, _ATTRIBUTE_INTS)


def _text(number: int, value: str) -> bytes:
    return _field(number, value.encode())


def _field(number: int, content: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value)


def _key(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
