"""Templates as administrators see and change them."""

from collections.abc import Mapping
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.http.etags import PreconditionFailed
from hirehub.services.notification.domain.events import least, samples
from hirehub.services.notification.domain.templates import NoSuchTemplate, Source, check
from hirehub.services.notification.store import templates
from hirehub.services.notification.store.templates import Template


async def read(tx: ReadTransaction, *, template_id: UUID) -> Template:
    """A template; NoSuchTemplate."""
    found = await templates.get(tx, template_id)
    if found is None:
        raise NoSuchTemplate("There is no such template.", hint="Look at /api/v1/notification-templates.")
    return found


async def change(
    tx: Transaction, *, template_id: UUID, changes: Mapping[str, object], versions: list[int] | None
) -> Template:
    """Changes a template, once it could be written with sample values; TemplateRefused, PreconditionFailed."""
    before = await read(tx, template_id=template_id)
    after = vars(before) | dict(changes)
    source = Source(before.id, before.name, before.priority, after["subject_template"], after["body_template"])
    check(source, samples(before.event_type), least(before.event_type))
    if changes and not await templates.change(tx, template_id, changes, versions):
        raise PreconditionFailed.changed()
    return await read(tx, template_id=template_id)
