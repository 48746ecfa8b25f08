"""What `ai` tells of scores, and `match` of recommendations. A part that could not be computed is null, never 0."""

from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from hirehub.kernel.bus.facts import FactBody

Score = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]


class Scores(BaseModel):
    """A post held against a resume: 0 to 100 with two decimals."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    overall: Score | None
    skill: Score | None
    experience: Score | None
    culture: Score | None


class MatchCalculated(FactBody):
    """A post and a resume were held against each other."""

    topic: ClassVar[str] = "match.calculated"
    key_field: ClassVar[str] = "pair"

    job_id: UUID
    resume_id: UUID
    scores: Scores

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
