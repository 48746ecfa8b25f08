"""An account as its owner and administrators see and end it."""

from collections.abc import Mapping
from uuid import UUID

from psycopg import errors as pg

from hirehub.contracts.user import UserRemoved, UserType
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.http.etags import PreconditionFailed
from hirehub.kernel.http.idempotency import forget_caller
from hirehub.services.user.domain.accounts import BadProfile, EmailTaken, NoSuchProfile, NoSuchUser, Status, WrongState
from hirehub.services.user.store import mails, profiles, users
from hirehub.services.user.store.profiles import Profile
from hirehub.services.user.store.users import User
from hirehub.services.user.usecases.endings import Endings
from hirehub.services.user.usecases.members import leave_all
from hirehub.services.user.usecases.sign_up import make

SOURCE = "user"


async def read(tx: ReadTransaction, *, user_id: UUID) -> User:
    """An account; NoSuchUser."""
    found = await users.get(tx, user_id)
    if found is None:
        raise NoSuchUser("There is no such user.")
    return found


async def address(tx: ReadTransaction, *, user_id: UUID) -> str:
    """Where mails to a person go; NoSuchUser for an account that has ended or is suspended."""
    found = await read(tx, user_id=user_id)
    if found.status != Status.ACTIVE:
        raise NoSuchUser("There is no such user.")
    return found.email


async def read_profile(tx: ReadTransaction, *, user_id: UUID) -> Profile:
    """The profile of a job seeker; NoSuchProfile."""
    found = await profiles.get(tx, user_id)
    if found is None:
        raise NoSuchProfile("This account has no profile.", hint="Only job seekers have one.")
    return found


async def change_profile(
    tx: Transaction, *, user_id: UUID, changes: Mapping[str, object], versions: list[int] | None
) -> Profile:
    """Changes a profile; PreconditionFailed where it was changed meanwhile, BadProfile."""
    await read_profile(tx, user_id=user_id)
    try:
        async with tx.savepoint():
            changed = await profiles.change(tx, user_id, changes, versions)
    except pg.CheckViolation:
        raise BadProfile("The least salary is above the most.", hint="Change both at once.") from None
    if not changed:
        raise PreconditionFailed.changed()
    return await read_profile(tx, user_id=user_id)


async def delete(tx: Transaction, *, user_id: UUID, endings: Endings) -> str:
    """Ends an account, removes what is personal of it, and tells it; gives the address that it had.

    LastPrimary where a company would be left alone.
    """
    user = await read(tx, user_id=user_id)
    await leave_all(tx, user_id=user_id)
    await profiles.remove(tx, user_id)
    await mails.erase(tx, user_id, user.email)
    await forget_caller(tx, str(user_id))
    await endings.end_all(tx, user_id, "deleted")
    if await users.erase(tx, user_id):
        await publish(tx, [Fact.of(UserRemoved(user_id=user_id), source=SOURCE)])
    return user.email


async def suspend(tx: Transaction, *, user_id: UUID, endings: Endings) -> User:
    """Suspends an account and ends its sessions at once; harmless when it is suspended."""
    user = await read(tx, user_id=user_id)
    if user.status != Status.SUSPENDED:
        if not await users.set_status(tx, user_id, from_status=Status.ACTIVE, to_status=Status.SUSPENDED):
            raise WrongState("Only an active account can be suspended.")
        await mails.drop_tokens(tx, user_id)
    await endings.end_all(tx, user_id, "suspended")
    return await read(tx, user_id=user_id)


async def reinstate(tx: Transaction, *, user_id: UUID) -> User:
    """Lets a suspended account in again; harmless when it is active."""
    user = await read(tx, user_id=user_id)
    if user.status != Status.ACTIVE and not await users.set_status(
        tx, user_id, from_status=Status.SUSPENDED, to_status=Status.ACTIVE
    ):
        raise WrongState("Only a suspended account can be reinstated.")
    return await read(tx, user_id=user_id)


async def make_admin(tx: Transaction, *, email: str, password_hash: str) -> UUID:
    """Makes an administrator's account; EmailTaken."""
    if not await make(tx, email=email, password_hash=password_hash, user_type=UserType.ADMIN):
        raise EmailTaken("This address has an account.", hint="Take another: an account does not change its type.")
    found = await users.credentials(tx, email)
    if found is None:
        raise NoSuchUser("There is no such user.")
    return found.id
