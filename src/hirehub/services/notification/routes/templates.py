"""Templates over HTTP, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.dependencies import require
from hirehub.kernel.http.etags import IfMatch, etag
from hirehub.kernel.http.paging import Cursor, Limit, Page, decode_cursor, page_of
from hirehub.kernel.http.shapes import Words
from hirehub.kernel.telemetry import get_logger
from hirehub.services.notification.routes.deps import PREFIX, Tx
from hirehub.services.notification.schemas import Channel, Language, TemplateChange, TemplateOut
from hirehub.services.notification.store import templates as stored
from hirehub.services.notification.usecases import templates

router = APIRouter(prefix=f"{PREFIX}/notification-templates", tags=["notifications"])

Admin = Annotated[Principal, Depends(require(UserType.ADMIN))]

_log = get_logger(__name__)


@router.get("")
async def list_templates(
    _who: Admin,
    tx: Tx,
    event_type: Annotated[Words | None, Query(max_length=50)] = None,
    channel: Channel | None = None,
    language: Language | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[TemplateOut]:
    """Templates by name."""
    found = decode_cursor(cursor, str)
    after = str(found[0]) if found else None
    rows = await stored.listed(tx, event_type=event_type, channel=channel, language=language, after=after, limit=limit)
    return page_of(rows, limit, show=TemplateOut.model_validate, position=lambda row: (row.name,))


@router.get("/{template_id}")
async def read_template(_who: Admin, template_id: UUID, tx: Tx, response: Response) -> TemplateOut:
    """A template."""
    found = await templates.read(tx, template_id=template_id)
    response.headers["etag"] = etag(found.version)
    return TemplateOut.model_validate(found)


@router.patch("/{template_id}")
async def change_template(
    who: Admin, template_id: UUID, body: TemplateChange, versions: IfMatch, tx: Tx, response: Response
) -> TemplateOut:
    """Changes a template, if it can be written with sample values. What is made already stays as it is."""
    changes = body.model_dump(exclude_unset=True)
    found = await templates.change(tx, template_id=template_id, changes=changes, versions=versions)
    _log.info("template_changed", template=found.name, by=who.subject)
    response.headers["etag"] = etag(found.version)
    return TemplateOut.model_validate(found)
