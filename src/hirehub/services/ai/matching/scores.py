"""Exact scores of a post or a resume against its candidates, the best of them first."""

from collections.abc import Collection, Sequence
from uuid import UUID

from hirehub.services.ai.profiles.values import Bounds, Other
from hirehub.services.ai.scoring.model import Language, Match, PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.scorer import numbers, score

Scored = tuple[Other, Match]


def best(
    own: Other, others: Sequence[Other], weights: Weights, *, bounds: Bounds, known: Collection[UUID]
) -> list[Scored]:
    """The candidates that are worth telling, best first, and those that were told before, as they are now.

    A pair of which nothing can be compared is told only where it was told before. Evidence is made for these alone.
    """
    found = [(numbers(*_sides(own, other)[:2], weights), other) for other in others]
    ranked = sorted(found, key=lambda pair: (pair[0].rank, pair[1].id))
    kept, told = [], 0
    for known_of, other in ranked:
        if other.id in known or (known_of.overall is not None and told < bounds.told):
            resume, post, language = _sides(own, other)
            kept.append((other, score(resume, post, weights, language=language)))
            told += 1
    return kept


def _sides(own: Other, other: Other) -> tuple[ResumeFacts, PostFacts, Language]:
    """The facts of the resume and of the post, and the language of the post."""
    resume, post = (other, own) if isinstance(own.facts, PostFacts) else (own, other)
    assert isinstance(resume.facts, ResumeFacts)  # noqa: S101 - the other side of a post is a resume
    assert isinstance(post.facts, PostFacts)  # noqa: S101 - and the other way round
    return resume.facts, post.facts, post.language
