"""One's own settings and devices over HTTP."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.db import Transaction
from hirehub.kernel.http.etags import IfMatch, etag
from hirehub.kernel.http.idempotency import Created, Key, once
from hirehub.kernel.http.paging import Cursor, Limit, Page, after_id, page_of
from hirehub.services.notification.routes.deps import PREFIX, Limited, Service, Tx
from hirehub.services.notification.schemas import DeviceIn, DeviceOut, SettingsChange, SettingsOut
from hirehub.services.notification.store import people
from hirehub.services.notification.usecases import preferring

router = APIRouter(prefix=PREFIX, tags=["notifications"])

_REPLAY: Final = "Send `Idempotency-Key` to be able to send it again without creating anything twice."


@router.get("/notification-settings")
async def read_settings(who: Caller, tx: Tx, response: Response) -> SettingsOut:
    """How the caller wants to hear of things."""
    found = await preferring.read(tx, user_id=who.person)
    response.headers["etag"] = etag(found.version)
    return SettingsOut.model_validate(found)


@router.patch("/notification-settings")
async def change_settings(
    who: Caller,
    body: SettingsChange,
    versions: IfMatch,
    service: Service,
    tx: Tx,
    limits: Limited,
    response: Response,
) -> SettingsOut:
    """Changes how the caller wants to hear of things. What waits to be sent follows."""
    user_id = who.person
    await limits.of("change", who, service.settings.limits.change)
    found = await preferring.change(
        tx,
        user_id=user_id,
        changes=body.model_dump(exclude_unset=True),
        versions=versions,
        settings=service.settings,
    )
    response.headers["etag"] = etag(found.version)
    return SettingsOut.model_validate(found)


@router.get("/devices")
async def list_devices(who: Caller, tx: Tx, limit: Limit = 20, cursor: Cursor = None) -> Page[DeviceOut]:
    """The caller's devices, without their tokens."""
    rows = await people.devices(tx, who.person, after=after_id(cursor), limit=limit)
    return page_of(rows, limit, show=DeviceOut.model_validate, position=lambda row: (row.id,))


@router.post(
    "/devices", status_code=201, response_model=DeviceOut, description=f"Registers a device for push. {_REPLAY}"
)
async def register_device(
    who: Caller, body: DeviceIn, service: Service, request: Request, limits: Limited, key: Key = None
) -> Response:
    """Registers a device for push; a token that is known moves to the caller."""
    user_id = who.person
    await limits.of("device", who, service.settings.limits.device)

    async def work(tx: Transaction) -> Created:
        found = await preferring.register(
            tx,
            user_id=user_id,
            device_type=body.device_type,
            token=body.token.get_secret_value(),
            most=service.settings.devices,
        )
        return Created(DeviceOut.model_validate(found))

    return await once(service.db, request, caller=who.subject, key=key, work=work)


@router.delete("/devices/{device_id}", status_code=204)
async def remove_device(who: Caller, device_id: UUID, tx: Tx) -> None:
    """Removes a device of the caller."""
    await preferring.remove(tx, user_id=who.person, device_id=device_id)
