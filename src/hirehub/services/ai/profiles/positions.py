"""A position in words of work alone: what a line says beside them, such as a company's name, is left out."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from hirehub.services.ai.parsing.titles import POSITION
from hirehub.services.ai.skills.finder import load_finder
from hirehub.services.ai.work.reader import load_reader

_TOKEN: Final = re.compile(r"[^\s,/|·•–—()\[\]]+")
_BREAK: Final = re.compile(r"[^\s/.]")
_UNIT: Final = re.compile(r"(?<=[가-힣A-Za-z])(?:팀|파트|본부|센터|부서)")
_BESIDE: Final = re.compile(
    r"(?:and|of|for|in|the|&|sr|jr|senior|junior|vice|deputy|acting|i{1,3}|iv|[1-3])\.?|신입|경력|겸|및",
    re.IGNORECASE,
)
"""Words that say nothing by themselves."""
_AROUND: Final = re.compile(
    r"^(?:(?:and|of|for|in|the|&|겸|및)\s+)+|(?:\s+(?:and|of|for|in|the|&|겸|및))+$", re.IGNORECASE
)
_SLASH: Final = re.compile(r"\s*/\s*")
_WHOLE: Final = re.compile(r"[^A-Za-z].+[^A-Za-z]", re.DOTALL)
_LONGEST: Final = 100


def plain_position(position: str, names: Iterable[str]) -> str | None:
    """The longest run of words that are known to be of work, with one for a position; None without one.

    `names` are those of companies and schools of the same resume: they are no part of it.
    """
    for name in sorted(names, key=len, reverse=True):
        position = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "|", position, flags=re.IGNORECASE)
    runs = [position[start:end] for start, end in _runs(position)]
    said = [_AROUND.sub("", _SLASH.sub("/", " ".join(run.split()))) for run in runs if _names_position(run)]
    return max(said, key=len)[:_LONGEST] if said else None


def _names_position(run: str) -> bool:
    """Whether a word of it is a position, and not only letters inside of a longer word."""
    return any(_WHOLE.fullmatch(f" {run} "[one.start() : one.end() + 2]) for one in POSITION.finditer(run))


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where known words stand beside each other, with no more than blanks or a slash between."""
    known = _known(text)
    start = end = None
    for token in _TOKEN.finditer(text):
        at, after = token.span()
        while after > at and text[after - 1] in ".;:":
            after -= 1
        is_known = all(known[at:after]) or _BESIDE.fullmatch(text, at, after)
        if start is not None and end is not None and (not is_known or _BREAK.search(text, end, at)):
            yield start, end
            start = None
        if is_known:
            start, end = at if start is None else start, after
    if start is not None and end is not None:
        yield start, end


def _known(text: str) -> list[bool]:
    """Of each letter whether it belongs to a word of work, a position or a skill, or is a sign inside of a word."""
    known = [letter in "-'’&" for letter in text]
    places = [match.span() for pattern in (POSITION, _UNIT) for match in pattern.finditer(text)]
    places += [(one.start, one.end) for one in load_reader().find(text)]
    places += [(one.start, one.end) for one in load_finder().find(text)]
    for start, end in places:
        known[start:end] = [True] * (end - start)
    return known
