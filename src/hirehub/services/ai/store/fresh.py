"""Posts and resumes whose vectors `vectors` does not have yet, each once however often it has changed meanwhile.

Nobody holds a row of it while rows are being sent: it is lent for a time, and goes if nothing has asked for it since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from hirehub.contracts.vectors import Wanted
from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.ai.profiles.values import Facts, Source, from_json

_ASK = """
INSERT INTO fresh_vector (source_type, source_id) VALUES (%s, %s)
    ON CONFLICT (source_type, source_id) DO UPDATE SET turn = DEFAULT, due_at = now()
"""
_OTHER = """
p.model IS NOT NULL{open} AND NOT ((%(model)s = '' OR regexp_replace(p.model, '@[^@]*$', '') = %(model)s)
                                   AND vector_dims(p.embedding) = %(dimension)s)
"""
_LEND = """
UPDATE fresh_vector AS f SET due_at = now() + %(seconds)s * interval '1 second'
  FROM (SELECT w.source_id FROM fresh_vector AS w LEFT JOIN {table} AS p ON p.{id} = w.source_id
         WHERE w.source_type = %(source)s AND w.due_at <= now() AND ({other}) IS NOT TRUE
         ORDER BY w.due_at LIMIT %(most)s FOR UPDATE OF w SKIP LOCKED) AS due
 WHERE f.source_type = %(source)s AND f.source_id = due.source_id
RETURNING f.source_id, f.turn
"""
_ROWS = """
SELECT p.{id}, p.updated_at, p.embedding::text, s.facts::text
  FROM {table} AS p JOIN scored_facts AS s ON s.hash = p.facts_hash AND s.source_id = p.{id}
 WHERE p.{id} = ANY(%(ids)s) AND p.model IS NOT NULL{open} AND NOT ({other})
"""
_DONE = "DELETE FROM fresh_vector WHERE turn = ANY(%s)"
_RETURN = "UPDATE fresh_vector SET due_at = now() WHERE turn = ANY(%s)"
_OTHERS = """
SELECT count(*) FROM fresh_vector AS w JOIN {table} AS p ON p.{id} = w.source_id
 WHERE w.source_type = %(source)s AND {other}
"""


@dataclass(frozen=True)
class Vectored:
    """A post or a resume with its vector, and when it was read."""

    id: UUID
    at: datetime
    vector: NDArray[np.float32]
    facts: Facts


def _said(statement: str, source: Source) -> sql.Composed:
    opened = sql.SQL(" AND p.is_open" if source == "job" else "")
    words = {"table": sql.Identifier(f"{source}_profile"), "id": sql.Identifier(f"{source}_id"), "open": opened}
    return sql.SQL(statement).format(**words, other=sql.SQL(_OTHER).format(open=opened))


async def ask(tx: Transaction, source: Source, source_id: UUID) -> None:
    """Lets it wait to be sent."""
    await tx.execute(_ASK, (source, source_id))


async def lend(tx: Transaction, source: Source, wanted: Wanted, *, most: int, seconds: float) -> dict[UUID, int]:
    """Some that are due, with their turns, to nobody else for so many seconds; those of another model wait on."""
    values = {"source": source, "model": wanted.model, "dimension": wanted.dimension}
    return dict(await tx.fetch_all(_said(_LEND, source), {**values, "most": most, "seconds": seconds}))


async def rows(tx: ReadTransaction, source: Source, ids: Sequence[UUID], wanted: Wanted) -> list[Vectored]:
    """Those of them that have a vector as it is wanted; a post that is not open has none."""
    values = {"ids": list(ids), "model": wanted.model, "dimension": wanted.dimension}
    found = await tx.fetch_all(_said(_ROWS, source), values)
    return [
        Vectored(one, at, np.array(vector[1:-1].split(","), np.float32), from_json(source, facts))
        for one, at, vector, facts in found
    ]


async def done(tx: Transaction, turns: Sequence[int]) -> None:
    """Ends the waiting of those that were sent; one that was asked for again since has another turn, and waits on."""
    await tx.execute(_DONE, (list(turns),))


async def give_back(tx: Transaction, turns: Sequence[int]) -> None:
    """Lets them be due at once."""
    await tx.execute(_RETURN, (list(turns),))


async def others(tx: ReadTransaction, source: Source, wanted: Wanted) -> int:
    """How many wait that are of another model."""
    values = {"source": source, "model": wanted.model, "dimension": wanted.dimension}
    return int(await tx.fetch_value(_said(_OTHERS, source), values))
