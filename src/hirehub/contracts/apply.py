"""What the service `apply` tells of applications and interviews.

The company and the post's title are told along, so that a subscriber need not ask for them; facts of older programs
lack them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol
from uuid import UUID

from hirehub.contracts.match import Score
from hirehub.kernel.bus.facts import FactBody

Status = Literal[
    "submitted",
    "reviewing",
    "interview_scheduled",
    "interview_completed",
    "offered",
    "accepted",
    "rejected",
    "withdrawn",
]

InterviewType = Literal["phone", "video", "onsite", "assignment"]


class ApplicationSubmitted(FactBody):
    """Somebody applies for a post."""

    topic: ClassVar[str] = "application.submitted"
    key_field: ClassVar[str] = "application_id"

    application_id: UUID
    job_id: UUID
    user_id: UUID
    company_id: UUID | None = None
    resume_id: UUID | None = None
    job_title: str | None = None
    match_score: Score | None = None
    """How well post and resume match, where that was known."""


class ApplicationStatusChanged(FactBody):
    """An application is in another state."""

    topic: ClassVar[str] = "application.status_changed"
    key_field: ClassVar[str] = "application_id"

    application_id: UUID
    from_status: Status
    to_status: Status
    job_id: UUID
    user_id: UUID
    company_id: UUID | None = None
    job_title: str | None = None
    cancelled_interviews: tuple[UUID, ...] = ()
    """Interviews that were ahead and fall with the application's end; no fact of their own tells of them."""


class InterviewScheduled(FactBody):
    """An interview has its time, for the first time or anew."""

    topic: ClassVar[str] = "interview.scheduled"
    key_field: ClassVar[str] = "application_id"

    interview_id: UUID
    application_id: UUID
    scheduled_at: datetime
    job_id: UUID
    user_id: UUID
    company_id: UUID | None = None
    job_title: str | None = None
    time_zone: str | None = None
    """The zone in which people speak of that time, by its IANA name."""
    interview_type: InterviewType | None = None
    duration_minutes: int | None = None
    changed: bool = False
    """Whether it was told before, with another time, place, length or kind."""


class InterviewCancelled(FactBody):
    """An interview will not take place, and the application goes on."""

    topic: ClassVar[str] = "interview.cancelled"
    key_field: ClassVar[str] = "application_id"

    interview_id: UUID
    application_id: UUID
    scheduled_at: datetime
    """When it would have been."""
    job_id: UUID
    user_id: UUID
    company_id: UUID | None = None
    job_title: str | None = None
    time_zone: str | None = None
    interview_type: InterviewType | None = None


@dataclass(frozen=True)
class Interview:
    """An interview as it stands now, and where it takes place, in the company's words."""

    is_scheduled: bool
    scheduled_at: datetime
    time_zone: str
    interview_type: str
    duration_minutes: int
    location: str | None


class Interviews(Protocol):
    """Interviews; the service `apply` knows them.

    Their places are asked for and told by no fact: they are words for one person, and a fact stays where it is when
    that person is forgotten.
    """

    async def get(self, interview_id: UUID) -> Interview | None:
        """An interview in any state, or None; ServiceUnavailable where nobody can tell."""
        ...


class SentResumes(Protocol):
    """To whom resumes were sent; the service `apply` knows."""

    async def reached(self, resume_id: UUID, company_id: UUID) -> bool:
        """Whether somebody applies, or has applied, at the company with the resume and has not withdrawn that.

        ServiceUnavailable where nobody can tell.
        """
        ...
