"""Reading order of a page out of where its pieces stand: lines from the top, and columns one after the other.

A page has columns where a gutter runs down between pieces on both sides that do not share their lines, or that are
both wide. Dates at the right end of a line are narrow and share it: they stay in their line.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Place: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left corner."""
_SAME_LINE: Final = 0.5
"""Share of the lower height that two pieces of one line have in common."""
_FEWEST: Final = 4
"""Lines that a column has at least."""
_NARROW: Final = 0.14
"""Share of the page below which a column is no column of its own."""
_WIDE: Final = 0.3
"""Share from which pieces that share their lines are columns too."""
_GUTTER: Final = 6.0
"""Points between two columns."""


@dataclass
class Run:
    """Characters that follow each other on a line."""

    left: float
    bottom: float
    right: float
    top: float
    first: str
    blank: bool = False
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts.append(self.first)

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(self.parts)

    @property
    def height(self) -> float:
        """Points, never none."""
        return max(self.top - self.bottom, 1.0)

    def goes_on(self, place: Place, jump: float) -> bool:
        """Whether a character at a place belongs to this run."""
        left, bottom, _right, top = place
        middle = (bottom + top) / 2
        near = max(self.height, top - bottom)
        return -near < left - self.right < jump * near and self.bottom - near < middle < self.top + near / 2

    def add(self, character: str, place: Place, space: float) -> None:
        """Adds a character, with a blank before it where there is one or a gap."""
        left, bottom, right, top = place
        if self.blank or left - self.right > space * max(self.height, top - bottom):
            self.parts.append(" ")
        self.blank = False
        self.parts.append(character)
        self.left, self.bottom = min(self.left, left), min(self.bottom, bottom)
        self.right, self.top = max(self.right, right), max(self.top, top)


def ordered(runs: list[Run], width: float) -> str:
    """The text of a page `width` points wide, its pieces in reading order."""
    lines = _lines(runs)
    gutter = _gutter(lines, width)
    if gutter is None:
        return "\n".join(map(_joined, lines))
    found: list[str] = []
    band: list[Run] = []
    for line in lines:
        if any(run.left < gutter < run.right for run in line):
            found += _band(band, gutter)
            band = []
            found.append(_joined(line))
        else:
            band += line
    return "\n".join([*found, *_band(band, gutter)])


def _band(runs: list[Run], gutter: float) -> list[str]:
    """The lines of a piece of the page with two columns: those on the left, then those on the right."""
    left = [run for run in runs if run.right <= gutter]
    right = [run for run in runs if run.left >= gutter]
    return [*map(_joined, _lines(left)), *map(_joined, _lines(right))]


def _lines(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs in lines from the top, each from the left."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.top, run.left)):
        for line in reversed(lines[-3:]):
            common = min(line[0].top, run.top) - max(line[0].bottom, run.bottom)
            if common > _SAME_LINE * min(line[0].height, run.height):
                line.append(run)
                break
        else:
            lines.append([run])
    for line in lines:
        line.sort(key=lambda run: (run.left, run.right))
    return lines


def _joined(line: list[Run]) -> str:
    """A line's text: blanks between near pieces, a tab between far ones."""
    parts = [line[0].text]
    for before, run in itertools.pairwise(line):
        gap = run.left - before.right
        parts.append("" if gap < 0.1 * run.height else "\t" if gap > 2 * run.height else " ")
        parts.append(run.text)
    return "".join(parts)


def _gutter(lines: list[list[Run]], width: float) -> float | None:
    """Where a gutter runs down the page, None where there is no second column."""
    best: tuple[int, float] | None = None
    for place in sorted({run.left for line in lines for run in line if 0.15 * width < run.left < 0.8 * width}):
        gutter = place - _GUTTER / 2
        left, right, shared, crossed = _sides(lines, gutter)
        if min(len(left), len(right)) < _FEWEST or crossed * 2 > len(lines):
            continue
        narrow = min(_typical(left), _typical(right)) / max(width, 1.0)
        alone = shared <= 0.6 * min(len(left), len(right))
        if narrow >= (_NARROW if alone else _WIDE):
            score = min(len(left), len(right)) - 2 * crossed
            if best is None or score > best[0]:
                best = (score, gutter)
    return best[1] if best is not None and best[0] > 0 else None


def _sides(lines: list[list[Run]], gutter: float) -> tuple[list[float], list[float], int, int]:
    """Widths of the lines on either side, how many lines have both, and how many cross."""
    left: list[float] = []
    right: list[float] = []
    shared = crossed = 0
    for line in lines:
        if any(run.left < gutter < run.right for run in line):
            crossed += 1
            continue
        before = [run for run in line if run.right <= gutter]
        behind = [run for run in line if run.left >= gutter]
        if before:
            left.append(before[-1].right - before[0].left)
        if behind:
            right.append(behind[-1].right - behind[0].left)
        shared += bool(before and behind)
    return left, right, shared, crossed


def _typical(widths: list[float]) -> float:
    """The width that a quarter of the lines exceeds: headings are short, and say little of their column."""
    return sorted(widths)[len(widths) * 3 // 4]
