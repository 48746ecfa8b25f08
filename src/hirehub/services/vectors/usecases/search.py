"""Similarity searches: check what is asked, find the nearest rows, keep the answer while it is true.

Answers are kept under their domain's generation, so that an invalidation drops them on every replica.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from hirehub.contracts.text_embedding import TextEmbedder
from hirehub.kernel.cache import TwoLevelCache
from hirehub.kernel.db import Database
from hirehub.kernel.errors import Missing, Unavailable
from hirehub.services.vectors.domain.domains import Domain
from hirehub.services.vectors.domain.entities import Entity, entity
from hirehub.services.vectors.domain.queries import (
    DimensionsDiffer,
    Filter,
    Floats,
    QueryVector,
    SearchCursor,
    ZeroVector,
    check_limit,
    similarity,
)
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import search as store

_NO_FILTER: Final = Filter()
_MOST_TEXT: Final = 8192


class RowMissing(Missing):
    """A recruit or candidate that is not stored, or that has no vector."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found, how far it is from the query by the metric, and how similar that makes it."""

    entity: Entity
    distance: float
    similarity: float
    metric: str

    @property
    def cursor(self) -> str:
        """Where the next page begins."""
        return SearchCursor(self.distance, self.entity.id).encode()


@dataclass(frozen=True)
class Wanted:
    """What every search may state besides its vector."""

    limit: int = 10
    filter: Filter = _NO_FILTER
    after: str | None = None


def namespace(domain: str) -> str:
    """Under what name answers about a domain are kept."""
    return f"vectors:{domain}"


class Searcher:
    """The searches of this process. Without a cache every one asks the database."""

    def __init__(
        self,
        db: Database,
        settings: VectorsSettings,
        *,
        cache: TwoLevelCache | None = None,
        embedder: TextEmbedder | None = None,
    ) -> None:
        self._db = db
        self._settings = settings
        self._cache = cache
        self._embedder = embedder

    async def by_vector(self, domain: Domain, vector: Sequence[float] | Floats, wanted: Wanted) -> list[Hit]:
        """The rows nearest to a vector; raises WrongDimension, NotFinite, ZeroVector, LimitTooLarge or BadCursor."""
        own = self._settings.of(domain.name)
        checked = QueryVector.of(vector, dimension=own.dimension, metric=own.index.metric)
        return await self._nearest(domain, checked, wanted)

    async def vectors(self, domain: Domain, ids: list[UUID]) -> Mapping[UUID, QueryVector]:
        """The stored vectors of rows, in one statement; those that are not there are left out."""
        async with self._db.read() as tx:
            return await store.vectors_of(tx, domain, ids)

    async def similar(
        self,
        source: Domain,
        row: UUID,
        domain: Domain,
        wanted: Wanted,
        *,
        look_up: Callable[[UUID], Awaitable[QueryVector | None]] | None = None,
    ) -> list[Hit]:
        """The rows of `domain` nearest to a stored row of `source`; the row itself is never among them.

        `look_up` finds a stored vector, where the caller gathers such questions. Raises RowMissing; DimensionsDiffer
        where the two domains' vectors cannot be compared.
        """
        self._check_comparable(source, domain)
        vector = await look_up(row) if look_up else (await self.vectors(source, [row])).get(row)
        if vector is None:
            raise RowMissing(f"There is no {source.name} {row} with a vector.", hint="Take an id from a list.")
        if self._settings.of(domain.name).index.metric == "cosine":
            try:
                vector = vector.directed()
            except ZeroVector:
                raise ZeroVector(
                    f"The vector of {source.name} {row} is all zeros, and near to nothing by cosine."
                ) from None
        return await self._nearest(domain, vector, wanted, without=row if source is domain else None)

    async def by_text(self, domain: Domain, text: str, wanted: Wanted) -> list[Hit]:
        """The rows nearest to a text's vector; Unavailable where no model is, or another one than made the rows."""
        if self._embedder is None:
            raise Unavailable(
                "No model is configured that turns text into vectors.",
                hint="Search by vector or by id, or by words with a filter's `text`.",
            )
        own = self._settings.of(domain.name)
        vector = await self._embedder.embed(text[:_MOST_TEXT], dimension=own.dimension, model=own.model)
        return await self.by_vector(domain, vector, wanted)

    def _check_comparable(self, source: Domain, domain: Domain) -> None:
        own, other = self._settings.of(source.name).dimension, self._settings.of(domain.name).dimension
        if own != other:
            raise DimensionsDiffer(
                f"Vectors of {source.name} have {own} floats, those of {domain.name} {other}: they cannot be compared.",
                hint="Load both with one model, and set both dimensions to its own.",
                expected=other,
                actual=own,
            )

    async def _nearest(
        self, domain: Domain, vector: QueryVector, wanted: Wanted, *, without: UUID | None = None
    ) -> list[Hit]:
        limit = check_limit(wanted.limit, self._settings.api.limit)
        after = SearchCursor.decode(wanted.after) if wanted.after is not None else None
        search = store.Search(vector, limit, wanted.filter, after, without)
        if self._cache is None:
            found = await self._ask(domain, search)
        else:
            load = partial(self._load, domain, search)
            kept = await self._cache.get_or_load(namespace(domain.name), _key(search), load, self._settings.api.ttl)
            found = _unpack(domain, kept)
        metric = self._settings.of(domain.name).index.metric
        return [Hit(row, distance, similarity(metric, distance), metric) for distance, row in found]

    async def _ask(self, domain: Domain, search: store.Search) -> Sequence[tuple[float, Entity]]:
        index = self._settings.of(domain.name).index
        async with self._db.read() as tx:
            found = await store.nearest(tx, domain, search, index=index, exact_rows=self._settings.api.exact_rows)
        return found.rows

    async def _load(self, domain: Domain, search: store.Search) -> bytes:
        return _pack(await self._ask(domain, search))


def _key(search: store.Search) -> bytes:
    """The name of an answer: equal searches have equal ones, and nobody can make two others meet."""
    digest = blake2b(search.vector.packed, digest_size=24)
    digest.update(repr((search.limit, search.filter, search.after, search.without)).encode())
    return b"search:" + digest.digest()


def _pack(rows: Sequence[tuple[float, Entity]]) -> bytes:
    return json.dumps([[distance, *asdict(row).values()] for distance, row in rows], default=str).encode()


def _unpack(domain: Domain, kept: bytes) -> list[tuple[float, Entity]]:
    return [(row[0], entity(domain, _restored(row[1:]))) for row in json.loads(kept)]


def _restored(values: list[Any]) -> tuple[Any, ...]:
    """The values of a row out of JSON: the id first, two moments last."""
    moments = (datetime.fromisoformat(value) for value in values[-2:])
    return (UUID(values[0]), *values[1:-2], *moments)
