"""What the service `job` tells of job posts, and what it answers about one."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol
from uuid import UUID

from hirehub.kernel.bus.facts import FactBody

Status = Literal["draft", "open", "closed"]


class JobCreated(FactBody):
    """A post is there, as a draft or open at once."""

    topic: ClassVar[str] = "job.created"
    key_field: ClassVar[str] = "job_id"

    job_id: UUID
    company_id: UUID
    status: Status


class JobUpdated(FactBody):
    """Fields of a post are different now; `status` is what it is after the change."""

    topic: ClassVar[str] = "job.updated"
    key_field: ClassVar[str] = "job_id"

    job_id: UUID
    updated_fields: tuple[str, ...]
    company_id: UUID
    status: Status
    job_title: str | None = None
    """What it is after the change; facts of older programs may lack it."""


@dataclass(frozen=True)
class Post:
    """A post as other services see it."""

    id: UUID
    company_id: UUID
    title: str
    status: str
    expires_at: datetime | None = None
    """When nobody can apply any more, though it may be a while until it is closed."""


@dataclass(frozen=True)
class PostText:
    """A post as it is held against resumes; `skills` are names with whether they are required."""

    id: UUID
    company_id: UUID
    version: int
    status: str
    title: str
    description: str | None = None
    requirements: str | None = None
    location: str | None = None
    job_type: str | None = None
    remote_type: str | None = None
    experience_min: int | None = None
    skills: tuple[tuple[str, bool], ...] = ()


class JobTexts(Protocol):
    """What posts say; the service `job` knows."""

    async def whole(self, job_id: UUID) -> PostText | None:
        """A post in any state, or None; ServiceUnavailable where nobody can tell."""
        ...


class Jobs(Protocol):
    """Posts; the service `job` knows them."""

    async def get(self, job_id: UUID) -> Post | None:
        """A post in any state, or None; ServiceUnavailable where nobody can tell."""
        ...
