"""Reads messages as a stock reader of `repeated float` does, though our vector is `bytes`.

proto3 lets a sender cut a packed vector into pieces, which a reader joins in their order, and send floats one by one.
Of a field of bytes a parser keeps the last piece only, and floats that come alone are unknown to it. So a message is
held against its own length: that of a clean one proves that nothing was dropped, in calls that run in C. Any other is
read once more, row by row, with each vector as the list of its pieces.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, TypeVar

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.kernel.errors import LimitExceeded
from hirehub.kernel.grpc import parse
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.pipeline.rules import FIXED32, FLOAT_BYTES, Row, unpacked_floats

R = TypeVar("R", bound=Row)

MOST_ROWS: Final = 50_000
"""Rows in one message. An empty one takes two bytes on the wire, and a thousand times that once it is read."""
MOST_PIECES: Final = 10_000
"""Pieces in which one vector may come."""

_LENGTH: Final = 2
"""The wire type of bytes behind their length."""
_LONGER: Final = np.array([1 << 7, 1 << 14, 1 << 21, 1 << 28])
"""Lengths from which on a length takes one byte more."""
_INT32: Final = {
    kind.DESCRIPTOR: [field.name for field in kind.DESCRIPTOR.fields if field.type == FieldDescriptor.TYPE_INT32]
    for kind in (pb.RecruitRow, pb.CandidateRow)
}


def _in_pieces() -> dict[str, type[Message]]:
    """Our messages by name, but with rows as their own bytes, and vectors as lists of the pieces that came."""
    file = descriptor_pb2.FileDescriptorProto()
    pb.DESCRIPTOR.CopyToProto(file)
    for field in (field for message in file.message_type for field in message.field):
        if field.type == field.TYPE_MESSAGE:
            field.ClearField("type_name")
            field.type = field.TYPE_BYTES
        elif field.name == "vector":
            field.label = field.LABEL_REPEATED
    return message_factory.GetMessages([file], descriptor_pool.DescriptorPool())


_PIECES: Final = _in_pieces()


class MessageTooRich(LimitExceeded):
    """A message of few bytes that would become very much in memory."""

    code = "message_too_rich"


@dataclass(frozen=True)
class Chunk:
    """The rows of one message, in two lists as on the wire; each vector is whole."""

    message: bytes
    rows: Sequence[pb.RecruitRow]
    candidates: Sequence[pb.CandidateRow]

    def of(self, domain: str) -> Sequence[Row]:
        """The rows of the domain of that name."""
        rows: Sequence[Row] = getattr(self, by_name(domain).rows_field)
        return rows

    def wires(self, domain: str) -> list[bytes]:
        """The own bytes of each of the domain's rows, as they were sent."""
        return _wires(self.message, by_name(domain).rows_field)


def read_chunk(message: bytes) -> Chunk:
    """The chunk in a message; UnreadableMessage (an Invalid) for bytes that are none, or text that is not UTF-8.

    Raises MessageTooRich for more than MOST_ROWS rows, which are counted before any is read.
    """
    if len(message) > 2 * MOST_ROWS:
        _check_count(message)
    chunk = parse(pb.RowChunk, message)
    chunk.DiscardUnknownFields()
    rows, candidates = list(chunk.rows), list(chunk.candidates)
    if _nothing_dropped(len(message), rows, candidates):
        return Chunk(message, rows, candidates)
    return Chunk(
        message,
        [read_row(pb.RecruitRow, wire) for wire in _wires(message, "rows")],
        [read_row(pb.CandidateRow, wire) for wire in _wires(message, "candidates")],
    )


