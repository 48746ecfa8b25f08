"""Columns that most services' tables have, for describing them: ids, moments, words of a list, counters.

They describe what migrations have made; the two are compared by each service's tests.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, Integer, String, Uuid, func


def uuid_key(*, made: bool = True) -> Column[Any]:
    """The key `id`; `made` by the database where a row states none."""
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid() if made else None)


def moment(name: str, *, needed: bool = False) -> Column[Any]:
    """A point in time, which may not have come unless it is `needed`."""
    return Column(name, DateTime(timezone=True), nullable=not needed)


def stamped(name: str) -> Column[Any]:
    """A point in time that is always known, the present one where a row states none."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def one_of(
    name: str, length: int, words: Sequence[str], *, default: str | None = None, needed: bool = True
) -> Column[Any]:
    """One of the words."""
    listed = ", ".join(f"'{word}'" for word in words)
    check = CheckConstraint(f"{name} IN ({listed})")
    return Column(name, String(length), check, nullable=not needed, server_default=default)


def counter(name: str, *, least: int = 0) -> Column[Any]:
    """A number that begins at its least."""
    check = CheckConstraint(f"{name} >= {least}")
    return Column(name, Integer, check, nullable=False, server_default=str(least))


def version() -> Column[Any]:
    """How often the row was changed: what an ETag is made of."""
    return counter("version", least=1)


def flag(name: str, *, default: bool) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, server_default=str(default).lower())
