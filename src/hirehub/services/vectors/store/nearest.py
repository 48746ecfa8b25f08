"""The statements of the recall self-check: the same neighbours asked twice, through the index and without it."""

from collections.abc import Mapping
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction
from hirehub.services.vectors.domain.domains import Domain

_MANY = 50_000
"""Rows above which a sample is taken out of some pages instead of all."""
_SPARE = 40

_ESTIMATE = "SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)"

_SAMPLE = sql.SQL("SELECT id FROM {table} {pages} WHERE vector_norm(vector) > 0 ORDER BY random() LIMIT {limit}")
_PAGES = sql.SQL("TABLESAMPLE SYSTEM ({percent})")

_NEAREST = sql.SQL(
    "SELECT (vector {operator} (SELECT vector FROM {table} WHERE id = {id}))::float8 FROM {table}"
    " WHERE id <> {id} ORDER BY vector {operator} (SELECT vector FROM {table} WHERE id = {id}) LIMIT {limit}"
)

EXACT: Mapping[str, str] = {"enable_indexscan": "off", "enable_sort": "on"}
THROUGH_INDEX: Mapping[str, str] = {"enable_indexscan": "on", "enable_sort": "off"}


async def sample_ids(tx: ReadTransaction, domain: Domain, size: int) -> list[UUID]:
    """Ids of vectors chosen by chance; a zero vector is never one, as it is near to nothing."""
    table = sql.Identifier(domain.embedding_table)
    estimate = float(await tx.fetch_value(_ESTIMATE, (domain.embedding_table,)) or 0)
    pages: sql.Composable = sql.SQL("")
    if estimate > _MANY:
        pages = _PAGES.format(percent=sql.Literal(min(100.0, 100.0 * size * _SPARE / estimate)))
    rows = await tx.fetch_all(_SAMPLE.format(table=table, pages=pages, limit=sql.Literal(size)))
    return [row[0] for row in rows]


async def nearest_distances(tx: ReadTransaction, domain: Domain, *, of: UUID, operator: str, limit: int) -> list[float]:
    """Distances to the nearest other vectors, under whatever plans the session allows."""
    statement = _NEAREST.format(
        operator=sql.SQL(operator),
        table=sql.Identifier(domain.embedding_table),
        id=sql.Literal(of),
        limit=sql.Literal(limit),
    )
    return [float(row[0]) for row in await tx.fetch_all(statement)]
