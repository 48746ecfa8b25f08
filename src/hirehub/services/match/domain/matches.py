"""What a result is, which of two results of a pair counts, when it is recommended, and the order of matches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from hirehub.kernel.errors import Invalid, Missing

_STEP: Final = 10_002
"""Hundredths from 0 to 100, one more for what is not known, and one more."""


class NoSuchMatch(Missing):
    """There is no such match, or it is not for the caller to see."""

    code = "no_such_match"

    @classmethod
    def told(cls) -> "NoSuchMatch":
        """The same for one that is not there and one that is not for the caller to see."""
        return cls("There is no such match.", hint="Look at /api/v1/recommendations or /api/v1/matches?job_id=... .")


class WhichMatches(Invalid):
    """Nobody has said whose matches are wanted."""

    code = "which_matches"

    @classmethod
    def told(cls) -> "WhichMatches":
        """For a list without a post and without a resume."""
        return cls("Whose matches?", hint="Send job_id or resume_id.")


@dataclass(frozen=True)
class Result:
    """How a post and a resume were found to match, in those versions of theirs. What is not known is None."""

    job_id: UUID
    resume_id: UUID
    user_id: UUID
    company_id: UUID
    overall: Decimal | None
    skill: Decimal | None
    experience: Decimal | None
    culture: Decimal | None
    low: Decimal | None
    high: Decimal | None
    job_version: int
    resume_version: int
    calculated_at: datetime
    reasoning: str
    breakdown: dict[str, Any]
    job_title: str | None = None

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """What it is about."""
        return self.job_id, self.resume_id

    @property
    def rank(self) -> int:
        """See `rank`."""
        return rank(self.low, self.high, self.overall)

    def replaces(self, other: "Result") -> bool:
        """Whether it counts instead of one that is there; `store.matches` says the same in SQL."""
        if self.job_version < other.job_version or self.resume_version < other.resume_version:
            return False
        newer = (self.job_version, self.resume_version) != (other.job_version, other.resume_version)
        return newer or self.calculated_at > other.calculated_at

    def recommended(self, line: Decimal) -> bool:
        """Whether it is good enough to tell the person: what is sure of it is, and there is a score to tell."""
        sure = self.overall if self.low is None else self.low
        return self.overall is not None and sure is not None and sure >= line


def latest(results: Iterable[Result]) -> list[Result]:
    """One result a pair, the one that would stand if they came one after the other; in the order of the pairs."""
    found: dict[tuple[UUID, UUID], Result] = {}
    for one in results:
        before = found.get(one.pair)
        if before is None or one.replaces(before):
            found[one.pair] = one
    return [found[pair] for pair in sorted(found)]


def titles(results: Iterable[Result]) -> dict[UUID, str]:
    """The title of each post whose title was told: as its latest version has it."""
    told = sorted((one for one in results if one.job_title is not None), key=lambda one: one.job_version)
    return {one.job_id: str(one.job_title) for one in told}


def rank(low: Decimal | None, high: Decimal | None, overall: Decimal | None) -> int:
    """The place of a match among others as one number, the greater the better.

    By the low end of the range; where that is equal, by the high end, the lower first: less is unknown there, and what
    is unknown never lifts a match above a known equal. Without a range by the overall score, behind all that have one.
    """
    first = 0 if low is None else _hundredths(low) + 1
    second = 0 if high is None else _STEP - 1 - _hundredths(high)
    third = 0 if overall is None else _hundredths(overall) + 1
    return (first * _STEP + second) * _STEP + third


def _hundredths(score: Decimal) -> int:
    return int(score * 100)
