"""What every kind of file becomes: rows in order, to be read from any id on by any number of readers."""

from collections.abc import Iterator
from typing import Protocol

from hirehub.services.ai.report import Report
from hirehub.services.ai.sources.batches import Batch
from hirehub.services.ai.sources.sorting import Ordered, merged


class Source(Protocol):
    """Sorted rows."""

    @property
    def report(self) -> Report:
        """What became of the rows, as far as they were read."""
        ...

    @property
    def largest(self) -> int:
        """Bytes of the largest row that is known of."""
        ...

    @property
    def first(self) -> bytes | None:
        """The least key; None without rows."""
        ...

    def batches(self, after: bytes | None = None, rows: int | None = None) -> Iterator[Batch]:
        """The rows after a key; `rows` at a time where that is easy."""
        ...


class Folder:
    """Several sources as one sequence, in the order of their ids."""

    def __init__(self, members: list[Source]) -> None:
        self._members = [member for member in members if member.first is not None]
        self._reports = [member.report for member in members]

    @property
    def report(self) -> Report:
        """The members' counts, added up."""
        total = Report()
        for report in self._reports:
            total.merge(report)
        return total

    @property
    def largest(self) -> int:
        """The largest row of any member."""
        return max((member.largest for member in self._members), default=0)

    @property
    def first(self) -> bytes | None:
        """The least key of any member."""
        return min((member.first for member in self._members if member.first is not None), default=None)

    def batches(self, after: bytes | None = None, rows: int | None = None) -> Iterator[Batch]:
        """The rows after a key, members merged; one is opened only when its first key's turn comes."""
        del rows
        return merged([_ordered(member, after) for member in self._members])


def _ordered(member: Source, after: bytes | None) -> Ordered:
    return Ordered(member.first or b"", lambda: member.batches(after))
