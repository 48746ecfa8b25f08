"""What a check of the doctor found: how it stands, in one line, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a checked thing stands."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    name: str
    status: Status
    message: str
    mend: str = ""


def ok(name: str, message: str) -> Finding:
    """All is well."""
    return Finding(name, Status.OK, message)


def warn(name: str, message: str, mend: str) -> Finding:
    """It works, but not for long, or not as meant."""
    return Finding(name, Status.WARN, message, mend)


def fail(name: str, message: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(name, Status.FAIL, message, mend)
