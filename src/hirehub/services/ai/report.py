"""What became of a file's rows: how many can be sent, and which cannot, by cause and row number.

A row is told by its place in its file, counted from 0 as a frame's rows are, and by the column at fault; never by what
the cell holds.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_EXAMPLES = 20


class Cause(StrEnum):
    """Why the wire cannot carry a row."""

    BAD_TEXT = "bad_text"
    NOT_TEXT = "not_text"
    MISSING_NUMBER = "missing_number"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    BEYOND_INT32 = "beyond_int32"
    NOT_A_LIST_OF_NUMBERS = "not_a_list_of_numbers"
    NOT_A_MOMENT = "not_a_moment"
    TOO_LARGE = "too_large"

    @property
    def words(self) -> str:
        """The cause for people."""
        return _WORDS[self]


_WORDS = {
    Cause.BAD_TEXT: "text that is not UTF-8",
    Cause.NOT_TEXT: "no text where text belongs",
    Cause.MISSING_NUMBER: "no number where one is needed",
    Cause.NOT_A_NUMBER: "a value that is no number",
    Cause.NOT_WHOLE: "a fraction where a whole number belongs",
    Cause.BEYOND_INT32: "a number beyond 32 bits",
    Cause.NOT_A_LIST_OF_NUMBERS: "a vector that is no list of numbers",
    Cause.NOT_A_MOMENT: "a value that is no date and time",
    Cause.TOO_LARGE: "a row larger than a message may be",
}


@dataclass(frozen=True, order=True)
class Unsendable:
    """A row that the wire cannot carry."""

    file: str
    row: int
    column: str
    cause: Cause

    def __str__(self) -> str:
        return f"row {self.row} of {self.file}: {self.column} holds {self.cause.words}"


@dataclass
class Report:
    """Counts over one or many files; adding up is exact, examples are the first few."""

    rows: int = 0
    unsendable: Counter[Cause] = field(default_factory=Counter)
    examples: list[Unsendable] = field(default_factory=list)
    bad_ids: int = 0
    """Rows whose id is no UUID: sent, before all others, so that the receiver can set them aside."""
    columns: dict[str, str] = field(default_factory=dict)
    """Of each field the column that fills it."""

    @property
    def held_back(self) -> int:
        """Rows that cannot be sent."""
        return sum(self.unsendable.values())

    def add(self, rows: Iterable[Unsendable]) -> None:
        """Counts rows that cannot be sent."""
        for row in rows:
            self.unsendable[row.cause] += 1
            if len(self.examples) < MOST_EXAMPLES:
                self.examples.append(row)

    def merge(self, other: "Report") -> None:
        """Adds another file's counts."""
        self.rows += other.rows
        self.unsendable.update(other.unsendable)
        self.examples = (self.examples + other.examples)[:MOST_EXAMPLES]
        self.bad_ids += other.bad_ids
        self.columns = {**other.columns, **self.columns}

    def as_dict(self) -> dict[str, Any]:
        """The same in plain values."""
        return {
            "rows": self.rows,
            "sendable": self.rows - self.held_back,
            "unsendable": self.held_back,
            "causes": {str(cause): count for cause, count in sorted(self.unsendable.items())},
            "examples": [
                {"file": row.file, "row": row.row, "column": row.column, "cause": str(row.cause)}
                for row in self.examples
            ],
            "bad_ids": self.bad_ids,
            "columns": self.columns,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Report":
        """What `as_dict` gave."""
        return cls(
            rows=values["rows"],
            unsendable=Counter({Cause(cause): count for cause, count in values["causes"].items()}),
            examples=[
                Unsendable(row["file"], row["row"], row["column"], Cause(row["cause"])) for row in values["examples"]
            ],
            bad_ids=values["bad_ids"],
            columns=values["columns"],
        )
