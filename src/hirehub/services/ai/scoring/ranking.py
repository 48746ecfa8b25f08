"""The order of matches: what is not known never lifts one above another that is known to be as good.

The key is the low end of the range (unknown parts as 0), the highest first, then the weight of what is unknown, the
least first. So of two matches that agree in all that is known of both, the one that is known better comes first, and
a person who says more is never behind the same person saying less.
"""

from collections.abc import Mapping
from fractions import Fraction

from hirehub.services.ai.scoring.model import PARTS, Part, Weights


def rank_key(parts: Mapping[Part, Fraction | None], weights: Weights) -> tuple[Fraction, Fraction]:
    """Sorts ascending, the best first. Shares of 0 to 1 by part, None where unknown."""
    whole = sum(weights.of(part) for part in PARTS)
    unknown = sum(weights.of(part) for part in PARTS if parts[part] is None)
    return -bounds(parts, weights)[0], Fraction(unknown, whole)


def bounds(parts: Mapping[Part, Fraction | None], weights: Weights) -> tuple[Fraction, Fraction]:
    """The overall share if all that is unknown were 0, and if it were 1."""
    whole = sum(weights.of(part) for part in PARTS)
    low = sum((value * weights.of(part) for part, value in parts.items() if value is not None), Fraction()) / whole
    unknown = Fraction(sum(weights.of(part) for part in PARTS if parts[part] is None), whole)
    return low, low + unknown


def overall(parts: Mapping[Part, Fraction | None], weights: Weights) -> Fraction | None:
    """The weighted mean of the known parts; None when none with a weight is known."""
    known = [(value, weights.of(part)) for part, value in parts.items() if value is not None]
    weight = sum(one for _, one in known)
    return sum((value * one for value, one in known), Fraction()) / weight if weight else None
