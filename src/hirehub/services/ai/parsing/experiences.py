"""Jobs: every period of an experience section begins one; company and position are read from the lines around it.

Lines above a period belong to it only when they look like a job's head: short, no sentence, with a position, a
company or a separator. What is then left of the entry is its description.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hirehub.services.ai.parsing.dates import Dated, find_length, find_periods
from hirehub.services.ai.parsing.model import Experience
from hirehub.services.ai.parsing.pages import Line, Pages
from hirehub.services.ai.parsing.sections import Section
from hirehub.services.ai.parsing.titles import COMPANY, POSITION

MOST = 100
"""So many jobs are read of one resume."""

_PLACES = frozenset({"experience", "projects"})
_ELSEWHERE = frozenset({"education", "certificates", "training", "languages", "achievements", "personal", "activities"})
_LABELS = re.compile(
    r"(?P<company>회사명|회사|근무처|직장명|company|employer|organization)\s*[:：]\s*(?P<c>[^\n|,]{1,80})"
    r"|(?P<position>직위|직책|직급|직무|담당직무|포지션|title|position|job title|role)\s*[:：]\s*(?P<p>[^\n|,]{1,80})",
    re.IGNORECASE,
)
_PIECES = re.compile(r"\s+[|/·•@]\s+|\s*[|｜•]\s*|\s+[-–—]\s+|,\s+|\s+at\s+|\t+|\s{2,}|\s*[()]\s*")
_BULLET = re.compile(r"^\s*(?:[-*•·▪■◦ㆍ○●◆▶>]|\d+[.)])\s+")
_MARK = re.compile(r"\(주\)|주식회사\s*")
_EDGE = " \t\n,.:;|/-–—~()[]<>•·*#\u200b\ufeff"
_LONG_HEAD, _HEAD_WORDS, _ABOVE, _BELOW = 90, 12, 2, 4


@dataclass(frozen=True)
class _Head:
    """The head of a job: where it begins, its lines without the period, and where the description begins."""

    start: int
    pieces: tuple[str, ...]
    body: int


def find_experiences(pages: Pages, sections: list[Section], today: dt.date) -> list[Experience]:
    """The jobs in the order of the text."""
    found: list[Experience] = []
    for start, end in _stretches(pages, sections):
        text = pages.text[start:end]
        dated = [Dated(one.period, one.start + start, one.end + start) for one in find_periods(text, today)]
        heads: list[tuple[_Head, Dated]] = []
        floor = start
        for one in dated:
            if heads and one.start < heads[-1][0].body:
                continue
            heads.append((_head(pages, one, floor, end), one))
            floor = heads[-1][0].body
        for place, (head, one) in enumerate(heads):
            after = heads[place + 1][0].start if place + 1 < len(heads) else end
            found.append(_experience(pages, head, one, after))
    return found[:MOST]


def _stretches(pages: Pages, sections: list[Section]) -> Iterator[tuple[int, int]]:
    """Where jobs are looked for: the sections of experience; without any, all that is no other section."""
    named = [(one.start, one.end) for one in sections if one.kind == "experience"]
    if named:
        yield from named
        return
    at = 0
    for one in sections:
        if one.kind in _ELSEWHERE:
            if at < one.heading[0]:
                yield at, one.heading[0]
            at = one.end
    if at < len(pages.text):
        yield at, len(pages.text)


def _head(pages: Pages, dated: Dated, floor: int, end: int) -> _Head:
    """The lines around a period that belong to the head of its job."""
    text = pages.text
    first = text.rfind("\n", 0, dated.start) + 1
    last = text.find("\n", dated.end)
    last = end if last < 0 else min(last, end)
    beside = [text[max(first, floor) : dated.start], text[dated.end : last]]
    start = max(first, floor)
    above: list[str] = []
    for line in _above(pages, floor, start):
        if not _like_head(line.words) or len(above) == _ABOVE:
            break
        above.insert(0, line.words)
        start = line.start
    pieces = [piece for words in (*above, *beside) for piece in _split(words)]
    body = min(last + 1, end)
    below: list[str] = []
    for line in pages.lines(body, end):
        words = line.words.strip(_EDGE)
        if not words:
            continue
        if len(below) == _BELOW or not _like_head(line.words, below=True) or (_has_both(pieces) and not below):
            break
        below.append(words)
        pieces.extend(_split(words))
        body = line.end + 1
        if _has_both(pieces):
            break
    return _Head(start, tuple(pieces), min(body, end))


def _above(pages: Pages, floor: int, start: int) -> list[Line]:
    """The lines between, the nearest first; at most one blank one is passed over."""
    found, blanks = [], 0
    for line in reversed(list(pages.lines(max(floor, start - 400), start))):
        if line.start < floor or line.start >= start:
            continue
        if not line.words.strip(_EDGE):
            blanks += 1
            if blanks > 2:
                break
            continue
        found.append(line)
    return found


def _like_head(words: str, *, below: bool = False) -> bool:
    """Whether a line looks like part of a job's head and not like a sentence or a bullet."""
    plain = words.strip(_EDGE)
    if not plain or len(words) > _LONG_HEAD or len(plain.split()) > _HEAD_WORDS or _BULLET.match(words):
        return False
    if words.rstrip().endswith((".", ";", "다", "음", "함")):
        return False
    if below:
        return len(plain.split()) <= 6 and (
            POSITION.search(plain) is not None or COMPANY.search(plain) is not None or len(plain) <= 20
        )
    return POSITION.search(plain) is not None or COMPANY.search(plain) is not None or "|" in words


def _split(words: str) -> list[str]:
    return [piece for part in _PIECES.split(_MARK.sub("㈜", words)) if part and (piece := part.strip(_EDGE))]


def _has_both(pieces: list[str]) -> bool:
    return any(POSITION.search(one) for one in pieces) and any(COMPANY.search(one) for one in pieces)


def _experience(pages: Pages, head: _Head, dated: Dated, after: int) -> Experience:
    text = pages.text
    company, position = _labelled(text[head.start : after])
    position = position or next((one for one in head.pieces if POSITION.search(one) and len(one.split()) <= 8), None)
    company = company or next((one for one in head.pieces if COMPANY.search(one) and one != position), None)
    if company is None and position is not None:
        company = _other(head.pieces, position)
    body = text[min(head.body, after) : after].strip()
    line_end = text.find("\n", dated.end)
    beside = text[dated.end : min(line_end if line_end >= 0 else after, after, dated.end + 40)]
    trimmed = head.start + len(text[head.start : after].rstrip())
    return Experience(
        company=company.strip("㈜ ") if company else None,
        position=position,
        period=dated.period,
        months=find_length(beside),
        description=body,
        spans=pages.spans(head.start, max(trimmed, dated.end)),
    )


def _labelled(words: str) -> tuple[str | None, str | None]:
    """Company and position that stand behind a label."""
    company = position = None
    for match in _LABELS.finditer(words):
        company = company or (match["c"] and match["c"].strip(_EDGE)) or None
        position = position or (match["p"] and match["p"].strip(_EDGE)) or None
    return company, position


def _other(pieces: tuple[str, ...], position: str) -> str | None:
    """The one other piece of the head that can be a name, when there is exactly one."""
    names = {one for one in pieces if one != position and find_length(one) is None and any(map(str.isalpha, one))}
    return names.pop() if len(names) == 1 else None
