"""Log-ins and what follows: each refresh token is good once, and one that is shown again ends its whole family."""

from dataclasses import dataclass, field
from uuid import UUID

from hirehub.kernel.auth import Principal
from hirehub.kernel.db import Transaction
from hirehub.kernel.ids import uuid7
from hirehub.services.user.domain.accounts import BadCredentials
from hirehub.services.user.domain.secrets import digest, new_token
from hirehub.services.user.settings import SessionSettings
from hirehub.services.user.store import sessions
from hirehub.services.user.store.users import Credentials
from hirehub.services.user.usecases.endings import Endings


@dataclass(frozen=True)
class LoggedIn:
    """Whose the access token is to be, and the refresh token that goes with it."""

    principal: Principal
    refresh_token: str = field(repr=False)


def principal_of(user_id: UUID, user_type: str, session_id: UUID | None) -> Principal:
    """A person as a principal."""
    return Principal(str(user_id), user_id, user_type, session_id=session_id)


def bad_credentials() -> BadCredentials:
    """The one refusal of a log-in, whatever was wrong."""
    return BadCredentials(
        "E-mail address and password do not belong together.", hint="Try again, or choose another password by mail."
    )


async def begin(tx: Transaction, *, account: Credentials, settings: SessionSettings) -> LoggedIn:
    """Begins a session for an account whose password was just compared; BadCredentials if it changed meanwhile."""
    session_id = uuid7()
    began = await sessions.begin(
        tx,
        session_id=session_id,
        user_id=account.id,
        password_hash=account.password_hash,
        longest=settings.longest,
    )
    if not began:
        raise bad_credentials()
    return await _with_token(tx, principal_of(account.id, account.user_type, session_id), session_id, settings)


async def refresh(tx: Transaction, *, token: str, settings: SessionSettings, endings: Endings) -> LoggedIn | None:
    """The next tokens of a session; None where the token is not good.

    One that was used before ends its session, so the caller commits in either case.
    """
    spent = await sessions.spend(tx, digest(token))
    if spent is None:
        family = await sessions.family(tx, digest(token))
        if family is not None:
            await endings.end(tx, family, "reuse")
        return None
    session_id, good = spent
    session = await sessions.alive(tx, session_id) if good else None
    if session is None:
        return None
    return await _with_token(tx, principal_of(session.user_id, session.user_type, session_id), session_id, settings)


async def _with_token(tx: Transaction, principal: Principal, session_id: UUID, settings: SessionSettings) -> LoggedIn:
    token, token_hash = new_token()
    await sessions.add_token(tx, session_id=session_id, token_hash=token_hash, idle=settings.idle)
    return LoggedIn(principal, token)
