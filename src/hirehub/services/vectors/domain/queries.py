"""What a search may ask for, and how near a hit is: pure rules, the same for GraphQL and the command line.

A query vector is checked once, here, and then travels as the bytes that PostgreSQL reads.
"""

import base64
import binascii
import math
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from hirehub.kernel.errors import Conflict, Invalid, LimitExceeded
from hirehub.services.vectors.domain.domains import Domain

Floats = npt.NDArray[np.float32]

_VALUES: Final = 100
"""Values that one condition may name."""
_TEXT: Final = 1000
_WORD: Final = 100
"""Characters of a condition's words and of each: a scan looks for every word at every place of every row's texts."""
_FAINTEST, _STRONGEST = 1e-30, 1e30
"""Squared lengths between which float32 has room for those of a vector and of its products with others."""


class WrongDimension(Invalid):
    """A query vector of another length than the stored ones."""

    code = "wrong_dimension"


class NotFinite(Invalid):
    """A query vector with a number that is none, or that float32 cannot hold."""

    code = "not_finite"


class ZeroVector(Invalid):
    """A query vector without a direction, where nearness is an angle."""

    code = "zero_vector"


class LimitTooLarge(LimitExceeded):
    """More hits or rows asked for than one answer holds."""

    code = "limit_too_large"


class BadCursor(Invalid):
    """A cursor that no answer of ours has shown."""

    code = "bad_cursor"


class BadFilter(Invalid):
    """A condition that cannot be met by any row, or that names too much."""

    code = "bad_filter"


class DimensionsDiffer(Conflict):
    """Two domains whose vectors cannot be compared."""

    code = "dimensions_differ"


@dataclass(frozen=True)
class QueryVector:
    """A checked vector in pgvector's binary form: dimension, two zero bytes, big-endian float32."""

    packed: bytes

    @property
    def dimension(self) -> int:
        """How many floats."""
        return int.from_bytes(self.packed[:2], "big")

    @classmethod
    def of(cls, values: Sequence[float] | Floats, *, dimension: int, metric: str) -> "QueryVector":
        """Checks numbers; raises WrongDimension, NotFinite or ZeroVector."""
        if len(values) != dimension:
            raise WrongDimension(
                f"The vector has {len(values)} floats, the stored ones have {dimension}.",
                hint="Embed with the model that made the stored vectors.",
                expected=dimension,
                actual=len(values),
            )
        floats = _float32(values)
        finite = np.isfinite(floats)
        if not finite.all():
            place = int(np.argmin(finite))
            raise NotFinite(f"Number {place} of the vector is not a finite float32.", place=place)
        if metric == "cosine":
            floats = _directed(floats, values)
        return cls(struct.pack(">HH", dimension, 0) + floats.astype(">f4").tobytes())

    @classmethod
    def stored(cls, packed: bytes) -> "QueryVector":
        """A vector as the database keeps it; it was checked when it was stored."""
        return cls(packed)

    def directed(self) -> "QueryVector":
        """The same direction at a length that can be compared by cosine; raises ZeroVector."""
        floats = np.frombuffer(self.packed, dtype=">f4", offset=4)
        return QueryVector(self.packed[:4] + _directed(floats, floats).astype(">f4").tobytes())


def _float32(values: Sequence[float] | Floats) -> Floats:
    """The nearest float32s, infinite where a number is beyond them."""
    with np.errstate(over="ignore"):
        try:
            return np.asarray(values, dtype=np.float32)
        except OverflowError:
            most = sys.float_info.max
            return np.asarray([value if -most <= value <= most else math.inf for value in values], dtype=np.float32)


def _directed(floats: Floats, values: Sequence[float] | Floats) -> Floats:
    """`floats` as they are where their squares fit float32, else `values` at length 1; raises ZeroVector."""
    wide = floats.astype(np.float64)
    if _FAINTEST < wide @ wide < _STRONGEST:
        return floats
    wide = np.asarray(values, dtype=np.float64)
    largest = np.abs(wide).max(initial=0)
    if not largest:
        raise ZeroVector("The vector is all zeros, and has no direction to compare by cosine.")
    wide = wide / largest
    shortened: Floats = (wide / np.linalg.norm(wide)).astype(np.float32)
    return shortened


def similarity(metric: str, distance: float) -> float:
    """Nearness in [0, 1], 1 for equal; it falls as the distance grows.

    cosine: the cosine itself, 0 where it is negative. l2: 1 / (1 + distance). ip: the logistic function of the inner
    product, since that has no bounds.
    """
    if metric == "cosine":
        return min(1.0, max(0.0, 1.0 - distance))
    if metric == "l2":
        return 1.0 / (1.0 + distance)
    return 1.0 / (1.0 + math.exp(min(distance, 700.0)))


class Test(Enum):
    """How a condition looks at a column."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ONE_OF = "one_of"
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"


@dataclass(frozen=True)
class Condition:
    """What a column of the metadata must be like. Values are compared as they are stored."""

    column: str
    test: Test
    value: int | tuple[str, ...]


@dataclass(frozen=True)
class Filter:
    """Conditions that all must hold, and words that must all be found somewhere in a row's texts, case ignored."""

    conditions: tuple[Condition, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.conditions or self.words)


