"""Companies: made, listed, changed, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class Company:
    """A company."""

    id: UUID
    name: str
    business_number: str | None
    industry: str | None
    company_size: str | None
    location: str | None
    logo_url: str | None
    description: str | None
    status: str
    created_at: datetime
    updated_at: datetime
    version: int


CHANGEABLE: Final = ("name", "business_number", "industry", "company_size", "location", "logo_url", "description")

_COLUMNS = sql.SQL(
    "id, name, business_number, industry, company_size, location, logo_url, description, status, created_at,"
    " updated_at, version"
)

_ADD = """
INSERT INTO companies (id, name, business_number, industry, company_size, location, logo_url, description)
VALUES (%(id)s, %(name)s, %(business_number)s, %(industry)s, %(company_size)s, %(location)s, %(logo_url)s,
        %(description)s)
"""

_GET = sql.SQL("SELECT {} FROM companies WHERE id = %s").format(_COLUMNS)

_LOCK = "SELECT 1 FROM companies WHERE id = %s AND status = 'active' FOR UPDATE"

_LIST = sql.SQL("""
SELECT {} FROM companies
 WHERE status = 'active' AND (%(after)s::uuid IS NULL OR id > %(after)s)
   AND (%(member)s::uuid IS NULL OR id IN (SELECT company_id FROM company_members WHERE user_id = %(member)s))
 ORDER BY id LIMIT %(limit)s
""").format(_COLUMNS)

_CHANGE = sql.SQL("""
UPDATE companies SET {changes}updated_at = now(), version = version + 1
 WHERE id = %(id)s AND status = 'active' AND (%(versions)s::integer[] IS NULL OR version = ANY(%(versions)s))
""")

_CLOSE = """
UPDATE companies SET status = 'closed', business_number = NULL, updated_at = now(), version = version + 1
 WHERE id = %s AND status = 'active'
"""


async def add(tx: Transaction, company_id: UUID, values: Mapping[str, object]) -> None:
    """Makes a company of the columns CHANGEABLE; UniqueViolation for a business number that another has."""
    await tx.execute(_ADD, {name: values.get(name) for name in CHANGEABLE} | {"id": company_id})


async def get(tx: ReadTransaction, company_id: UUID) -> Company | None:
    """A company, closed or not."""
    row = await tx.fetch_one(_GET, (company_id,))
    return Company(*row) if row else None


async def lock(tx: Transaction, company_id: UUID) -> bool:
    """Keeps everybody else from changing the company's members until the transaction ends; False if it is closed."""
    return await tx.fetch_value(_LOCK, (company_id,)) is not None


async def page(tx: ReadTransaction, *, after: UUID | None, limit: int, member: UUID | None = None) -> list[Company]:
    """Active companies in the order of their ids, all or a member's; one more than `limit` where there are more."""
    return [Company(*row) for row in await tx.fetch_all(_LIST, {"after": after, "limit": limit + 1, "member": member})]


async def change(tx: Transaction, company_id: UUID, changes: Mapping[str, object], versions: list[int] | None) -> bool:
    """Changes columns of CHANGEABLE; False where the company is not of one of the versions any more."""
    chosen = sql.SQL("").join(
        sql.SQL("{} = {}, ").format(sql.Identifier(name), sql.Placeholder(name))
        for name in CHANGEABLE
        if name in changes
    )
    values = dict(changes) | {"id": company_id, "versions": versions}
    return await tx.execute(_CHANGE.format(changes=chosen), values) == 1


async def close(tx: Transaction, company_id: UUID) -> bool:
    """Closes a company that nobody acts for any more; False for one that is closed. Its number is free again."""
    return await tx.execute(_CLOSE, (company_id,)) == 1
