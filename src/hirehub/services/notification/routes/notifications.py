"""One's own notifications over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.http.paging import Cursor, Limit, Page, after_id, page_of
from hirehub.services.notification.domain.notices import NoSuchNotification
from hirehub.services.notification.routes.deps import PREFIX, Tx
from hirehub.services.notification.schemas import Channel, NotificationOut, ReadOut, Status
from hirehub.services.notification.store import notifications

router = APIRouter(prefix=f"{PREFIX}/notifications", tags=["notifications"])


@router.get("")
async def list_notifications(
    who: Caller,
    tx: Tx,
    status: Status | None = None,
    unread: Annotated[bool | None, Query(description="true: not read yet; false: read.")] = None,
    channel: Annotated[Channel | None, Query(description="in_app for one of each fact.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[NotificationOut]:
    """The caller's notifications, newest first."""
    rows = await notifications.listed(
        tx, who.person, status=status, channel=channel, unread=unread, after=after_id(cursor), limit=limit
    )
    return page_of(rows, limit, show=NotificationOut.model_validate, position=lambda row: (row.id,))


@router.post("/read-all")
async def read_all(who: Caller, tx: Tx) -> ReadOut:
    """Marks all of the caller's notifications as read."""
    return ReadOut(read=await notifications.read_all(tx, who.person))


@router.post("/{notification_id}/read")
async def read_one(who: Caller, notification_id: UUID, tx: Tx) -> NotificationOut:
    """Marks one of the caller's notifications as read; again changes nothing."""
    found = await notifications.read(tx, notification_id, who.person)
    if found is None:
        raise NoSuchNotification("You have no such notification.", hint="Look at /api/v1/notifications for yours.")
    return NotificationOut.model_validate(found)