def read_row(kind: type[R], wire: bytes) -> R:
    """The row in its own bytes, its vector joined from all pieces; UnreadableMessage for bytes that are no row.

    Where any float came alone, the row is read as if all had: so they stay among its unknown fields, and the vector is
    empty. A piece that is no whole floats, for which a stock reader refuses the message, stands for the vector, so that
    its row is found bad.
    """
    row = parse(kind, wire)
    pieces: Sequence[bytes] = _PIECES[kind.DESCRIPTOR.name].FromString(wire).vector  # type: ignore[attr-defined]  # made above
    if len(pieces) > MOST_PIECES:
        raise MessageTooRich(f"a vector comes in {len(pieces)} pieces; {MOST_PIECES} are taken", hint="Send it in one.")
    if unpacked_floats(row):
        row.vector = b""
        row.MergeFromString(b"".join(_unpacked(kind, piece) for piece in pieces))
    elif len(pieces) > 1:
        row.vector = _joined(pieces)
    return row


def read_row_packed(kind: type[R], wire: bytes) -> R:
    """The row as `read_row` has it, but floats that came one by one are packed too, in the order in which they came.

    That order is told by an empty message: to it every field is an unknown one, kept as it came.
    """
    row = read_row(kind, wire)
    if unpacked_floats(row):
        number = _number(kind)
        fields: Any = UnknownFieldSet(Empty.FromString(wire))
        row.DiscardUnknownFields()
        row.vector = _joined(
            [
                field.data if field.wire_type == _LENGTH else struct.pack("<I", field.data)
                for field in fields
                if field.field_number == number and field.wire_type in (_LENGTH, FIXED32)
            ]
        )
    return row


def _nothing_dropped(length: int, rows: list[pb.RecruitRow], candidates: list[pb.CandidateRow]) -> bool:
    """Whether parsed rows, without their unknown fields, are all that a message of that length has told.

    Each field of a parsed row was sent in at least as many bytes as the row's own size counts for it: sizes are those
    of the shortest spelling, and of a field sent twice only one counts. So the rows are as long as the message only
    where nothing was dropped: no piece of a vector, no unknown field, no float that came alone. A longer spelling or a
    default value that was sent makes the message longer too, which costs a second reading and no more.

    One spelling is shorter than the one counted: a negative int32 in five bytes instead of ten, which a parser takes.
    So with a negative number nothing is proven.
    """
    sizes = np.array([*map(pb.RecruitRow.ByteSize, rows), *map(pb.CandidateRow.ByteSize, candidates)], np.int64)
    prefixes = 2 * len(sizes) + int(np.searchsorted(_LONGER, sizes, side="right").sum())
    return (
        int(sizes.sum()) + prefixes == length
        and not _negative(pb.RecruitRow, rows)
        and not _negative(pb.CandidateRow, candidates)
    )


def _negative(kind: type[R], rows: Sequence[R]) -> bool:
    """Whether any int32 of the rows is negative."""
    return any(min(map(attrgetter(name), rows), default=0) < 0 for name in _INT32[kind.DESCRIPTOR])


def _check_count(message: bytes) -> None:
    split: Any = parse(_PIECES["RowChunk"], message)
    count = len(split.rows) + len(split.candidates)
    if count > MOST_ROWS:
        raise MessageTooRich(f"a message holds {count} rows; {MOST_ROWS} are taken", hint="Send smaller chunks.")


def _wires(message: bytes, name: str) -> list[bytes]:
    """The bytes of each row in a list of a RowChunk that was parsed before."""
    return list(getattr(_PIECES["RowChunk"].FromString(message), name))


def _joined(pieces: Sequence[bytes]) -> bytes:
    """The pieces as one; instead the first that is no whole floats, where there is one."""
    return next((piece for piece in pieces if len(piece) % FLOAT_BYTES), None) or b"".join(pieces)


def _unpacked(kind: type[R], piece: bytes) -> bytes:
    """The floats of a piece as if each had come alone."""
    tag = bytes([_number(kind) << 3 | FIXED32])
    return b"".join(tag + piece[at : at + FLOAT_BYTES] for at in range(0, len(piece) - FLOAT_BYTES + 1, FLOAT_BYTES))


def _number(kind: type[R]) -> int:
    return int(kind.DESCRIPTOR.fields_by_name["vector"].number)
