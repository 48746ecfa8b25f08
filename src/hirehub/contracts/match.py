"""What `ai` tells of scores, and `match` of recommendations. A part that could not be computed is null, never 0."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from hirehub.kernel.bus.facts import FactBody

Score = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=5, decimal_places=4)]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Scores(_Value):
    """A post held against a resume: 0 to 100 with two decimals. `low` to `high` is where the overall score would lie if
    what is unknown were known; a known one has `low` = `high`.
    """

    overall: Score | None
    skill: Score | None
    experience: Score | None
    culture: Score | None
    low: Score | None = None
    high: Score | None = None


class PostPlace(_Value):
    """Letters `start` to `end` of a field of the post.

    The field `skills` is the names of its skills as `/jobs/{id}/skills` lists them, a line each.
    """

    field: str
    start: int
    end: int


class ResumePlace(_Value):
    """Letters `start` to `end` of a page of the masked text, the first page being 1.

    The page begins at `parsed_content.page_starts[page - 1]` of `masked_content`.
    """

    page: int
    start: int
    end: int


class EvidenceTold(_Value):
    """One finding: the rule, its weight inside the part, the share of it that is met, and where both sides say so.

    No `resume` place: the resume does not show it, or its owner has entered it by hand (`entered`).
    """

    part: Literal["skill", "experience", "culture"]
    rule: str
    subject: str
    weight: int
    share: Share
    words: str
    """The post's."""
    post: tuple[PostPlace, ...] = ()
    resume: tuple[ResumePlace, ...] = ()
    detail: tuple[str | int, ...] = ()
    entered: bool = False


class WeightsTold(_Value):
    """How much each part counted."""

    skill: int
    experience: int
    culture: int


class Replay(_Value):
    """SHA-256 (hex) of all that the numbers depend on: equal hashes, equal numbers."""

    resume: Hash
    job: Hash
    weights: Hash
    code: Hash


class Reasoning(_Value):
    """The evidence in words."""

    ko: str
    en: str


class MatchCalculated(FactBody):
    """A post and a resume were held against each other, in those versions of theirs, at that moment.

    A result of older versions never takes the place of one of newer ones; of equal versions the later one counts.
    """

    topic: ClassVar[str] = "match.calculated"
    key_field: ClassVar[str] = "pair"

    job_id: UUID
    resume_id: UUID
    scores: Scores
    user_id: UUID
    """Whose resume it is."""
    company_id: UUID
    """Whose post it is."""
    job_version: int
    resume_version: int
    calculated_at: datetime
    language: Literal["ko", "en"]
    """Of the post."""
    reasoning: Reasoning
    evidence: tuple[EvidenceTold, ...]
    weights: WeightsTold
    replay: Replay
    job_title: str | None = None
    """The post's, in that version of it; facts of older programs lack it."""

    @property
    def pair(self) -> str:
        """Results of one pair are worked in their order."""
        return f"{self.job_id}:{self.resume_id}"


class MatchRecommended(FactBody):
    """A post fits a person well enough to tell them."""

    topic: ClassVar[str] = "match.recommended"
    key_field: ClassVar[str] = "user_id"

    user_id: UUID
    job_id: UUID
    score: Score
    resume_id: UUID | None = None
    job_title: str | None = None
    """The post's when it was recommended; facts of older programs lack it."""


class Matches(Protocol):
    """Scores of pairs; the service `match` knows them."""

    async def overall(self, *, job_id: UUID, resume_id: UUID) -> Decimal | None:
        """The overall score, 0 to 100; None where there is none yet. ServiceUnavailable where nobody can tell."""
        ...
