"""What the routes of the service stand on, and who may see what."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request

from hirehub.contracts.apply import SentResumes
from hirehub.contracts.user import Companies, UserType
from hirehub.kernel.auth import Forbidden, Principal
from hirehub.kernel.auth.dependencies import require
from hirehub.kernel.blobs import Blobs
from hirehub.kernel.db import Database
from hirehub.kernel.http.limits import Limited, RateLimiter
from hirehub.kernel.http.routes import provided
from hirehub.services.resume.domain.resumes import no_such_resume
from hirehub.services.resume.settings import ResumeSettings
from hirehub.services.resume.store.resumes import Resume
from hirehub.services.resume.usecases import resumes
from hirehub.services.resume.usecases.watching import Watchers

PREFIX: Final = "/api/v1"


@dataclass(frozen=True)
class ResumeService:
    """The service of a process."""

    db: Database
    blobs: Blobs
    settings: ResumeSettings
    companies: Companies
    sent: SentResumes
    watchers: Watchers

    async def own(self, who: Principal, resume_id: UUID) -> Resume:
        """A resume of the caller's own; NoSuchResume for all else, so that nobody learns what others have."""
        async with self.db.transaction() as tx:
            found = await resumes.read(tx, resume_id=resume_id)
        if who.user_id is None or found.user_id != who.user_id:
            raise no_such_resume()
        return found

    async def readable(self, who: Principal, resume_id: UUID) -> Resume:
        """A resume of the caller's own, or any for one of our services; NoSuchResume."""
        if not who.is_service:
            return await self.own(who, resume_id)
        async with self.db.transaction() as tx:
            return await resumes.read(tx, resume_id=resume_id)

    async def shown(self, who: Principal, resume_id: UUID) -> Resume:
        """The same, and for members of companies one that was sent to theirs; NoSuchResume.

        Those are asked for before it is looked up, so that a service that does not answer tells nothing of resumes.
        """
        if who.user_type != UserType.COMPANY:
            return await self.readable(who, resume_id)
        for company_id in await self.companies.of(who.person):
            if await self.sent.reached(resume_id, company_id):
                async with self.db.transaction() as tx:
                    return await resumes.read(tx, resume_id=resume_id)
        raise no_such_resume()


async def _service(request: Request) -> ResumeService:
    return provided(request, ResumeService)


async def _limiter(limits: Limited) -> RateLimiter:
    return limits.limiter


async def _a_service(who: Annotated[Principal, Depends(require(service=True))]) -> Principal:
    if not who.is_service:
        raise Forbidden.to("a service")
    return who


Service = Annotated[ResumeService, Depends(_service)]
Limiter = Annotated[RateLimiter, Depends(_limiter)]
JobSeeker = Annotated[Principal, Depends(require(UserType.JOBSEEKER))]
AService = Annotated[Principal, Depends(_a_service)]
