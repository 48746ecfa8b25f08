"""Making notifications of facts: one for each person, fact and channel, however often the fact comes."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from hirehub.kernel.db import Transaction, tombstones
from hirehub.kernel.ids import uuid7
from hirehub.services.notification.domain.events import CHANNELS, RECOMMENDED, Happened, url, values
from hirehub.services.notification.domain.preferences import Preferences
from hirehub.services.notification.domain.templates import write
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import notifications, templates
from hirehub.services.notification.store.notifications import New
from hirehub.services.notification.store.sending import CHANNEL
from hirehub.services.notification.store.templates import Sources
from hirehub.services.notification.usecases.preferring import preferences

_IDS = ("resume_id", "job_id", "application_id", "interview_id", "company_id")

Told = Sequence[tuple[Happened, UUID]]
"""Facts, each with one person who hears of it."""


async def make(tx: Transaction, told: Told, settings: NotificationSettings) -> int:
    """Makes what is not there yet, for people whose accounts have not ended; how many.

    TemplateValueMissing where no template can say it.
    """
    gone = await tombstones.buried(tx, {user_id for _, user_id in told})
    told = [one for one in told if one[1] not in gone]
    known = await preferences(tx, {user_id for _, user_id in told}, settings)
    sources = {event: await templates.of_event(tx, event) for event in sorted({one.event for one, _ in told})}
    news = [
        one
        for happened, user_id in told
        for one in _of_person(happened, user_id, known[user_id], sources[happened.event], settings)
    ]
    tx.announce(CHANNEL)
    return await notifications.add(tx, news)


def _of_person(
    happened: Happened, user_id: UUID, wants: Preferences, sources: Sources, settings: NotificationSettings
) -> list[New]:
    """A notification by each channel that the person lets in and that has a template."""
    given = values(happened, language=wants.language, zone=wants.zone, public_url=settings.public_url)
    found = []
    for channel in CHANNELS:
        chosen = sources.get((channel, wants.language))
        if chosen is None or not wants.lets_in(happened.event, channel):
            continue
        written = write(chosen, given)
        found.append(
            New(
                id=uuid7(),
                user_id=user_id,
                template_id=written.template_id,
                event_type=happened.event,
                channel=channel,
                title=written.title,
                content=written.content,
                data=_data(happened, settings),
                dedupe_key=f"{happened.fact_id}:{user_id}:{channel}",
                wait=settings.digest.window if (happened.event, channel) == (RECOMMENDED, "email") else 0.0,
            )
        )
    return found


def _data(happened: Happened, settings: NotificationSettings) -> Mapping[str, str]:
    """The ids that the fact names, where a person sees it, and of a recommendation what a digest says of it."""
    names = (*_IDS, "job_title", "score") if happened.event == RECOMMENDED else _IDS
    ids = {name: str(happened.body[name]) for name in names if happened.body.get(name) is not None}
    return {**ids, "url": url(happened, settings.public_url)}
