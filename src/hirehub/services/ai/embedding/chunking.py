"""Cuts a long text into pieces that a model takes whole.

A piece ends where a paragraph, a line, a sentence or a word does, whichever comes first in that order; only a word that
is too long by itself is cut. How much of a model a text fills is estimated: the tokenizer is not loaded for it.
"""

import re
from collections.abc import Iterator
from typing import Final

PIECE: Final = 250
"""Tokens that a piece may fill by the estimate: the default model takes 256, two of them for the ends of a text."""
MOST: Final = 64
"""Pieces that one text may give; what stands behind them is left out."""

_HANGUL_FIRST, _HANGUL_LAST, _FINALS = 0xAC00, 0xD7A3, 28
_WORD: Final = re.compile(r"[A-Za-z]+|[0-9]+|[^\sA-Za-z0-9]")
_BREAKS: Final = (
    re.compile(r"\n[^\S\n]*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"(?<=[.!?。！？])[\"'”’)\]]*\s+"),
    re.compile(r"\s+"),
)
"""Between paragraphs, lines, sentences, words."""
_Span = tuple[int, int]


def chunks(text: str, *, tokens: int = PIECE, most: int = MOST) -> list[str]:
    """The text's pieces in order, each at most so many tokens by the estimate; none for a text of blanks."""
    found: list[str] = []
    for start, end in _joined(text, _units(text, (0, len(text)), tokens, 0), tokens):
        if len(found) == most:
            break
        piece = text[start:end].strip()
        if piece:
            found.append(piece)
    return found


def weight(text: str) -> int:
    """About how many tokens a text fills, rather more than fewer."""
    return sum(_cost(match.group()) for match in _WORD.finditer(text))


def _cost(word: str) -> int:
    """Of a Latin word, a number, or any other letter; one of Hangul is as many tokens as it has sounds."""
    first = ord(word[0])
    if first < 0x80:
        return 1 + (len(word) // 8 if word[0] > "9" else (len(word) - 1) // 4)
    if _HANGUL_FIRST <= first <= _HANGUL_LAST:
        return 3 if (first - _HANGUL_FIRST) % _FINALS else 2
    return 1


def _units(text: str, span: _Span, tokens: int, depth: int) -> Iterator[tuple[_Span, int]]:
    """Spans that fit, with their weight."""
    cost = weight(text[span[0] : span[1]])
    if cost <= tokens:
        yield span, cost
        return
    if depth == len(_BREAKS):
        yield from _letters(text, span, tokens)
        return
    at = span[0]
    for match in _BREAKS[depth].finditer(text, *span):
        if match.start() > at:
            yield from _units(text, (at, match.start()), tokens, depth + 1)
        at = match.end()
    if at < span[1]:
        yield from _units(text, (at, span[1]), tokens, depth + 1)


def _letters(text: str, span: _Span, tokens: int) -> Iterator[tuple[_Span, int]]:
    """A word too long by itself, by the letter: each counts as one that stands alone."""
    at, filled = span[0], 0
    for place in range(*span):
        cost = _cost(text[place])
        if place > at and filled + cost > tokens:
            yield (at, place), filled
            at, filled = place, 0
        filled += cost
    yield (at, span[1]), filled


def _joined(text: str, units: Iterator[tuple[_Span, int]], tokens: int) -> Iterator[_Span]:
    """Neighbours put together while they fit; a paragraph that begins past the half of a piece begins a new one."""
    begin, end, filled = 0, 0, 0
    for (start, stop), cost in units:
        fits = filled + cost <= tokens and (filled * 2 <= tokens or not _BREAKS[0].fullmatch(text, end, start))
        if filled and not fits:
            yield begin, end
            filled = 0
        if not filled:
            begin = start
        end, filled = stop, filled + cost
    if filled:
        yield begin, end
