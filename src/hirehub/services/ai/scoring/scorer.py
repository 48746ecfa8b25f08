"""The score: three parts, their mean, the range over what is unknown, the evidence and its words."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from hirehub.services.ai.scoring.model import Language, Match, Part, PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.parts import culture_evidence, experience_evidence, mean, skill_evidence
from hirehub.services.ai.scoring.ranking import bounds, overall, rank_key
from hirehub.services.ai.scoring.reasoning import explain
from hirehub.services.ai.scoring.versions import versions
from hirehub.services.ai.skills.taxonomy import Taxonomy, load_taxonomy


def score(
    resume: ResumeFacts, post: PostFacts, weights: Weights, *, language: Language, taxonomy: Taxonomy | None = None
) -> Match:
    """How well the resume fits the post. The same facts give the same numbers to the bit; the language only words."""
    known = taxonomy or load_taxonomy()
    evidence = (
        *skill_evidence(resume, post, known),
        *experience_evidence(resume, post, known),
        *culture_evidence(resume, post),
    )
    parts: dict[Part, Fraction | None] = {
        "skill": mean(one for one in evidence if one.part == "skill"),
        "experience": mean(one for one in evidence if one.part == "experience"),
        "culture": mean(one for one in evidence if one.part == "culture"),
    }
    low, high = bounds(parts, weights)
    return Match(
        skill=points(parts["skill"]),
        experience=points(parts["experience"]),
        culture=points(parts["culture"]),
        overall=points(overall(parts, weights)),
        low=rounded(low),
        high=rounded(high),
        evidence=evidence,
        reasoning=explain(evidence, language),
        versions=versions(resume, post, weights, known),
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
