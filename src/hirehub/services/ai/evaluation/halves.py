"""Parts a set in two by the hash of each id: rules are written on one half, the other tells how well they carry."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

Half = Literal["open", "kept"]
Row = TypeVar("Row")


def half_of(key: str) -> Half:
    """Which half an id falls into, the same on every machine."""
    return "kept" if hashlib.sha256(key.encode()).digest()[0] & 1 else "open"


def halves(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[Half, list[Row]]:
    """The rows by their half."""
    found: dict[Half, list[Row]] = {"open": [], "kept": []}
    for row in rows:
        found[half_of(key(row))].append(row)
    return found
