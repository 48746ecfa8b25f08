"""Signing up, logging in and out, and lost passwords.

Whether an address has an account shows in no answer here: the same status, the same body, the same work.
"""

from typing import Any, Final

from fastapi import APIRouter

from hirehub.contracts.user import UserType
from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.http.limits import Limited
from hirehub.services.user.api.deps import PREFIX, Service, Tx, language
from hirehub.services.user.domain import passwords as rules
from hirehub.services.user.domain.accounts import AccountSuspended, BadRefreshToken, Status, WrongState
from hirehub.services.user.schemas import Accepted, AskReset, ChoosePassword, Confirm, LogIn, Refresh, SignUp, Tokens
from hirehub.services.user.store import users
from hirehub.services.user.usecases import resets, sessions, sign_up

router = APIRouter(prefix=f"{PREFIX}/auth", tags=["auth"])

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    401: {"description": "What was shown is not good."},
    403: {"description": "The account is suspended."},
}


@router.post("/sign-up", status_code=202)
async def begin_account(body: SignUp, service: Service, limits: Limited) -> Accepted:
    """Begins an account; an address that has one hears of it by mail, and the answer is the same."""
    password = rules.accepted(body.password.get_secret_value(), body.email)
    settings = service.settings
    await limits.of_client("user.sign-up", settings.limits.sign_up)
    await limits.of("user.sign-up", body.email, settings.limits.sign_up_email)
    hashed, kind = await service.passwords.hash(password), UserType(body.user_type)
    async with service.db.transaction() as tx:
        if settings.confirm_email:
            await sign_up.ask_to_confirm(
                tx,
                email=body.email,
                password_hash=hashed,
                user_type=kind,
                language=language(),
                seconds=settings.links.confirm,
            )
        else:
            await sign_up.sign_up(tx, email=body.email, password_hash=hashed, user_type=kind, language=language())
    service.mailer.nudge()
    return Accepted()


@router.post("/confirm", status_code=204)
async def confirm(body: Confirm, service: Service, limits: Limited) -> None:
    """Confirms an address by the token of a mail and the password that was chosen."""
    await limits.of_client("user.token", service.settings.limits.token)
    token, password = body.token.get_secret_value(), rules.normalised(body.password.get_secret_value())
    async with service.db.transaction() as tx:
        awaited = await sign_up.awaited_hash(tx, token=token)
    if awaited is None or not await service.passwords.matches(awaited, password):
        raise sign_up.bad_token()
    async with service.db.transaction() as tx:
        left = await sign_up.confirm(tx, token=token)
        if left is not None:
            await service.mailer.forget(left)


@router.post("/log-in", responses=_REFUSED)
async def log_in(body: LogIn, service: Service, limits: Limited) -> Tokens:
    """Begins a session."""
    wanted = service.settings.limits
    await limits.of_client("user.log-in", wanted.log_in_client)
    await limits.of("user.log-in", body.email, wanted.log_in)
    password = rules.normalised(body.password.get_secret_value())
    async with service.db.transaction() as tx:
        account = await users.credentials(tx, body.email)
    stored_hash = account.password_hash if account is not None else None
    matches = await service.passwords.matches(stored_hash, password)
    if account is None or stored_hash is None or not matches:
        raise sessions.bad_credentials()
    if account.status == Status.SUSPENDED:
        raise AccountSuspended("This account is suspended.", hint="Ask the administrators.")
    renewed = await service.passwords.hash(password) if service.passwords.outdated(stored_hash) else None
    async with service.db.transaction() as tx:
        found = await sessions.begin(tx, account=account, settings=service.settings.session)
        if renewed is not None:
            await users.rehash(tx, account.id, old=stored_hash, new=renewed)
    return service.tokens(found)


@router.post("/exchange")
async def exchange(who: Caller, service: Service, tx: Tx) -> Tokens:
    """Begins a session for the token of an issuer elsewhere, so that services apart from this one know its caller."""
    if who.session_id is not None or who.is_service:
        raise WrongState("This token is one of ours already.", hint="Refresh it instead.")
    account = await users.credentials_of(tx, who.person)
    if account is None:
        raise sessions.bad_credentials()
    return service.tokens(await sessions.begin(tx, account=account, settings=service.settings.session))


@router.post("/refresh", responses=_REFUSED)
async def refresh(body: Refresh, service: Service, limits: Limited) -> Tokens:
    """Gives the next tokens of a session. A refresh token that is shown twice ends the session."""
    await limits.of_client("user.refresh", service.settings.limits.refresh)
    token = body.refresh_token.get_secret_value()
    async with service.db.transaction() as tx:
        found = await sessions.refresh(tx, token=token, settings=service.settings.session, endings=service.endings)
    if found is None:  # said after the commit, which may have ended the session
        raise BadRefreshToken("The refresh token is not good any more.", hint="Log in again.")
    return service.tokens(found)


@router.post("/log-out", status_code=204)
async def log_out(who: Caller, service: Service, tx: Tx) -> None:
    """Ends the session that the access token belongs to."""
    if who.session_id is not None:
        await service.endings.end(tx, who.session_id, "log_out")


@router.post("/log-out-everywhere", status_code=204)
async def log_out_everywhere(who: Caller, service: Service, tx: Tx) -> None:
    """Ends all sessions of the account."""
    await service.endings.end_all(tx, who.person, "log_out")


@router.post("/password-reset", status_code=202)
async def ask_reset(body: AskReset, service: Service, tx: Tx, limits: Limited) -> Accepted:
    """Asks for a mail with which another password can be chosen."""
    settings = service.settings
    await limits.of_client("user.reset", settings.limits.token)
    await limits.of("user.reset", body.email, settings.limits.reset)
    await resets.ask(tx, email=body.email, language=language(), seconds=settings.links.reset)
    service.mailer.nudge()
    return Accepted()


@router.post("/password", status_code=204)
async def choose_password(body: ChoosePassword, service: Service, limits: Limited) -> None:
    """Sets another password by the token of a mail, and ends all sessions."""
    await limits.of_client("user.token", service.settings.limits.token)
    token = body.token.get_secret_value()
    async with service.db.transaction() as tx:
        email = await resets.address(tx, token=token)
    hashed = await service.passwords.hash(rules.accepted(body.password.get_secret_value(), email))
    async with service.db.transaction() as tx:
        await resets.choose(tx, token=token, password_hash=hashed, endings=service.endings)
