"""The nearest rows of a domain, in one statement and one round trip.

The index is asked first. Where it does not give enough (it was switched off by a bad recall, a filter keeps few rows,
or the rows that a filter keeps lie far from the query) an exact scan answers: so an answer is short only where the
table is. A filter that keeps no more than `exact_rows` rows goes to the exact scan of just these at once, since an
index would pass by thousands of others to find them.

Within the index's walk the filter is a scalar subquery: a join would let the planner leave the index's order. The walk
ends in the middle of equal distances only if it has shown enough nearer rows; otherwise it is not enough, so that the
order (distance, id), by which cursors go, has no gaps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from psycopg import sql
from psycopg.adapt import Dumper
from psycopg.pq import Format

from hirehub.kernel.db import ReadTransaction
from hirehub.services.vectors.domain.domains import Domain
from hirehub.services.vectors.domain.entities import Entity, columns, entity
from hirehub.services.vectors.domain.indexes import OPERATORS, search_parameters
from hirehub.services.vectors.domain.queries import Filter, QueryVector, SearchCursor
from hirehub.services.vectors.settings import IndexSettings
from hirehub.services.vectors.store import filters

_SPARE: Final = 8
"""Rows read beyond the limit: the index orders by float32, cursors by float64."""
_FILTERED: Final = 2
"""Times the usual breadth under a filter, of which only a part passes."""
_WALK: Final = 20
"""The walk through the index ends after so many times the usual breadth."""


@dataclass(frozen=True)
class Search:
    """What is searched for. `without` is an id that must not be among the hits."""

    vector: QueryVector
    limit: int
    filter: Filter = field(default_factory=Filter)
    after: SearchCursor | None = None
    without: UUID | None = None


@dataclass(frozen=True)
class Nearest:
    """Rows with their distances, nearest first; `exact` tells that the walk through the index was not enough."""

    rows: tuple[tuple[float, Entity], ...]
    exact: bool


class _VectorDumper(Dumper):
    """Sends the packed form as it is. The type is left open, and the statement says that it is a vector."""

    format = Format.BINARY
    oid = 0

    def dump(self, obj: QueryVector) -> bytes:
        return obj.packed


_STATEMENT = """
WITH how AS MATERIALIZED (
    SELECT exact_only FROM search_state WHERE domain = {domain}
), {matching} ann AS MATERIALIZED (
    SELECT e.id, e.vector {operator} {query} AS distance FROM {embedding} AS e
     WHERE NOT coalesce((SELECT exact_only FROM how), false) AND {many} AND {passes} AND {rest}
     ORDER BY e.vector {operator} {query} LIMIT %(reach)s
), enough AS MATERIALIZED (
    SELECT count(*) >= %(reach)s
           AND count(*) FILTER (WHERE distance < (SELECT max(distance) FROM ann)) >= %(limit)s AS yes FROM ann
), near AS (
    SELECT id, distance FROM ann WHERE (SELECT yes FROM enough)
    UNION ALL {exact}
)
SELECT (SELECT yes FROM enough), near.distance, {columns}
  FROM near JOIN {metadata} AS m ON m.id = near.id
 WHERE near.distance < 'Infinity' AND near.distance > '-Infinity'
 ORDER BY near.distance, near.id LIMIT %(limit)s
"""

_MATCHING = """
matching AS MATERIALIZED (
    SELECT m.id FROM {metadata} AS m WHERE {passes} LIMIT %(exact_rows)s + 1
), many AS MATERIALIZED (
    SELECT count(*) > %(exact_rows)s AS yes FROM matching
),
"""

_EXACT = """
    (SELECT e.id, e.vector {operator} {query} FROM {source}
      WHERE NOT (SELECT yes FROM enough) AND {gate} AND {rest}
      ORDER BY (e.vector {operator} {query}) + 0, e.id LIMIT %(reach)s)
"""


async def nearest(
    tx: ReadTransaction, domain: Domain, search: Search, *, index: IndexSettings, exact_rows: int
) -> Nearest:
    """The rows nearest to the vector, by the index's metric."""
    after, reach = search.after, search.limit + _SPARE
    shape = _Shape(domain, index.metric, filters.shape_of(search.filter), after is not None, search.without is not None)
    params = filters.params(search.filter)
    params |= {"query": search.vector, "limit": search.limit, "reach": reach, "exact_rows": exact_rows}
    if after is not None:
        params |= {"after_distance": after.distance, "after_id": after.id}
    params |= {"without": search.without}
    connection = tx.connection
    connection.adapters.register_dumper(QueryVector, _VectorDumper)
    async with connection.pipeline(), connection.cursor(binary=True) as cursor:
        await connection.execute(*_parameters(index, reach, filtered=bool(search.filter)), prepare=True)
        await cursor.execute(_statement(shape), params, prepare=not search.filter)
        rows = await cursor.fetchall()
    found = tuple((row[1], entity(domain, row[2:])) for row in rows)
    return Nearest(found, exact=not (rows and rows[0][0]))


