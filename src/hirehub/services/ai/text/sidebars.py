"""Columns that share their lines, told from tables and dates in the margin by the headings that both of them have.

Such columns stand between lines that run across the page, each stretch with or without them. The lines of one begin
at about the same place, and most of them are neither headings, labels nor dates: those stand beside what they name.
Columns that go on behind a page need no headings there.
"""

import itertools
import re
from dataclasses import dataclass
from typing import Final

from hirehub.services.ai.parsing.headings import heading_kind
from hirehub.services.ai.text.runs import SAME_PLACE, Line, Run, joined, lines_of, places

_GAP: Final = 3.0
"""Points between a gutter and the column behind it."""
_FEWEST: Final = 3
"""Lines that a column has at least."""
_MANY: Final = 8
"""Lines from which a left column may have headings that nobody knows."""
_FILLED: Final = 0.75
"""Share of the lines down such a column that it has text in: what stands beside entries leaves gaps."""
_STRIP: Final = 2.5
"""Height of an empty strip below columns, in lines: a table may follow."""
_INDENT: Final = 40.0
"""Points by which bullets and what they wrap are set in."""
_ALIGNED: Final = 0.6
"""Share of a column's lines that begin at its place or are set in."""
_MARGIN: Final = 0.7
"""Share of headings, labels and dates from which lines are a margin and no column."""
_NESTED: Final = 3
"""How often a column may have columns itself."""
_HEAD: Final = 5
"""Lines at most that name the person."""
_TALL: Final = 1.5
"""How much taller than the page's text a name is."""
_DATE: Final = re.compile(
    r"(?=\D*\d)(?:[\s\d.,/~(){}'’:|–—-]|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|present|current|now|today|to|since|until|years?|yrs?"
    r"|months?|mos?\b|[년월일개현재중])+",
    re.IGNORECASE,
)
_LONGEST_DATE: Final = 50


@dataclass
class _Stretch:
    """Lines between two that run across, in their order on the page: what comes before, beside, and behind."""

    before: list[Line]
    left: list[Run]
    right: list[Run]
    behind: list[Line]
    score: int


def read(
    runs: list[Run], width: float, known: float | None = None, *, nested: int = _NESTED
) -> tuple[list[str], float] | None:
    """The lines of text of a page or a column `width` points wide, and where the right column begins.

    `known` is that place on the page before. None where no columns have headings of their own.
    """
    lines = lines_of(runs)
    best: tuple[int, list[_Stretch | Line], float] | None = None
    for place in places(lines, 0.15 * width, 0.85 * width) if nested else ():
        pieces = _pieces(lines, place, headed=known is None or abs(place - known) > SAME_PLACE)
        score = sum(piece.score for piece in pieces if isinstance(piece, _Stretch))
        if score and (best is None or score > best[0]):
            best = (score, pieces, place)
    return None if best is None else ([text for piece in best[1] for text in _texts(piece, width, nested)], best[2])


def _texts(piece: "_Stretch | Line", width: float, nested: int) -> list[str]:
    """The lines of text of a piece of the page."""
    if not isinstance(piece, _Stretch):
        return [joined(piece)]
    found = [joined(line) for line in piece.before]
    for side in (piece.left, piece.right):
        inner = read(side, width, nested=nested - 1)
        found += [joined(line) for line in lines_of(side)] if inner is None else inner[0]
    return found + [joined(line) for line in piece.behind]


def _pieces(lines: list[Line], place: float, *, headed: bool) -> "list[_Stretch | Line]":
    """The page with columns wherever a stretch has them, and single lines everywhere else."""
    gutter = place - _GAP
    found: list[_Stretch | Line] = []
    band: list[Line] = []
    for line in [*lines, None]:
        if line is not None and not any(run.left < gutter < run.right for run in line):
            band.append(line)
            continue
        stretch = _stretch(band, place, headed=headed, closed=line is not None)
        found += band if stretch is None else [stretch]
        band = []
        if line is not None:
            found.append(line)
    return found


