"""Part `notification`: its routes in the process's API, its place on the bus, and what it sends by itself."""

from fastapi import APIRouter

from hirehub.contracts.apply import Interviews
from hirehub.contracts.user import Addresses, Members
from hirehub.kernel.bus.joining import at_home
from hirehub.kernel.mail import open_mail
from hirehub.kernel.module import Background, Part, PartContext, Routes
from hirehub.kernel.settings import load
from hirehub.services.notification import work
from hirehub.services.notification.handlers import handlers
from hirehub.services.notification.korean import KOREAN
from hirehub.services.notification.module import MODULE
from hirehub.services.notification.routes import notifications, people, templates
from hirehub.services.notification.routes.deps import NotificationService
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store.sending import CHANNEL
from hirehub.services.notification.usecases.sending import Sender


async def build(context: PartContext) -> Part:
    """The part."""
    settings = load(NotificationSettings).linked(context.settings.http)
    members = context.port(Members)  # type: ignore[type-abstract]  # a key, never called
    interviews = context.port(Interviews)  # type: ignore[type-abstract]  # a key, never called
    addresses = context.port(Addresses)  # type: ignore[type-abstract]  # a key, never called
    home = await at_home(context.settings, MODULE, handlers=handlers(settings))
    db = home.db
    leaves = context.settings.mail.host is not None
    mail = open_mail(context.settings)
    sender = Sender(db, mail, addresses, settings, context.clock, mail_leaves=leaves)
    end = db.ring(CHANNEL, sender.nudge)

    async def close() -> None:
        end()
        await home.close()

    return Part(
        routes=[Routes(_router(), {NotificationService: NotificationService(db, settings)}, KOREAN)],
        background=[
            *home.background,
            Background("notification.asking", lambda: work.ask(db, members, interviews, settings)),
            Background("notification.sending", sender.run),
            Background("notification.cleaning", lambda: work.clean(db, settings)),
        ],
        checks=[home.check],
        close=close,
    )


def _router() -> APIRouter:
    whole = APIRouter()
    for router in (notifications.router, people.router, templates.router):
        whole.include_router(router)
    return whole
