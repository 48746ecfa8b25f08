"""Sessions and their refresh tokens. A session's tokens are one family: each is used once, for the next."""

from dataclasses import dataclass
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.db.transactions import Row


@dataclass(frozen=True)
class Session:
    """A session that goes on, and whose it is."""

    id: UUID
    user_id: UUID
    user_type: str


_BEGIN = """
INSERT INTO user_session (id, user_id, expires_at)
SELECT %(id)s, id, now() + make_interval(secs => %(longest)s)
  FROM users WHERE id = %(user_id)s AND status = 'active' AND password_hash IS NOT DISTINCT FROM %(password_hash)s
"""

_CONTINUE = """
INSERT INTO refresh_token (token_hash, session_id, expires_at)
SELECT %(hash)s, id, least(expires_at, now() + make_interval(secs => %(idle)s)) FROM user_session WHERE id = %(id)s
"""

_SPEND = """
UPDATE refresh_token SET used_at = now() WHERE token_hash = %s AND used_at IS NULL
RETURNING session_id, expires_at > now()
"""

_FAMILY = "SELECT session_id FROM refresh_token WHERE token_hash = %s"

_ALIVE = """
SELECT s.id, s.user_id, u.user_type
  FROM user_session s JOIN users u ON u.id = s.user_id
 WHERE s.id = %s AND s.ended_at IS NULL AND s.expires_at > now() AND u.status = 'active'
"""

_END = """
UPDATE user_session SET ended_at = now(), end_reason = %(reason)s WHERE id = %(id)s AND ended_at IS NULL RETURNING id
"""

_END_ALL = """
UPDATE user_session SET ended_at = now(), end_reason = %(reason)s
 WHERE user_id = %(user_id)s AND ended_at IS NULL AND id IS DISTINCT FROM %(spared)s::uuid
RETURNING id
"""

_GIVEN_LATELY = """
SELECT DISTINCT session_id FROM refresh_token
 WHERE session_id = ANY(%(ids)s) AND created_at > now() - make_interval(secs => %(seconds)s)
"""

_ENDED_LATELY = "SELECT id FROM user_session WHERE ended_at > now() - make_interval(secs => %s)"

_FORGET = "DELETE FROM user_session WHERE expires_at < now() - interval '1 day'"


async def begin(tx: Transaction, *, session_id: UUID, user_id: UUID, password_hash: str | None, longest: int) -> bool:
    """Begins a session of `longest` seconds; False where the account changed since its password was compared."""
    values = {"id": session_id, "user_id": user_id, "password_hash": password_hash, "longest": longest}
    return await tx.execute(_BEGIN, values) == 1


async def add_token(tx: Transaction, *, session_id: UUID, token_hash: bytes, idle: int) -> None:
    """Gives a session its next refresh token, good for `idle` seconds."""
    await tx.execute(_CONTINUE, {"id": session_id, "hash": token_hash, "idle": idle})


async def spend(tx: Transaction, token_hash: bytes) -> tuple[UUID, bool] | None:
    """Uses a refresh token up: its session and whether it was still good; None for one that is used or unknown."""
    row = await tx.fetch_one(_SPEND, (token_hash,))
    return (row[0], bool(row[1])) if row else None


async def family(tx: ReadTransaction, token_hash: bytes) -> UUID | None:
    """The session of a refresh token, used or not."""
    found: UUID | None = await tx.fetch_value(_FAMILY, (token_hash,))
    return found


async def alive(tx: ReadTransaction, session_id: UUID) -> Session | None:
    """The session, if it goes on and its account is active."""
    row = await tx.fetch_one(_ALIVE, (session_id,))
    return Session(*row) if row else None


async def end(tx: Transaction, session_id: UUID, reason: str) -> list[UUID]:
    """Ends a session; which one ended, if it went on."""
    return _ids(await tx.fetch_all(_END, {"id": session_id, "reason": reason}))


async def end_all(tx: Transaction, user_id: UUID, reason: str, *, spared: UUID | None = None) -> list[UUID]:
    """Ends all sessions of an account but one; which ones ended."""
    return _ids(await tx.fetch_all(_END_ALL, {"user_id": user_id, "reason": reason, "spared": spared}))


async def given_lately(tx: ReadTransaction, session_ids: list[UUID], seconds: int) -> list[UUID]:
    """Those of the sessions that got tokens in the last so many seconds."""
    return _ids(await tx.fetch_all(_GIVEN_LATELY, {"ids": session_ids, "seconds": seconds}))


async def ended_lately(tx: ReadTransaction, seconds: int) -> list[UUID]:
    """The sessions that ended in the last so many seconds."""
    return _ids(await tx.fetch_all(_ENDED_LATELY, (seconds,)))


async def forget_old(tx: Transaction) -> int:
    """Forgets sessions that are long over, with their tokens."""
    return await tx.execute(_FORGET)


def _ids(rows: list[Row]) -> list[UUID]:
    return [row[0] for row in rows]
