"""What the routes of the service stand on, and who may do what."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request

from hirehub.contracts.skills import SkillNames
from hirehub.contracts.user import Members, UserType
from hirehub.kernel.auth import Forbidden, Principal
from hirehub.kernel.clock import Clock
from hirehub.kernel.db import Database
from hirehub.kernel.http.routes import provided
from hirehub.services.job.store.posts import Job
from hirehub.services.job.usecases import posts

PREFIX: Final = "/api/v1"


@dataclass(frozen=True)
class JobService:
    """The service of a process."""

    db: Database
    members: Members
    skill_names: SkillNames
    clock: Clock

    async def acts_for(self, who: Principal | None, company_id: UUID) -> bool:
        """Whether the caller writes in the company's name: its members, administrators, services."""
        if who is None or who.user_type == UserType.JOBSEEKER:
            return False
        if who.is_service or who.user_type == UserType.ADMIN:
            return True
        return await self.members.is_member(company_id, who.person)

    async def require(self, who: Principal, company_id: UUID) -> None:
        """Forbidden where the caller does not act for the company."""
        if not await self.acts_for(who, company_id):
            raise Forbidden.to("a member of the company")

    async def own(self, who: Principal, job_id: UUID) -> Job:
        """A post of a company that the caller acts for.

        NoSuchJob for a draft of others, which nobody else may know of; Forbidden for what everybody sees.
        """
        async with self.db.transaction() as tx:
            found = await posts.read(tx, job_id=job_id)
        if not await self.acts_for(who, found.company_id):
            if found.status == "draft":
                raise posts.no_such_job()
            raise Forbidden.to("a member of the company")
        return found

    async def visible(self, who: Principal | None, job_id: UUID) -> tuple[Job, bool]:
        """A post that the caller may read, and whether he acts for its company; NoSuchJob."""
        async with self.db.transaction() as tx:
            found = await posts.read(tx, job_id=job_id)
        own = await self.acts_for(who, found.company_id)
        if found.status == "draft" and not own:
            raise posts.no_such_job()
        return found, own


async def _service(request: Request) -> JobService:
    return provided(request, JobService)


Service = Annotated[JobService, Depends(_service)]
