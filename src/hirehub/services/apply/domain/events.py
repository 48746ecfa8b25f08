"""The events of an application's history, and what of them the applicant sees."""

from collections.abc import Mapping
from typing import Any, Final

from hirehub.services.apply.domain.states import Actor

EVENT_TYPES: Final = (
    "status_changed",
    "interview_scheduled",
    "feedback_added",
    "interview_completed",
    "interview_cancelled",
)

INSIDE: Final = "feedback_added"
"""The event that only the company sees."""


def shown_payload(payload: Mapping[str, Any] | None, actor: str | None) -> dict[str, Any] | None:
    """An event's payload as the applicant sees it: without what the company noted."""
    if payload is None:
        return None
    hidden = set() if actor == Actor.JOBSEEKER else {"note", "interviewer_id"}
    return {name: value for name, value in payload.items() if name not in hidden} or None
