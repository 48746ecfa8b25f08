"""Another password: by a mail for who has lost it, by the present one for who has not."""

from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.http.etags import PreconditionFailed
from hirehub.kernel.ids import uuid7
from hirehub.services.user.domain.accounts import BadMailToken, Status
from hirehub.services.user.domain.mails import MailKind
from hirehub.services.user.domain.secrets import digest
from hirehub.services.user.store import mails, users
from hirehub.services.user.usecases.endings import Endings


async def ask(tx: Transaction, *, email: str, language: str, seconds: int) -> None:
    """Lets a mail with a token wait; for an address without an account a mail that goes to nobody."""
    account = await users.credentials(tx, email)
    active = account is not None and account.status == Status.ACTIVE
    token_id = uuid7()
    user_id = account.id if account is not None and active else None
    await mails.add_token(tx, token_id, {"purpose": "reset", "email": email, "user_id": user_id}, seconds)
    kind = MailKind.RESET if active else MailKind.NOTHING
    await mails.add(tx, uuid7(), kind=kind, language=language, email=email, token_id=token_id)


async def address(tx: ReadTransaction, *, token: str) -> str:
    """The address that a token's mail went to, which may not be the password; BadMailToken."""
    shown = await mails.find(tx, digest(token), "reset")
    if shown is None:
        raise bad_token()
    return shown.email


async def choose(tx: Transaction, *, token: str, password_hash: str, endings: Endings) -> None:
    """Sets the password that the token allows, and ends all sessions; BadMailToken."""
    shown = await mails.use(tx, digest(token), "reset")
    if shown is None or shown.user_id is None or not await users.set_password(tx, shown.user_id, password_hash, None):
        raise bad_token()
    await mails.drop_tokens(tx, shown.user_id)
    await endings.end_all(tx, shown.user_id, "password")


def bad_token() -> BadMailToken:
    """The error of a token that sets no password."""
    return BadMailToken("This link is not good any more.", hint="Ask for another mail.")


async def change(
    tx: Transaction,
    *,
    user_id: UUID,
    session_id: UUID | None,
    password_hash: str,
    versions: list[int] | None,
    endings: Endings,
) -> None:
    """Sets another password and ends all other sessions; PreconditionFailed."""
    if not await users.set_password(tx, user_id, password_hash, versions):
        raise PreconditionFailed.changed()
    await mails.drop_tokens(tx, user_id)
    await endings.end_all(tx, user_id, "password", spared=session_id)


async def ask_to_move(tx: Transaction, *, user_id: UUID, email: str, language: str, seconds: int) -> None:
    """Asks the new address to confirm; one that has an account hears that it has."""
    token_id = uuid7()
    await mails.add_token(tx, token_id, {"purpose": "email", "email": email, "user_id": user_id}, seconds)
    if await users.known(tx, email):
        await mails.add(tx, uuid7(), kind=MailKind.EXISTS, language=language, email=email)
    else:
        await mails.add(tx, uuid7(), kind=MailKind.EMAIL, language=language, email=email, token_id=token_id)
