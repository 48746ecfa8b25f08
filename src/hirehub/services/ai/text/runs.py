"""Pieces of a page: characters that follow each other, and the lines that they form."""

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Place: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left corner."""
_SAME_LINE: Final = 0.5
"""Share of the lower height that two pieces of one line have in common."""
SAME_PLACE: Final = 2.0
"""Points by which the beginnings of a column's lines differ."""
_PLACES: Final = 30
"""Beginnings of pieces that are tried, the commonest: a page made to be slow has as many as it has letters."""


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


Line: TypeAlias = list[Run]
"""Pieces beside each other, from the left."""


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """The runs in lines from the top, each from the left."""
    lines: list[Line] = []
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


def joined(line: Line) -> str:
    """A line's text: blanks between near pieces, a tab between far ones."""
    parts = [line[0].text]
    for before, run in itertools.pairwise(line):
        gap = run.left - before.right
        parts.append("" if gap < 0.1 * run.height else "\t" if gap > 2 * run.height else " ")
        parts.append(run.text)
    return "".join(parts)


def places(lines: list[Line], first: float, last: float) -> list[float]:
    """Where a column may begin between two places, from the left: where most pieces do."""
    steps: dict[int, float] = {}
    counts: Counter[int] = Counter()
    for line in lines:
        for run in line:
            if first < run.left < last:
                step = int(run.left / SAME_PLACE)
                steps[step] = min(steps.get(step, run.left), run.left)
                counts[step] += 1
    return sorted(steps[step] for step, _count in counts.most_common(_PLACES))
