"""The indexes over vectors: what is there, and the statements that change them (those need the owner's role).

A new index is built under another name and takes the place of the old one in one transaction, so that searches never
lose an index to a build that fails. Names of tables come from the domains' descriptions, never from a caller.
"""

from dataclasses import dataclass

from psycopg import AsyncConnection, sql
from psycopg.rows import TupleRow

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.vectors.domain.domains import Domain
from hirehub.services.vectors.domain.indexes import IndexShape


@dataclass(frozen=True)
class FoundIndex:
    """An index over a domain's vectors, as the catalogue tells it."""

    name: str
    shape: IndexShape
    valid: bool
    size: int
    """Bytes on disk."""


_LIST = """
SELECT index.relname, method.amname, class.opcname, coalesce(index.reloptions, '{}'), pg_index.indisvalid,
       pg_relation_size(index.oid)
  FROM pg_index
  JOIN pg_class AS index ON index.oid = pg_index.indexrelid
  JOIN pg_am AS method ON method.oid = index.relam
  JOIN pg_opclass AS class ON class.oid = pg_index.indclass[0]
 WHERE pg_index.indrelid = to_regclass(%s) AND method.amname IN ('hnsw', 'ivfflat')
 ORDER BY index.relname
"""

_EMPTY = sql.SQL("SELECT NOT EXISTS (SELECT 1 FROM {table})")
_COUNT = sql.SQL("SELECT count(*) FROM {table}")
_DROP = sql.SQL("DROP INDEX IF EXISTS {name}")
_CREATE = sql.SQL("CREATE INDEX {online} {name} ON {table} ")
_RENAME = sql.SQL("ALTER INDEX {old} RENAME TO {new}")
_TRUNCATE = sql.SQL("TRUNCATE {table}")
_RETYPE = sql.SQL(
    "ALTER TABLE {table} ALTER COLUMN vector TYPE vector({dimension}), ALTER COLUMN vector SET STORAGE PLAIN"
)
_LOCK_TABLE = sql.SQL("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

_BUILDERS = 0x68697265
"""First half of the advisory lock of a build; the second is the domain's table."""

_TRY_BUILDER = "SELECT pg_try_advisory_lock(%s, to_regclass(%s)::oid::int)"
_TRY_BUILDER_HERE = "SELECT pg_try_advisory_xact_lock(%s, to_regclass(%s)::oid::int)"


def _table(domain: Domain) -> sql.Identifier:
    return sql.Identifier(domain.embedding_table)


async def list_indexes(tx: ReadTransaction, domain: Domain) -> list[FoundIndex]:
    """Every index over the domain's vectors, also one whose build was cut off (`valid` is false)."""
    found = []
    for name, kind, operator_class, options, valid, size in await tx.fetch_all(_LIST, (domain.embedding_table,)):
        if size is None:  # dropped since the statement's view of the catalogue was taken
            continue
        parameters = dict(option.split("=", 1) for option in options)
        found.append(FoundIndex(name, IndexShape(kind, operator_class, parameters), bool(valid), int(size)))
    return found


async def is_empty(tx: ReadTransaction, domain: Domain) -> bool:
    """Whether the domain has no vector."""
    return bool(await tx.fetch_value(_EMPTY.format(table=_table(domain))))


async def count(tx: ReadTransaction, domain: Domain) -> int:
    """The domain's vectors."""
    return int(await tx.fetch_value(_COUNT.format(table=_table(domain))))


async def lock_table(tx: Transaction, domain: Domain) -> None:
    """Keeps everybody else off the domain's vectors until the transaction ends."""
    await tx.execute(_LOCK_TABLE.format(table=_table(domain)))


async def drop(tx: Transaction, name: str) -> None:
    """Drops an index."""
    await tx.execute(_DROP.format(name=sql.Identifier(name)))


async def create(tx: Transaction, domain: Domain, shape: IndexShape) -> None:
    """Makes the domain's index over what the table holds, inside the transaction."""
    await tx.execute(_create(domain, shape, domain.index, online=False))


async def change_dimension(tx: Transaction, domain: Domain, dimension: int) -> None:
    """Removes all vectors and gives the column another dimension; its indexes must be dropped before."""
    await tx.execute(_TRUNCATE.format(table=_table(domain)))
    await tx.execute(_RETYPE.format(table=_table(domain), dimension=sql.Literal(dimension)))


async def only_builder(tx: Transaction, domain: Domain) -> bool:
    """Keeps builders of the domain's index out until the transaction ends; False when one is at work."""
    return bool(await tx.fetch_value(_TRY_BUILDER_HERE, (_BUILDERS, domain.embedding_table)))


def name_while_built(domain: Domain) -> str:
    """The name of an index that is not whole yet."""
    return f"{domain.index}_new"


async def build_online(connection: AsyncConnection[TupleRow], domain: Domain, shape: IndexShape) -> bool:
    """Builds an index while others read and write, under the name that says it is not whole; autocommit only.

    False when another session builds already. The lock ends with the session.
    """
    cursor = await connection.execute(_TRY_BUILDER, (_BUILDERS, domain.embedding_table))
    row = await cursor.fetchone()
    if not row or not row[0]:
        return False
    name = name_while_built(domain)
    await connection.execute(_DROP.format(name=sql.Identifier(name)))
    await connection.execute(_create(domain, shape, name, online=True))
    return True


async def swap(tx: Transaction, domain: Domain) -> None:
    """Puts the index that was just built in the place of all others."""
    fresh = name_while_built(domain)
    for index in await list_indexes(tx, domain):
        if index.name != fresh:
            await drop(tx, index.name)
    await tx.execute(_RENAME.format(old=sql.Identifier(fresh), new=sql.Identifier(domain.index)))


def _create(domain: Domain, shape: IndexShape, name: str, *, online: bool) -> sql.Composed:
    head = _CREATE.format(
        online=sql.SQL("CONCURRENTLY" if online else ""), name=sql.Identifier(name), table=_table(domain)
    )
    parameters = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(key), sql.Literal(int(value)))
        for key, value in shape.parameters.items()
    )
    return head + sql.SQL("USING {} (vector {}) WITH ({})").format(
        sql.Identifier(shape.kind), sql.Identifier(shape.operator_class), parameters
    )
