"""What parsing gives: values, each with the place that it was read from."""

from dataclasses import dataclass, field
from typing import Literal

Proficiency = Literal["beginner", "intermediate", "advanced", "expert"]
WorkForm = Literal["full-time", "contract", "intern", "part-time", "freelance"]
Remote = Literal["onsite", "remote", "hybrid"]
PostPart = Literal[
    "title",
    "description",
    "tasks",
    "required",
    "preferred",
    "benefits",
    "location",
    "skills",
    "experience_min",
    "job_type",
    "remote_type",
]
"""A stretch of a post's text, or a field that says one thing in a word or a number (the last four)."""


@dataclass(frozen=True, order=True)
class Span:
    """A place in a resume: letters `start` to `end` of the text of a page, the first page being 1."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, order=True)
class PostSpan:
    """A place in a post: letters `start` to `end` of the text of a part."""

    part: PostPart
    start: int
    end: int


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. As a number it counts months, so that the difference of two is a duration."""

    year: int
    month: int

    @property
    def number(self) -> int:
        """Months since the year 0."""
        return self.year * 12 + self.month - 1

    @classmethod
    def of(cls, number: int) -> "Month":
        """The month of that number."""
        return cls(number // 12, number % 12 + 1)


@dataclass(frozen=True)
class Period:
    """From `start` up to, not including, `end`. No end: it goes on (`is_current`), or the end is not said.

    `exact` is false where only years are given: then each stands for its middle, the first of July.
    """

    start: Month
    end: Month | None
    is_current: bool
    exact: bool = True


@dataclass(frozen=True)
class Experience:
    """A job. `months` is what the text states as its length, when it does."""

    company: str | None
    position: str | None
    period: Period | None
    months: int | None
    description: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class ResumeSkill:
    """A skill and every place that shows it; proficiency and years only where they are stated."""

    name: str
    proficiency: Proficiency | None
    years: int | None
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Education:
    """A time at a school."""

    school: str | None
    degree: str | None
    major: str | None
    start: Month | None
    end: Month | None
    is_current: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class SpokenLanguage:
    """A language that a person speaks, with the level or the test that the text states."""

    name: str
    level: str | None
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Wish:
    """What a resume states of the work that is looked for."""

    value: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Resume:
    """A resume as read. `months` counts overlapping jobs once; `stated_months` is the text's own sum."""

    experiences: tuple[Experience, ...] = ()
    skills: tuple[ResumeSkill, ...] = ()
    educations: tuple[Education, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    sections: tuple[tuple[str, Span], ...] = ()
    months: int | None = None
    stated_months: int | None = None
    stated_span: Span | None = None
    work_form: Wish | None = None
    remote: Wish | None = None
    place: Wish | None = None


@dataclass(frozen=True)
class PostSkill:
    """A skill that a post asks for, and where."""

    name: str
    preferred: bool
    spans: tuple[PostSpan, ...]


@dataclass(frozen=True)
class Asked:
    """A value that a post states, and where."""

    value: str
    span: PostSpan


@dataclass(frozen=True)
class AskedYears:
    """The years that a post asks for; 0 where it takes beginners."""

    least: int | None
    most: int | None
    span: PostSpan


@dataclass(frozen=True)
class Post:
    """A post as read."""

    skills: tuple[PostSkill, ...] = ()
    years: AskedYears | None = None
    work_form: Asked | None = None
    remote: Asked | None = None
    place: Asked | None = None
    languages: tuple[Asked, ...] = field(default=())
