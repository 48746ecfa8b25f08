"""Corrects the row of a dead letter: fields are set in the row's own wire message, which is then judged as a fresh row.

Only a row that is sound afterwards replaces the old one, so that a slip of the hand spoils nothing. Floats that came
one by one are packed on the way: that fault mends itself. The letter stays known by the bad row's fingerprint, so that
the bad row, coming again before the replay, is this letter and leaves the correction alone.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor

from hirehub.kernel.db import Database
from hirehub.kernel.errors import Invalid
from hirehub.services.vectors.domain.deadletters import Cause, DeadLetter, wire_of
from hirehub.services.vectors.pipeline.decoding import decode_row
from hirehub.services.vectors.pipeline.letters import letter_of
from hirehub.services.vectors.pipeline.rules import Fault, Row, Rules
from hirehub.services.vectors.pipeline.wire import read_row_packed
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import letters
from hirehub.services.vectors.usecases.dead import UnknownLetter

VECTOR: Final = "vector"
_CORRECTED_MESSAGE = "corrected by hand; it waits for its replay"
_NUMBERS = (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64)


class UnknownField(Invalid):
    """The row has no such field, or not with such a value."""

    code = "unknown_field"


class NotMended(Invalid):
    """The row is still not sound; it was left as it is."""

    code = "not_mended"


async def fix(
    db: Database,
    settings: VectorsSettings,
    letter_id: int,
    changes: Mapping[str, Sequence[str]],
    *,
    vector: Sequence[float] | None = None,
) -> letters.Letter:
    """Sets fields (an empty value clears one; several values make a list) and the vector of a dead letter's row.

    Raises UnknownLetter, UnknownField, and NotMended with what is still wrong; then nothing has changed.
    """
    async with db.transaction() as tx:
        found = await letters.lock(tx, [letter_id])
        if not found:
            raise UnknownLetter(
                f"There is no dead letter {letter_id}, or it is being replayed.",
                hint="See them: hirehub vectors dead list",
            )
        (whole,) = found
        rules = Rules.of(settings, whole.letter.domain)
        row = read_row_packed(rules.message, wire_of(whole.payload))
        _change(row, changes)
        if vector is not None:
            row.vector = _packed(vector)
        await letters.correct(tx, letter_id, _judged(rules, row, whole.letter))
        corrected = await letters.get(tx, letter_id)
    return corrected.letter if corrected else whole.letter


def _judged(rules: Rules, row: Row, letter: letters.Letter) -> DeadLetter:
    """The letter of a row that is sound now; NotMended otherwise."""
    micros = round(letter.arrived_at.timestamp() * 1_000_000)
    wire = row.SerializeToString(deterministic=True)
    group = decode_row(rules, wire, arrival_micros=micros)
    if group.dead:
        still = group.dead[0].letter
        raise NotMended(
            f"The row would still be dead ({still.cause}): {still.message}.",
            hint=f"Correct that too, in the same command: hirehub vectors dead fix {letter.id} --set FIELD=VALUE",
            cause=str(still.cause),
        )
    told = letter_of(rules, row, wire, Fault(Cause(letter.cause), _CORRECTED_MESSAGE), micros)
    return DeadLetter(
        domain=told.domain,
        entity_id=told.entity_id,
        cause=told.cause,
        message=told.message,
        payload={**told.payload, letters.CORRECTED: True},
        fingerprint=told.fingerprint,
        arrived_micros=told.arrived_micros,
        dimension=told.dimension,
    )


def _change(row: Row, changes: Mapping[str, Sequence[str]]) -> None:
    fields = row.DESCRIPTOR.fields_by_name
    for name, values in changes.items():
        if name == VECTOR or name not in fields:
            known = ", ".join(known for known in fields if known != VECTOR)
            raise UnknownField(
                f"A row of {row.DESCRIPTOR.name} has no field {name[:40]!r} to set.",
                hint=f"Use one of: {known}; the vector comes from a file, with --vector-from.",
            )
        _set(row, fields[name], [value for value in values if value != ""])


def _set(row: Row, field: Any, values: Sequence[str]) -> None:  # noqa: ANN401 - protobuf's descriptors have no common type
    if not all(_is_text(value) for value in values):
        raise UnknownField(f"{field.name} takes text in UTF-8.", hint="Check how the terminal sends it.")
    row.ClearField(field.name)
    if field.is_repeated:
        getattr(row, field.name).extend(values)
        return
    if len(values) > 1:
        raise UnknownField(f"{field.name} takes one value, not {len(values)}.", hint="Set it once.")
    for value in values:
        try:
            setattr(row, field.name, int(value) if field.cpp_type in _NUMBERS else value)
        except ValueError:
            raise UnknownField(f"{field.name} takes a whole number that fits.", hint="Such as 3.") from None


def _is_text(value: str) -> bool:
    """Whether every byte of the command line was part of a letter."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _packed(vector: Sequence[float]) -> bytes:
    try:
        return struct.pack(f"<{len(vector)}f", *vector)
    except (struct.error, OverflowError, TypeError):
        raise UnknownField("The vector is no list of numbers that fit 32 bits.", hint="Use [0.1, 0.2, ...].") from None
