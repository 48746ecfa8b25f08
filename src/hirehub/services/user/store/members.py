"""Members of companies, and invitations to become one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class Member:
    """A person who acts for a company; a primary member also decides who does."""

    id: UUID
    user_id: UUID
    company_id: UUID
    name: str | None = field(repr=False)
    position: str | None
    is_primary: bool
    created_at: datetime


@dataclass(frozen=True)
class Invitation:
    """An invitation that was not accepted yet."""

    id: UUID
    company_id: UUID
    email: str = field(repr=False)
    name: str | None = field(repr=False)
    position: str | None
    is_primary: bool
    created_at: datetime


CHANGEABLE: Final = ("name", "position", "is_primary")

_COLUMNS = sql.SQL("id, user_id, company_id, name, position, is_primary, created_at")

_GET = sql.SQL("SELECT {} FROM company_members WHERE company_id = %s AND user_id = %s").format(_COLUMNS)

_LIST = sql.SQL("""
SELECT {} FROM company_members
 WHERE company_id = %(company_id)s AND (%(after)s::uuid IS NULL OR id > %(after)s) ORDER BY id LIMIT %(limit)s
""").format(_COLUMNS)

_OF_USER = "SELECT company_id FROM company_members WHERE user_id = %s ORDER BY company_id"

_ADD = """
INSERT INTO company_members (id, user_id, company_id, name, position, is_primary)
VALUES (%(id)s, %(user_id)s, %(company_id)s, %(name)s, %(position)s, %(is_primary)s) ON CONFLICT DO NOTHING
"""

_CHANGE = sql.SQL("UPDATE company_members SET {changes} WHERE company_id = %(company_id)s AND user_id = %(user_id)s")

_REMOVE = "DELETE FROM company_members WHERE company_id = %s AND user_id = %s"

_COUNT = "SELECT count(*), count(*) FILTER (WHERE is_primary) FROM company_members WHERE company_id = %s"

_INVITE = """
INSERT INTO invitation (id, company_id, email, name, position, is_primary, invited_by, token_id)
VALUES (%(id)s, %(company_id)s, %(email)s, %(name)s, %(position)s, %(is_primary)s, %(invited_by)s, %(token_id)s)
"""

_INVITATION = """
SELECT id, company_id, email, name, position, is_primary, created_at FROM invitation WHERE id = %s
"""

_INVITATION_OF = """
SELECT id, company_id, email, name, position, is_primary, created_at FROM invitation WHERE token_id = %s
"""


async def get(tx: ReadTransaction, company_id: UUID, user_id: UUID) -> Member | None:
    """A person as a member of a company."""
    row = await tx.fetch_one(_GET, (company_id, user_id))
    return Member(*row) if row else None


async def page(tx: ReadTransaction, company_id: UUID, *, after: UUID | None, limit: int) -> list[Member]:
    """Members in the order of their ids; one more than `limit` where there are more."""
    values = {"company_id": company_id, "after": after, "limit": limit + 1}
    return [Member(*row) for row in await tx.fetch_all(_LIST, values)]


async def companies_of(tx: ReadTransaction, user_id: UUID) -> list[UUID]:
    """The companies that a person is a member of, in a fixed order, so that locks are taken in one."""
    return [row[0] for row in await tx.fetch_all(_OF_USER, (user_id,))]


async def add(
    tx: Transaction,
    *,
    member_id: UUID,
    user_id: UUID,
    company_id: UUID,
    name: str | None,
    position: str | None,
    is_primary: bool,
) -> bool:
    """Makes a person a member; False for one who is."""
    values = {"id": member_id, "user_id": user_id, "company_id": company_id, "name": name, "position": position}
    return await tx.execute(_ADD, values | {"is_primary": is_primary}) == 1


async def change(tx: Transaction, company_id: UUID, user_id: UUID, changes: Mapping[str, object]) -> None:
    """Changes columns of CHANGEABLE, of which there is at least one."""
    chosen = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in CHANGEABLE if name in changes
    )
    await tx.execute(_CHANGE.format(changes=chosen), dict(changes) | {"company_id": company_id, "user_id": user_id})


async def remove(tx: Transaction, company_id: UUID, user_id: UUID) -> None:
    """Removes a member."""
    await tx.execute(_REMOVE, (company_id, user_id))


async def count(tx: ReadTransaction, company_id: UUID) -> tuple[int, int]:
    """How many members a company has, and how many of them are primary."""
    row = await tx.fetch_one(_COUNT, (company_id,))
    return (int(row[0]), int(row[1])) if row else (0, 0)


async def invite(tx: Transaction, values: Mapping[str, object]) -> None:
    """Keeps an invitation: id, company_id, email, name, position, is_primary, invited_by, token_id."""
    await tx.execute(_INVITE, values)


async def invitation(tx: ReadTransaction, invitation_id: UUID) -> Invitation | None:
    """An invitation by its id."""
    row = await tx.fetch_one(_INVITATION, (invitation_id,))
    return Invitation(*row) if row else None


async def invitation_of(tx: ReadTransaction, token_id: UUID) -> Invitation | None:
    """The invitation of a token."""
    row = await tx.fetch_one(_INVITATION_OF, (token_id,))
    return Invitation(*row) if row else None
