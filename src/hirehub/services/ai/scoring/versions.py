"""Hashes of all that a score depends on, so that it can be told a year later whether it can be replayed as it was."""

import dataclasses
import hashlib
import json
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files

from hirehub.services.ai.scoring.model import PostFacts, ResumeFacts, Versions, Weights
from hirehub.services.ai.scoring.views import Remembered
from hirehub.services.ai.skills.taxonomy import Taxonomy
from hirehub.services.ai.work.table import load_work_words

_RULES = {
    "hirehub.services.ai.scoring": ("model.py", "parts.py", "ranking.py", "scorer.py", "versions.py", "views.py"),
    "hirehub.services.ai.work": ("reader.py", "stems.py", "table.py"),
}
"""The files whose words make the numbers, by package."""


def versions(resume: ResumeFacts, post: PostFacts, weights: Weights, taxonomy: Taxonomy) -> Versions:
    """The four hashes. Fields are named in the hashed text, so that a new field changes it."""
    return Versions(digest(resume), digest(post), digest(weights), _code(taxonomy))


def digest(value: ResumeFacts | PostFacts | Weights) -> str:
    """The SHA-256 (hex) of facts or weights."""
    return _DIGESTS.of(value)


@lru_cache(maxsize=4)
def _code(taxonomy: Taxonomy) -> str:
    return hashlib.sha256(f"{taxonomy.version}\n{load_work_words().version}\n{_rules()}".encode()).hexdigest()


def _digest(value: ResumeFacts | PostFacts | Weights) -> str:
    plain = dataclasses.asdict(value)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_exact)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_DIGESTS: Remembered[ResumeFacts | PostFacts | Weights, str] = Remembered(_digest, 4096)


def _exact(value: object) -> str:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise TypeError(f"{type(value).__name__} has no exact text")


@cache
def _rules() -> str:
    found = hashlib.sha256()
    for package, names in _RULES.items():
        for name in names:
            found.update((files(package) / name).read_bytes())
    return found.hexdigest()
