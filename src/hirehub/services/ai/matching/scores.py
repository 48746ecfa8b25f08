"""Exact scores of a post or a resume against its candidates, the best of them first."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from hirehub.services.ai.profiles.values import Bounds, Other
from hirehub.services.ai.scoring.model import Match, PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.scorer import score

Scored = tuple[Other, Match]


def best(
    own: Other, others: Sequence[Other], weights: Weights, *, bounds: Bounds, known: Collection[UUID]
) -> list[Scored]:
    """The candidates that are worth telling, best first, and those that were told before, as they are now.

    A pair of which nothing can be compared is told only where it was told before.
    """
    ranked = sorted(_scored(own, others, weights), key=lambda pair: (pair[1].rank, pair[0].id))
    told, kept = 0, []
    for other, match in ranked:
        is_new = match.overall is not None and told < bounds.told
        if is_new or other.id in known:
            kept.append((other, match))
            told += 1
    return kept


def _scored(own: Other, others: Sequence[Other], weights: Weights) -> Iterator[Scored]:
    for other in others:
        if isinstance(own.facts, PostFacts):
            assert isinstance(other.facts, ResumeFacts)  # noqa: S101 - the other side of a post is a resume
            yield other, score(other.facts, own.facts, weights, language=own.language)
        else:
            assert isinstance(other.facts, PostFacts)  # noqa: S101 - and the other way round
            yield other, score(own.facts, other.facts, weights, language=other.language)
