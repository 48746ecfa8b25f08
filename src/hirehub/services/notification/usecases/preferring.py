"""How people want to hear of things: their own settings, over what holds for who has chosen nothing."""

from collections.abc import Collection, Mapping
from uuid import UUID

from hirehub.kernel.auth import Unauthenticated
from hirehub.kernel.db import ReadTransaction, Transaction, tombstones
from hirehub.kernel.http.etags import PreconditionFailed
from hirehub.kernel.ids import uuid7
from hirehub.services.notification.domain.notices import NoSuchDevice, TooManyDevices
from hirehub.services.notification.domain.preferences import Preferences
from hirehub.services.notification.domain.quiet import quiet_hours, zone_named
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import people, sending
from hirehub.services.notification.store.people import Chosen, Device


async def preferences(
    tx: ReadTransaction, who: Collection[UUID], settings: NotificationSettings
) -> dict[UUID, Preferences]:
    """What holds for each of the people."""
    found, devices = await people.chosen(tx, who), await people.with_device(tx, who)
    return {one: _preferences(found.get(one, Chosen()), settings, one in devices) for one in who}


async def read(tx: ReadTransaction, *, user_id: UUID) -> Chosen:
    """A person's settings."""
    return (await people.chosen(tx, [user_id])).get(user_id, Chosen())


async def change(
    tx: Transaction,
    *,
    user_id: UUID,
    changes: Mapping[str, object],
    versions: list[int] | None,
    settings: NotificationSettings,
) -> Chosen:
    """Changes a person's settings; PreconditionFailed, BadQuietHours, NoSuchZone."""
    await _still_there(tx, user_id)
    before = await people.lock(tx, uuid7(), user_id)
    if versions is not None and before.version not in versions:
        raise PreconditionFailed.changed()
    if (zone := changes.get("time_zone")) is not None:
        zone_named(str(zone))
    if changes:
        _preferences(Chosen(**(vars(before) | dict(changes))), settings, devices=False)
        await people.change(tx, user_id, changes)
        await sending.wake(tx, user_id)
    return await read(tx, user_id=user_id)


async def register(tx: Transaction, *, user_id: UUID, device_type: str, token: str, most: int) -> Device:
    """Makes a device the person's; TooManyDevices."""
    await _still_there(tx, user_id)
    if await people.count_devices(tx, user_id, besides=token) >= most:
        raise TooManyDevices(f"You have {most} devices already.", hint="Remove one first.")
    return await people.register(tx, uuid7(), user_id, device_type=device_type, token=token)


async def remove(tx: Transaction, *, user_id: UUID, device_id: UUID) -> None:
    """Removes a device of the person; NoSuchDevice."""
    if not await people.remove(tx, device_id, user_id):
        raise NoSuchDevice("You have no such device.", hint="Look at /api/v1/devices for yours.")


async def _still_there(tx: Transaction, user_id: UUID) -> None:
    """Raises Unauthenticated for somebody whose account has ended while the token still holds."""
    if await tombstones.buried(tx, [user_id]):
        raise Unauthenticated.bad_token("its account has ended")


def _preferences(chosen: Chosen, settings: NotificationSettings, devices: bool) -> Preferences:
    zone = chosen.time_zone or settings.time_zone
    return Preferences(
        language=chosen.language or settings.language,
        zone=zone,
        email=chosen.email_enabled,
        push=chosen.push_enabled,
        sms=chosen.sms_enabled,
        off=frozenset(chosen.disabled_event_types),
        quiet=quiet_hours(chosen.quiet_start, chosen.quiet_end, zone),
        devices=devices,
    )
