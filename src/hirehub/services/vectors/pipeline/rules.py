"""What makes a row sound: the one place that knows, for a fresh row, a corrected one and a replayed one alike.

`fault_of` judges a single row and is the truth. The bulk path (see `decoding`) only proves that a whole message is
sound; whatever it cannot prove comes here, row by row. Messages name fields and numbers, never what a text says.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from google.protobuf.unknown_fields import UnknownFieldSet

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.services.vectors.domain.deadletters import Cause
from hirehub.services.vectors.domain.domains import Column, Domain, by_name
from hirehub.services.vectors.settings import VectorsSettings

Row = pb.RecruitRow | pb.CandidateRow
Floats = npt.NDArray[np.float32]

FLOAT_BYTES: Final = 4
FIXED32: Final = 5
"""The wire type of a float that comes alone."""
_MICROS = 1_000_000
LEAST_MICROS: Final = int(datetime(1, 1, 1, tzinfo=UTC).timestamp()) * _MICROS
MOST_MICROS: Final = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp()) * _MICROS
"""Times that PostgreSQL, Python and people can all read."""

_DASHES = (8, 13, 18, 23)
_TEXT_LENGTHS = (36, 32)
MESSAGES: Final[dict[str, type[Row]]] = {"recruit": pb.RecruitRow, "candidate": pb.CandidateRow}


class Fault(NamedTuple):
    """Why a row cannot be stored."""

    cause: Cause
    message: str


@dataclass(frozen=True)
class Rules:
    """Everything that a row of one domain is held against."""

    domain: Domain
    dimension: int
    levels: tuple[str, ...]

    @classmethod
    def of(cls, settings: VectorsSettings, domain: str) -> "Rules":
        """The rules that the settings make for the domain of that name."""
        return cls(by_name(domain), settings.of(domain).dimension, settings.english_levels)

    @property
    def message(self) -> type[Row]:
        """The wire message of one row."""
        return MESSAGES[self.domain.name]

    def optional(self, column: Column) -> bool:
        """Whether the wire tells 0 from not told."""
        return bool(self.message.DESCRIPTOR.fields_by_name[column.name].has_presence)


def parse_id(text: str) -> bytes | None:
    """The 16 bytes of a UUID in text form (with its dashes or without any, any case); None for anything else."""
    if len(text) not in _TEXT_LENGTHS:
        return None
    if len(text) == _TEXT_LENGTHS[0]:
        if any(text[place] != "-" for place in _DASHES):
            return None
        text = text.replace("-", "")
    try:
        parsed = bytes.fromhex(text)
    except ValueError:
        return None
    return parsed if len(parsed) == 16 and len(text) == 32 else None


def value_of(rules: Rules, row: Row, column: Column) -> Any:  # noqa: ANN401 - text, number, texts or None
    """A column's value as the wire tells it; None where it tells that there is none."""
    if rules.optional(column) and not row.HasField(column.name):
        return None
    return getattr(row, column.name)


def fault_of(rules: Rules, row: Row) -> Fault | None:
    """The first thing that is wrong with a row, in the order id, columns, vector, time; None for a sound one."""
    return (
        _id_fault(row)
        or next((fault for column in rules.domain.columns if (fault := _column_fault(rules, row, column))), None)
        or _vector_fault(rules, row)
        or _time_fault(row)
    )


def floats_of(row: Row) -> Floats | None:
    """The row's vector; None where its bytes are no whole number of floats."""
    return None if len(row.vector) % FLOAT_BYTES else np.frombuffer(row.vector, "<f4")


def first_bad(floats: Floats) -> int | None:
    """The place, from 0, of the first float that is not finite."""
    places = np.flatnonzero(~np.isfinite(floats))
    return int(places[0]) if len(places) else None


def unpacked_floats(row: Row) -> int:
    """Floats that came one by one instead of packed: a reader of bytes finds them among the unknown fields.

    Rows as `wire.read_row` gives them have all of their vector there where any float came so.
    """
    number = row.DESCRIPTOR.fields_by_name["vector"].number
    fields: Any = UnknownFieldSet(row)
    return sum(field.field_number == number and field.wire_type == FIXED32 for field in fields)


def _id_fault(row: Row) -> Fault | None:
    if not row.id:
        return Fault(Cause.MISSING_FIELD, "id is missing")
    if parse_id(row.id) is None:
        return Fault(Cause.BAD_ID, f"id is no UUID (it has {len(row.id)} characters)")
    return None


def _column_fault(rules: Rules, row: Row, column: Column) -> Fault | None:
    value = value_of(rules, row, column)
    if column.kind == "int4":
        return _number_fault(column, value)
    texts = value if column.kind == "text[]" else (value,)
    if column.required and not value:
        return Fault(Cause.MISSING_FIELD, f"{column.name} is missing")
    if any("\0" in text for text in texts):
        return Fault(Cause.BAD_TEXT, f"{column.name} holds a NUL character, which PostgreSQL does not take")
    if column.most_chars is not None and len(value) > column.most_chars:
        return Fault(Cause.TOO_LONG, f"{column.name} has {len(value)} characters; {column.most_chars} fit")
    if column.levels and value and value not in rules.levels:
        return Fault(Cause.UNKNOWN_LEVEL, f"{column.name} is none of {', '.join(rules.levels)}")
    return None


def _number_fault(column: Column, value: int | None) -> Fault | None:
    if value is None or column.least is None or value >= column.least:
        return None
    if column.least == 0:
        return Fault(Cause.NEGATIVE_NUMBER, f"{column.name} is {value}; it cannot be negative")
    return Fault(Cause.BAD_NUMBER, f"{column.name} is {value}; the least is {column.least}")


def _vector_fault(rules: Rules, row: Row) -> Fault | None:
    if not row.vector:
        if unpacked := unpacked_floats(row):
            return Fault(
                Cause.UNPACKED_VECTOR, f"the {unpacked} floats of vector are not packed; send them as proto3 does"
            )
        return Fault(Cause.MISSING_FIELD, "vector is missing")
    floats = floats_of(row)
    if floats is None:
        return Fault(Cause.WRONG_DIMENSION, f"vector has {len(row.vector)} bytes, which are no whole floats")
    if len(floats) != rules.dimension:
        return Fault(Cause.WRONG_DIMENSION, f"vector has {len(floats)} floats; the dimension is {rules.dimension}")
    place = first_bad(floats)
    if place is not None:
        return Fault(Cause.NOT_FINITE, f"float {place} of vector (from 0) is {float(floats[place])}")
    return None


def _time_fault(row: Row) -> Fault | None:
    if LEAST_MICROS <= row.updated_at_micros <= MOST_MICROS:
        return None
    return Fault(Cause.BAD_NUMBER, f"updated_at_micros is {row.updated_at_micros}, outside the years 1 to 9999")
