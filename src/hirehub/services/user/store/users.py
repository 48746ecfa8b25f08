"""Accounts: found by id, address or subject, made, changed, ended."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class User:
    """An account, without its password."""

    id: UUID
    email: str = field(repr=False)
    user_type: str
    status: str
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class Credentials:
    """What a log-in is held against."""

    id: UUID
    user_type: str
    status: str
    password_hash: str | None = field(repr=False)


_COLUMNS = sql.SQL("id, email, user_type, status, created_at, updated_at, version")

_GET = sql.SQL("SELECT {} FROM users WHERE id = %s").format(_COLUMNS)

_CREDENTIALS = "SELECT id, user_type, status, password_hash FROM users WHERE email = %s"

_CREDENTIALS_BY_ID = "SELECT id, user_type, status, password_hash FROM users WHERE id = %s"

_BY_SUBJECT = "SELECT id, user_type, status, password_hash FROM users WHERE cognito_sub = %s"

_KNOWN = "SELECT 1 FROM users WHERE email = %s"

_ADD = """
INSERT INTO users (id, cognito_sub, email, user_type, password_hash)
VALUES (%(id)s, %(subject)s, %(email)s, %(user_type)s, %(password_hash)s)
ON CONFLICT DO NOTHING
"""

_RENEW = """
UPDATE users SET password_hash = %(password_hash)s, updated_at = now(), version = version + 1
 WHERE id = %(id)s AND status <> 'deleted' AND (%(versions)s::integer[] IS NULL OR version = ANY(%(versions)s))
"""

_REHASH = "UPDATE users SET password_hash = %(new)s WHERE id = %(id)s AND password_hash = %(old)s"

_SET_EMAIL = """
UPDATE users SET email = %(email)s, updated_at = now(), version = version + 1
 WHERE id = %(id)s AND status = 'active' AND NOT EXISTS (SELECT 1 FROM users WHERE email = %(email)s)
"""

_SET_STATUS = """
UPDATE users SET status = %(to)s, updated_at = now(), version = version + 1 WHERE id = %(id)s AND status = %(from)s
"""

_ERASE = """
UPDATE users
   SET status = 'deleted', email = 'deleted-' || id, cognito_sub = 'deleted-' || id, password_hash = NULL,
       updated_at = now(), version = version + 1
 WHERE id = %s AND status <> 'deleted'
"""

_LIST = sql.SQL("""
SELECT {} FROM users
 WHERE (%(after)s::uuid IS NULL OR id > %(after)s)
   AND (%(email)s::text IS NULL OR email = %(email)s)
   AND (%(status)s::text IS NULL OR status = %(status)s)
   AND (%(user_type)s::text IS NULL OR user_type = %(user_type)s)
 ORDER BY id LIMIT %(limit)s
""").format(_COLUMNS)


async def get(tx: ReadTransaction, user_id: UUID) -> User | None:
    """An account by its id."""
    row = await tx.fetch_one(_GET, (user_id,))
    return User(*row) if row else None


async def credentials(tx: ReadTransaction, email: str) -> Credentials | None:
    """What a log-in with the address is held against."""
    row = await tx.fetch_one(_CREDENTIALS, (email,))
    return Credentials(*row) if row else None


async def credentials_of(tx: ReadTransaction, user_id: UUID) -> Credentials | None:
    """The same by the account's id."""
    row = await tx.fetch_one(_CREDENTIALS_BY_ID, (user_id,))
    return Credentials(*row) if row else None


async def by_subject(tx: ReadTransaction, subject: str) -> Credentials | None:
    """The account of an issuer's subject."""
    row = await tx.fetch_one(_BY_SUBJECT, (subject,))
    return Credentials(*row) if row else None


async def known(tx: ReadTransaction, email: str) -> bool:
    """Whether an account has the address."""
    return await tx.fetch_value(_KNOWN, (email,)) is not None


async def add(
    tx: Transaction, *, user_id: UUID, subject: str, email: str, user_type: str, password_hash: str | None
) -> bool:
    """Makes an account; False where address or subject is another's."""
    values = {"id": user_id, "subject": subject, "email": email, "user_type": user_type}
    return await tx.execute(_ADD, values | {"password_hash": password_hash}) == 1


async def set_password(tx: Transaction, user_id: UUID, password_hash: str, versions: list[int] | None) -> bool:
    """Sets a password; False where the account is not of one of the versions any more."""
    values = {"id": user_id, "password_hash": password_hash, "versions": versions}
    return await tx.execute(_RENEW, values) == 1


async def rehash(tx: Transaction, user_id: UUID, *, old: str, new: str) -> None:
    """Keeps the same password under today's parameters, unless it was changed meanwhile."""
    await tx.execute(_REHASH, {"id": user_id, "old": old, "new": new})


async def set_email(tx: Transaction, user_id: UUID, email: str) -> bool:
    """Moves an account to an address; False where another has it."""
    return await tx.execute(_SET_EMAIL, {"id": user_id, "email": email}) == 1


async def set_status(tx: Transaction, user_id: UUID, *, from_status: str, to_status: str) -> bool:
    """Moves an account from a state to another; False where it is not in the first."""
    return await tx.execute(_SET_STATUS, {"id": user_id, "from": from_status, "to": to_status}) == 1


async def erase(tx: Transaction, user_id: UUID) -> bool:
    """Ends an account: its id stays, everything personal goes; False for one that has ended before."""
    return await tx.execute(_ERASE, (user_id,)) == 1


async def find(
    tx: ReadTransaction, *, after: UUID | None, limit: int, email: str | None, status: str | None, user_type: str | None
) -> list[User]:
    """Accounts in the order of their ids; one more than `limit` where there are more."""
    values = {"after": after, "limit": limit + 1, "email": email, "status": status, "user_type": user_type}
    return [User(*row) for row in await tx.fetch_all(_LIST, values)]
