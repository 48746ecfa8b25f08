"""Profiles of posts and resumes, the facts that their scores are made of, and candidates among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.ai.profiles.values import Profile, Source, Vector

_OWNER: Final[Mapping[Source, str]] = {"job": "company_id", "resume": "user_id"}
_OTHER: Final[Mapping[Source, Source]] = {"job": "resume", "resume": "job"}


@dataclass(frozen=True)
class Kept:
    """What is kept of a profile, beside its facts."""

    version: int
    facts_hash: str
    text_hash: str
    model: str | None
    dimension: int | None
    is_open: bool
    rules: str | None
    """By which it was read, and its pairs are scored."""


@dataclass(frozen=True)
class Row:
    """A candidate, by the hash of its facts."""

    id: UUID
    owner_id: UUID
    version: int
    language: str
    facts_hash: str
    title: str | None = None


_KEPT = """
SELECT version, facts_hash, text_hash, model, vector_dims(embedding), {is_open}, rules FROM {table} WHERE {id} = %s
"""
_PUT = """
INSERT INTO {table} ({id}, {owner}, version, language, facts_hash, text_hash, rules{more})
VALUES (%(id)s, %(owner)s, %(version)s, %(language)s, %(facts_hash)s, %(text_hash)s, %(rules)s{more_values})
ON CONFLICT ({id}) DO UPDATE SET version = EXCLUDED.version, language = EXCLUDED.language,
       facts_hash = EXCLUDED.facts_hash, text_hash = EXCLUDED.text_hash, rules = EXCLUDED.rules{more_set},
       updated_at = now(),
       model = CASE WHEN {table}.text_hash = EXCLUDED.text_hash THEN {table}.model END,
       embedding = CASE WHEN {table}.text_hash = EXCLUDED.text_hash THEN {table}.embedding END
"""
_PUT_RULES = "UPDATE {table} SET rules = %s WHERE {id} = %s"
_PUT_VECTOR = "UPDATE {table} SET model = %s, embedding = %s::vector WHERE {id} = %s"
_VECTOR = "SELECT model, embedding::text FROM {table} WHERE {id} = %s"
_CLEAR_SKILLS = "DELETE FROM {table} WHERE {id} = %s"
_ADD_SKILLS = "INSERT INTO {table} ({id}, skill, weight) SELECT %s, * FROM unnest(%s::text[], %s::int[])"
_SKILLS = "SELECT skill, weight FROM {table} WHERE {id} = %s ORDER BY skill"
_ADD_FACTS = """
INSERT INTO scored_facts (hash, source_type, source_id, facts) VALUES (%s, %s, %s, %s::jsonb)
ON CONFLICT (hash, source_id) DO NOTHING
"""
_FACTS = "SELECT DISTINCT ON (hash) hash, facts::text FROM scored_facts WHERE hash = ANY(%s)"
_CLOSE = "UPDATE job_profile SET is_open = false, version = %s, updated_at = now() WHERE job_id = %s"
_FORGET = "DELETE FROM {table} WHERE {id} = ANY(%s)"
_STOP = "DELETE FROM match_work WHERE source_type = %s AND source_id = ANY(%s)"
_FORGET_REST = """
WITH facts AS (DELETE FROM scored_facts WHERE source_type = %(source)s AND source_id = ANY(%(ids)s)),
     fresh AS (DELETE FROM fresh_vector WHERE source_type = %(source)s AND source_id = ANY(%(ids)s))
DELETE FROM job_embeddings WHERE job_id = ANY(%(ids)s)
"""
_PAIRED = "SELECT {other_id}, said FROM matched_pair WHERE {id} = %s"
_PAIR = """
INSERT INTO matched_pair ({id}, {other_id}, said)
SELECT %s, found.* FROM unnest(%s::uuid[], %s::text[]) AS found (id, said)
 WHERE EXISTS (SELECT 1 FROM {other_table} AS o WHERE o.{other_id} = found.id)
