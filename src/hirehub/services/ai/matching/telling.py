"""A scored pair as the fact that tells it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hirehub.contracts.match import (
    EvidenceTold,
    MatchCalculated,
    PostPlace,
    Reasoning,
    Replay,
    ResumePlace,
    Scores,
    WeightsTold,
)
from hirehub.kernel.bus.facts import MOST_BYTES
from hirehub.services.ai.profiles.resumes import ENTERED
from hirehub.services.ai.profiles.values import Other
from hirehub.services.ai.scoring.model import Evidence, Match, PostFacts, Weights
from hirehub.services.ai.scoring.reasoning import explain

_FIELD: Final = {"required": "requirements"}
_TRIMS: Final = ((5, 200, 400), (2, 100, 200), (1, 60, 120), (0, 40, 60))
"""Places an evidence, letters of its words, and pieces of evidence, until the fact is small enough."""


def calculated(own: Other, other: Other, match: Match, weights: Weights, at: datetime) -> MatchCalculated:
    """The fact; evidence that makes it too large loses places first, then words, then its tail."""
    for places, letters, pieces in _TRIMS:
        fact = _fact(own, other, match, weights, at, list(_told(match, places, letters))[:pieces])
        if len(fact.model_dump_json().encode()) <= MOST_BYTES:
            break
    return fact


def _fact(
    own: Other, other: Other, match: Match, weights: Weights, at: datetime, evidence: list[EvidenceTold]
) -> MatchCalculated:
    post, resume = (own, other) if isinstance(own.facts, PostFacts) else (other, own)
    return MatchCalculated(
        job_id=post.id,
        resume_id=resume.id,
        scores=Scores(
            overall=match.overall,
            skill=match.skill,
            experience=match.experience,
            culture=match.culture,
            low=match.low,
            high=match.high,
        ),
        user_id=resume.owner_id,
        company_id=post.owner_id,
        job_version=post.version,
        resume_version=resume.version,
        calculated_at=at,
        language=post.language,
        reasoning=Reasoning(ko=explain(match.evidence, "ko"), en=explain(match.evidence, "en")),
        evidence=tuple(evidence),
        weights=WeightsTold(skill=weights.skill, experience=weights.experience, culture=weights.culture),
        replay=Replay(
            resume=match.versions.resume,
            job=match.versions.post,
            weights=match.versions.weights,
            code=match.versions.code,
        ),
        job_title=post.title,
    )


def _told(match: Match, places: int, letters: int) -> Iterator[EvidenceTold]:
    for one in match.evidence:
        yield EvidenceTold(
            part=one.part,
            rule=one.rule,
            subject=one.subject[:letters],
            weight=one.weight,
            share=_rounded(one.share),
            words=one.words[:letters],
            post=tuple(
                PostPlace(field=_FIELD.get(span.part, span.part), start=span.start, end=span.end)
                for span in one.post_spans[:places]
            ),
            resume=tuple(
                ResumePlace(page=span.page, start=span.start, end=span.end)
                for span in [span for span in one.spans if span.page != ENTERED][:places]
            ),
            detail=one.detail,
            entered=_is_entered(one),
        )


def _is_entered(one: Evidence) -> bool:
    """Whether the resume shows it only because its owner has entered it."""
    return bool(one.spans) and all(span.page == ENTERED for span in one.spans)


def _rounded(share: Fraction) -> Decimal:
    return Decimal(round(share * 10_000)).scaleb(-4)
