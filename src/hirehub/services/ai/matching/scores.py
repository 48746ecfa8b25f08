"""Exact scores of a post or a resume against its candidates, the best of them first."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from hirehub.services.ai.profiles.values import Bounds, Other
from hirehub.services.ai.scoring.model import Language, Match, Numbers, PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.scorer import numbers, score

Scored = tuple[Other, Match]


def best(
    own: Other, others: Sequence[Other], weights: Weights, *, bounds: Bounds, known: Mapping[UUID, str]
) -> list[Scored]:
    """The candidates that are worth telling, best first, and those that were told before and are different now.

    `known` says what was told before. A pair of which nothing can be compared is told only where it was told before.
    The best pairs of a post are told again also with the same numbers, as the places of its words may have moved.
    """
    found = [(numbers(*_sides(own, other)[:2], weights), other) for other in others]
    ranked = sorted(found, key=lambda pair: (pair[0].rank, pair[1].id))
    is_post, kept = isinstance(own.facts, PostFacts), []
    for place, (known_of, other) in enumerate(ranked):
        is_same = known.get(other.id) == said(known_of) and not (is_post and place < bounds.told)
        is_best = known_of.overall is not None and place < bounds.told
        if not is_same and (is_best or other.id in known):
            resume, post, language = _sides(own, other)
            kept.append((other, score(resume, post, weights, language=language)))
    return kept


def said(found: Numbers) -> str:
    """The numbers of a pair in a line."""
    told = (found.overall, found.skill, found.experience, found.culture, found.low, found.high)
    return " ".join("-" if one is None else str(one) for one in told)


def _sides(own: Other, other: Other) -> tuple[ResumeFacts, PostFacts, Language]:
    """The facts of the resume and of the post, and the language of the post."""
    resume, post = (other, own) if isinstance(own.facts, PostFacts) else (own, other)
    assert isinstance(resume.facts, ResumeFacts)  # noqa: S101 - the other side of a post is a resume
    assert isinstance(post.facts, PostFacts)  # noqa: S101 - and the other way round
    return resume.facts, post.facts, post.language
