"""The history of an application over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.db import Transaction
from hirehub.kernel.http.idempotency import Created, Key, once
from hirehub.kernel.http.paging import Cursor, Limit, Page, decode_cursor, page_of
from hirehub.services.apply.domain.events import INSIDE, shown_payload
from hirehub.services.apply.domain.states import Actor
from hirehub.services.apply.routes.deps import PREFIX, Service, Side
from hirehub.services.apply.schemas import EventOut, NoteIn
from hirehub.services.apply.store import events as stored
from hirehub.services.apply.store.events import Event
from hirehub.services.apply.usecases import applications

router = APIRouter(prefix=f"{PREFIX}/applications/{{application_id}}/events", tags=["applications"])


@router.get("")
async def read_history(
    who: Caller, application_id: UUID, service: Service, limit: Limit = 20, cursor: Cursor = None
) -> Page[EventOut]:
    """What happened to an application, oldest first; the applicant sees nothing of the company's notes."""
    _, side = await service.seen(who, application_id)
    but = INSIDE if side is Actor.JOBSEEKER else None
    async with service.db.transaction() as tx:
        rows = await stored.listed(tx, application_id, after=_after(cursor), limit=limit + 1, but=but)
    return page_of(rows, limit, show=lambda row: _shown(row, side), position=lambda row: (row.number,))


@router.post("", status_code=201, response_model=EventOut)
async def add_note(
    who: Caller, application_id: UUID, body: NoteIn, service: Service, request: Request, key: Key = None
) -> Response:
    """Adds a note that the applicant does not see; for members of the company."""
    await service.ours(who, application_id)

    async def work(tx: Transaction) -> Created:
        found = await applications.note(tx, application_id, person=who.person, text=body.note)
        return Created(_shown(found, Actor.COMPANY))

    return await once(service.db, request, caller=who.subject, key=key, work=work)


def _shown(event: Event, side: Side) -> EventOut:
    told = EventOut.model_validate(event)
    if side is not Actor.JOBSEEKER:
        return told
    actor_id = event.actor_id if event.actor_type == Actor.JOBSEEKER else None
    return told.model_copy(update={"actor_id": actor_id, "payload": shown_payload(event.payload, event.actor_type)})


def _after(cursor: str | None) -> int:
    found = decode_cursor(cursor, int)
    return min(int(str(found[0])), 2_147_483_647) if found else 0
