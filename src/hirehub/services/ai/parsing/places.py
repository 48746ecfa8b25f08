"""Places of a text, so that many can be asked about many: a text of names and sections alone is read in time too."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Places:
    """Stretches of a text, which may overlap."""

    def __init__(self, places: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(places)
        self._starts = [start for start, _ in ordered]
        self._reached = list(accumulate((end for _, end in ordered), max))

    def hold(self, start: int, end: int) -> bool:
        """Whether one of them has all of this stretch in it."""
        at = bisect_right(self._starts, start)
        return at > 0 and end <= self._reached[at - 1]

    def touch(self, start: int, end: int) -> bool:
        """Whether one of them has something of this stretch in it."""
        at = bisect_left(self._starts, end)
        return at > 0 and start < self._reached[at - 1]
