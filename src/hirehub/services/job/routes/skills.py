"""Skill tags over HTTP, and what a post asks for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hirehub.kernel.auth.dependencies import Caller, CallerOrNobody
from hirehub.kernel.http.etags import IfMatchIfAny, etag
from hirehub.kernel.http.paging import Cursor, Limit, Page, decode_cursor, page_of
from hirehub.kernel.http.shapes import Words
from hirehub.services.job.routes.deps import PREFIX, Service
from hirehub.services.job.schemas import Category, JobSkillOut, SkillOut, SkillsIn
from hirehub.services.job.store import skills
from hirehub.services.job.usecases import skills as usecases
from hirehub.services.job.usecases.skills import WantedSkill

router = APIRouter(prefix=PREFIX, tags=["skills"])


@router.get("/jobs/{job_id}/skills")
async def read_skills(who: CallerOrNobody, job_id: UUID, service: Service, response: Response) -> Page[JobSkillOut]:
    """The skills that a post asks for, required ones first; all of them on one page. The ETag is the post's."""
    post, _ = await service.visible(who, job_id)
    async with service.db.read() as tx:
        found = await skills.of_job(tx, job_id)
    response.headers["etag"] = etag(post.version)
    return Page(items=[JobSkillOut.model_validate(one) for one in found], next_cursor=None)


@router.put("/jobs/{job_id}/skills")
async def put_skills(
    who: Caller, job_id: UUID, body: SkillsIn, versions: IfMatchIfAny, service: Service, response: Response
) -> Page[JobSkillOut]:
    """Makes these the skills that a post asks for; for members of the company. A new name becomes a skill tag.

    With the post's ETag in If-Match only if nobody has changed the post meanwhile.
    """
    await service.own(who, job_id)
    wanted = [WantedSkill(one.name, one.is_required, one.category) for one in body.skills]
    async with service.db.transaction() as tx:
        version, found = await usecases.put(tx, job_id=job_id, wanted=wanted, versions=versions)
    response.headers["etag"] = etag(version)
    return Page(items=[JobSkillOut.model_validate(one) for one in found], next_cursor=None)


@router.get("/skills")
async def list_skills(
    service: Service,
    category: Category | None = None,
    prefix: Annotated[Words | None, Query(max_length=100, description="How the name begins, in any case.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[SkillOut]:
    """Skill tags by name."""
    found = decode_cursor(cursor, str)
    after = str(found[0]) if found else None
    async with service.db.read() as tx:
        rows = await skills.listed(tx, category=category, prefix=prefix, after=after, limit=limit + 1)
    return page_of(rows, limit, show=SkillOut.model_validate, position=lambda row: (row.name,))