ON CONFLICT (job_id, resume_id) DO UPDATE SET said = EXCLUDED.said
"""
_NEAREST = """
SELECT {id} FROM {table} WHERE model = %(model)s AND vector_dims(embedding) = vector_dims(%(vector)s::vector){open}
 ORDER BY embedding <=> %(vector)s::vector, {id} LIMIT %(most)s
"""
_BY_SKILL = """
SELECT s.{id} FROM unnest(%(skills)s::text[], %(weights)s::int[]) AS own (skill, weight)
  JOIN {skills} AS s USING (skill) JOIN {table} AS p USING ({id}){where}
 GROUP BY s.{id}
 ORDER BY sum(s.weight * own.weight)::float8 / min({whole}) DESC, sum(s.weight * own.weight) DESC, s.{id}
 LIMIT %(most)s
"""
_ROWS = """
SELECT {id}, {owner}, version, language, facts_hash, {title} FROM {table} WHERE {id} = ANY(%s){open}
"""
_PUT_CHUNK = "INSERT INTO job_embeddings (job_id, chunk_index, chunk_text, embedding) VALUES (%s, %s, %s, %s::vector)"


def _words(source: Source) -> dict[str, sql.Composable]:
    other = _OTHER[source]
    is_job = source == "job"
    return {
        "table": sql.Identifier(f"{source}_profile"),
        "skills": sql.Identifier(f"{source}_skill"),
        "id": sql.Identifier(f"{source}_id"),
        "owner": sql.Identifier(_OWNER[source]),
        "other_id": sql.Identifier(f"{other}_id"),
        "other_table": sql.Identifier(f"{other}_profile"),
        "is_open": sql.SQL("is_open" if is_job else "true"),
        "open": sql.SQL(" AND is_open" if is_job else ""),
        "where": sql.SQL(" WHERE p.is_open" if is_job else ""),
        "whole": sql.SQL("p.asked" if is_job else "1"),
        "title": sql.SQL("title" if is_job else "NULL"),
        "more": sql.SQL(", is_open, asked, title" if is_job else ""),
        "more_values": sql.SQL(", true, %(asked)s, %(title)s" if is_job else ""),
        "more_set": sql.SQL(", is_open = true, asked = EXCLUDED.asked, title = EXCLUDED.title" if is_job else ""),
    }


def _said(statement: str, source: Source) -> sql.Composed:
    return sql.SQL(statement).format(**_words(source))


async def kept(tx: ReadTransaction, source: Source, source_id: UUID) -> Kept | None:
    """What is kept of a profile, if it is there."""
    row = await tx.fetch_one(_said(_KEPT, source), (source_id,))
    return Kept(*row) if row else None


async def put(
    tx: Transaction, source: Source, own: Profile, *, facts_hash: str, text_hash: str, facts: str, rules: str
) -> None:
    """Keeps a profile, and its facts under their hash for as long as there is what they are of; a post of it is open.

    The vector of another text goes: a later one may not come, as the model may not answer.
    """
    await tx.execute(_ADD_FACTS, (facts_hash, source, own.id, facts))
    values = {
        "id": own.id,
        "owner": own.owner_id,
        "version": own.version,
        "language": own.language,
        "facts_hash": facts_hash,
        "text_hash": text_hash,
        "rules": rules,
        "asked": max(1, sum(own.skills.values())),
        "title": own.title,
    }
    await tx.execute(_said(_PUT, source), values)
    words = {"table": sql.Identifier(f"{source}_skill"), "id": sql.Identifier(f"{source}_id")}
    await tx.execute(sql.SQL(_CLEAR_SKILLS).format(**words), (own.id,))
    if own.skills:
        rows = (own.id, [name[:100] for name in own.skills], list(own.skills.values()))
        await tx.execute(sql.SQL(_ADD_SKILLS).format(**words), rows)


async def put_rules(tx: Transaction, source: Source, source_id: UUID, rules: str) -> None:
    """Lets a profile count as made by those rules, as it is."""
    await tx.execute(_said(_PUT_RULES, source), (rules, source_id))


async def put_vector(tx: Transaction, source: Source, source_id: UUID, model: str, vector: Vector) -> None:
    """Keeps a profile's vector and the model that made it."""
    await tx.execute(_said(_PUT_VECTOR, source), (model, str(list(vector)), source_id))


