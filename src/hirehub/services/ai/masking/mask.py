"""Puts masks where personal data stood, and keeps where everything was.

Masks are `[이름]` in a Korean text and `[name]` in any other. Rules run until they find nothing more, so that masking
a masked text changes nothing; a mask is never part of what a rule finds.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Final

from hirehub.kernel.errors import LimitExceeded
from hirehub.services.ai.masking import normal
from hirehub.services.ai.masking.finding import BARRIER, ENGLISH, KOREAN, Finding, Kind
from hirehub.services.ai.masking.rules import find

MOST_CHARACTERS: Final = 2_000_000
"""More is no resume."""
MASK: Final = re.compile(
    r"\[(?:" + "|".join(re.escape(word) for word in sorted({*KOREAN.values(), *ENGLISH.values()})) + r")\]"
)
_HANGUL: Final = re.compile(r"[가-힣]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_NAMES: Final = frozenset({f"[{KOREAN[Kind.NAME]}]", f"[{ENGLISH[Kind.NAME]}]"})
_SHARE: Final = 0.2
"""Share of Hangul letters from which on a text is Korean."""


class TextTooLong(LimitExceeded):
    """A text with more characters than a resume has."""

    code = "text_too_long"


@dataclass(frozen=True)
class Masked:
    """A masked text, and what was taken out of the one that came."""

    text: str
    findings: tuple[Finding, ...]
    """In order, never overlapping; places are those of the text that came."""
    size: int
    """Characters of the text that came."""
    _shifts: tuple[tuple[int, int, int], ...] = field(repr=False, default=())
    """Of each mask its start and end in the masked text, and the end of what it stands for."""

    def original(self, place: int) -> int:
        """Where a character of the masked text stood; inside a mask, where what it stands for began."""
        at = bisect_right(self._shifts, place, key=lambda shift: shift[0]) - 1
        if at < 0:
            return place
        _start, end, behind = self._shifts[at]
        return self.findings[at].start if place < end else place - end + behind

    def masked(self, place: int) -> int:
        """Where a character of the text that came stands now; where its mask begins when it was taken out."""
        at = bisect_right(self.findings, place, key=lambda finding: finding.start) - 1
        if at < 0:
            return place
        start, end, behind = self._shifts[at]
        return start if place < behind else place - behind + end


def is_korean(text: str) -> bool:
    """Whether masks in this text are Korean words."""
    hangul = len(_HANGUL.findall(text))
    return hangul > _SHARE * (hangul + len(_LATIN.findall(text)))


def mask(text: str) -> Masked:
    """The text with a mask for all personal data that the rules know; TextTooLong from 2,000,000 characters on."""
    if len(text) > MOST_CHARACTERS:
        raise TextTooLong(
            f"the text has {len(text):,} characters, {MOST_CHARACTERS:,} are taken", hint="Send the resume alone."
        )
    words = KOREAN if is_korean(text) else ENGLISH
    now = Masked(text, (), len(text))
    while True:
        fresh = _look(now)
        if not fresh:
            return now
        now = _replaced(text, sorted([*now.findings, *fresh]), words)


def mask_pages(pages: Sequence[str]) -> tuple[Masked, tuple[Finding, ...]]:
    """Pages masked as one text, a line break between two, and the findings by page and place on it.

    What runs over a page's end is told by the page on which it begins.
    """
    starts = list(accumulate((len(page) + 1 for page in pages), initial=0))
    masked = mask("\n".join(pages))
    placed: list[Finding] = []
    for one in masked.findings:
        page = bisect_right(starts, one.start) - 1
        placed.append(replace(one, start=one.start - starts[page], end=one.end - starts[page], page=page))
    return masked, tuple(placed)


def _look(now: Masked) -> list[Finding]:
    """What the rules still find, by its place in the text that came; of two that overlap that of the earlier rule."""
    masks = list(MASK.finditer(now.text))
    named = any(match.group() in _NAMES for match in masks)
    text = _hidden(now.text, masks)
    reading = normal.read(text)
    taken = bytearray(len(text))
    kept: list[Finding] = []
    for one in find(reading.text, reading.cells, named=named):
        start, end = reading.span(one.start, one.end)
        if BARRIER in text[start:end] or 1 in taken[start:end]:
            continue
        taken[start:end] = b"\1" * (end - start)
        kept.append(Finding(now.original(start), now.original(end - 1) + 1, one.kind))
    return kept


def _hidden(text: str, masks: Iterable[re.Match[str]]) -> str:
    """The text with a barrier for each character of its masks, so that no rule matches one."""
    text = text.replace(BARRIER, " ")
    parts: list[str] = []
    at = 0
    for match in masks:
        parts += [text[at : match.start()], BARRIER * len(match.group())]
        at = match.end()
    return "".join([*parts, text[at:]])


def _replaced(text: str, findings: list[Finding], words: dict[Kind, str]) -> Masked:
    """The text with its masks."""
    parts: list[str] = []
    shifts: list[tuple[int, int, int]] = []
    at = length = 0
    for one in findings:
        word = f"[{words[one.kind]}]"
        parts += [text[at : one.start], word]
        length += one.start - at
        shifts.append((length, length + len(word), one.end))
        length += len(word)
        at = one.end
    return Masked("".join([*parts, text[at:]]), tuple(findings), len(text), tuple(shifts))
