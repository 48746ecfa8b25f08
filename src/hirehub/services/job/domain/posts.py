"""What a job post may be, and which way it goes: draft → open ⇄ closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hirehub.kernel.errors import Conflict, Invalid, Missing

JOB_TYPES: Final = ("full-time", "contract", "intern")
LEVELS: Final = ("entry", "junior", "mid", "senior")
REMOTE_TYPES: Final = ("onsite", "remote", "hybrid")
STATUSES: Final = ("draft", "open", "closed")

MOST_YEARS: Final = 60
MOST_SALARY: Final = 2_000_000_000
MOST_TEXT: Final = 50_000
"""Characters of a description or of requirements."""

FIELDS: Final = (
    "title",
    "description",
    "requirements",
    "job_type",
    "experience_level",
    "experience_min",
    "experience_max",
    "salary_min",
    "salary_max",
    "location",
    "remote_type",
    "expires_at",
)
"""What the company writes."""

MOVES: Final[Mapping[str, tuple[str, str]]] = {
    "publish": ("draft", "open"),
    "close": ("open", "closed"),
    "reopen": ("closed", "open"),
}
"""What may be done to a post: from which state to which."""


class NoSuchJob(Missing):
    """There is no such post, or it is not for the caller to see."""

    code = "no_such_job"


class WrongState(Conflict):
    """The post's state does not allow this."""

    code = "wrong_job_state"


class NotPublishable(Invalid):
    """The post lacks what readers need, or is over before it begins."""

    code = "not_publishable"


class BadRange(Invalid):
    """The least is more than the most."""

    code = "bad_range"


class OverAlready(Invalid):
    """The post's end is not to come."""

    code = "over_already"


class CompanyIsClosed(Conflict):
    """The post's company is closed: nobody would read what comes of an open post."""

    code = "company_closed"


def check_ranges(values: Mapping[str, object]) -> None:
    """Raises BadRange where a least is more than its most."""
    for name in ("experience", "salary"):
        least, most = values.get(f"{name}_min"), values.get(f"{name}_max")
        if isinstance(least, int) and isinstance(most, int) and least > most:
            raise BadRange(f"{name}_min is more than {name}_max.", hint="Swap them, or leave one out.")


def check_end(values: Mapping[str, object], now: datetime) -> None:
    """Raises OverAlready for an end that has passed: the post could never be open."""
    if _over(values, now):
        raise OverAlready("expires_at is in the past.", hint="Name a moment to come, or leave expires_at out.")


def moved(move: str, status: str) -> str:
    """The state after a move; WrongState where the post is not where the move begins."""
    begin, end = MOVES[move]
    if status != begin:
        raise WrongState(
            f"A post that is {status} cannot be {_DONE[move]}.", hint=f"Only one that is {begin} can.", status=status
        )
    return end


def check_publishable(values: Mapping[str, object], now: datetime) -> None:
    """Raises NotPublishable for a post without a description, or one whose time is over."""
    if not str(values.get("description") or "").strip():
        raise NotPublishable("A post without a description cannot be open.", hint="Write a description first.")
    if _over(values, now):
        raise NotPublishable("The post's time is over already.", hint="Move expires_at, or remove it.")


def _over(values: Mapping[str, object], now: datetime) -> bool:
    expires_at = values.get("expires_at")
    return isinstance(expires_at, datetime) and expires_at <= now


_DONE: Final = {"publish": "published", "close": "closed", "reopen": "reopened"}
