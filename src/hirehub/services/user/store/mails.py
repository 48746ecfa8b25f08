"""Mails that wait to leave, and the tokens that they carry.

A token comes into being when its mail is sent, and only its digest is stored: no row ever holds what a mail says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class Waiting:
    """A mail that this process has taken on for a while."""

    id: UUID
    kind: str
    language: str
    email: str = field(repr=False)
    token_id: UUID | None
    lease: UUID
    company: str | None
    """The name of the company that invites, as it is now."""
    user_id: UUID | None
    """The account that asked for it, where its token is of one."""


@dataclass(frozen=True)
class Shown:
    """A token of a mail that somebody has shown, and what it is good for."""

    id: UUID
    purpose: str
    email: str = field(repr=False)
    user_id: UUID | None
    password_hash: str | None = field(repr=False)
    user_type: str | None


_PROMISE = """
INSERT INTO mail_token (id, purpose, email, user_id, password_hash, user_type, expires_at)
VALUES (%(id)s, %(purpose)s, %(email)s, %(user_id)s, %(password_hash)s, %(user_type)s,
        now() + make_interval(secs => %(seconds)s))
"""

_ADD = "INSERT INTO mail_outbox (id, kind, language, email, token_id) VALUES (%s, %s, %s, %s, %s)"

_TAKE = """
UPDATE mail_outbox
   SET lease = %(lease)s, attempts = attempts + 1,
       next_attempt_at = now() + make_interval(secs => %(pause)s * power(2, attempts))
 WHERE id = (SELECT id FROM mail_outbox WHERE next_attempt_at <= now() ORDER BY next_attempt_at, id
             FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id, kind, language, email, token_id, lease,
          (SELECT c.name FROM invitation AS i JOIN companies AS c ON c.id = i.company_id
            WHERE i.token_id = mail_outbox.token_id),
          (SELECT t.user_id FROM mail_token AS t WHERE t.id = mail_outbox.token_id)
"""

_MINT = """
UPDATE mail_token SET token_hash = %(hash)s
 WHERE id = %(id)s AND used_at IS NULL AND expires_at > now()
   AND EXISTS (SELECT 1 FROM mail_outbox WHERE token_id = %(id)s AND lease = %(lease)s)
"""

_SENT = "DELETE FROM mail_outbox WHERE id = %s AND lease = %s"

_GIVE_UP = "DELETE FROM mail_outbox WHERE created_at < now() - interval '3 days'"

_USE = """
UPDATE mail_token SET used_at = now()
 WHERE token_hash = %(hash)s AND purpose = ANY(%(purposes)s::text[]) AND used_at IS NULL AND expires_at > now()
RETURNING id, purpose, email, user_id, password_hash, user_type
"""

_FIND = """
SELECT id, purpose, email, user_id, password_hash, user_type FROM mail_token
 WHERE token_hash = %(hash)s AND purpose = ANY(%(purposes)s::text[]) AND used_at IS NULL AND expires_at > now()
"""

_DROP = "UPDATE mail_token SET used_at = now() WHERE user_id = %s AND used_at IS NULL"

_ERASE = "DELETE FROM mail_outbox WHERE email = %s"

_ERASE_TOKENS = "DELETE FROM mail_token WHERE email = %(email)s OR user_id = %(user_id)s"

_FORGET = "DELETE FROM mail_token WHERE expires_at < now() - interval '1 day'"


async def add_token(tx: Transaction, token_id: UUID, values: Mapping[str, object], seconds: int) -> None:
    """Keeps what a token will be good for: purpose, email, user_id, password_hash, user_type."""
    empty = dict.fromkeys(("user_id", "password_hash", "user_type"))
    await tx.execute(_PROMISE, {**empty, **values, "id": token_id, "seconds": seconds})


async def add(
    tx: Transaction, mail_id: UUID, *, kind: str, language: str, email: str, token_id: UUID | None = None
) -> None:
    """Lets a mail wait for the sender."""
    await tx.execute(_ADD, (mail_id, kind, language, email, token_id))


async def take(tx: Transaction, lease: UUID, *, pause: float) -> Waiting | None:
    """Takes the mail on that has waited longest, for `pause` seconds, doubled with each attempt."""
    row = await tx.fetch_one(_TAKE, {"lease": lease, "pause": pause})
    return Waiting(*row) if row else None


async def mint(tx: Transaction, token_id: UUID, token_hash: bytes, lease: UUID) -> bool:
    """Makes the token good that a mail is about to carry; False where it is used, too old, or another sends it."""
    return await tx.execute(_MINT, {"id": token_id, "hash": token_hash, "lease": lease}) == 1


async def sent(tx: Transaction, mail_id: UUID, lease: UUID) -> None:
    """Forgets a mail that has left, if it is still ours."""
    await tx.execute(_SENT, (mail_id, lease))


async def find(tx: ReadTransaction, token_hash: bytes, *purposes: str) -> Shown | None:
    """What a token is good for; None for one that is unknown, used, too old, or for something else."""
    row = await tx.fetch_one(_FIND, {"hash": token_hash, "purposes": list(purposes)})
    return Shown(*row) if row else None


async def use(tx: Transaction, token_hash: bytes, *purposes: str) -> Shown | None:
    """Uses a token up; None for one that is unknown, used, too old, or for something else."""
    row = await tx.fetch_one(_USE, {"hash": token_hash, "purposes": list(purposes)})
    return Shown(*row) if row else None


async def drop_tokens(tx: Transaction, user_id: UUID) -> None:
    """Ends all tokens that mails to the account carry."""
    await tx.execute(_DROP, (user_id,))


async def erase(tx: Transaction, user_id: UUID, email: str) -> None:
    """Removes all mails and tokens to an address and of an account, and with them invitations to it."""
    await tx.execute(_ERASE, (email,))
    await tx.execute(_ERASE_TOKENS, {"email": email, "user_id": user_id})


async def forget_old(tx: Transaction) -> int:
    """Forgets tokens that are long over, and gives mails up that nobody took for days."""
    return await tx.execute(_GIVE_UP) + await tx.execute(_FORGET)
