"""Skill tags, and which post asks for which."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class Skill:
    """A skill tag."""

    id: UUID
    name: str
    category: str | None


@dataclass(frozen=True)
class JobSkill:
    """A skill that a post asks for."""

    skill_id: UUID
    name: str
    category: str | None
    is_required: bool


_ENSURE = """
INSERT INTO skill_tags (id, name, category)
SELECT id, name, category FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS asked (id, name, category)
 ORDER BY lower(name), id ON CONFLICT (lower(name)) DO NOTHING
"""
"""In one order, so that two who make the same tags at once do not wait for each other."""

# The database says what is the same name: its lower case is not Python's for every letter.
_FIND = """
SELECT asked.name, t.id, t.name, t.category FROM unnest(%s::text[]) AS asked (name)
  JOIN skill_tags AS t ON lower(t.name) = lower(asked.name)
"""
_LIST = """
SELECT id, name, category FROM skill_tags
 WHERE (%(category)s::text IS NULL OR category = %(category)s)
   AND (%(prefix)s::text IS NULL OR starts_with(lower(name), lower(%(prefix)s)))
   AND (%(after)s::text IS NULL OR name > %(after)s)
 ORDER BY name LIMIT %(limit)s
"""
_OF_JOB = """
SELECT t.id, t.name, t.category, s.is_required FROM job_skills AS s JOIN skill_tags AS t ON t.id = s.skill_id
 WHERE s.job_id = %s ORDER BY s.is_required DESC, lower(t.name)
"""
_CLEAR = "DELETE FROM job_skills WHERE job_id = %s"
_ADD = (
    "INSERT INTO job_skills (job_id, skill_id, is_required) SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::boolean[])"
)


async def ensure(tx: Transaction, tags: Sequence[Skill]) -> dict[str, Skill]:
    """Makes the tags that are not there, by name in any case; all of them by the name that was asked for.

    Of names that are the same but for their case the one with the least id is kept.
    """
    await tx.execute(_ENSURE, ([one.id for one in tags], [one.name for one in tags], [one.category for one in tags]))
    rows = await tx.fetch_all(_FIND, ([one.name for one in tags],))
    return {asked: Skill(*tag) for asked, *tag in rows}


async def listed(
    tx: ReadTransaction, *, category: str | None, prefix: str | None, after: str | None, limit: int
) -> list[Skill]:
    """Tags by name."""
    params = {"category": category, "prefix": prefix, "after": after, "limit": limit}
    return [Skill(*row) for row in await tx.fetch_all(_LIST, params)]


async def of_job(tx: ReadTransaction, job_id: UUID) -> list[JobSkill]:
    """What a post asks for, required ones first."""
    return [JobSkill(*row) for row in await tx.fetch_all(_OF_JOB, (job_id,))]


async def put(tx: Transaction, job_id: UUID, wanted: Sequence[tuple[UUID, bool]]) -> None:
    """Makes these the skills that a post asks for: ids, and whether they are required."""
    await tx.execute(_CLEAR, (job_id,))
    await add(tx, [(job_id, skill_id, required) for skill_id, required in wanted])


async def add(tx: Transaction, wanted: Sequence[tuple[UUID, UUID, bool]]) -> None:
    """Adds skills to posts that do not ask for them: ids of post and skill, and whether it is required."""
    await tx.execute(_ADD, tuple(map(list, zip(*wanted, strict=True))) if wanted else ([], [], []))
