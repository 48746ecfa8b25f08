"""Shapes of requests and answers."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from hirehub.contracts.apply import InterviewType, Status
from hirehub.kernel.http.shapes import AnswerBody, Line100, Line500, LongText, Moment, RequestBody, example
from hirehub.services.apply.domain.applications import MOST_AT_ONCE
from hirehub.services.apply.domain.interviews import HERE, MOST_MINUTES

Note = Annotated[LongText, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000)]
Minutes = Annotated[int, Field(ge=1, le=MOST_MINUTES)]
InterviewStatus = Literal["scheduled", "completed", "cancelled"]
EventType = Literal[
    "status_changed", "interview_scheduled", "feedback_added", "interview_completed", "interview_cancelled"
]


class ApplicationIn(RequestBody):
    """An application for a post, with a resume of one's own."""

    model_config = example(
        {
            "job_id": "0190a5a0-0000-7000-8000-000000000001",
            "resume_id": "0190a5a0-0000-7000-8000-000000000002",
            "cover_letter": "I cook.",
        }
    )

    job_id: UUID
    resume_id: UUID
    cover_letter: LongText | None = None


class ApplicationOut(AnswerBody):
    """An application. `pending_...` tell the company alone of a rejection that is held; null for everybody else.

    `scheduled_interviews` is 0 where an application that is interview_scheduled waits for another time: no state leads
    back from there when an interview is cancelled.
    """

    id: UUID
    job_id: UUID
    company_id: UUID
    job_title: str
    user_id: UUID
    resume_id: UUID
    cover_letter: str | None
    status: Status
    match_score: float | None
    applied_at: datetime
    updated_at: datetime
    pending_status: Status | None
    pending_until: datetime | None
    scheduled_interviews: int


class SentOut(AnswerBody):
    """A resume, and a company that it was sent to."""

    resume_id: UUID
    company_id: UUID


class Decision(RequestBody):
    """The state that an application is to have. A company's note is seen by the company alone."""

    model_config = example({"to_status": "reviewing", "note": "Looks good."})

    to_status: Status
    note: Note | None = None


class Decisions(Decision):
    """The same for several applications."""

    model_config = example({"ids": ["0190a5a0-0000-7000-8000-000000000001"], "to_status": "reviewing"})

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Outcome(AnswerBody):
    """What has become of one of several applications; `code` and `detail` say why nothing has."""

    id: UUID
    done: bool
    status: Status | None = None
    pending_status: Status | None = None
    code: str | None = None
    detail: str | None = None


class Outcomes(AnswerBody):
    """One outcome for each id, in the order in which they were sent."""

    items: list[Outcome]


class NoteIn(RequestBody):
    """A company's note."""

    model_config = example({"note": "Call on Monday."})

    note: Note


class EventOut(AnswerBody):
    """An event; `number` is its place in the history. Who acted for the company is told to the company alone."""

    id: UUID
    number: int
    event_type: EventType
    from_status: Status | None
    to_status: Status | None
    actor_id: UUID | None
    actor_type: Literal["jobseeker", "company", "system"] | None
    payload: dict[str, Any] | None
    created_at: datetime


class InterviewIn(RequestBody):
    """An interview; `time_zone` is the IANA name of the zone in which people speak of its time."""

    model_config = example(
        {
            "interview_type": "video",
            "scheduled_at": "2030-03-04T10:00:00+09:00",
            "time_zone": "Asia/Seoul",
            "duration_minutes": 45,
        }
    )

    interview_type: InterviewType
    scheduled_at: Moment
    time_zone: Line100 = HERE
    duration_minutes: Minutes = 60
    location: Line500 | None = None
    interviewer_id: UUID | None = None


class InterviewChange(RequestBody):
    """What changes; a field that is left out stays. Null empties location, feedback and interviewer_id alone."""

    model_config = example({"scheduled_at": "2030-03-05T10:00:00+09:00", "location": "Second floor"})

    interview_type: InterviewType = "video"
    scheduled_at: Moment = datetime.min.replace(tzinfo=UTC)
    time_zone: Line100 = HERE
    duration_minutes: Minutes = 60
    location: Line500 | None = None
    interviewer_id: UUID | None = None
    feedback: Note | None = None
    status: Literal["completed", "cancelled"] = "completed"


class InterviewOut(AnswerBody):
    """An interview. Feedback and interviewer are told to the company alone."""

    id: UUID
    application_id: UUID
    interview_type: InterviewType
    scheduled_at: datetime
    time_zone: str
    duration_minutes: int
    location: str | None
    status: InterviewStatus
    feedback: str | None
    interviewer_id: UUID | None
    created_at: datetime
    updated_at: datetime


class ConflictOut(AnswerBody):
    """Another interview at the same time, of the applicant or of the interviewer.

    A company learns no more than that the applicant is busy where the other interview is not its own.
    """

    reason: Literal["applicant", "interviewer"]
    interview_id: UUID | None
    application_id: UUID | None


class InterviewTold(InterviewOut):
    """An interview, and what else is at the same time."""

    conflicts: list[ConflictOut]
