"""What the service `apply` tells of applications and interviews.

The company and the post's title are told along, so that a subscriber need not ask for them; facts of older programs
lack them.
"""

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


class SentResumes(Protocol):
    """To whom resumes were sent; the service `apply` knows."""

    async def reached(self, resume_id: UUID, company_id: UUID) -> bool:
        """Whether somebody applies, or has applied, at the company with the resume and has not withdrawn that.

        ServiceUnavailable where nobody can tell.
        """
        ...
