"""A row that cannot be stored: why, and everything needed to correct it and try again.

The payload is readable JSON (a vector is told by its length, dimension and first bad place, never as numbers) beside
the row's own wire bytes in base64, which are the truth: a replay loses nothing. The fingerprint is made of those
bytes, so that the same bad row, pulled again, is the same dead letter.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from hirehub.kernel.errors import Invalid

WIRE: Final = "wire"
"""The key of the payload under which the row's own bytes stand, in base64."""


class Cause(StrEnum):
    """Why a row died."""

    WRONG_DIMENSION = "wrong_dimension"
    NOT_FINITE = "not_finite"
    UNPACKED_VECTOR = "unpacked_vector"
    BAD_ID = "bad_id"
    MISSING_FIELD = "missing_field"
    NEGATIVE_NUMBER = "negative_number"
    BAD_TEXT = "bad_text"
    TOO_LONG = "too_long"
    UNKNOWN_LEVEL = "unknown_level"
    BAD_NUMBER = "bad_number"
    DATABASE_ERROR = "database_error"


MAY_PASS_LATER: Final = frozenset({Cause.WRONG_DIMENSION, Cause.UNKNOWN_LEVEL, Cause.DATABASE_ERROR})
"""Causes that a change of settings, of the tables or of the server may mend; all others need the row corrected."""


class UnreadablePayload(Invalid):
    """A dead letter's payload holds no wire bytes."""

    code = "unreadable_payload"


@dataclass(frozen=True)
class DeadLetter:
    """A row that cannot be stored, and the reason in one line that names no personal data."""

    domain: str
    entity_id: UUID | None
    cause: Cause
    message: str
    payload: Mapping[str, object]
    fingerprint: bytes
    arrived_micros: int
    dimension: int | None = None
    """Floats of the row's vector, where it has one."""


def fingerprint(domain: str, wire: bytes) -> bytes:
    """32 bytes that are equal for equal rows of one domain."""
    return hashlib.sha256(domain.encode() + b"\0" + wire).digest()


def with_wire(fields: Mapping[str, object], wire: bytes) -> dict[str, object]:
    """The payload of a dead letter: readable fields, and the row's own bytes."""
    return {**fields, WIRE: base64.b64encode(wire).decode("ascii")}


def wire_of(payload: Mapping[str, object]) -> bytes:
    """The row's own bytes out of a dead letter's payload; UnreadablePayload where they are not there."""
    text = payload.get(WIRE)
    try:
        return base64.b64decode(text if isinstance(text, str) else "\0", validate=True)
    except (binascii.Error, ValueError):
        raise UnreadablePayload(
            f"The payload has no readable `{WIRE}` in base64.", hint="Drop the dead letter; the source has the row."
        ) from None
