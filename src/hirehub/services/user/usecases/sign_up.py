"""Beginning an account. Nothing here tells whether the address has one already: the mail does, to its owner alone."""

from hirehub.contracts.user import UserType
from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.ids import uuid7
from hirehub.services.user.domain.accounts import OWN_SUBJECT, BadMailToken
from hirehub.services.user.domain.mails import MailKind
from hirehub.services.user.domain.secrets import digest
from hirehub.services.user.store import mails, profiles, users


async def sign_up(tx: Transaction, *, email: str, password_hash: str, user_type: UserType, language: str) -> None:
    """Makes the account at once; whoever has the address hears of it by mail, in either case."""
    made = await make(tx, email=email, password_hash=password_hash, user_type=user_type)
    kind = MailKind.WELCOME if made else MailKind.EXISTS
    await mails.add(tx, uuid7(), kind=kind, language=language, email=email)


async def ask_to_confirm(
    tx: Transaction, *, email: str, password_hash: str, user_type: UserType, language: str, seconds: int
) -> None:
    """Keeps the sign-up until its address is confirmed: before that there is no account that anybody could enter."""
    token_id = uuid7()
    values = {"purpose": "confirm", "email": email, "password_hash": password_hash, "user_type": user_type}
    await mails.add_token(tx, token_id, values, seconds)
    if await users.known(tx, email):
        await mails.add(tx, uuid7(), kind=MailKind.EXISTS, language=language, email=email)
    else:
        await mails.add(tx, uuid7(), kind=MailKind.CONFIRM, language=language, email=email, token_id=token_id)


async def awaited_hash(tx: ReadTransaction, *, token: str) -> str | None:
    """What is stored of the password that must come with the token; None for a token that is not good.

    Else who signs up with somebody's address would get an account there as soon as its owner follows the mail.
    """
    shown = await mails.find(tx, digest(token), "confirm", "email")
    if shown is None or shown.user_id is None:
        return shown.password_hash if shown is not None else None
    account = await users.credentials_of(tx, shown.user_id)
    return account.password_hash if account is not None else None


def bad_token() -> BadMailToken:
    """The one refusal, whatever was wrong."""
    return BadMailToken(
        "This link is not good any more, or the password is not the one that was chosen.",
        hint="Sign up or ask for the change again.",
    )


async def confirm(tx: Transaction, *, token: str) -> str | None:
    """Does what a mail asked to confirm: makes the account, or moves one to its new address; BadMailToken.

    Gives the address that an account was moved from. Nothing that went there is good for the account any more, nor
    known here: whoever has the address next is somebody else.
    """
    shown = await mails.use(tx, digest(token), "confirm", "email")
    done, left = False, None
    if shown is not None and shown.purpose == "confirm" and shown.user_type is not None:
        done = await make(tx, email=shown.email, password_hash=shown.password_hash, user_type=UserType(shown.user_type))
    elif shown is not None and shown.user_id is not None:
        before = await users.get(tx, shown.user_id)
        done = await users.set_email(tx, shown.user_id, shown.email)
        if before is not None and done:
            left = before.email
            await mails.erase(tx, before.id, left)
    if not done:
        raise bad_token()
    return left


async def make(
    tx: Transaction, *, email: str, password_hash: str | None, user_type: UserType, subject: str | None = None
) -> bool:
    """Makes an account, a job seeker's with an empty profile; False where the address or subject has one."""
    user_id = uuid7()
    made = await users.add(
        tx,
        user_id=user_id,
        subject=subject or f"{OWN_SUBJECT}{user_id}",
        email=email,
        user_type=user_type,
        password_hash=password_hash,
    )
    if made and user_type is UserType.JOBSEEKER:
        await profiles.add(tx, uuid7(), user_id)
    return made
