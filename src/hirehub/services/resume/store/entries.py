"""Experiences, skills and educations of a resume, and its chunks with vectors; each list is kept as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from hirehub.kernel.db import ReadTransaction, Transaction

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "resume_experiences": ("company_name", "position", "start_date", "end_date", "is_current", "description"),
    "resume_skills": ("skill_name", "proficiency", "years"),
    "resume_educations": ("school_name", "degree", "major", "start_date", "end_date", "is_current"),
}
_ORDER: Final = {
    "resume_experiences": "is_current DESC, end_date DESC NULLS LAST, start_date DESC NULLS LAST, id",
    "resume_skills": "lower(skill_name), id",
    "resume_educations": "is_current DESC, end_date DESC NULLS LAST, id",
}
_CLEAR = sql.SQL("DELETE FROM {table} WHERE resume_id = %s")
_ADD = sql.SQL("INSERT INTO {table} (resume_id, {names}) VALUES (%(resume_id)s, {values})")
_LIST = sql.SQL("SELECT id, {names} FROM {table} WHERE resume_id = %s ORDER BY {order}")
_ADD_CHUNK = """
INSERT INTO resume_embeddings (resume_id, chunk_index, chunk_text, embedding) VALUES (%s, %s, %s, %s::vector)
"""
_ADD_LOG = "INSERT INTO pii_masking_logs (resume_id, masked_fields) VALUES (%s, %s)"


async def put(tx: Transaction, table: str, resume_id: UUID, rows: Sequence[Mapping[str, object]]) -> None:
    """Makes these the resume's entries of that table of FIELDS."""
    names = FIELDS[table]
    words = {
        "table": sql.Identifier(table),
        "names": sql.SQL(", ").join(map(sql.Identifier, names)),
        "values": sql.SQL(", ").join(map(sql.Placeholder, names)),
    }
    await tx.execute(_CLEAR.format(**words), (resume_id,))
    if rows:
        params = [{**{name: row.get(name) for name in names}, "resume_id": resume_id} for row in rows]
        await tx.execute_many(_ADD.format(**words), params)


async def listed(tx: ReadTransaction, table: str, resume_id: UUID) -> list[dict[str, Any]]:
    """The resume's entries of that table, current ones first."""
    statement = _LIST.format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, FIELDS[table])),
        order=sql.SQL(_ORDER[table]),
    )
    return await tx.fetch_dicts(statement, (resume_id,))


async def put_chunks(tx: Transaction, resume_id: UUID, chunks: Sequence[tuple[str, Sequence[float] | None]]) -> None:
    """Makes these the resume's chunks, each with its vector where there is one."""
    await tx.execute(_CLEAR.format(table=sql.Identifier("resume_embeddings")), (resume_id,))
    if chunks:
        rows = [
            (resume_id, index, text, None if vector is None else str(list(vector)))
            for index, (text, vector) in enumerate(chunks)
        ]
        await tx.execute_many(_ADD_CHUNK, rows)


async def log_masking(tx: Transaction, resume_id: UUID, masked: Mapping[str, int]) -> None:
    """Keeps how many values of each kind were masked; the values are kept nowhere."""
    await tx.execute(_ADD_LOG, (resume_id, Jsonb(dict(masked))))
