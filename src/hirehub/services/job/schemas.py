"""Shapes of requests and answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticKnownError

from hirehub.kernel.http.shapes import AnswerBody, Line100, Line200, LongText, Moment, RequestBody, example
from hirehub.services.job.domain.posts import MOST_SALARY, MOST_YEARS
from hirehub.services.job.domain.skills import LONGEST, MOST_SKILLS, clean

JobType = Literal["full-time", "contract", "intern"]
Level = Literal["entry", "junior", "mid", "senior"]
RemoteType = Literal["onsite", "remote", "hybrid"]
Status = Literal["draft", "open", "closed"]
Sort = Literal["-posted_at", "posted_at", "-salary_max", "salary_min", "expires_at", "title"]
Category = Literal["language", "framework", "database", "cloud", "tool", "method", "soft", "domain"]
Years = Annotated[int, Field(ge=0, le=MOST_YEARS)]
Salary = Annotated[int, Field(ge=0, le=MOST_SALARY)]


def _short(name: str) -> str:
    """A name grows where composing it takes one of its letters apart."""
    if len(clean(name)) > LONGEST:
        raise PydanticKnownError("string_too_long", {"max_length": LONGEST})
    return name


SkillName = Annotated[Line100, AfterValidator(_short)]


class _Optional(RequestBody):
    description: LongText | None = None
    requirements: LongText | None = None
    job_type: JobType | None = None
    experience_level: Level | None = None
    experience_min: Years | None = None
    experience_max: Years | None = None
    salary_min: Salary | None = None
    salary_max: Salary | None = None
    location: Line200 | None = None
    remote_type: RemoteType | None = None
    expires_at: Annotated[Moment, Field(description="When the post closes by itself; not in the past.")] | None = None


class JobIn(_Optional):
    """A new post."""

    model_config = example(
        {
            "company_id": "0190a5a0-0000-7000-8000-000000000001",
            "title": "Cook",
            "description": "Cooks for forty guests.",
            "job_type": "full-time",
            "experience_min": 2,
            "salary_min": 40_000_000,
            "location": "Busan",
        }
    )

    company_id: UUID
    title: Line200


class JobChange(_Optional):
    """What changes; a field that is left out stays, null empties it. The title cannot be emptied."""

    model_config = example({"title": "Head cook", "experience_min": 5, "salary_max": None})

    title: Line200 = ""


class BroughtIn(_Optional):
    """A post out of a file. `reference` is its id where it comes from: it is brought once."""

    title: Line200
    reference: Line200 | None = None
    skills: Annotated[tuple[SkillName, ...], Field(max_length=MOST_SKILLS)] = ()


class JobOut(AnswerBody):
    """A post. Salaries are a year's, in the currency of the place of work."""

    id: UUID
    company_id: UUID
    title: str
    description: str | None
    requirements: str | None
    job_type: JobType | None
    experience_level: Level | None
    experience_min: int | None
    experience_max: int | None
    salary_min: int | None
    salary_max: int | None
    location: str | None
    remote_type: RemoteType | None
    status: Status
    views_count: int
    applies_count: int
    posted_at: datetime | None
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    """The number in the ETag: it rises with each change."""


class SkillIn(RequestBody):
    """A skill that the post asks for, by its name; `category` counts where the skill is new."""

    name: SkillName
    is_required: bool = True
    category: Category | None = None


class SkillsIn(RequestBody):
    """All skills that the post asks for."""

    model_config = example({"skills": [{"name": "Baking"}, {"name": "French", "is_required": False}]})

    skills: Annotated[list[SkillIn], Field(max_length=MOST_SKILLS)]


class JobSkillOut(AnswerBody):
    """A skill that a post asks for."""

    skill_id: UUID
    name: str
    category: Category | None
    is_required: bool


class SkillOut(AnswerBody):
    """A skill tag."""

    id: UUID
    name: str
    category: Category | None
