"""What stock clients of the published contract do, and rows in spellings that only odd ones send."""

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PUBLISHED = Path(__file__).resolve().parents[2] / "src" / "hirehub" / "contracts" / "pb" / "published.binpb"
VECTOR = {"RecruitRow": 6, "CandidateRow": 8}
"""The number of the vector."""


def stock(name: str) -> Any:
    """The message class that a stock client generates from `proto/`, with `repeated float`."""
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(PUBLISHED.read_bytes()).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def varint(number: int, *, longer: int = 0) -> bytes:
    """A number as the wire has it, in so many bytes more than it takes."""
    if number < 1 << 7 and not longer:
        return bytes([number])
    return bytes([number & 127 | 128]) + varint(number >> 7, longer=longer if number >= 1 << 7 else longer - 1)


def field(number: int, value: bytes, *, longer: int = 0) -> bytes:
    """A field of bytes."""
    return varint(number << 3 | 2, longer=longer) + varint(len(value), longer=longer) + value


def pieces(number: int, *floats: bytes) -> bytes:
    """A packed vector in pieces."""
    return b"".join(field(number, piece) for piece in floats)


def alone(number: int, values: Iterable[float]) -> bytes:
    """Floats that come one by one."""
    return b"".join(varint(number << 3 | 5) + struct.pack("<f", value) for value in values)


def chunk(rows: Sequence[bytes], *, number: int = 1) -> bytes:
    """A RowChunk of rows that are bytes already: recruits as field 1, candidates as field 2."""
    return b"".join(field(number, row) for row in rows)