async def own(tx: ReadTransaction, source: Source, source_id: UUID) -> tuple[Row, dict[str, int]] | None:
    """What is kept of one, with its skills; None where it is gone, or a post is not open."""
    found = await rows(tx, source, [source_id])
    if not found:
        return None
    words = {"table": sql.Identifier(f"{source}_skill"), "id": sql.Identifier(f"{source}_id")}
    skills = await tx.fetch_all(sql.SQL(_SKILLS).format(**words), (source_id,))
    return found[0], dict(skills)


async def vector(tx: ReadTransaction, source: Source, source_id: UUID) -> tuple[str, list[float]] | None:
    """A profile's vector and the model that made it."""
    row = await tx.fetch_one(_said(_VECTOR, source), (source_id,))
    return None if row is None or row[0] is None else (row[0], [float(one) for one in row[1][1:-1].split(",")])


async def put_chunks(tx: Transaction, job_id: UUID, chunks: Sequence[tuple[str, Vector | None]]) -> None:
    """Makes these the pieces of a post's text with their vectors."""
    await tx.execute("DELETE FROM job_embeddings WHERE job_id = %s", (job_id,))
    rows = [(job_id, at, text, None if one is None else str(list(one))) for at, (text, one) in enumerate(chunks)]
    if rows:
        await tx.execute_many(_PUT_CHUNK, rows)


async def close(tx: Transaction, job_id: UUID, version: int) -> None:
    """Takes a post out of the candidates."""
    await tx.execute(_CLOSE, (version, job_id))


async def forget(tx: Transaction, source: Source, ids: Sequence[UUID]) -> None:
    """Removes everything that was made of posts or resumes.

    What waits goes first: whoever works one of them is waited for, and what he has made is seen then.
    """
    await tx.execute(_STOP, (source, list(ids)))
    await tx.execute(_said(_FORGET, source), (list(ids),))
    await tx.execute(_FORGET_REST, {"source": source, "ids": list(ids)})


async def paired(tx: ReadTransaction, source: Source, source_id: UUID) -> dict[UUID, str]:
    """Those of the other side with which it was told before, and which numbers were told."""
    return dict(await tx.fetch_all(_said(_PAIRED, source), (source_id,)))


async def pair(tx: Transaction, source: Source, source_id: UUID, others: Mapping[UUID, str]) -> None:
    """Remembers that it was told with those, and which numbers."""
    ordered = sorted(others)
    await tx.execute(_said(_PAIR, source), (source_id, ordered, [others[one] for one in ordered]))


async def nearest(tx: ReadTransaction, source: Source, *, model: str, vector: Vector, most: int) -> list[UUID]:
    """Candidates of the kind `source` by their vectors' cosine, exactly, the nearest first; of the same model alone."""
    values = {"model": model, "vector": str(list(vector)), "most": most}
    return [row[0] for row in await tx.fetch_all(_said(_NEAREST, source), values)]


async def by_skill(tx: ReadTransaction, source: Source, skills: Mapping[str, int], *, most: int) -> list[UUID]:
    """Candidates of the kind `source` by the weight of the skills that both sides name, the most first."""
    values = {"skills": list(skills), "weights": list(skills.values()), "most": most}
    return [row[0] for row in await tx.fetch_all(_said(_BY_SKILL, source), values)]


async def rows(tx: ReadTransaction, source: Source, ids: Sequence[UUID]) -> list[Row]:
    """Candidates of the kind `source`; a post that is not open is none."""
    return [Row(*row) for row in await tx.fetch_all(_said(_ROWS, source), (list(ids),))]


async def facts(tx: ReadTransaction, hashes: Sequence[str]) -> dict[str, str]:
    """The facts behind hashes, as JSON text."""
    return {row[0]: row[1] for row in await tx.fetch_all(_FACTS, (list(hashes),))}
