"""What a score is made of and what it says."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from hirehub.kernel.errors import Invalid
from hirehub.services.ai.parsing.model import PostPart, PostSpan, Span

Part = Literal["skill", "experience", "culture"]
Language = Literal["ko", "en"]
PARTS: tuple[Part, ...] = ("skill", "experience", "culture")
Rule = Literal[
    "skill_named",
    "skill_listed",
    "skill_implied",
    "skill_missing",
    "work_words",
    "years",
    "relevance",
    "role",
    "headline",
    "latest",
    "work_form",
    "remote",
    "place",
    "languages",
]


class BadWeights(Invalid):
    """Weights that make no mean."""

    code = "bad_weights"


@dataclass(frozen=True)
class Weights:
    """How much each part counts: whole numbers from 0 to 1,000, one of them at least above 0."""

    skill: int = 50
    experience: int = 35
    culture: int = 15

    def __post_init__(self) -> None:
        values = (self.skill, self.experience, self.culture)
        if any(not 0 <= one <= 1000 for one in values) or not any(values):
            raise BadWeights("weights are whole numbers from 0 to 1,000, and one is above 0", hint="Correct them.")

    def of(self, part: Part) -> int:
        """The weight of a part."""
        return {"skill": self.skill, "experience": self.experience, "culture": self.culture}[part]


@dataclass(frozen=True)
class SkillFact:
    """A skill of a resume and where it shows. `listed`: it is named, but in no text of a job or a project."""

    name: str
    spans: tuple[Span, ...]
    listed: bool = False


@dataclass(frozen=True)
class JobFact:
    """A job as the scorer sees it: months (numbers since the year 0, half-open), the skills of its text, its place.

    `role` are the words of work in its position: form, page, start, end.
    """

    start: int
    end: int
    skills: tuple[str, ...]
    spans: tuple[Span, ...]
    role: tuple[tuple[str, int, int, int], ...] = ()


@dataclass(frozen=True)
class Stated:
    """A word of a closed list that a resume states, and where."""

    value: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class ResumeFacts:
    """All that the scorer may know of a resume. There is no field for a name, an age, a school or a face.

    `work` are the words of work in the texts of its jobs: form, how often, and the first place (page, start, end).
    `headline` are those of its headline that its jobs use too: form, page, start, end.
    """

    skills: tuple[SkillFact, ...] = ()
    jobs: tuple[JobFact, ...] = ()
    stated_months: int | None = None
    stated_spans: tuple[Span, ...] = ()
    work_form: Stated | None = None
    remote: Stated | None = None
    place: Stated | None = None
    languages: tuple[Stated, ...] = ()
    work: tuple[tuple[str, int, int, int, int], ...] = ()
    headline: tuple[tuple[str, int, int, int], ...] = ()


@dataclass(frozen=True)
class AskedSkill:
    """A skill that a post asks for, in its words."""

    name: str
    preferred: bool
    words: str
    spans: tuple[PostSpan, ...]


@dataclass(frozen=True)
class Wanted:
    """A value that a post states, in its words: a work form, a kind of remote work, a region, a language."""

    value: str
    words: str
    span: PostSpan


@dataclass(frozen=True)
class WantedYears:
    """The least years that a post asks for, in its words."""

    least: int
    words: str
    span: PostSpan


@dataclass(frozen=True)
class PostFacts:
    """All that the scorer knows of a post.

    `role` are the words of work in its title (form, the post's word, start, end), `work` those of all that it says of
    the work (form, the post's word, how often, and the first place: part, start, end).
    """

    skills: tuple[AskedSkill, ...] = ()
    years: WantedYears | None = None
    work_form: Wanted | None = None
    remote: Wanted | None = None
    place: Wanted | None = None
    languages: tuple[Wanted, ...] = ()
    role: tuple[tuple[str, str, int, int], ...] = ()
    work: tuple[tuple[str, str, int, PostPart, int, int], ...] = ()


@dataclass(frozen=True)
class Evidence:
    """One finding: the rule, what it is about, its weight inside the part and the share of it that is met, 0 to 1.

    `words` are the post's, `spans` the resume's. `detail` are the numbers or the name that the sentence needs.
    """

    part: Part
    rule: Rule
    subject: str
    weight: int
    share: Fraction
    words: str
    post_spans: tuple[PostSpan, ...]
    spans: tuple[Span, ...]
    detail: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Versions:
    """SHA-256 (hex) of all that a score depends on: equal hashes, equal numbers."""

    resume: str
    post: str
    weights: str
    code: str


@dataclass(frozen=True)
class Numbers:
    """A score: 0 to 100 with two decimals a part, None where it has no data; `low` and `high` tell the range."""

    skill: Decimal | None
    experience: Decimal | None
    culture: Decimal | None
    overall: Decimal | None
    low: Decimal
    high: Decimal
    rank: tuple[Fraction, Fraction]
    """Sorts matches, the best first: see ranking.py."""


@dataclass(frozen=True)
class Match(Numbers):
    """A score with what it rests on, in findings and in words."""

    evidence: tuple[Evidence, ...]
    reasoning: str
    versions: Versions
