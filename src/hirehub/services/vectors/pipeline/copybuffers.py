"""Buffers for COPY ... (FORMAT BINARY), made a column at a time.

Embeddings have a fixed width, so all of them are one numpy array whose fields lie as PostgreSQL reads them, big-endian.
Metadata are joined from pieces; a value met before in the group is not encoded again.
"""

import struct
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from hirehub.services.vectors.domain.domains import Column
from hirehub.services.vectors.pipeline.group import Group

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"

_NULL: Final = b"\xff\xff\xff\xff"
_TRUE, _FALSE = b"\0\0\0\x01\x01", b"\0\0\0\x01\0"
_TEXT_OID = 25
_EPOCH_2000: Final = 946_684_800_000_000
"""Microseconds from 1970 to 2000, where PostgreSQL's time begins."""

_length = struct.Struct(">i").pack
_int4 = struct.Struct(">ii").pack
_array = struct.Struct(">iiiiii").pack

K = TypeVar("K")


class _Encoded(dict[K, bytes], Generic[K]):
    """Encoded values by value; one that is not there yet is encoded."""

    def __init__(self, encode: Callable[[K], bytes]) -> None:
        super().__init__()
        self._encode = encode

    def __missing__(self, value: K) -> bytes:
        encoded = self[value] = self._encode(value)
        return encoded


def metadata_copy(group: Group) -> bytes:
    """Rows (id, the domain's columns, updated_at) for COPY."""
    return b"".join((HEADER, *_metadata(group, 2 + len(group.columns)), TRAILER))


def embedding_copy(group: Group) -> tuple[bytes, memoryview, bytes]:
    """Rows (id, vector, updated_at) for COPY, as header, rows, trailer: the rows are not copied again."""
    rows = np.empty(len(group), _embedding_row(group.vectors.shape[1]))
    rows["fields"], rows["id_bytes"], rows["time_bytes"] = 3, 16, 8
    rows["id"] = _voids(group.ids)
    _put_vectors(rows, group)
    rows["time"] = group.micros - _EPOCH_2000
    return HEADER, rows.view(np.uint8).data, TRAILER


def stage_copy(group: Group) -> bytes:
    """Rows (id, the domain's columns, updated_at, told, vector) for COPY into a staging table."""
    width = group.vectors.shape[1]
    vectors = np.empty(len(group), _vector_row(width))
    _put_vectors(vectors, group)
    told = [_TRUE if told else _FALSE for told in group.told.tolist()]
    pieces = _metadata(group, 4 + len(group.columns), told, _pieces(vectors))
    return b"".join((HEADER, *pieces, TRAILER))


def _metadata(group: Group, fields: int, *more: list[bytes]) -> Iterable[bytes]:
    """The pieces of every row, in order."""
    heads = np.empty(len(group), [("fields", ">i2"), ("bytes", ">i4"), ("id", "V16")])
    heads["fields"], heads["bytes"], heads["id"] = fields, 16, _voids(group.ids)
    times = np.empty(len(group), [("bytes", ">i4"), ("time", ">i8")])
    times["bytes"], times["time"] = 8, group.micros - _EPOCH_2000
    columns = [
        list(map(_Encoded(_encoder(column)).__getitem__, values))
        for column, values in zip(group.rules.domain.columns, group.columns, strict=True)
    ]
    return chain.from_iterable(zip(_pieces(heads), *columns, _pieces(times), *more, strict=True))


def _encoder(column: Column) -> Callable[[Any], bytes]:
    encoders: dict[str, Callable[[Any], bytes]] = {"text": _text, "int4": _number, "text[]": _texts}
    return encoders[column.kind]


def _text(value: str) -> bytes:
    """A text field; an empty text is NULL (a required one never gets here empty)."""
    encoded = value.encode()
    return _length(len(encoded)) + encoded if encoded else _NULL


def _number(value: int | None) -> bytes:
    return _NULL if value is None else _int4(4, value)


def _texts(values: tuple[str, ...]) -> bytes:
    """A field of type text[]; no texts are NULL."""
    if not values:
        return _NULL
    encoded = [value.encode() for value in values]
    body = b"".join(chain.from_iterable((_length(len(text)), text) for text in encoded))
    return _array(20 + len(body), 1, 0, _TEXT_OID, len(values), 1) + body


def _voids(ids: list[bytes]) -> npt.NDArray[np.void]:
    return np.frombuffer(b"".join(ids), "V16")


def _pieces(rows: npt.NDArray[np.void]) -> list[bytes]:
    """The bytes of each row of a packed structured array."""
    pieces: list[bytes] = rows.view(f"V{rows.dtype.itemsize}").tolist()
    return pieces


def _put_vectors(rows: npt.NDArray[np.void], group: Group) -> None:
    dimension = group.vectors.shape[1]
    rows["vector_bytes"], rows["dimension"], rows["unused"] = 4 + 4 * dimension, dimension, 0
    rows["vector"] = group.vectors


_Fields = list[tuple[str, str] | tuple[str, str, tuple[int]]]


def _vector_fields(dimension: int) -> _Fields:
    return [("vector_bytes", ">i4"), ("dimension", ">i2"), ("unused", ">i2"), ("vector", ">f4", (dimension,))]


@lru_cache(maxsize=8)
def _vector_row(dimension: int) -> np.dtype[np.void]:
    return np.dtype(_vector_fields(dimension))


@lru_cache(maxsize=8)
def _embedding_row(dimension: int) -> np.dtype[np.void]:
    head: _Fields = [("fields", ">i2"), ("id_bytes", ">i4"), ("id", "V16")]
    tail: _Fields = [("time_bytes", ">i4"), ("time", ">i8")]
    return np.dtype(head + _vector_fields(dimension) + tail)