class FilterBuilder:
    """Puts a filter together from what a caller stated; what is None, or an empty list, does not matter."""

    def __init__(self, domain: Domain) -> None:
        self._columns = {column.name for column in domain.columns}
        self._conditions: list[Condition] = []
        self._words: tuple[str, ...] = ()

    def between(self, column: str, least: int | None, most: int | None) -> "FilterBuilder":
        """A whole number, both ends included."""
        if least is not None and most is not None and least > most:
            raise BadFilter(f"The range of {column} begins at {least} and ends at {most}.", hint="Swap the two.")
        if least is not None:
            self._add(column, Test.AT_LEAST, _clamped(least))
        if most is not None:
            self._add(column, Test.AT_MOST, _clamped(most))
        return self

    def one_of(self, column: str, values: Sequence[str] | None) -> "FilterBuilder":
        """A text that is one of these."""
        return self._listed(column, Test.ONE_OF, values)

    def has_any(self, column: str, values: Sequence[str] | None) -> "FilterBuilder":
        """A list with at least one of these."""
        return self._listed(column, Test.HAS_ANY, values)

    def has_all(self, column: str, values: Sequence[str] | None) -> "FilterBuilder":
        """A list with all of these."""
        return self._listed(column, Test.HAS_ALL, values)

    def containing(self, text: str | None) -> "FilterBuilder":
        """Words found in the row's texts."""
        stated = text or ""
        if len(stated) > _TEXT:
            raise BadFilter(f"The condition on text has {len(stated)} characters, and may have {_TEXT}.")
        longest = max(map(len, stated.split()), default=0)
        if longest > _WORD:
            raise BadFilter(f"The condition on text has a word of {longest} characters, and may have {_WORD}.")
        self._words = tuple(sorted(set(stated.casefold().split())))
        self._check_values("text", self._words)
        return self

    def build(self) -> Filter:
        """The filter; equal statements give equal filters."""
        ordered = sorted(set(self._conditions), key=lambda one: (one.column, one.test.value, str(one.value)))
        return Filter(tuple(ordered), self._words)

    def _listed(self, column: str, test: Test, values: Sequence[str] | None) -> "FilterBuilder":
        if not values:
            return self
        distinct = tuple(sorted(set(values)))
        self._check_values(column, distinct)
        return self._add(column, test, distinct)

    def _add(self, column: str, test: Test, value: int | tuple[str, ...]) -> "FilterBuilder":
        if column not in self._columns:
            raise ValueError(f"there is no column {column}")
        self._conditions.append(Condition(column, test, value))
        return self

    @staticmethod
    def _check_values(name: str, values: tuple[str, ...]) -> None:
        if len(values) > _VALUES:
            raise BadFilter(f"The condition on {name} has {len(values)} values, and may have {_VALUES}.")
        if any("\0" in value or not _encodes(value) for value in values):
            raise BadFilter(f"The condition on {name} has a character that no stored text can have.")


@dataclass(frozen=True)
class SearchCursor:
    """The place of a hit in the order (distance, id): the next page begins after it."""

    distance: float
    id: UUID

    def encode(self) -> str:
        """As it is shown to callers."""
        return base64.urlsafe_b64encode(struct.pack(">d", self.distance) + self.id.bytes).decode()

    @classmethod
    def decode(cls, text: str) -> "SearchCursor":
        """Reads a shown cursor; BadCursor otherwise."""
        data = decode_cursor(text, 24)
        distance: float = struct.unpack(">d", data[:8])[0]
        if not math.isfinite(distance):
            raise bad_cursor()
        return cls(distance, UUID(bytes=data[8:]))


def encode_cursor(data: bytes) -> str:
    """Bytes as a cursor."""
    return base64.urlsafe_b64encode(data).decode()


def decode_cursor(text: str, size: int) -> bytes:
    """The bytes of a cursor, which must be so many; BadCursor otherwise."""
    try:
        data = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise bad_cursor() from None
    if len(data) != size:
        raise bad_cursor()
    return data


def bad_cursor() -> BadCursor:
    """The error of a cursor that cannot be read."""
    return BadCursor("This cursor was not made here.", hint="Pass the cursor of the last row, unchanged.")


def check_limit(limit: int, most: int, *, name: str = "limit") -> int:
    """The limit, if it is one; LimitTooLarge or BadFilter otherwise."""
    if limit > most:
        raise LimitTooLarge(
            f"{name} is {limit}, and may be {most}.",
            hint="Ask for less, and go on with `after`.",
            actual=limit,
            most=most,
        )
    if limit < 1:
        raise BadFilter(f"{name} is {limit}, and must be at least 1.")
    return limit


def _clamped(value: int) -> int:
    """The number within PostgreSQL's integer, which the columns are."""
    return max(-(2**31), min(2**31 - 1, value))


def _encodes(text: Any) -> bool:  # noqa: ANN401 - a string that may hold lone surrogates
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
