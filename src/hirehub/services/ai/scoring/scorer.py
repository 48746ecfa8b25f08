"""The score: three parts, their mean, the range over what is unknown, the evidence and its words."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache

from hirehub.services.ai.scoring.findings import evidence
from hirehub.services.ai.scoring.model import Language, Match, Numbers, PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.parts import Finding, findings, means
from hirehub.services.ai.scoring.ranking import bounds, overall, rank_key
from hirehub.services.ai.scoring.reasoning import explain
from hirehub.services.ai.scoring.versions import versions
from hirehub.services.ai.scoring.views import PostView, Remembered, ResumeView, post_view, resume_view
from hirehub.services.ai.skills.taxonomy import Taxonomy, load_taxonomy

REMEMBERED = 2048
"""So many views of resumes, and so many of posts, are kept."""


@lru_cache(maxsize=4)
def _views(taxonomy: Taxonomy) -> tuple[Remembered[ResumeFacts, ResumeView], Remembered[PostFacts, PostView]]:
    return (
        Remembered(lambda facts: resume_view(facts, taxonomy), REMEMBERED),
        Remembered(lambda facts: post_view(facts, taxonomy), REMEMBERED),
    )


def numbers(resume: ResumeFacts, post: PostFacts, weights: Weights, *, taxonomy: Taxonomy | None = None) -> Numbers:
    """The numbers of `score` without evidence and words: for the many pairs of which few are kept."""
    resumes, posts = _views(taxonomy or load_taxonomy())
    return _numbers(findings(resumes.of(resume), posts.of(post)), weights)


def score(
    resume: ResumeFacts, post: PostFacts, weights: Weights, *, language: Language, taxonomy: Taxonomy | None = None
) -> Match:
    """How well the resume fits the post. The same facts give the same numbers to the bit; the language only words."""
    known = taxonomy or load_taxonomy()
    resumes, posts = _views(known)
    mine, theirs = resumes.of(resume), posts.of(post)
    found = findings(mine, theirs)
    told = _numbers(found, weights)
    cited = tuple(evidence(found, mine, theirs))
    return Match(
        **vars(told),
        evidence=cited,
        reasoning=explain(cited, language),
        versions=versions(resume, post, weights, known),
    )


def _numbers(found: Sequence[Finding], weights: Weights) -> Numbers:
    parts = means(found)
    low, high = bounds(parts, weights)
    return Numbers(
        skill=points(parts["skill"]),
        experience=points(parts["experience"]),
        culture=points(parts["culture"]),
        overall=points(overall(parts, weights)),
        low=rounded(low),
        high=rounded(high),
        rank=rank_key(parts, weights),
    )


def points(share: Fraction | None) -> Decimal | None:
    """A share as 0 to 100 with two decimals; None stays None."""
    return None if share is None else rounded(share)


def rounded(share: Fraction) -> Decimal:
    """A share as 0 to 100 with two decimals, half to even, by whole numbers alone."""
    scaled = share * 10_000
    whole = round(scaled)
    return Decimal(whole).scaleb(-2).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
