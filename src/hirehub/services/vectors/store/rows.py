"""Rows in their two tables: every statement that stores or compares them.

A row is one unit of metadata and vector; its metadata row is the lock for both. Who wins is decided under that lock:
the newer `updated_at`, or, where that is equal or was not told, the later arrival if anything differs bit for bit.
Statements run under READ COMMITTED, so that each sees what others have committed by its start. Rows are always taken
in the order of their ids: transactions that share rows wait in a line, not in a circle.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.vectors.domain.domains import Domain, by_name

Pieces = Iterable[bytes | memoryview]


class Compared(NamedTuple):
    """Staged rows that are not simply equal to or older than what is stored."""

    new: list[UUID]
    changed: list[UUID]


@dataclass(frozen=True)
class _Statements:
    """The statements of one domain, made of the names in its description and nothing else."""

    greatest: str
    """The greatest id that has metadata."""
    copy_metadata: str
    copy_embedding: str
    stage: str
    """A table of this session to merge from, empty, and the plan that suits few rows against many."""
    copy_stage: str
    compare: str
    """Which staged rows are new, and which win over what is stored."""
    insert: str
    """New rows; those that another transaction has added meanwhile are left alone."""
    lock: str
    update: str
    """Rows that still win, now that nobody else can change them."""
    store_vectors: str


_GREATEST = "SELECT id FROM {metadata} ORDER BY id DESC LIMIT 1"

_LOCK = "SELECT id FROM {metadata} WHERE id = ANY(%s) ORDER BY id FOR UPDATE"

_STAGE = """
SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL client_min_messages = error;
CREATE TEMPORARY TABLE IF NOT EXISTS {stage} ON COMMIT DELETE ROWS AS
  SELECT t.id, {mine}, t.updated_at, true AS told, e.vector::vector AS vector
    FROM {metadata} t JOIN {embedding} e ON e.id = t.id WITH NO DATA;
DELETE FROM {stage}
"""

_WINS = """CASE WHEN s.told AND s.updated_at > t.updated_at THEN true
                WHEN s.updated_at < t.updated_at THEN false
                ELSE e.id IS NULL OR record_image_ne(row({mine}, e.vector), row({staged}, s.vector)) END"""

_COMPARE = """
SELECT s.id, t.id IS NULL
  FROM {stage} s LEFT JOIN {metadata} t ON t.id = s.id LEFT JOIN {embedding} e ON e.id = s.id
 WHERE (%(ids)s::uuid[] IS NULL OR s.id = ANY(%(ids)s)) AND (t.id IS NULL OR {wins})
"""

_INSERT = """
INSERT INTO {metadata} (id, {own}, updated_at)
SELECT id, {own}, updated_at FROM {stage} WHERE id = ANY(%s) ORDER BY id
    ON CONFLICT (id) DO NOTHING RETURNING id
"""

_UPDATE = """
UPDATE {metadata} t SET {assigned}, updated_at = s.updated_at
  FROM {stage} s LEFT JOIN {embedding} e ON e.id = s.id
 WHERE t.id = s.id AND s.id = ANY(%s) AND {wins} RETURNING t.id
"""

_VECTORS = """
INSERT INTO {embedding} (id, vector, updated_at)
SELECT id, vector, updated_at FROM {stage} WHERE id = ANY(%s) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET vector = excluded.vector, updated_at = excluded.updated_at
"""


@lru_cache
def _statements(name: str) -> _Statements:
    domain = by_name(name)
    columns = [column.name for column in domain.columns]
    words = {
        "metadata": domain.metadata_table,
        "embedding": domain.embedding_table,
        "stage": f"stage_{domain.name}",
        "own": ", ".join(columns),
        "mine": ", ".join(f"t.{column}" for column in columns),
        "staged": ", ".join(f"s.{column}" for column in columns),
        "assigned": ", ".join(f"{column} = s.{column}" for column in columns),
    }
    words["wins"] = _WINS.format(**words)
    return _Statements(
        greatest=_GREATEST.format(**words),
        copy_metadata="COPY {metadata} (id, {own}, updated_at) FROM STDIN (FORMAT BINARY)".format(**words),
        copy_embedding="COPY {embedding} (id, vector, updated_at) FROM STDIN (FORMAT BINARY)".format(**words),
        stage=_STAGE.format(**words),
        copy_stage="COPY {stage} (id, {own}, updated_at, told, vector) FROM STDIN (FORMAT BINARY)".format(**words),
        compare=_COMPARE.format(**words),
        insert=_INSERT.format(**words),
        lock=_LOCK.format(**words),
        update=_UPDATE.format(**words),
        store_vectors=_VECTORS.format(**words),
    )


async def greatest_id(tx: ReadTransaction, domain: Domain) -> UUID | None:
    """The greatest id that has metadata: rows beyond it are new."""
    value: UUID | None = await tx.fetch_value(_statements(domain.name).greatest)
    return value


async def copy_metadata(tx: Transaction, domain: Domain, pieces: Pieces) -> None:
    """Adds new metadata rows; UniqueViolation where one is there already."""
    await _copy(tx, _statements(domain.name).copy_metadata, pieces)


async def copy_embedding(tx: Transaction, domain: Domain, pieces: Pieces) -> None:
    """Adds the vectors of new metadata rows."""
    await _copy(tx, _statements(domain.name).copy_embedding, pieces)


async def stage(tx: Transaction, domain: Domain, pieces: Pieces) -> None:
    """Puts rows where the statements below find them; whatever this session staged before is gone."""
    statements = _statements(domain.name)
    await tx.execute(statements.stage)
    await _copy(tx, statements.copy_stage, pieces)


async def compare(tx: Transaction, domain: Domain, ids: Sequence[UUID] | None = None) -> Compared:
    """Which staged rows (all, or those of the given ids) are new or win over what is stored."""
    found = await tx.fetch_all(_statements(domain.name).compare, {"ids": ids}, binary=True)
    return Compared([entity for entity, new in found if new], [entity for entity, new in found if not new])


async def insert(tx: Transaction, domain: Domain, ids: Sequence[UUID]) -> list[UUID]:
    """Adds the metadata of staged rows; gives the ids that were indeed new."""
    return [row[0] for row in await tx.fetch_all(_statements(domain.name).insert, (ids,), binary=True)]


async def update(tx: Transaction, domain: Domain, ids: Sequence[UUID]) -> list[UUID]:
    """Locks metadata rows in order, then changes those over which the staged row still wins; gives their ids."""
    statements = _statements(domain.name)
    await tx.execute(statements.lock, (ids,))
    return [row[0] for row in await tx.fetch_all(statements.update, (ids,), binary=True)]


async def store_vectors(tx: Transaction, domain: Domain, ids: Sequence[UUID]) -> None:
    """Adds or replaces the vectors of rows whose metadata this transaction has just written."""
    await tx.execute(_statements(domain.name).store_vectors, (ids,))


async def _copy(tx: Transaction, statement: str, pieces: Pieces) -> None:
    async with tx.copy_in(statement) as copy:
        for piece in pieces:
            await copy.write(piece)
