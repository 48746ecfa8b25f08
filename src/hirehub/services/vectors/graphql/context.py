"""What resolvers share within one request: the use cases, look-ups that are gathered, and the lifted vectors."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from hirehub.services.vectors.domain.domains import Domain
from hirehub.services.vectors.domain.entities import Entity
from hirehub.services.vectors.domain.queries import QueryVector
from hirehub.services.vectors.graphql.lifting import Numbers
from hirehub.services.vectors.usecases.browse import Browser
from hirehub.services.vectors.usecases.search import Searcher

_BATCH = 500


class Context:
    """Made for each request; looks that the resolvers take at rows by id become one statement a domain."""

    def __init__(self, searcher: Searcher, browser: Browser, lifted: Sequence[Numbers] = ()) -> None:
        self.searcher = searcher
        self.browser = browser
        self.lifted = lifted
        self._rows: dict[str, DataLoader[UUID, Entity | None]] = {}
        self._vectors: dict[str, DataLoader[UUID, QueryVector | None]] = {}

    def rows(self, domain: Domain) -> DataLoader[UUID, Entity | None]:
        """Rows by id; None for one that is not there."""
        if domain.name not in self._rows:
            self._rows[domain.name] = DataLoader(partial(self._load_rows, domain), max_batch_size=_BATCH)
        return self._rows[domain.name]

    def vectors(self, domain: Domain) -> DataLoader[UUID, QueryVector | None]:
        """Stored vectors by id; None for one that is not there."""
        if domain.name not in self._vectors:
            self._vectors[domain.name] = DataLoader(partial(self._load_vectors, domain), max_batch_size=_BATCH)
        return self._vectors[domain.name]

    async def _load_rows(self, domain: Domain, ids: list[UUID]) -> list[Entity | None]:
        found = await self.browser.by_ids(domain, ids)
        return [found.get(one) for one in ids]

    async def _load_vectors(self, domain: Domain, ids: list[UUID]) -> list[QueryVector | None]:
        found = await self.searcher.vectors(domain, ids)
        return [found.get(one) for one in ids]


Info = strawberry.Info[Context, Any]
