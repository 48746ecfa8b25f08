"""Rows by their ids, and lists of rows in pages: the newest id first, each page after the last id of the one before."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction
from hirehub.services.vectors.domain.domains import Domain
from hirehub.services.vectors.domain.entities import Entity, columns, entity
from hirehub.services.vectors.domain.queries import Filter
from hirehub.services.vectors.store import filters

_BY_IDS: Final = sql.SQL("SELECT {columns} FROM {metadata} AS m WHERE m.id = ANY(%(ids)s::uuid[])")
_PAGE: Final = sql.SQL(
    "SELECT {columns} FROM {metadata} AS m"
    " WHERE {passes} AND (%(after)s::uuid IS NULL OR m.id < %(after)s::uuid) ORDER BY m.id DESC LIMIT %(limit)s"
)
_COUNT: Final = sql.SQL("SELECT count(*) FROM {metadata} AS m WHERE {passes}")


def _words(domain: Domain) -> dict[str, sql.Composable]:
    return {
        "metadata": sql.Identifier(domain.metadata_table),
        "columns": sql.SQL(", ").join(sql.Identifier("m", name) for name in columns(domain)),
    }


async def by_ids(tx: ReadTransaction, domain: Domain, ids: Sequence[UUID]) -> dict[UUID, Entity]:
    """The rows of these ids; those that are not there are left out."""
    rows = await tx.fetch_all(_BY_IDS.format(**_words(domain)), {"ids": list(ids)}, binary=True)
    return {row[0]: entity(domain, row) for row in rows}


async def page(tx: ReadTransaction, domain: Domain, wanted: Filter, *, after: UUID | None, limit: int) -> list[Entity]:
    """Rows that pass the filter, greatest id first, `after` left out."""
    passes, params = filters.where(domain, wanted, "m")
    params |= {"after": after, "limit": limit}
    rows = await tx.fetch_all(_PAGE.format(**_words(domain), passes=passes), params, binary=True)
    return [entity(domain, row) for row in rows]


async def count(tx: ReadTransaction, domain: Domain, wanted: Filter) -> int:
    """How many rows pass the filter."""
    passes, params = filters.where(domain, wanted, "m")
    return int(await tx.fetch_value(_COUNT.format(**_words(domain), passes=passes), params))
