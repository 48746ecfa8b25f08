"""What bodies of requests and answers are made of. Fields are named as columns are; times carry a zone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, JsonValue, StringConstraints

from hirehub.kernel.letters import is_visible, turns

_FIRST: Final = datetime(1900, 1, 1, tzinfo=UTC)


def _in_utc(moment: datetime) -> datetime:
    """The same moment in UTC: PostgreSQL does not read every zone that may be written, nor Python every year."""
    try:
        found = moment.astimezone(UTC)
    except OverflowError:
        found = None
    if found is None or found < _FIRST:
        raise ValueError("a moment of the years 1900 to 9999 in UTC")
    return found


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A point in time that is written with its zone (RFC 3339) and read in UTC."""


class RequestBody(BaseModel):
    """A body that is sent to us: a field that it does not know is refused, as it would be lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def example(body: Mapping[str, JsonValue]) -> ConfigDict:
    """The `model_config` of a body with that example in the description of the API."""
    return ConfigDict(json_schema_extra={"examples": [dict(body)]})


class AnswerBody(BaseModel):
    """A body that we answer with, read from what a store returns."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


_BREAKS: Final = frozenset("\n\t\x85\u2028\u2029")


def printable(text: str) -> str:
    """The text, where it has no control characters but line ends and tabs; ValueError else."""
    if any((ord(letter) < 32 and letter not in "\n\t") or ord(letter) == 127 for letter in text):
        raise ValueError("no control characters")
    return text


def _one_line(text: str) -> str:
    if not _BREAKS.isdisjoint(text):
        raise ValueError("one line")
    printable(text)
    if not is_visible(text):
        raise ValueError("at least one visible letter")
    if turns(text):
        raise ValueError("no hidden letters that turn the direction of the text")
    return text


Words = Annotated[str, AfterValidator(printable)]
"""Text out of an address, such as what a list is asked for; a zero byte there is told, as no database takes it."""
Line100 = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_one_line)
]
Line200 = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)
]
Line500 = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_one_line)
]
LongText = Annotated[str, StringConstraints(max_length=50_000), AfterValidator(printable)]
