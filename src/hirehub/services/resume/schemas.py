"""Shapes of requests and answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, computed_field, model_validator

from hirehub.kernel.http.shapes import AnswerBody, Line100, Line200, LongText, RequestBody, example
from hirehub.services.resume.domain.reasons import reason_in_words
from hirehub.services.resume.domain.resumes import MOST_ENTRIES, MOST_LETTERS

Kind = Literal["pdf", "docx", "txt", "hwpx", "hwp"]
Status = Literal["processing", "ready", "error"]
Proficiency = Literal["beginner", "intermediate", "advanced", "expert"]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]


class ResumeOut(AnswerBody):
    """A resume. `status_reason` is the code of what went wrong, `status_message` says it in the caller's language;
    `version` is the number that its ETag carries.
    """

    id: UUID
    user_id: UUID
    title: str | None
    original_file_name: str | None
    file_type: Kind | None
    file_bytes: int | None
    is_primary: bool
    status: Status
    status_reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @computed_field  # type: ignore[prop-decorator]  # as pydantic documents it
    @property
    def status_message(self) -> str | None:
        """Why it could not be read."""
        return reason_in_words(self.status_reason)


class UploadedOut(ResumeOut):
    """A resume that was uploaded; `duplicate_of` is the earlier one of the same bytes."""

    duplicate_of: UUID | None = None


class ResumeWhole(ResumeOut):
    """A resume with what was read in it: personal data is masked."""

    masked_content: str | None
    parsed_content: dict[str, Any] | None
    ai_summary: str | None


class ResumeChange(RequestBody):
    """Another title; null for none."""

    model_config = example({"title": "For restaurants"})

    title: Line200 | None


class _Period(RequestBody):
    start_date: Day | None = None
    end_date: Day | None = None
    is_current: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "_Period":
        if self.start_date and self.end_date and self.start_date > self.end_date:
            raise ValueError("start_date is after end_date")
        return self


class Experience(_Period):
    """A job that somebody had."""

    company_name: Line200 | None = None
    position: Line100 | None = None
    description: LongText | None = None


class Skill(RequestBody):
    """What somebody can do."""

    skill_name: Line100
    proficiency: Proficiency | None = None
    years: Annotated[int, Field(ge=0, le=80)] | None = None


class Education(_Period):
    """Where somebody has learnt."""

    school_name: Line200 | None = None
    degree: Line100 | None = None
    major: Line100 | None = None


ReadId = Annotated[UUID | None, Field(description="As it was read; the rows that are stored have new ones.")]


class ExperienceIn(Experience):
    """A job as it was read, or another."""

    id: ReadId = None


class ResumeSkillIn(Skill):
    """A skill as it was read, or another."""

    id: ReadId = None


class EducationIn(Education):
    """An education as it was read, or another."""

    id: ReadId = None


class ExperiencesIn(RequestBody):
    """All jobs of a resume."""

    model_config = example(
        {"experiences": [{"company_name": "Lumen", "position": "Cook", "start_date": "2019-03-01", "is_current": True}]}
    )

    experiences: Annotated[list[ExperienceIn], Field(max_length=MOST_ENTRIES)]

    @model_validator(mode="after")
    def _together(self) -> "ExperiencesIn":
        if sum(len(one.description or "") for one in self.experiences) > MOST_LETTERS:
            raise ValueError(f"the descriptions may have {MOST_LETTERS:,} letters together")
        return self


class ResumeSkillsIn(RequestBody):
    """All skills of a resume."""

    model_config = example({"skills": [{"skill_name": "Baking", "proficiency": "expert", "years": 5}]})

    skills: Annotated[list[ResumeSkillIn], Field(max_length=MOST_ENTRIES)]


class EducationsIn(RequestBody):
    """All educations of a resume."""

    model_config = example({"educations": [{"degree": "Diploma", "major": "Cookery", "end_date": "2018-02-28"}]})

    educations: Annotated[list[EducationIn], Field(max_length=MOST_ENTRIES)]


class ExperienceOut(Experience):
    """A job that somebody had."""

    id: UUID


class ResumeSkillOut(Skill):
    """What somebody can do."""

    id: UUID


class EducationOut(Education):
    """Where somebody has learnt."""

    id: UUID


Component = Annotated[float, Field(ge=-3.4e38, le=3.4e38, allow_inf_nan=False)]
"""Of a vector: a float of four bytes holds no more."""


class Chunk(RequestBody):
    """A piece of the masked text, with its vector where a model is there."""

    text: LongText
    vector: Annotated[list[Component], Field(min_length=1, max_length=16_000)] | None = None


class ChunksIn(RequestBody):
    """All pieces of a resume's masked text."""

    model_config = example({"chunks": [{"text": "Backend engineer, 2019 to 2023", "vector": None}]})

    chunks: Annotated[list[Chunk], Field(max_length=2_000)]


class OutcomeIn(RequestBody):
    """How the work on a resume has ended, as the service `ai` says."""

    model_config = example(
        {
            "status": "ready",
            "masked_content": "Cook at [NAME]",
            "skills": [{"skill_name": "Baking"}],
            "masked": {"email": 1},
        }
    )

    status: Literal["ready", "error"]
    reason: Line100 | None = None
    masked_content: Annotated[str, Field(max_length=2_000_000)] | None = None
    parsed_content: dict[str, Any] | None = None
    ai_summary: LongText | None = None
    experiences: Annotated[list[Experience], Field(max_length=MOST_ENTRIES)] = Field(default_factory=list)
    skills: Annotated[list[Skill], Field(max_length=MOST_ENTRIES)] = Field(default_factory=list)
    educations: Annotated[list[Education], Field(max_length=MOST_ENTRIES)] = Field(default_factory=list)
    masked: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
