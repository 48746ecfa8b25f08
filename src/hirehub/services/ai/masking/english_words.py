"""What the rules for English names know: how a name is written, and the word lists of `words/english.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_LETTERS: Final = r"[^\W\d_a-zㄱ-ㅎ가-힣][^\W\d_ㄱ-ㅎ가-힣]{0,40}"
WORD: Final = rf"{_LETTERS}(?:['’.-]{_LETTERS}|-[a-z]{{1,20}}){{0,3}}"
"""Behind a hyphen also small letters, as Korean names are written."""
NAME: Final = rf"{WORD}(?:(?:(?<=[A-Z])\.)? (?:(?:van|von|de|der|den|da|di|del|la|le|al|bin|ibn|el) )*{WORD}){{0,3}}"


@dataclass(frozen=True)
class Words:
    """Lists in small letters, but for `given`."""

    given: frozenset[str]
    """Frequent given names."""
    words: frozenset[str]
    """Capitalised words that are no part of a name."""
    also_given: frozenset[str]
    """Given names that are words too: they count at the head of a resume alone."""
    surnames: frozenset[str]
    """Korean surnames as they are romanised."""
    occupations: frozenset[str]
    beside: frozenset[str]
    """Words that stand before an occupation."""
    firms: frozenset[str]
    """Companies that are called as persons are, a hyphen between their words."""
    titles: frozenset[str]
    """Words that the heading of a resume is made of."""


@cache
def load() -> Words:
    """The lists of the package."""
    text = files("hirehub.services.ai.masking").joinpath("words/english.toml").read_text("utf-8")
    return Words(**{name: frozenset(words.split()) for name, words in tomllib.loads(text).items()})


def plain(part: str) -> str:
    """A word as the lists have it."""
    return part.strip(".,'’").lower()


def no_names(name: str) -> bool:
    """Whether a part of what looks like a name is a word that none has."""
    words = load().words
    return any(plain(part) in words for part in re.split(r"[ -]", name))


def begins_occupation(parts: list[str]) -> bool:
    """Whether these words begin with an occupation of at most four, as `Senior Software Engineer`."""
    lists = load()
    for part in parts[:4]:
        word = plain(part)
        if word in lists.occupations:
            return True
        if word not in lists.beside and word not in lists.words:
            return False
    return False
