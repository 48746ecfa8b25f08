"""Counts for dashboards: rows by a column's value, and the state of each domain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction
from hirehub.services.vectors.domain.domains import Column, Domain
from hirehub.services.vectors.domain.queries import Filter
from hirehub.services.vectors.store import filters


@dataclass(frozen=True)
class GroupCount:
    """Rows that have a value; None stands for rows that have none."""

    value: str | int | None
    count: int


@dataclass(frozen=True)
class DomainStats:
    """What a domain holds, how far its pulls have come, and how well its index finds (None: not measured)."""

    domain: str
    metadata_count: int
    embedding_count: int
    dlq_count: int
    last_processed_uuid: UUID | None
    last_checkpoint_time: datetime | None
    recall: float | None
    recall_measured_at: datetime | None
    exact_only: bool


_GROUPS: Final = sql.SQL(
    "SELECT {value}, count(*) FROM {source} WHERE {passes} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(limit)s"
)
_VALUES: Final = sql.SQL("{metadata} AS m CROSS JOIN LATERAL unnest(m.{column}) AS one(value)")

_STATS: Final = """
SELECT s.domain, s.metadata_count, s.embedding_count, s.dlq_count, s.last_processed_uuid, s.last_checkpoint_time,
       state.recall, state.measured_at, coalesce(state.exact_only, false)
  FROM {source} AS s LEFT JOIN search_state AS state ON state.domain = s.domain
 ORDER BY s.domain DESC
"""
_ALL: Final = sql.SQL(_STATS).format(source=sql.SQL("v_all_domain_stats"))
_ONE: Final = sql.SQL(_STATS).format(
    source=sql.SQL("(SELECT %(domain)s::text AS domain, * FROM get_domain_stats(%(domain)s))")
)


async def groups(
    tx: ReadTransaction, domain: Domain, column: Column, wanted: Filter, *, limit: int
) -> list[GroupCount]:
    """Rows by a column's value, the most frequent first. A row counts once for each element of a list."""
    passes, params = filters.where(domain, wanted, "m")
    metadata, name = sql.Identifier(domain.metadata_table), sql.Identifier(column.name)
    if column.kind == "text[]":
        value: sql.Composable = sql.SQL("one.value")
        source: sql.Composable = _VALUES.format(metadata=metadata, column=name)
    else:
        value, source = sql.SQL("m.{}").format(name), sql.SQL("{} AS m").format(metadata)
    statement = _GROUPS.format(value=value, source=source, passes=passes)
    rows = await tx.fetch_all(statement, params | {"limit": limit})
    return [GroupCount(*row) for row in rows]


async def domain_stats(tx: ReadTransaction, domain: str | None = None) -> list[DomainStats]:
    """The state of one domain, or of both."""
    rows = await tx.fetch_all(_ALL) if domain is None else await tx.fetch_all(_ONE, {"domain": domain})
    return [DomainStats(*row) for row in rows]
