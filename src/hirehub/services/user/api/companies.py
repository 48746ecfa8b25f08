"""Companies, their members, and invitations to become one."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.dependencies import Caller, require
from hirehub.kernel.db import Transaction
from hirehub.kernel.http.etags import IfMatch, etag
from hirehub.kernel.http.idempotency import Created, Key, once
from hirehub.kernel.http.limits import Limited
from hirehub.kernel.http.paging import Cursor, Limit, Page, after_id, page_of
from hirehub.services.user.api.deps import PREFIX, Service, Tx, language
from hirehub.services.user.domain import secrets
from hirehub.services.user.schemas import (
    CompanyChange,
    CompanyIn,
    CompanyOut,
    InvitationIn,
    InvitationOut,
    MemberChange,
    MemberOut,
)
from hirehub.services.user.store import companies as stored
from hirehub.services.user.store import members as stored_members
from hirehub.services.user.usecases import companies, members

router = APIRouter(prefix=PREFIX, tags=["companies"])

CompanyUser = Annotated[Principal, Depends(require(UserType.COMPANY))]
_REPLAY: Final = "Send `Idempotency-Key` to be able to send it again without creating anything twice."


@router.post("/companies", status_code=201, response_model=CompanyOut, description=f"Begins a company. {_REPLAY}")
async def begin_company(
    who: CompanyUser, body: CompanyIn, service: Service, request: Request, key: Key = None
) -> Response:
    """Begins a company, with the caller as its primary member."""

    async def work(tx: Transaction) -> Created:
        found = await companies.begin(tx, who=who, values=body.model_dump())
        headers = {"location": f"{PREFIX}/companies/{found.id}", "etag": etag(found.version)}
        return Created(CompanyOut.model_validate(found), headers)

    return await once(service.db, request, caller=who.subject, key=key, work=work)


@router.get("/companies")
async def list_companies(
    who: Caller,
    service: Service,
    mine: Annotated[bool, Query(description="Only those that the caller acts for.")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[CompanyOut]:
    """Companies in the order in which they began; a moment old where reads go to a server of their own."""
    async with service.db.read() as tx:
        rows = await stored.page(tx, after=after_id(cursor), limit=limit, member=who.person if mine else None)
    return page_of(rows, limit, show=CompanyOut.model_validate, position=lambda row: (row.id,))


@router.get("/companies/{company_id}")
async def read_company(_who: Caller, company_id: UUID, tx: Tx, response: Response) -> CompanyOut:
    """A company."""
    found = await companies.read(tx, company_id=company_id)
    response.headers["etag"] = etag(found.version)
    return CompanyOut.model_validate(found)


@router.patch("/companies/{company_id}")
async def change_company(
    who: Caller, company_id: UUID, body: CompanyChange, versions: IfMatch, tx: Tx, response: Response
) -> CompanyOut:
    """Changes a company; for its primary members."""
    changes = body.model_dump(exclude_unset=True)
    found = await companies.change(tx, who=who, company_id=company_id, changes=changes, versions=versions)
    response.headers["etag"] = etag(found.version)
    return CompanyOut.model_validate(found)


@router.get("/companies/{company_id}/members")
async def list_members(
    who: Caller, company_id: UUID, tx: Tx, limit: Limit = 20, cursor: Cursor = None
) -> Page[MemberOut]:
    """A company's members; for themselves, administrators and services."""
    await members.may_see(tx, who=who, company_id=company_id)
    rows = await stored_members.page(tx, company_id, after=after_id(cursor), limit=limit)
    return page_of(rows, limit, show=MemberOut.model_validate, position=lambda row: (row.id,))


@router.post(
    "/companies/{company_id}/members",
    status_code=201,
    response_model=InvitationOut,
    description=f"Invites somebody by mail to become a member; for primary members. {_REPLAY}",
)
async def invite(
    who: Caller,
    company_id: UUID,
    body: InvitationIn,
    service: Service,
    request: Request,
    limits: Limited,
    key: Key = None,
) -> Response:
    """Invites somebody by mail."""

    async def work(tx: Transaction) -> Created:
        found = await members.invite(
            tx,
            who=who,
            company_id=company_id,
            values=body.model_dump(),
            language=language(),
            seconds=service.settings.links.invite,
        )
        await limits.of("user.invite", who.subject, service.settings.limits.invite)
        return Created(InvitationOut.model_validate(found))

    answer = await once(service.db, request, caller=who.subject, key=key, work=work)
    service.mailer.nudge()
    return answer


@router.get("/companies/{company_id}/members/{user_id}")
async def read_member(who: Caller, company_id: UUID, user_id: UUID, tx: Tx) -> MemberOut:
    """A member of a company; for its members, administrators and services."""
    await members.may_see(tx, who=who, company_id=company_id)
    return MemberOut.model_validate(await members.read(tx, company_id=company_id, user_id=user_id))


@router.patch("/companies/{company_id}/members/{user_id}")
async def change_member(who: Caller, company_id: UUID, user_id: UUID, body: MemberChange, tx: Tx) -> MemberOut:
    """Changes a member: one's own name and position, or as a primary member anything."""
    changes = body.model_dump(exclude_unset=True)
    found = await members.change(tx, who=who, company_id=company_id, user_id=user_id, changes=changes)
    return MemberOut.model_validate(found)


@router.delete("/companies/{company_id}/members/{user_id}", status_code=204)
async def remove_member(who: Caller, company_id: UUID, user_id: UUID, tx: Tx) -> None:
    """Leaves a company, or as a primary member lets another go. The last primary member cannot leave."""
    await members.leave(tx, who=who, company_id=company_id, user_id=user_id)


@router.post("/invitations/{token}", status_code=201)
async def accept_invitation(
    who: CompanyUser,
    token: Annotated[str, Path(min_length=1, max_length=secrets.LARGEST)],
    service: Service,
    tx: Tx,
    limits: Limited,
) -> MemberOut:
    """Accepts an invitation that went to the caller's own address."""
    await limits.of_client("user.token", service.settings.limits.token)
    return MemberOut.model_validate(await members.accept(tx, who=who, token=token))
