"""Part `user`: its routes in the process's API, its mails, and the accounts that every route of the process asks."""

from fastapi import APIRouter

from hirehub.kernel.auth import Directory
from hirehub.kernel.auth.keys import signing_key
from hirehub.kernel.auth.tokens import Signer
from hirehub.kernel.bus.joining import at_home
from hirehub.kernel.mail import open_mail
from hirehub.kernel.module import Background, Part, PartContext, Routes
from hirehub.kernel.settings import load
from hirehub.services.user.api import admin, auth, companies, users
from hirehub.services.user.api.deps import UserService
from hirehub.services.user.korean import KOREAN
from hirehub.services.user.module import MODULE
from hirehub.services.user.settings import UserSettings
from hirehub.services.user.usecases.directory import Accounts
from hirehub.services.user.usecases.endings import Endings
from hirehub.services.user.usecases.hashing import Passwords
from hirehub.services.user.usecases.mailing import Mailer


async def build(context: PartContext) -> Part:
    """The part."""
    settings = load(UserSettings).linked(context.settings.http)
    key = signing_key(context.settings)
    home = await at_home(context.settings, MODULE)
    db = home.db
    passwords = Passwords(settings.hashing)
    mailer = Mailer(db, open_mail(context.settings), settings)
    endings = Endings(db, context.cache, context.settings.auth)
    signer = Signer(context.settings.auth, key, context.clock)
    service = UserService(db, settings, passwords, key, signer, mailer, endings)

    async def close() -> None:
        passwords.close()
        await home.close()

    return Part(
        routes=[Routes(_router(), {UserService: service, Directory: Accounts(db)}, KOREAN)],
        background=[
            *home.background,
            Background("user.mails", mailer.run),
            Background("user.cleaning", mailer.clean),
            *([Background("user.endings", endings.run)] if context.cache.shared else []),
        ],
        checks=[home.check],
        close=close,
        notes=_notes(context, settings),
    )


def _router() -> APIRouter:
    whole = APIRouter()
    for router in (users.keys, auth.router, users.router, companies.router, admin.router):
        whole.include_router(router)
    return whole


def _notes(context: PartContext, settings: UserSettings) -> list[str]:
    """What the person who started it should know."""
    if context.settings.mail.host is not None:
        return []
    kept = "Mails are kept in the folder mail of the data directory: HIREHUB_MAIL__HOST is not set."
    if settings.confirm_email:
        return [kept, "New accounts wait for the token of such a mail: HIREHUB_USER__CONFIRM_EMAIL is set."]
    return [kept]
