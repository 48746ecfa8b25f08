"""A resume's pages as one text, so that rules need not know where a page ends, and the way back to page and place."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hirehub.kernel.errors import Invalid
from hirehub.services.ai.parsing.model import Span

MOST_LETTERS = 2_000_000
"""Longer than the longest resume by far."""


_BLANKS = re.compile(r"(\s{39})\s")


def bounded(text: str) -> str:
    """The same text with every fortieth blank in a row taken by a NUL, so that no rule walks long blanks over and over.

    The length stays, and so does every place.
    """
    return _BLANKS.sub("\\1\0", text)


def unbounded(text: str) -> str:
    """Words of such a text with their blanks again: no database takes a NUL."""
    return text.replace("\0", " ")


class TextTooLong(Invalid):
    """A text with more letters than are read."""

    code = "text_too_long"


@dataclass(frozen=True)
class Line:
    """A line of the text: `text[start:end]` without its line end, and the same stripped."""

    start: int
    end: int
    words: str


class Pages:
    """Pages in a row, parted by a line end. Page numbers are the caller's."""

    def __init__(self, pages: Sequence[tuple[int, str]]) -> None:
        self.text = bounded("\n".join(text for _, text in pages))
        if len(self.text) > MOST_LETTERS:
            raise TextTooLong(
                f"the text has {len(self.text):,} letters; at most {MOST_LETTERS:,} are read", hint="Shorten it."
            )
        self._numbers = [number for number, _ in pages]
        starts = [0]
        for _, text in pages:
            starts.append(starts[-1] + len(text) + 1)
        self._bounds = list(pairwise(starts))
        self._starts = starts[:-1]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The place of `text[start:end]`, one span a page that it touches."""
        found = []
        for at in range(max(bisect_right(self._starts, start) - 1, 0), len(self._bounds)):
            begin, after = self._bounds[at]
            if begin >= end:
                break
            first, last = max(start, begin), min(end, after - 1)
            if first < last:
                found.append(Span(self._numbers[at], first - begin, last - begin))
        return tuple(found)

    def lines(self, start: int = 0, end: int | None = None) -> Iterator[Line]:
        """The lines that begin between `start` and `end`."""
        stop = len(self.text) if end is None else end
        while start < stop:
            after = self.text.find("\n", start)
            after = len(self.text) if after < 0 else after
            yield Line(start, after, self.text[start:after].strip())
            start = after + 1
