"""Templates: found for an event, listed, changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.notification.domain.templates import Source

CHANGEABLE: Final = ("subject_template", "body_template", "is_active")


@dataclass(frozen=True)
class Template:
    """A template with all that an administrator sees of it."""

    id: UUID
    name: str
    event_type: str
    channel: str
    language: str
    priority: int
    subject_template: str
    body_template: str
    is_active: bool
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def source(self) -> Source:
        """What is rendered of it."""
        return Source(self.id, self.name, self.priority, self.subject_template, self.body_template)


_COLUMNS: Final = sql.SQL(
    "id, name, event_type, channel, language, priority, subject_template, body_template, is_active, created_at,"
    " updated_at, version"
)

_OF_EVENT = """
SELECT channel, language, id, name, priority, subject_template, body_template FROM notification_templates
 WHERE event_type = %s AND is_active ORDER BY channel, language, priority DESC
"""

_GET = sql.SQL("SELECT {} FROM notification_templates WHERE id = %s").format(_COLUMNS)

_LIST = sql.SQL("""
SELECT {} FROM notification_templates
 WHERE (%(event_type)s::text IS NULL OR event_type = %(event_type)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (%(language)s::text IS NULL OR language = %(language)s)
   AND (%(after)s::text IS NULL OR name > %(after)s)
 ORDER BY name LIMIT %(limit)s
""").format(_COLUMNS)

_CHANGE = sql.SQL("""
UPDATE notification_templates SET {changes}, updated_at = now(), version = version + 1
 WHERE id = %(id)s AND (%(versions)s::integer[] IS NULL OR version = ANY(%(versions)s))
""")

Sources = Mapping[tuple[str, str], list[Source]]
"""By channel and language, the highest priority first."""


async def of_event(tx: ReadTransaction, event: str) -> Sources:
    """The active templates of an event."""
    found: dict[tuple[str, str], list[Source]] = {}
    for channel, language, *rest in await tx.fetch_all(_OF_EVENT, (event,)):
        found.setdefault((channel, language), []).append(Source(*rest))
    return found


async def get(tx: ReadTransaction, template_id: UUID) -> Template | None:
    """A template."""
    row = await tx.fetch_one(_GET, (template_id,))
    return Template(*row) if row else None


async def listed(
    tx: ReadTransaction,
    *,
    event_type: str | None,
    channel: str | None,
    language: str | None,
    after: str | None,
    limit: int,
) -> list[Template]:
    """Templates by name; one more than `limit` where there are more."""
    values = {"event_type": event_type, "channel": channel, "language": language, "after": after, "limit": limit + 1}
    return [Template(*row) for row in await tx.fetch_all(_LIST, values)]


async def change(tx: Transaction, template_id: UUID, changes: Mapping[str, object], versions: list[int] | None) -> bool:
    """Changes columns of CHANGEABLE, of which there is at least one; False for another version."""
    chosen = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in CHANGEABLE if name in changes
    )
    return await tx.execute(_CHANGE.format(changes=chosen), {**changes, "id": template_id, "versions": versions}) == 1
