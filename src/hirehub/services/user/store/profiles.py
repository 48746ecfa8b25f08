"""Profiles of job seekers, one an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class Profile:
    """A job seeker's profile; salaries in the currency's whole units."""

    id: UUID
    user_id: UUID
    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    experience_years: int | None
    desired_position: str | None
    desired_salary_min: int | None
    desired_salary_max: int | None
    skills: list[str] | None
    created_at: datetime
    updated_at: datetime
    version: int


CHANGEABLE: Final = (
    "name",
    "phone",
    "experience_years",
    "desired_position",
    "desired_salary_min",
    "desired_salary_max",
    "skills",
)

_ADD = "INSERT INTO jobseeker_profiles (id, user_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"

_GET = """
SELECT id, user_id, name, phone, experience_years, desired_position, desired_salary_min, desired_salary_max, skills,
       created_at, updated_at, version
  FROM jobseeker_profiles WHERE user_id = %s
"""

_CHANGE = sql.SQL("""
UPDATE jobseeker_profiles SET {changes}updated_at = now(), version = version + 1
 WHERE user_id = %(user_id)s AND (%(versions)s::integer[] IS NULL OR version = ANY(%(versions)s))
""")

_REMOVE = "DELETE FROM jobseeker_profiles WHERE user_id = %s"


async def add(tx: Transaction, profile_id: UUID, user_id: UUID) -> None:
    """Gives an account an empty profile."""
    await tx.execute(_ADD, (profile_id, user_id))


async def get(tx: ReadTransaction, user_id: UUID) -> Profile | None:
    """The profile of an account."""
    row = await tx.fetch_one(_GET, (user_id,))
    return Profile(*row) if row else None


async def change(tx: Transaction, user_id: UUID, changes: Mapping[str, object], versions: list[int] | None) -> bool:
    """Changes columns of CHANGEABLE; False where the profile is not of one of the versions any more."""
    chosen = sql.SQL("").join(
        sql.SQL("{} = {}, ").format(sql.Identifier(name), sql.Placeholder(name))
        for name in CHANGEABLE
        if name in changes
    )
    values = dict(changes) | {"user_id": user_id, "versions": versions}
    return await tx.execute(_CHANGE.format(changes=chosen), values) == 1


async def remove(tx: Transaction, user_id: UUID) -> None:
    """Removes the profile of an account."""
    await tx.execute(_REMOVE, (user_id,))
