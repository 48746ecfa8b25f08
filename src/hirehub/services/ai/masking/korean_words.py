"""The word lists of the rules for Korean names, read once: `words/korean.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Words:
    """Surnames, syllables of given names, and words that only look like names."""

    common: frozenset[str]
    """Surnames that are met every day, by one syllable."""
    rare: frozenset[str]
    """Others that the census counts; they say nothing without a word that announces a name."""
    double: frozenset[str]
    first: frozenset[str]
    last: frozenset[str]
    plain: frozenset[str]
    """Surnames that hardly any other word of three syllables begins with."""
    strong_first: frozenset[str]
    """Syllables of given names that begin few other words, and those that end few."""
    strong_last: frozenset[str]
    given: frozenset[str]
    """Given names so frequent that a surname before them suffices."""
    words: frozenset[str]
    """Words, or their first three syllables, that begin as a name does."""


@cache
def load() -> Words:
    """The lists of the package."""
    text = files("hirehub.services.ai.masking").joinpath("words/korean.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    syllables = {
        name: frozenset("".join(lists[name].split()))
        for name in ("common", "rare", "first", "last", "plain", "strong_first", "strong_last")
    }
    return Words(**syllables, **{name: frozenset(lists[name].split()) for name in ("double", "given", "words")})
