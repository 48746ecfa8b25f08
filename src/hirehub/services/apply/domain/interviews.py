"""What an interview may be, and when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from hirehub.kernel.errors import Conflict, Invalid, LimitExceeded, Missing
from hirehub.kernel.zones import is_zone
from hirehub.services.apply.domain.states import WrongState

TYPES: Final = ("phone", "video", "onsite", "assignment")
STATUSES: Final = ("scheduled", "completed", "cancelled")
HERE: Final = "Asia/Seoul"
"""The zone of an interview whose zone nobody named."""

MOST_MINUTES: Final = 20_160
"""Of one interview: an assignment may take two weeks."""

MOST_INTERVIEWS: Final = 50
"""Of one application."""

FURTHEST: Final = timedelta(days=1826)

PLACE: Final = ("interview_type", "scheduled_at", "time_zone", "duration_minutes", "location", "interviewer_id")
"""What the history keeps when it changes."""

TOLD: Final = frozenset(PLACE) - {"interviewer_id"}
"""What the applicant must hear of when it changes."""

IN: Final = frozenset({"reviewing", "interview_scheduled", "interview_completed"})
"""States of an application in which an interview can be scheduled."""


class NoSuchInterview(Missing):
    """There is no such interview, or it is not for the caller to see."""

    code = "no_such_interview"

    @classmethod
    def told(cls) -> "NoSuchInterview":
        """The same for one that is not there and one that is not for the caller to see."""
        return cls("There is no such interview.", hint="Look at /api/v1/applications/ID/interviews.")


class InterviewOver(Conflict):
    """The interview is completed or cancelled."""

    code = "interview_over"


class BadInterviewTime(Invalid):
    """The interview would be in the past, or too far away."""

    code = "bad_interview_time"


class NoSuchZone(Invalid):
    """No time zone has that name."""

    code = "no_such_zone"


class NotAnInterviewer(Invalid):
    """The interviewer is no member of the company."""

    code = "not_an_interviewer"


class TooManyInterviews(LimitExceeded):
    """The application has as many interviews as it may have."""

    code = "too_many_interviews"


def check_zone(name: str) -> None:
    """Raises NoSuchZone unless the IANA list has the name."""
    if not is_zone(name):
        raise NoSuchZone("No time zone has that name.", hint="Use an IANA name, such as Asia/Seoul.")


def check_time(at: datetime, now: datetime) -> None:
    """Raises BadInterviewTime unless it is ahead, and by five years at most."""
    if not now < at <= now + FURTHEST:
        raise BadInterviewTime("An interview is ahead of us, by five years at most.", hint="Check scheduled_at.")


def check_schedulable(status: str) -> None:
    """Raises WrongState where the application is not where interviews are held."""
    if status not in IN:
        hint = "Make it reviewing first." if status == "submitted" else "There is nothing left to talk about."
        raise WrongState(f"An application that is {status} has no interviews.", hint=hint, status=status)


def check_changes(before: str, changes: Mapping[str, object]) -> None:
    """Raises InterviewOver where a completed or cancelled interview would change but for its feedback."""
    if before != "scheduled" and set(changes) - {"feedback"}:
        raise InterviewOver(
            f"The interview is {before}.",
            hint="Schedule another one; only feedback can still be written.",
            status=before,
        )
