"""What people have chosen, and their devices."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from psycopg import sql

from hirehub.kernel.db import ReadTransaction, Transaction

CHANGEABLE: Final = (
    "email_enabled",
    "push_enabled",
    "sms_enabled",
    "disabled_event_types",
    "quiet_start",
    "quiet_end",
    "time_zone",
    "language",
)


@dataclass(frozen=True)
class Chosen:
    """A person's settings; None where he leaves it to the product."""

    email_enabled: bool = True
    push_enabled: bool = True
    sms_enabled: bool = False
    disabled_event_types: tuple[str, ...] = ()
    quiet_start: time | None = None
    quiet_end: time | None = None
    time_zone: str | None = None
    language: str | None = None
    version: int = 1


@dataclass(frozen=True)
class Device:
    """A device, without its token."""

    id: UUID
    device_type: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


_COLUMNS: Final = sql.SQL(", ").join(map(sql.Identifier, (*CHANGEABLE, "version")))

_OF = sql.SQL("SELECT user_id, {} FROM user_notification_settings WHERE user_id = ANY(%s)").format(_COLUMNS)

_WITH_DEVICE = "SELECT DISTINCT user_id FROM device_tokens WHERE user_id = ANY(%s) AND is_active"

_BEGIN = "INSERT INTO user_notification_settings (id, user_id) VALUES (%s, %s) ON CONFLICT (user_id) DO NOTHING"

_LOCK = sql.SQL("SELECT {} FROM user_notification_settings WHERE user_id = %s FOR UPDATE").format(_COLUMNS)

_CHANGE = sql.SQL("""
UPDATE user_notification_settings SET {changes}, updated_at = now(), version = version + 1 WHERE user_id = %(user_id)s
""")

_PERSON = "SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0))"

_COUNT = "SELECT count(*) FROM device_tokens WHERE user_id = %s AND token <> %s"

_REGISTER = """
INSERT INTO device_tokens (id, user_id, device_type, token) VALUES (%(id)s, %(user_id)s, %(device_type)s, %(token)s)
ON CONFLICT (token) DO UPDATE
   SET user_id = EXCLUDED.user_id, device_type = EXCLUDED.device_type, is_active = true, updated_at = now(),
       id = CASE WHEN device_tokens.user_id = EXCLUDED.user_id THEN device_tokens.id ELSE EXCLUDED.id END
RETURNING id, device_type, is_active, created_at, updated_at
"""

_DEVICES = """
SELECT id, device_type, is_active, created_at, updated_at FROM device_tokens
 WHERE user_id = %s AND (%s::uuid IS NULL OR id > %s::uuid) ORDER BY id LIMIT %s
"""

_REMOVE = "DELETE FROM device_tokens WHERE id = %s AND user_id = %s"

_FORGET = (
    "DELETE FROM device_tokens WHERE user_id = %s",
    "DELETE FROM user_notification_settings WHERE user_id = %s",
)


async def chosen(tx: ReadTransaction, people: Collection[UUID]) -> dict[UUID, Chosen]:
    """The settings of those people who have chosen any."""
    return {row[0]: _chosen(row[1:]) for row in await tx.fetch_all(_OF, (list(people),))}


async def with_device(tx: ReadTransaction, people: Collection[UUID]) -> set[UUID]:
    """Those of the people who have a device for push."""
    return {row[0] for row in await tx.fetch_all(_WITH_DEVICE, (list(people),))}


async def lock(tx: Transaction, row_id: UUID, user_id: UUID) -> Chosen:
    """A person's settings, made if there were none, which nobody else changes until the transaction ends."""
    await tx.execute(_BEGIN, (row_id, user_id))
    row = await tx.fetch_one(_LOCK, (user_id,))
    return _chosen(row) if row else Chosen()


async def change(tx: Transaction, user_id: UUID, changes: Mapping[str, object]) -> None:
    """Changes columns of CHANGEABLE, of which there is at least one, of settings that are locked."""
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in CHANGEABLE if name in changes
    )
    await tx.execute(_CHANGE.format(changes=sets), {**changes, "user_id": user_id})


async def count_devices(tx: Transaction, user_id: UUID, *, besides: str) -> int:
    """How many devices a person has besides the one of a token; nobody else counts until the transaction ends."""
    await tx.execute(_PERSON, (user_id,))
    return int(await tx.fetch_value(_COUNT, (user_id, besides)))


async def register(tx: Transaction, device_id: UUID, user_id: UUID, *, device_type: str, token: str) -> Device:
    """Makes a device the person's; one whose token is known has changed hands, or is told again."""
    values = {"id": device_id, "user_id": user_id, "device_type": device_type, "token": token}
    row = await tx.fetch_one(_REGISTER, values)
    if row is None:
        raise LookupError("an upsert returns its row")
    return Device(*row)


async def devices(tx: ReadTransaction, user_id: UUID, *, after: UUID | None, limit: int) -> list[Device]:
    """A person's devices; one more than `limit` where there are more."""
    return [Device(*row) for row in await tx.fetch_all(_DEVICES, (user_id, after, after, limit + 1))]


async def remove(tx: Transaction, device_id: UUID, user_id: UUID) -> bool:
    """Removes a device; False where the person has none of that id."""
    return await tx.execute(_REMOVE, (device_id, user_id)) == 1


async def forget(tx: Transaction, user_id: UUID) -> None:
    """Forgets a person's settings and devices."""
    for statement in _FORGET:
        await tx.execute(statement, (user_id,))


def _chosen(row: tuple[object, ...]) -> Chosen:
    values = dict(zip((*CHANGEABLE, "version"), row, strict=True))
    names = values.pop("disabled_event_types")
    return Chosen(disabled_event_types=tuple(names) if isinstance(names, list) else (), **values)  # type: ignore[arg-type]  # as the columns are
