"""Turns a row that cannot be stored into its dead letter: readable for people, complete for a replay."""

from typing import Any, Final
from uuid import UUID

from hirehub.services.vectors.domain.deadletters import Cause, DeadLetter, fingerprint, with_wire
from hirehub.services.vectors.pipeline.rules import (
    FLOAT_BYTES,
    Fault,
    Row,
    Rules,
    first_bad,
    floats_of,
    parse_id,
    unpacked_floats,
    value_of,
)
from hirehub.services.vectors.pipeline.wire import read_row

_READABLE_CHARS: Final = 500
"""Characters of a text that are shown; the row's own bytes have all of them."""
_READABLE_TEXTS: Final = 50


def letter_of(rules: Rules, row: Row, wire: bytes, fault: Fault, arrival_micros: int) -> DeadLetter:
    """The dead letter of a row; `wire` is its own bytes, which may hold more than the row tells."""
    entity = parse_id(row.id)
    return DeadLetter(
        domain=rules.domain.name,
        entity_id=UUID(bytes=entity) if entity else None,
        cause=fault.cause,
        message=fault.message,
        payload=with_wire(_readable(rules, row), wire),
        fingerprint=fingerprint(rules.domain.name, wire),
        arrived_micros=arrival_micros,
        dimension=_dimension(row),
    )


def database_letter(rules: Rules, wire: bytes, message: str, arrival_micros: int) -> DeadLetter:
    """The dead letter of a row that PostgreSQL refused."""
    fault = Fault(Cause.DATABASE_ERROR, message)
    return letter_of(rules, read_row(rules.message, wire), wire, fault, arrival_micros)


def _dimension(row: Row) -> int | None:
    return len(row.vector) // FLOAT_BYTES or unpacked_floats(row) or None


def _readable(rules: Rules, row: Row) -> dict[str, object]:
    fields: dict[str, object] = {"id": _shown(row.id)}
    fields |= {column.name: _shown(value_of(rules, row, column)) for column in rules.domain.columns}
    fields["vector"] = _vector(row)
    fields["updated_at_micros"] = row.updated_at_micros
    return fields


def _vector(row: Row) -> dict[str, object]:
    """A vector told without its numbers."""
    told: dict[str, object] = {"bytes": len(row.vector), "dimension": _dimension(row) or 0}
    floats = floats_of(row)
    place = None if floats is None else first_bad(floats)
    if floats is not None and place is not None:
        told["first_bad"] = {"place": place, "value": str(float(floats[place]))}
    return told


def _shown(value: Any) -> object:  # noqa: ANN401 - text, number, texts or None
    """A value short enough to read, without the NUL that jsonb does not take."""
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        cut = len(text) - _READABLE_CHARS
        return text if cut <= 0 else f"{text[:_READABLE_CHARS]}... ({cut} more characters)"
    if isinstance(value, int) or value is None:
        return value
    shown: list[object] = [_shown(text) for text in value[:_READABLE_TEXTS]]
    return shown if len(value) <= _READABLE_TEXTS else [*shown, f"... ({len(value) - _READABLE_TEXTS} more)"]
