"""Reading order of a page out of where its pieces stand: lines from the top, and columns one after the other.

A page has columns where a gutter runs down between pieces on both sides that do not share their lines, or that are
both wide. Dates at the right end of a line are narrow and share it: they stay in their line.
"""

from typing import Final

from hirehub.services.ai.text import sidebars
from hirehub.services.ai.text.runs import Line, Run, joined, lines_of, places

_FEWEST: Final = 4
"""Lines that a column has at least."""
_NARROW: Final = 0.14
"""Share of the page below which a column is no column of its own."""
_WIDE: Final = 0.3
"""Share from which pieces that share their lines are columns too."""
_GUTTER: Final = 6.0
"""Points between two columns."""


def ordered(runs: list[Run], width: float, known: float | None = None) -> tuple[str, float | None]:
    """The text of a page `width` points wide, its pieces in reading order, and where its right column begins.

    `known` is that place on the page before: columns with headings go on behind it.
    """
    beside = sidebars.read(runs, width, known)
    if beside is not None:
        return "\n".join(beside[0]), beside[1]
    return _by_widths(runs, width), known


def _by_widths(runs: list[Run], width: float) -> str:
    """The text of a page whose columns, if any, show by how wide they are."""
    lines = lines_of(runs)
    gutter = _gutter(lines, width)
    if gutter is None:
        return "\n".join(map(joined, lines))
    found: list[str] = []
    band: list[Run] = []
    for line in lines:
        if any(run.left < gutter < run.right for run in line):
            found += _band(band, gutter)
            band = []
            found.append(joined(line))
        else:
            band += line
    return "\n".join([*found, *_band(band, gutter)])


def _band(runs: list[Run], gutter: float) -> list[str]:
    """The lines of a piece of the page with two columns: those on the left, then those on the right."""
    left = [run for run in runs if run.right <= gutter]
    right = [run for run in runs if run.left >= gutter]
    return [*map(joined, lines_of(left)), *map(joined, lines_of(right))]


def _gutter(lines: list[Line], width: float) -> float | None:
    """Where a gutter runs down the page, None where there is no second column."""
    best: tuple[int, float] | None = None
    for place in places(lines, 0.15 * width, 0.8 * width):
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


def _sides(lines: list[Line], gutter: float) -> tuple[list[float], list[float], int, int]:
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
