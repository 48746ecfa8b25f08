"""Shapes of requests and answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from hirehub.contracts.match import EvidenceTold, Reasoning, Replay, WeightsTold
from hirehub.kernel.http.shapes import AnswerBody, RequestBody, example

FeedbackType = Literal["helpful", "not_helpful", "hired", "rejected"]


class MatchOut(AnswerBody):
    """How a post and a resume match, 0 to 100; null is what could not be computed, never 0.

    `low_score` to `high_score` is where the overall score would lie if what is unknown were known. Lists sort by
    `low_score`, not by `overall_score`.
    """

    id: UUID
    job_id: UUID
    resume_id: UUID
    user_id: UUID
    company_id: UUID
    overall_score: Annotated[float | None, Field(description="The mean of what is known; no list sorts by it.")]
    skill_score: float | None
    experience_score: float | None
    culture_score: float | None
    low_score: Annotated[
        float | None,
        Field(description="The overall score if all that is unknown were 0; lists sort by it, the highest first."),
    ]
    high_score: Annotated[
        float | None,
        Field(
            description="The overall score if all that is unknown were 100; of equal low scores the lower one is first."
        ),
    ]
    is_recommended: bool
    job_version: int
    resume_version: int
    calculated_at: datetime
    created_at: datetime
    updated_at: datetime


class EvidenceOut(EvidenceTold):
    """A finding: the rule, its weight inside the part, the share of it that is met, and where both sides say so."""

    share: float  # type: ignore[assignment]  # a number for callers; the fact has it exactly


class Breakdown(AnswerBody):
    """What a score is made of, and the hashes of all that it depends on: equal hashes, equal numbers."""

    model_config = ConfigDict(from_attributes=True, frozen=True, extra="ignore")

    language: Literal["ko", "en"]
    weights: WeightsTold
    evidence: list[EvidenceOut]
    reasoning: Reasoning
    replay: Replay


class MatchWhole(MatchOut):
    """A match with its evidence; `ai_reasoning` says it in words, in the language of Accept-Language."""

    score_breakdown: Breakdown | None
    ai_reasoning: str | None


class FeedbackIn(RequestBody):
    """What the caller says of a match; `hired` and `rejected` are the company's to say."""

    model_config = example({"feedback_type": "helpful"})

    feedback_type: FeedbackType


class FeedbackOut(AnswerBody):
    """What the caller says of a match."""

    id: UUID
    match_id: UUID
    feedback_type: FeedbackType
    feedback_by: UUID
    created_at: datetime
