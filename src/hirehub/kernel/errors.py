"""Errors that say what kind they are and what to do next.

A kind becomes a status code at the edge only (HTTP, gRPC, exit code), so that rules never know their transport.
Messages never carry personal data or secrets: they reach logs and other people.
"""

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What went wrong, in the words that every edge can translate."""

    MISSING = "missing"
    CONFLICT = "conflict"
    INVALID = "invalid"
    DENIED = "denied"
    BUSY = "busy"
    LIMIT = "limit"
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"


class HirehubError(Exception):
    """A failure told to a person: `message` says what happened, `hint` what to do next; `facts` are for machines."""

    kind: ClassVar[Kind] = Kind.BROKEN
    code: ClassVar[str] = "broken"

    def __init__(self, message: str, *, hint: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.facts = facts


class Missing(HirehubError):
    """What was asked for is not there."""

    kind = Kind.MISSING
    code = "missing"


class Conflict(HirehubError):
    """It is there, but in a state that does not allow this."""

    kind = Kind.CONFLICT
    code = "conflict"


class Invalid(HirehubError):
    """The input cannot be accepted as it is."""

    kind = Kind.INVALID
    code = "invalid"


class Denied(HirehubError):
    """The caller may not do this."""

    kind = Kind.DENIED
    code = "denied"


class Busy(HirehubError):
    """Somebody else is at it; trying again later may pass."""

    kind = Kind.BUSY
    code = "busy"


class LimitExceeded(HirehubError):
    """The input is larger, deeper or slower than what is taken."""

    kind = Kind.LIMIT
    code = "limit_exceeded"


class Unavailable(HirehubError):
    """Something that is needed does not answer, or is not configured."""

    kind = Kind.UNAVAILABLE
    code = "unavailable"


class Broken(HirehubError):
    """A fault of our own, or of the data that we hold."""
