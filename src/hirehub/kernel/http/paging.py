"""Lists in pages: `{items, next_cursor}`, from a position on instead of by number, so that new rows shift nothing.

A cursor is a position and nothing more: whoever makes one up reads what he may read anyway, from somewhere else on.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from hirehub.kernel.errors import Invalid

T = TypeVar("T")
P = TypeVar("P")

_LARGEST: Final = 3_400
"""Characters of a cursor with a text of 200 letters, of which JSON writes each in up to 12 bytes and base64 in 16."""


class BadCursor(Invalid):
    """A cursor that no page has given."""

    code = "bad_cursor"


class Page(BaseModel, Generic[T]):
    """A part of a list; `next_cursor` is null at its end."""

    items: list[T]
    next_cursor: str | None


Limit = Annotated[int, Query(ge=1, le=100, description="Most items of the page.")]
Cursor = Annotated[str | None, Query(max_length=_LARGEST, description="The page before's next_cursor.")]


def encode_cursor(*position: str | int | UUID) -> str:
    """The cursor of a position: the sorting key of a page's last item."""
    parts = [part if isinstance(part, int) else str(part) for part in position]
    return urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, *kinds: Callable[[str], object]) -> tuple[object, ...] | None:
    """The position of a cursor, each part made by its kind, such as `UUID` or `int`; None for no cursor."""
    if cursor is None:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list):
            raise TypeError
        return tuple(kind(_storable(str(part))) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError, RecursionError):
        raise BadCursor(
            "The cursor cannot be read.", hint="Send a next_cursor as it came, or begin without one."
        ) from None


def _storable(text: str) -> str:
    """The text, where a database can hold it; ValueError for half a letter or a zero byte, which it cannot."""
    if "\0" in text:
        raise ValueError("a zero byte")
    text.encode()
    return text


def moment_of(text: str) -> datetime:
    """A moment of a cursor, in UTC; ValueError for one without a zone or before or after all years."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment before or after all years") from None


def after_id(cursor: str | None) -> UUID | None:
    """The position of a list that is sorted by its ids."""
    found = decode_cursor(cursor, UUID)
    return found[0] if found is not None and isinstance(found[0], UUID) else None


def page_of(
    rows: Sequence[P], limit: int, *, show: Callable[[P], T], position: Callable[[P], Sequence[str | int | UUID]]
) -> Page[T]:
    """A page out of up to `limit` + 1 rows: the last one tells only that there are more."""
    items = list(rows[:limit])
    more = encode_cursor(*position(items[-1])) if len(rows) > limit else None
    return Page(items=[show(row) for row in items], next_cursor=more)
