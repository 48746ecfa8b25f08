"""Posts over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from hirehub.kernel.auth import Forbidden, Principal
from hirehub.kernel.auth.dependencies import Caller, CallerOrNobody
from hirehub.kernel.db import Transaction
from hirehub.kernel.errors import HirehubError, Invalid
from hirehub.kernel.http.etags import IfMatch, etag
from hirehub.kernel.http.idempotency import Created, Key, once
from hirehub.kernel.http.paging import Cursor, Limit, Page, page_of
from hirehub.kernel.http.shapes import Words
from hirehub.kernel.telemetry import get_logger
from hirehub.services.job.domain.skills import clean
from hirehub.services.job.routes.deps import PREFIX, JobService, Service
from hirehub.services.job.routes.orders import SortBy, place_of, position_of
from hirehub.services.job.schemas import (
    JobChange,
    JobIn,
    JobOut,
    JobType,
    Level,
    RemoteType,
    Salary,
    Status,
    Years,
)
from hirehub.services.job.store import counts
from hirehub.services.job.store import posts as stored
from hirehub.services.job.store.posts import Wanted, order_of
from hirehub.services.job.usecases import posts

_log = get_logger(__name__)

router = APIRouter(prefix=f"{PREFIX}/jobs", tags=["jobs"])

_REPLAY: Final = "Send `Idempotency-Key` to be able to send it again without creating anything twice."
_SKILL: Final = (
    "A skill that a post must name, under any of its names: `Python` and `파이썬` find the same posts. Case, blanks and"
    " signs such as `-` and `.` do not count."
)


class NoTextSearch(Invalid):
    """Posts cannot be searched by text here."""

    code = "no_text_search"


@router.post("", status_code=201, response_model=JobOut, description=f"Begins a post, as a draft. {_REPLAY}")
async def begin_job(who: Caller, body: JobIn, service: Service, request: Request, key: Key = None) -> Response:
    """Begins a post, as a draft; for members of the company."""
    await service.require(who, body.company_id)

    async def work(tx: Transaction) -> Created:
        values = body.model_dump(exclude={"company_id"})
        found = await posts.begin(tx, company_id=body.company_id, values=values, now=service.clock.now())
        headers = {"location": f"{PREFIX}/jobs/{found.id}", "etag": etag(found.version)}
        return Created(JobOut.model_validate(found), headers)

    return await once(service.db, request, caller=who.subject, key=key, work=work)


@router.get("")
async def list_jobs(
    who: CallerOrNobody,
    service: Service,
    q: Annotated[str | None, Query(max_length=200, description="Kept for search by text; refused until then.")] = None,
    status: Annotated[Status, Query(description="Other than open: with company_id, for members.")] = "open",
    company_id: UUID | None = None,
    job_type: JobType | None = None,
    experience_level: Level | None = None,
    remote_type: RemoteType | None = None,
    location: Annotated[Words | None, Query(max_length=200)] = None,
    years: Annotated[Years | None, Query(description="Years of experience that a post must let in.")] = None,
    salary: Annotated[Salary | None, Query(description="A salary that a post must reach.")] = None,
    skill: Annotated[Words | None, Query(max_length=100, description=_SKILL)] = None,
    sort: SortBy = "-posted_at",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[JobOut]:
    """Posts, newest first unless sorted otherwise; a moment old where reads go to a server of their own."""
    if q is not None:
        raise NoTextSearch("Posts cannot be searched by text yet.", hint="Leave q out, and use the filters.")
    if status != "open" and not (company_id is not None and await service.acts_for(who, company_id)):
        raise Forbidden.to("a member of the company that company_id names")
    names = None if skill is None else [*await service.skill_names.spellings(clean(skill))]
    wanted = Wanted(status, company_id, job_type, experience_level, remote_type, location, years, salary, names)
    order = order_of(sort, status)
    after = place_of(cursor, sort, order)
    async with service.db.read() as tx:
        rows = await stored.listed(tx, wanted, order, after=after, limit=limit + 1)
    return page_of(rows, limit, show=JobOut.model_validate, position=lambda row: position_of(row, sort, order))


@router.get("/{job_id}")
async def read_job(who: CallerOrNobody, job_id: UUID, service: Service, response: Response) -> JobOut:
    """A post. Reading it counts as a view, unless its own company does."""
    found, own = await service.visible(who, job_id)
    if not own:
        await _count_view(service, job_id)
    response.headers["etag"] = etag(found.version)
    return JobOut.model_validate(found)


async def _count_view(service: JobService, job_id: UUID) -> None:
    """Counts a view, where the database takes it: nobody is kept from reading by that."""
    try:
        async with service.db.transaction() as tx:
            await tx.set_local({"synchronous_commit": "off"})
            await counts.tally(tx, {job_id: 1})
    except HirehubError as error:
        _log.warning("view_not_counted", code=error.code)


@router.patch("/{job_id}")
async def change_job(
    who: Caller, job_id: UUID, body: JobChange, versions: IfMatch, service: Service, response: Response
) -> JobOut:
    """Changes a post; for members of the company."""
    await service.own(who, job_id)
    changes = body.model_dump(exclude_unset=True)
    async with service.db.transaction() as tx:
        found = await posts.change(tx, job_id=job_id, changes=changes, versions=versions, now=service.clock.now())
    response.headers["etag"] = etag(found.version)
    return JobOut.model_validate(found)


@router.delete("/{job_id}", status_code=204)
async def remove_job(who: Caller, job_id: UUID, versions: IfMatch, service: Service) -> None:
    """Removes a draft; for members of the company."""
    await service.own(who, job_id)
    async with service.db.transaction() as tx:
        await posts.remove(tx, job_id=job_id, versions=versions)


@router.post("/{job_id}/publish")
async def publish_job(who: Caller, job_id: UUID, service: Service, response: Response) -> JobOut:
    """Opens a draft to everybody; for members of the company."""
    return await _move(who, job_id, "publish", service, response)


@router.post("/{job_id}/close")
async def close_job(who: Caller, job_id: UUID, service: Service, response: Response) -> JobOut:
    """Closes an open post: nobody can apply any more. For members of the company."""
    return await _move(who, job_id, "close", service, response)


@router.post("/{job_id}/reopen")
async def reopen_job(who: Caller, job_id: UUID, service: Service, response: Response) -> JobOut:
    """Opens a closed post again; for members of the company."""
    return await _move(who, job_id, "reopen", service, response)


async def _move(who: Principal, job_id: UUID, name: str, service: JobService, response: Response) -> JobOut:
    await service.own(who, job_id)
    async with service.db.transaction() as tx:
        found = await posts.move(tx, job_id=job_id, name=name, now=service.clock.now())
    response.headers["etag"] = etag(found.version)
    return JobOut.model_validate(found)
