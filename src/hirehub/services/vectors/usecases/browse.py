"""Looking things up without a vector: rows by id, lists in pages, counts, the state of domains, runs and dead letters.

A page asks for one row more than it shows: that row's being there is what "has more" means.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from hirehub.kernel.db import Database
from hirehub.services.vectors.domain.domains import Column, Domain
from hirehub.services.vectors.domain.entities import Entity
from hirehub.services.vectors.domain.queries import Filter, check_limit, decode_cursor, encode_cursor
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import letters, lookup, runs, statistics
from hirehub.services.vectors.store.letters import CauseCount, Letter
from hirehub.services.vectors.store.runs import RunRecord
from hirehub.services.vectors.store.statistics import DomainStats, GroupCount

T = TypeVar("T")
_UUID_BYTES = 16
_INT_BYTES = 8


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, each with the cursor after which the next one comes."""

    rows: Sequence[T]
    cursors: Sequence[str]
    has_next: bool


class Browser:
    """Look-ups over one database, all read-only."""

    def __init__(self, db: Database, settings: VectorsSettings) -> None:
        self._db = db
        self._most = settings.api.limit

    async def by_ids(self, domain: Domain, ids: Sequence[UUID]) -> dict[UUID, Entity]:
        """The rows of these ids, in one statement; those that are not there are left out."""
        async with self._db.read() as tx:
            return await lookup.by_ids(tx, domain, ids)

    async def page(self, domain: Domain, wanted: Filter, *, first: int, after: str | None) -> Page[Entity]:
        """Rows that pass the filter, newest id first; rows stored meanwhile move none to another page."""
        check_limit(first, self._most, name="first")
        place = _uuid(after)
        async with self._db.read() as tx:
            rows = await lookup.page(tx, domain, wanted, after=place, limit=first + 1)
        return _cut(rows, first, lambda row: row.id.bytes)

    async def count(self, domain: Domain, wanted: Filter) -> int:
        """How many rows pass the filter."""
        async with self._db.read() as tx:
            return await lookup.count(tx, domain, wanted)

    async def groups(self, domain: Domain, column: Column, wanted: Filter, *, first: int) -> list[GroupCount]:
        """Rows by a column's value, the most frequent first."""
        check_limit(first, self._most, name="first")
        async with self._db.read() as tx:
            return await statistics.groups(tx, domain, column, wanted, limit=first)

    async def domain_stats(self, domain: str | None = None) -> list[DomainStats]:
        """The state of one domain, or of both."""
        async with self._db.read() as tx:
            return await statistics.domain_stats(tx, domain)

    async def runs(self, *, domain: str | None, status: str | None, first: int, after: str | None) -> Page[RunRecord]:
        """Runs, the latest first."""
        check_limit(first, self._most, name="first")
        place = _uuid(after)
        async with self._db.read() as tx:
            rows = await runs.list_runs(tx, domain=domain, status=status, before=place, limit=first + 1)
        return _cut(rows, first, lambda row: row.id.bytes)

    async def dead_letters(self, wanted: letters.Filter, *, first: int, after: str | None) -> Page[Letter]:
        """Dead letters without their payload, the latest first."""
        check_limit(first, self._most, name="first")
        before = None if after is None else int.from_bytes(decode_cursor(after, _INT_BYTES), "big", signed=True)
        async with self._db.read() as tx:
            rows = await letters.list_letters(tx, wanted, before=before, limit=first + 1)
        return _cut(rows, first, lambda row: row.id.to_bytes(_INT_BYTES, "big", signed=True))

    async def dead_letter_counts(self) -> list[CauseCount]:
        """Dead letters by domain and cause."""
        async with self._db.read() as tx:
            return await letters.stats(tx)


def column(domain: Domain, name: str) -> Column:
    """A column of the domain by its name."""
    return next(one for one in domain.columns if one.name == name)


def _uuid(cursor: str | None) -> UUID | None:
    return None if cursor is None else UUID(bytes=decode_cursor(cursor, _UUID_BYTES))


def _cut(rows: Sequence[T], first: int, place: Callable[[T], bytes]) -> Page[T]:
    shown = rows[:first]
    return Page(shown, [encode_cursor(place(row)) for row in shown], has_next=len(rows) > first)
