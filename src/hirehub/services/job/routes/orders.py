"""The cursors of lists of posts: the list's order, and the value and the id of a page's last post.

A cursor names its order, so that one of another order is refused instead of read as a place that it does not mean.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query

from hirehub.kernel.http.paging import decode_cursor, moment_of
from hirehub.services.job.domain.posts import MOST_SALARY
from hirehub.services.job.schemas import Sort
from hirehub.services.job.store.posts import Job, Order, Place

_NOTHING: Final = ""
"""How a cursor writes a value that the post does not have; no title is empty."""

SortBy = Annotated[
    Sort,
    Query(
        description="What the list is sorted by; `-` begins with the largest or latest. Posts without the value come"
        " last, equal ones go by their id. `posted_at` of posts that are not open is when they were made. Titles go by"
        " the code points of their letters: capitals before small letters. A cursor goes with the sort that gave it."
    ),
]


def place_of(cursor: str | None, sort: Sort, order: Order) -> Place | None:
    """The place that a cursor of this order names; BadCursor for one of another."""

    def same(text: str) -> str:
        if text != sort:
            raise ValueError("a cursor of another order")
        return text

    def value(text: str) -> datetime | int | str | None:
        return None if order.may_lack and text == _NOTHING else _VALUES[order.kind](text)

    found = decode_cursor(cursor, same, value, UUID)
    if found is None:
        return None
    _, at, job_id = found
    return Place(at, job_id) if isinstance(at, datetime | int | str | None) and isinstance(job_id, UUID) else None


def position_of(row: Job, sort: Sort, order: Order) -> tuple[str, str | int, UUID]:
    """What a cursor says of the last post of a page."""
    value = order.value(row)
    if value is None:
        return sort, _NOTHING, row.id
    return sort, value.isoformat() if isinstance(value, datetime) else value, row.id


def _salary(text: str) -> int:
    if not 0 <= (number := int(text)) <= MOST_SALARY:
        raise ValueError("not a salary")
    return number


_VALUES: Final[Mapping[str, Callable[[str], datetime | int | str]]] = {
    "timestamptz": moment_of,
    "int": _salary,
    "text": str,
}