def _stretch(band: list[Line], place: float, *, headed: bool, closed: bool) -> _Stretch | None:
    """A band as columns, None where it has none (`headed`: without headings of their own).

    `closed` where a line that runs across follows.
    """
    rights = [[run for run in line if run.left >= place - _GAP] for line in band]
    lefts = [line[: len(line) - len(right)] for line, right in zip(band, rights, strict=True)]
    begun = [at for at, right in enumerate(rights) if right and right[0].left - place <= _INDENT]
    if len(begun) < _FEWEST:
        return None
    first, last = _extent(band, lefts, rights, begun, place)
    if (closed or last < len(band)) and not rights[last - 1] and _is_heading(lefts[last - 1]):
        last -= 1
    left = [line for line in lefts[first:last] if line]
    right = [line for line in rights[first:last] if line]
    if sum(first <= at < last for at in begun) < max(_FEWEST, _ALIGNED * len(right)):
        return None
    if not (
        _is_column(right, headed=headed) and _is_column(left, headed=headed and not _vouched(lefts[first:last], right))
    ):
        return None
    exact = sum(abs(line[0].left - place) <= SAME_PLACE for line in right)
    head = _head(lefts[first:last], rights[first:last])
    taken = {id(run) for line in head for run in line}
    return _Stretch(
        before=[*band[:first], *head],
        left=[run for line in left for run in line],
        right=[run for line in right for run in line if id(run) not in taken],
        behind=band[last:],
        score=exact + min(len(left), len(right)),
    )


def _extent(band: list[Line], lefts: list[Line], rights: list[Line], begun: list[int], place: float) -> tuple[int, int]:
    """The first line of the columns in a band, and the one behind their last."""
    heads = [at for at in range(len(band)) if _is_heading(lefts[at]) or _is_heading(rights[at])]
    first = next(
        (at for at in begun if abs(rights[at][0].left - place) <= SAME_PLACE or _is_heading(rights[at])), begun[0]
    )
    while first and not rights[first - 1]:
        first -= 1
    last = begun[-1] + 1
    while last < len(band) and not rights[last]:
        last += 1
    steps = sorted(before[0].top - line[0].top for before, line in itertools.pairwise(band))
    strip = _STRIP * steps[len(steps) // 2]
    for at in range(max(heads[-1] if heads else last, first) + 1, begun[-1] + 1):
        if band[at - 1][0].top - band[at][0].top > strip:
            return first, at
    return first, last


def _vouched(lefts: list[Line], right: list[Line]) -> bool:
    """Whether a left column whose headings nobody knows is one: long, without gaps, beside one with many headings."""
    filled = [at for at, line in enumerate(lefts) if line]
    if len(filled) < _MANY or sum(map(_is_heading, right)) < 2:
        return False
    return len(filled) >= _FILLED * (filled[-1] - filled[0] + 1)


def _is_column(lines: list[Line], *, headed: bool) -> bool:
    """Whether lines are a column: one is a heading, where it must be `headed`, and most say more than a margin does."""
    if len(lines) < _FEWEST:
        return False
    headings = sum(map(_is_heading, lines))
    beside = sum(_is_beside(joined(line)) for line in lines)
    return headings >= headed and headings + beside <= _MARGIN * len(lines)


def _is_heading(line: Line) -> bool:
    """Whether each piece of a line opens a section."""
    return bool(line) and all(heading_kind(run.text.strip()) is not None for run in line)


def _is_beside(text: str) -> bool:
    """Whether a text is a date or a label, as they stand beside what they name."""
    text = text.strip()
    if text.endswith((":", "：")):
        return heading_kind(text) is None
    return len(text) <= _LONGEST_DATE and _DATE.fullmatch(text) is not None


def _head(lefts: list[Line], rights: list[Line]) -> list[Line]:
    """The lines at the top of the right column that name the person, above the left column or in tall letters.

    They go as far as the first heading, which follows soon.
    """
    heights = sorted(run.height for line in [*lefts, *rights] for run in line)
    tall = _TALL * heights[len(heights) // 2]
    found: list[Line] = []
    first = next((line for line in lefts if line), [])
    for right in filter(None, rights):
        if _is_heading(right):
            named = found and (found[0][0].bottom >= first[0].top or max(run.height for run in found[0]) >= tall)
            return found if named else []
        if len(found) == _HEAD:
            break
        found.append(right)
    return []
