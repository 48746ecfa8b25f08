"""What was read in a resume, as its owner sees and corrects it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.http.paging import Page
from hirehub.services.resume.routes.deps import PREFIX, ResumeService, Service
from hirehub.services.resume.schemas import (
    EducationOut,
    EducationsIn,
    ExperienceOut,
    ExperiencesIn,
    ResumeSkillOut,
    ResumeSkillsIn,
)
from hirehub.services.resume.store import entries
from hirehub.services.resume.usecases import resumes

router = APIRouter(prefix=f"{PREFIX}/resumes/{{resume_id}}", tags=["resumes"])


@router.get("/experiences")
async def read_experiences(who: Caller, resume_id: UUID, service: Service) -> Page[ExperienceOut]:
    """The jobs of a resume, present ones first; all on one page. For those who may read the resume."""
    found = await _listed(who, resume_id, service, "resume_experiences")
    return Page(items=[ExperienceOut.model_validate(one) for one in found], next_cursor=None)


@router.put("/experiences")
async def put_experiences(who: Caller, resume_id: UUID, body: ExperiencesIn, service: Service) -> Page[ExperienceOut]:
    """Makes these the jobs of a resume; for its owner."""
    rows = [one.model_dump(exclude={"id"}) for one in body.experiences]
    found = await _put(who, resume_id, service, "resume_experiences", rows)
    return Page(items=[ExperienceOut.model_validate(one) for one in found], next_cursor=None)


@router.get("/skills")
async def read_skills(who: Caller, resume_id: UUID, service: Service) -> Page[ResumeSkillOut]:
    """The skills of a resume; all on one page. For those who may read the resume."""
    found = await _listed(who, resume_id, service, "resume_skills")
    return Page(items=[ResumeSkillOut.model_validate(one) for one in found], next_cursor=None)


@router.put("/skills")
async def put_skills(who: Caller, resume_id: UUID, body: ResumeSkillsIn, service: Service) -> Page[ResumeSkillOut]:
    """Makes these the skills of a resume; for its owner."""
    found = await _put(
        who, resume_id, service, "resume_skills", [one.model_dump(exclude={"id"}) for one in body.skills]
    )
    return Page(items=[ResumeSkillOut.model_validate(one) for one in found], next_cursor=None)


@router.get("/educations")
async def read_educations(who: Caller, resume_id: UUID, service: Service) -> Page[EducationOut]:
    """The educations of a resume, present ones first; all on one page. For those who may read the resume."""
    found = await _listed(who, resume_id, service, "resume_educations")
    return Page(items=[EducationOut.model_validate(one) for one in found], next_cursor=None)


@router.put("/educations")
async def put_educations(who: Caller, resume_id: UUID, body: EducationsIn, service: Service) -> Page[EducationOut]:
    """Makes these the educations of a resume; for its owner."""
    rows = [one.model_dump(exclude={"id"}) for one in body.educations]
    found = await _put(who, resume_id, service, "resume_educations", rows)
    return Page(items=[EducationOut.model_validate(one) for one in found], next_cursor=None)


async def _listed(who: Caller, resume_id: UUID, service: ResumeService, table: str) -> list[dict[str, Any]]:
    await service.shown(who, resume_id)
    async with service.db.transaction() as tx:
        return await entries.listed(tx, table, resume_id)


async def _put(
    who: Caller, resume_id: UUID, service: ResumeService, table: str, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    await service.own(who, resume_id)
    async with service.db.transaction() as tx:
        return await resumes.put_entries(tx, resume_id=resume_id, table=table, rows=rows)