@lru_cache(maxsize=256)
def _parameters(index: IndexSettings, reach: int, *, filtered: bool) -> tuple[bytes, list[str]]:
    """One statement, composed once, that sets the server's parameters until the transaction's end.

    Under a filter the walk goes on round by round. A strict order would drop what a later round finds nearer than the
    rounds before; what comes is put in order afterwards anyway.

    Helpers would be started for the exact scan before it is known whether it runs, and that takes longer than the
    whole walk through the index; and one search would keep the cores from the others.
    """
    wanted = dict(search_parameters(index)) | {"jit": "off", "max_parallel_workers_per_gather": "0"}
    if index.kind == "hnsw":
        breadth = min(1000, max(index.ef_search * (_FILTERED if filtered else 1), reach))
        wanted |= {
            "hnsw.ef_search": str(breadth),
            "hnsw.iterative_scan": "relaxed_order" if filtered else "strict_order",
            "hnsw.max_scan_tuples": str(_WALK * breadth),
        }
    else:
        wanted |= {"ivfflat.iterative_scan": "relaxed_order", "ivfflat.max_probes": str(_WALK * index.probes)}
    calls = [sql.SQL("set_config({}, %s, true)").format(sql.Literal(name)) for name in wanted]
    return sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls)).as_bytes(None), list(wanted.values())


@dataclass(frozen=True)
class _Shape:
    """What of a search stands in its statement."""

    domain: Domain
    metric: str
    filter: filters.Shape
    after: bool
    without: bool


@lru_cache(maxsize=256)
def _statement(shape: _Shape) -> bytes:
    """The statement of searches of that shape, composed once."""
    domain = shape.domain
    operator, query = sql.SQL(OPERATORS[shape.metric]), sql.SQL("%(query)s::vector")
    words: dict[str, sql.Composable] = {
        "domain": sql.Literal(domain.name),
        "operator": operator,
        "query": query,
        "embedding": sql.Identifier(domain.embedding_table),
        "metadata": sql.Identifier(domain.metadata_table),
        "columns": sql.SQL(", ").join(sql.Identifier("m", name) for name in columns(domain)),
        "rest": _rest(operator, query, after=shape.after, without=shape.without),
    }
    whole = sql.SQL("{embedding} AS e").format(**words)
    if not shape.filter:
        exact = sql.SQL(_EXACT).format(**words, source=whole, gate=sql.SQL("true"))
        return (
            sql.SQL(_STATEMENT)
            .format(**words, matching=sql.SQL(""), many=sql.SQL("true"), passes=sql.SQL("true"), exact=exact)
            .as_bytes(None)
        )
    passes = filters.condition(domain, shape.filter, "m")
    many = sql.SQL("(SELECT yes FROM many)")
    few_rows = sql.SQL("matching JOIN {embedding} AS e ON e.id = matching.id").format(**words)
    all_rows = sql.SQL("{metadata} AS m JOIN {embedding} AS e ON e.id = m.id").format(**words)
    exact = sql.SQL(" UNION ALL ").join(
        [
            sql.SQL(_EXACT).format(**words, source=few_rows, gate=sql.SQL("NOT {}").format(many)),
            sql.SQL(_EXACT).format(**words, source=all_rows, gate=sql.SQL("{} AND {}").format(many, passes)),
        ]
    )
    in_walk = sql.SQL("(SELECT {} FROM {metadata} AS m WHERE m.id = e.id)").format(passes, **words)
    matching = sql.SQL(_MATCHING).format(**words, passes=passes)
    return sql.SQL(_STATEMENT).format(**words, matching=matching, many=many, passes=in_walk, exact=exact).as_bytes(None)


def _rest(operator: sql.SQL, query: sql.SQL, *, after: bool, without: bool) -> sql.Composable:
    """The conditions on the hit itself: its place in the order, and not being the one that was asked about."""
    parts: list[sql.Composable] = [sql.SQL("true")]
    if without:
        parts.append(sql.SQL("e.id <> %(without)s"))
    if after:
        distance = sql.SQL("(e.vector {} {})").format(operator, query)
        place = sql.SQL("(%(after_distance)s::float8, %(after_id)s::uuid)")
        parts.append(sql.SQL("({}, e.id) > {}").format(distance, place))
    return sql.SQL(" AND ").join(parts)


VECTORS: Final = sql.SQL("SELECT id, vector_send(vector) FROM {table} WHERE id = ANY(%s::uuid[])")


async def vectors_of(tx: ReadTransaction, domain: Domain, ids: list[UUID]) -> Mapping[UUID, QueryVector]:
    """The stored vectors of rows; ids that are not there are left out."""
    statement = VECTORS.format(table=sql.Identifier(domain.embedding_table))
    rows: list[tuple[Any, ...]] = await tx.fetch_all(statement, (ids,), binary=True)
    return {row[0]: QueryVector.stored(bytes(row[1])) for row in rows}
