"""Interviews over HTTP."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from hirehub.kernel.auth import Forbidden, Principal
from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.http.etags import IfMatch, etag
from hirehub.kernel.http.idempotency import Created, Key, answered, once
from hirehub.kernel.http.languages import SPEECH
from hirehub.kernel.http.paging import Page
from hirehub.services.apply.domain import calendar
from hirehub.services.apply.domain.interviews import NotAnInterviewer
from hirehub.services.apply.domain.states import Actor
from hirehub.services.apply.routes.deps import PREFIX, ApplyService, Service, Side
from hirehub.services.apply.schemas import ConflictOut, InterviewChange, InterviewIn, InterviewOut, InterviewTold
from hirehub.services.apply.store import interviews as stored
from hirehub.services.apply.store.applications import Application
from hirehub.services.apply.store.interviews import Interview, Overlap
from hirehub.services.apply.usecases import interviews

router = APIRouter(prefix=PREFIX, tags=["interviews"])

_INSIDE: Final = {"feedback": None, "interviewer_id": None}
"""What the company alone sees."""


@router.get("/applications/{application_id}/interviews")
async def list_interviews(who: Caller, application_id: UUID, service: Service) -> Page[InterviewOut]:
    """The interviews of an application by their time, all of them on one page."""
    _, side = await service.seen(who, application_id)
    async with service.db.transaction() as tx:
        found = await stored.of_application(tx, application_id)
    return Page(items=[_shown(one, side) for one in found], next_cursor=None)


@router.post("/applications/{application_id}/interviews", status_code=201, response_model=InterviewTold)
async def schedule_interview(
    who: Caller, application_id: UUID, body: InterviewIn, service: Service, request: Request, key: Key = None
) -> Response:
    """Schedules an interview; for members of the company. An application in review moves on by it.

    `conflicts` names what else is at the same time; it keeps nobody from scheduling.
    """
    application = await service.ours(who, application_id)
    before = await answered(service.db, request, caller=who.subject, key=key)
    if before is not None:
        return before
    await _check_interviewer(service, application, body.interviewer_id)

    async def work(tx: Transaction) -> Created:
        found = await interviews.schedule(
            tx, application_id, person=who.person, values=body.model_dump(), now=service.clock.now()
        )
        headers = {"location": f"{PREFIX}/interviews/{found.id}", "etag": etag(found.version)}
        return Created(await _told(tx, found, application, Actor.COMPANY), headers)

    return await once(service.db, request, caller=who.subject, key=key, work=work)


@router.get("/interviews/{interview_id}")
async def read_interview(who: Caller, interview_id: UUID, service: Service, response: Response) -> InterviewTold:
    """An interview; for the applicant, the company's members and administrators."""
    found, application, side = await service.seen_interview(who, interview_id)
    response.headers["etag"] = etag(found.version)
    async with service.db.transaction() as tx:
        return await _told(tx, found, application, side)


@router.patch("/interviews/{interview_id}")
async def change_interview(
    who: Caller, interview_id: UUID, body: InterviewChange, versions: IfMatch, service: Service, response: Response
) -> InterviewTold:
    """Changes, completes or cancels an interview; for members of the company.

    The first completed one makes the application interview_completed. One that is over takes feedback alone. When the
    last one is cancelled the application stays interview_scheduled, with `scheduled_interviews` 0, for another time.
    """
    _, application, side = await service.seen_interview(who, interview_id)
    if side is not Actor.COMPANY:
        raise Forbidden.to("a member of the company")
    changes = body.model_dump(exclude_unset=True)
    await _check_interviewer(service, application, changes.get("interviewer_id"))
    async with service.db.transaction() as tx:
        found = await _changed(tx, who, interview_id, changes, versions, service)
        told = await _told(tx, found, application, side)
    response.headers["etag"] = etag(found.version)
    return told


@router.get(
    "/interviews/{interview_id}/calendar.ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
async def read_calendar(who: Caller, interview_id: UUID, service: Service) -> Response:
    """The interview for a calendar (iTIP): an invitation, or its end where it is cancelled; in `Accept-Language`."""
    found, application, _ = await service.seen_interview(who, interview_id)
    meeting = calendar.Meeting(
        id=found.id,
        kind=found.interview_type,
        title=application.job_title,
        begin=found.scheduled_at,
        minutes=found.duration_minutes,
        time_zone=found.time_zone,
        location=found.location,
        company_id=application.company_id,
        user_id=application.user_id,
        changed_at=found.updated_at,
        sequence=found.version - 1,
        cancelled=found.status == "cancelled",
    )
    kind = f"text/calendar; charset=utf-8; method={meeting.method}"
    headers = {
        "content-disposition": 'attachment; filename="interview.ics"',
        "etag": etag(found.version),
        "content-language": SPEECH.get().tag,
        "vary": "accept-language",
    }
    return Response(calendar.written(meeting, SPEECH.get().tag), headers=headers, media_type=kind)


async def _changed(
    tx: Transaction,
    who: Principal,
    interview_id: UUID,
    changes: dict[str, Any],
    versions: list[int] | None,
    service: ApplyService,
) -> Interview:
    return await interviews.change(
        tx, interview_id, person=who.person, changes=changes, versions=versions, now=service.clock.now()
    )


async def _check_interviewer(service: ApplyService, application: Application, interviewer_id: UUID | None) -> None:
    """Raises NotAnInterviewer unless it is nobody, or a member of the company."""
    if interviewer_id is not None and not await service.members.is_member(application.company_id, interviewer_id):
        raise NotAnInterviewer("The interviewer is no member of the company.", hint="Send the id of a member.")


def _shown(found: Interview, side: Side) -> InterviewOut:
    told = InterviewOut.model_validate(found)
    return told if side is not Actor.JOBSEEKER else told.model_copy(update=_INSIDE)


async def _told(tx: ReadTransaction, found: Interview, application: Application, side: Side) -> InterviewTold:
    """The interview as one side sees it, with what else is at the same time; those who look on see no conflicts."""
    overlaps: list[Overlap] = []
    if side is not None:
        place = {"user_id": application.user_id, "company_id": application.company_id}
        overlaps = await stored.overlaps(tx, found, **place)
    conflicts = [_conflict(one, side, application) for one in overlaps if one.same_applicant or side is Actor.COMPANY]
    return InterviewTold(**_shown(found, side).model_dump(), conflicts=conflicts)


def _conflict(one: Overlap, side: Side, application: Application) -> ConflictOut:
    reason = "applicant" if one.same_applicant else "interviewer"
    known = side is Actor.JOBSEEKER or one.company_id == application.company_id
    ids = (one.interview_id, one.application_id) if known else (None, None)
    return ConflictOut.model_validate({"reason": reason, "interview_id": ids[0], "application_id": ids[1]})
