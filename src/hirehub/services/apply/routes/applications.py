"""Applications over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from hirehub.contracts.apply import Status
from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Forbidden, Principal
from hirehub.kernel.auth.dependencies import Caller, require
from hirehub.kernel.db import Transaction
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.idempotency import Created, Key, answered, once
from hirehub.kernel.http.languages import SPEECH
from hirehub.kernel.http.paging import Cursor, Limit, Page, after_id, page_of
from hirehub.kernel.ids import uuid7
from hirehub.services.apply.domain.applications import WhichApplications, check_post, check_resume
from hirehub.services.apply.domain.states import Actor
from hirehub.services.apply.routes.deps import PREFIX, ApplyService, Service, Side, acting, looks_on
from hirehub.services.apply.schemas import ApplicationIn, ApplicationOut, Decision, Decisions, Outcome, Outcomes
from hirehub.services.apply.store import applications as stored
from hirehub.services.apply.store.applications import Application, New, Wanted
from hirehub.services.apply.usecases import applications

router = APIRouter(prefix=f"{PREFIX}/applications", tags=["applications"])

JobSeeker = Annotated[Principal, Depends(require(UserType.JOBSEEKER))]

_REPLAY: Final = "Send `Idempotency-Key` to be able to send it again without applying twice."


@router.post("", status_code=201, response_model=ApplicationOut, description=f"Applies for an open post. {_REPLAY}")
async def submit_application(
    who: JobSeeker, body: ApplicationIn, service: Service, request: Request, key: Key = None
) -> Response:
    """Applies for an open post with a resume of one's own; for job seekers.

    One that is still read will do, one that could not be read (`error`) will not.
    """
    before = await answered(service.db, request, caller=who.subject, key=key)
    if before is not None:
        return before
    new = await _new(who, body, service)

    async def work(tx: Transaction) -> Created:
        found = await applications.submit(tx, new)
        return Created(shown(found, Actor.JOBSEEKER), {"location": f"{PREFIX}/applications/{found.id}"})

    return await once(service.db, request, caller=who.subject, key=key, work=work)


async def _new(who: Principal, body: ApplicationIn, service: ApplyService) -> New:
    """What is sent, once post and resume allow it, with their score; asks the services that know them."""
    post = check_post(await service.jobs.get(body.job_id), service.clock.now())
    check_resume(await service.resumes.get(body.resume_id), who.person)
    score = await service.score(post.id, body.resume_id)
    return New(uuid7(), post.id, who.person, body.resume_id, post.company_id, post.title, body.cover_letter, score)


@router.get("")
async def list_applications(
    who: Caller,
    service: Service,
    job_id: UUID | None = None,
    company_id: Annotated[UUID | None, Query(description="Members name a company, or a post of theirs.")] = None,
    status: Status | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ApplicationOut]:
    """Applications, newest first: one's own, those of one's company, or all for administrators; a moment old."""
    side: Side = None
    person = None
    if who.user_type == UserType.JOBSEEKER:
        side, person = Actor.JOBSEEKER, who.person
    elif not looks_on(who):
        side = Actor.COMPANY
        company_id = await _company(who, service, job_id, company_id)
    wanted = Wanted(person, job_id, company_id, status)
    async with service.db.read() as tx:
        rows = await stored.listed(tx, wanted, after=after_id(cursor), limit=limit + 1)
    return page_of(rows, limit, show=lambda row: shown(row, side), position=lambda row: (row.id,))


async def _company(who: Principal, service: ApplyService, job_id: UUID | None, company_id: UUID | None) -> UUID:
    """The company whose applications a member asks for."""
    if company_id is None and job_id is not None:
        post = await service.jobs.get(job_id)
        company_id = None if post is None else post.company_id
    elif company_id is None:
        raise WhichApplications("Whose applications?", hint="Send job_id or company_id.")
    if company_id is None or not await service.acts_for(who, company_id):
        raise Forbidden.to("a member of the company")
    return company_id


@router.post("/bulk-status")
async def decide_applications(who: Caller, body: Decisions, service: Service) -> Outcomes:
    """Changes the state of up to 100 applications; what cannot be changed is told and keeps no other from it."""
    sides = await service.sides(who, body.ids)
    async with service.db.transaction() as tx:
        found = await applications.decide_many(
            tx, sides, status=body.to_status, note=body.note, hold=service.settings.rejection_hold
        )
    return Outcomes(items=[_outcome(one, found[one]) for one in sides])


@router.get("/{application_id}")
async def read_application(who: Caller, application_id: UUID, service: Service) -> ApplicationOut:
    """An application; for the applicant, the company's members and administrators."""
    return shown(*await service.seen(who, application_id))


@router.post("/{application_id}/status")
async def decide_application(who: Caller, application_id: UUID, body: Decision, service: Service) -> ApplicationOut:
    """Changes the state: the applicant accepts or withdraws, the company does all else.

    A rejection is held for a while: the company sees it as pending and can take it back, nobody else hears of it.
    """
    _, side = await service.seen(who, application_id)
    async with service.db.transaction() as tx:
        found = await applications.decide(
            tx,
            application_id,
            by=acting(who, side),
            status=body.to_status,
            note=body.note,
            hold=service.settings.rejection_hold,
        )
    return shown(found, side)


@router.delete("/{application_id}/pending-status", status_code=204)
async def take_back_rejection(who: Caller, application_id: UUID, service: Service) -> None:
    """Takes a held rejection back; for members of the company."""
    await service.ours(who, application_id)
    async with service.db.transaction() as tx:
        await applications.take_back(tx, application_id)


def shown(found: Application, side: Side) -> ApplicationOut:
    """An application as one side sees it."""
    told = ApplicationOut.model_validate(found)
    return told if side is Actor.COMPANY else told.model_copy(update={"pending_status": None, "pending_until": None})


def _outcome(application_id: UUID, found: Application | HirehubError) -> Outcome:
    if isinstance(found, HirehubError):
        detail = SPEECH.get().words.get(found.code, found.message)
        return Outcome(id=application_id, done=False, code=found.code, detail=detail)
    values = {"status": found.status, "pending_status": found.pending_status}
    return Outcome.model_validate({"id": application_id, "done": True, **values})
