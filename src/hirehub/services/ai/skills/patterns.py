"""The taxonomy's spellings as two indexes: a trie of tokens, and Hangul names by their first two syllables.

A token is a run of Latin letters, a run of digits, a run of Hangul or one of + # &. So `java` is never part of
`javascript`, `React와` is two tokens, and `C++` three. What may stand between two tokens of a name is a short list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hirehub.services.ai.skills.taxonomy import Skill, Taxonomy

TOKEN = re.compile(r"([가-힣]+|[a-z]+|[0-9]+|[+#&])")
JOINTS = frozenset(
    {"", " ", "  ", "-", ".", "/", "_", "·", "\n", " \n", "\t", " / ", "\u00a0", "\u2010", "\u2011", "'", "\u2019"}
)
"""What may stand between two tokens of one name."""

_JOINED = 6
"""A name of several words is also found written as one, when it has so many letters: springboot, reactnative."""


@dataclass(frozen=True)
class Spelling:
    """One way to write a skill. `dotted`: a point must stand before it, as in .NET."""

    skill: Skill
    text: str
    by_name: bool
    dotted: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether it is a word of everyday language too."""
        return self.text in self.skill.near

    @property
    def exact(self) -> bool:
        """Whether its case matters: that of several words together is no accident."""
        return self.skill.exact and len(TOKEN.findall(self.text.lower())) == 1

    @property
    def single(self) -> bool:
        """Whether it is one letter, which needs the narrowest bounds."""
        return len(self.text) == 1


@dataclass
class Node:
    """A place in the trie: the tokens that may follow, and the spellings that end here."""

    after: dict[str, "Node"] = field(default_factory=dict)
    ends: list[Spelling] = field(default_factory=list)
    hangul: bool = False
    """Whether a token that may follow is Hangul, which can carry a particle."""


@dataclass(frozen=True)
class HangulName:
    """A name in Hangul without its blanks; `blanks` are the places where one may stand."""

    joined: str
    blanks: frozenset[int]
    spelling: Spelling


@dataclass
class Patterns:
    """Both indexes."""

    trie: dict[str, Node] = field(default_factory=dict)
    hangul: dict[str, list[HangulName]] = field(default_factory=dict)


def compile_patterns(taxonomy: Taxonomy) -> Patterns:
    """The indexes of every spelling that is looked for in text."""
    found = Patterns()
    for skill in taxonomy.skills.values():
        for text in skill.spellings:
            spelling = Spelling(skill, text, by_name=text == skill.name, dotted=text.startswith("."))
            if _all_hangul(text):
                _add_hangul(found, spelling)
            else:
                for tokens in _forms(text):
                    _add_tokens(found, tokens, spelling)
    for names in found.hangul.values():
        names.sort(key=lambda name: (-len(name.joined), name.joined))
    return found


def _all_hangul(text: str) -> bool:
    return all("가" <= letter <= "힣" or letter == " " for letter in text)


def _forms(text: str) -> Iterator[tuple[str, ...]]:
    """The tokens of a spelling; and for words of Latin letters alone, the same written as one."""
    tokens = tuple(TOKEN.findall(text.lower()))
    if tokens:
        yield tokens
    joined = "".join(tokens)
    if len(tokens) > 1 and len(joined) >= _JOINED and joined.isascii() and joined.isalpha():
        yield (joined,)


def _add_tokens(found: Patterns, tokens: tuple[str, ...], spelling: Spelling) -> None:
    node = found.trie.setdefault(tokens[0], Node())
    for token in tokens[1:]:
        node.hangul = node.hangul or "가" <= token[0] <= "힣"
        node = node.after.setdefault(token, Node())
    node.ends.append(spelling)


def _add_hangul(found: Patterns, spelling: Spelling) -> None:
    words = spelling.text.split()
    joined = "".join(words)
    blanks, length = set(), 0
    for word in words[:-1]:
        length += len(word)
        blanks.add(length)
    if len(joined) >= 2:
        name = HangulName(joined, frozenset(blanks), spelling)
        found.hangul.setdefault(joined[:2], []).append(name)
