"""One's own account and profile, and the key by which tokens are read."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.dependencies import Caller, require
from hirehub.kernel.http.etags import IfMatch, PreconditionFailed, etag
from hirehub.kernel.http.limits import Limited
from hirehub.services.user.api.deps import PREFIX, Service, Tx, UserService, language
from hirehub.services.user.domain import passwords as rules
from hirehub.services.user.domain.accounts import PasswordNeeded
from hirehub.services.user.schemas import AddressOut, CompanyIds, ProfileChange, ProfileOut, UserChange, UserOut
from hirehub.services.user.store import members, users
from hirehub.services.user.usecases import accounts, resets

router = APIRouter(prefix=PREFIX, tags=["users"])
keys = APIRouter(tags=["auth"])

JobSeeker = Annotated[Principal, Depends(require(UserType.JOBSEEKER))]
_MOST_COMPANIES: Final = 100
AService = Annotated[Principal, Depends(require(service=True))]


@keys.get("/.well-known/jwks.json")
async def jwks(service: Service, response: Response) -> dict[str, Any]:
    """The public key of our tokens."""
    response.headers["cache-control"] = "public, max-age=600"
    return service.key.document()


@router.get("/users/me")
async def read_me(who: Caller, tx: Tx, response: Response) -> UserOut:
    """The caller's account."""
    found = await accounts.read(tx, user_id=who.person)
    response.headers["etag"] = etag(found.version)
    return UserOut.model_validate(found)


@router.patch("/users/me")
async def change_me(
    who: Caller, body: UserChange, versions: IfMatch, service: Service, limits: Limited, response: Response
) -> UserOut:
    """Changes password or address; an address once the mail to it is answered. Other sessions end with a password."""
    await limits.of("user.log-in", str(who.person), service.settings.limits.log_in)
    hashed = await _new_hash(who, body, service)
    async with service.db.transaction() as tx:
        if versions is not None and (await accounts.read(tx, user_id=who.person)).version not in versions:
            raise PreconditionFailed.changed()
        if hashed is not None:
            await resets.change(
                tx,
                user_id=who.person,
                session_id=who.session_id,
                password_hash=hashed,
                versions=versions,
                endings=service.endings,
            )
        if body.email is not None:
            seconds = service.settings.links.confirm
            await resets.ask_to_move(tx, user_id=who.person, email=body.email, language=language(), seconds=seconds)
        found = await accounts.read(tx, user_id=who.person)
    service.mailer.nudge()
    response.headers["etag"] = etag(found.version)
    return UserOut.model_validate(found)


async def _new_hash(who: Principal, body: UserChange, service: UserService) -> str | None:
    """What is stored of the password to be, if there is one, once the present one was compared; PasswordNeeded."""
    async with service.db.transaction() as tx:
        account = await users.credentials_of(tx, who.person)
        user = await accounts.read(tx, user_id=who.person)
    present = rules.normalised(body.current_password.get_secret_value())
    if not await service.passwords.matches(account.password_hash if account else None, present):
        raise PasswordNeeded("The present password is not this one.", hint="Send it as current_password.")
    if body.password is None:
        return None
    return await service.passwords.hash(rules.accepted(body.password.get_secret_value(), user.email, body.email or ""))


@router.delete("/users/me", status_code=204)
async def delete_me(who: Caller, service: Service) -> None:
    """Ends the caller's account and removes what is personal of it, here and in every other service."""
    async with service.db.transaction() as tx:
        email = await accounts.delete(tx, user_id=who.person, endings=service.endings)
        await service.mailer.forget(email, who.person)


@router.get("/users/{user_id}/address")
async def read_address(_who: AService, user_id: UUID, tx: Tx) -> AddressOut:
    """Where mails to a person go; for services alone, who ask when they send one and do not keep it."""
    return AddressOut(email=await accounts.address(tx, user_id=user_id))


@router.get("/users/{user_id}/companies")
async def read_companies(_who: AService, user_id: UUID, tx: Tx) -> CompanyIds:
    """The companies that a person acts for, 100 at most; for services, who ask what somebody may see."""
    return CompanyIds(items=list(await members.companies_of(tx, user_id))[:_MOST_COMPANIES])


@router.get("/profiles/me")
async def read_profile(who: JobSeeker, tx: Tx, response: Response) -> ProfileOut:
    """The caller's profile."""
    found = await accounts.read_profile(tx, user_id=who.person)
    response.headers["etag"] = etag(found.version)
    return ProfileOut.model_validate(found)


@router.patch("/profiles/me")
async def change_profile(
    who: JobSeeker, body: ProfileChange, versions: IfMatch, tx: Tx, response: Response
) -> ProfileOut:
    """Changes the caller's profile."""
    changes = body.model_dump(exclude_unset=True)
    found = await accounts.change_profile(tx, user_id=who.person, changes=changes, versions=versions)
    response.headers["etag"] = etag(found.version)
    return ProfileOut.model_validate(found)
