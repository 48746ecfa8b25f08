"""What may become of an application, and who decides it; what a history says of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hirehub.kernel.errors import Conflict, Denied

STATUSES: Final = (
    "submitted",
    "reviewing",
    "interview_scheduled",
    "interview_completed",
    "offered",
    "accepted",
    "rejected",
    "withdrawn",
)

ENDED: Final = frozenset({"accepted", "rejected", "withdrawn"})
"""States that nothing follows."""

BEGIN: Final = "submitted"
HELD: Final = "rejected"
"""The state that is held for a while before it comes."""


class Actor(StrEnum):
    """Who changes an application."""

    JOBSEEKER = "jobseeker"
    COMPANY = "company"
    SYSTEM = "system"


ARROWS: Final[Mapping[str, frozenset[str]]] = {
    "submitted": frozenset({"reviewing", "rejected", "withdrawn"}),
    "reviewing": frozenset({"interview_scheduled", "rejected", "withdrawn"}),
    "interview_scheduled": frozenset({"interview_completed", "rejected", "withdrawn"}),
    "interview_completed": frozenset({"offered", "rejected", "withdrawn"}),
    "offered": frozenset({"accepted", "rejected", "withdrawn"}),
    **{status: frozenset() for status in ENDED},
}
"""From which state to which."""

DECIDES: Final[Mapping[str, Actor]] = {
    "reviewing": Actor.COMPANY,
    "interview_scheduled": Actor.COMPANY,
    "interview_completed": Actor.COMPANY,
    "offered": Actor.COMPANY,
    "rejected": Actor.COMPANY,
    "accepted": Actor.JOBSEEKER,
    "withdrawn": Actor.JOBSEEKER,
}
"""Who alone brings an application into a state."""


class WrongState(Conflict):
    """The application's state does not allow this."""

    code = "wrong_application_state"


class NotYourMove(Denied):
    """Only the other side may do this."""

    code = "not_your_move"


def check_move(actor: Actor, begin: str, end: str) -> None:
    """Raises NotYourMove where the other side decides, WrongState where no arrow leads there."""
    if (decides := DECIDES.get(end, actor)) is not actor:
        side = "the applicant" if decides is Actor.JOBSEEKER else "a member of the company"
        raise NotYourMove(f"Only {side} makes an application {end}.")
    if end not in ARROWS[begin]:
        possible = ", ".join(sorted(status for status in ARROWS[begin] if DECIDES[status] is actor))
        raise WrongState(
            f"An application that is {begin} cannot become {end}.",
            hint=f"You can make it: {possible}." if possible else "You can change nothing about it.",
            status=begin,
        )


@dataclass(frozen=True)
class Step:
    """What an event of a history says of the state; `to_status` is None for one that does not change it."""

    from_status: str | None
    to_status: str | None


class BrokenHistory(Conflict):
    """A history that cannot have happened."""

    code = "broken_history"


def replayed(steps: Iterable[Step]) -> str:
    """The state that a history ends in; BrokenHistory where a step does not follow from the one before."""
    status: str | None = None
    for step in steps:
        if step.to_status is None:
            continue
        follows = step.to_status == BEGIN if status is None else step.to_status in ARROWS[status]
        if step.from_status != status or not follows:
            raise BrokenHistory(f"{step.from_status} to {step.to_status} does not follow {status or 'nothing'}.")
        status = step.to_status
    if status is None:
        raise BrokenHistory("There is no event that says how it began.")
    return status
