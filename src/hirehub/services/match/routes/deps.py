"""What the routes of the service stand on, and who may see which matches."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request

from hirehub.contracts.user import Members, UserType
from hirehub.kernel.auth import Forbidden, Principal
from hirehub.kernel.auth.dependencies import require
from hirehub.kernel.db import Database
from hirehub.kernel.http.limits import RateLimiter
from hirehub.kernel.http.routes import provided
from hirehub.services.match.caching import Kept
from hirehub.services.match.domain.feedback import Side
from hirehub.services.match.domain.matches import NoSuchMatch
from hirehub.services.match.settings import MatchSettings
from hirehub.services.match.store import known, matches
from hirehub.services.match.store.known import Post
from hirehub.services.match.store.matches import Match

PREFIX: Final = "/api/v1"


@dataclass(frozen=True)
class MatchService:
    """The service of a process."""

    db: Database
    members: Members
    kept: Kept
    settings: MatchSettings

    async def acts_for(self, who: Principal, company_id: UUID) -> bool:
        """Whether the caller is a member of the company."""
        return who.user_type == UserType.COMPANY and await self.members.is_member(company_id, who.person)

    async def seen(self, who: Principal, match_id: UUID) -> tuple[Match, Side | None]:
        """A match that the caller may see, and his side of it; NoSuchMatch."""
        async with self.db.transaction() as tx:
            found = await matches.get(tx, match_id)
        if found is None:
            raise NoSuchMatch.told()
        if looks_on(who):
            return found, None
        if who.user_type == UserType.JOBSEEKER and who.user_id == found.user_id:
            return found, Side.JOBSEEKER
        if await self.acts_for(who, found.company_id):
            return found, Side.COMPANY
        raise NoSuchMatch.told()

    async def sided(self, who: Principal, match_id: UUID) -> tuple[Match, Side]:
        """The same for those who have a side; Forbidden for those who only look on."""
        found, side = await self.seen(who, match_id)
        if side is None:
            raise Forbidden.to("the owner of the resume or a member of the company")
        return found, side

    async def of_post(self, who: Principal, job_id: UUID) -> Post | None:
        """A post whose matches the caller may see; None for one that has none.

        NoSuchMatch for another company's, Forbidden for who acts for no company.
        """
        if not looks_on(who) and who.user_type != UserType.COMPANY:
            raise Forbidden.to("a member of the company")
        async with self.db.transaction() as tx:
            found = await known.post(tx, job_id)
        if found is not None and not looks_on(who) and not await self.acts_for(who, found.company_id):
            raise NoSuchMatch.told()
        return found

    async def of_resume(self, who: Principal, resume_id: UUID) -> UUID | None:
        """The owner of a resume whose matches the caller may see; None for one that has none.

        NoSuchMatch for another person's, Forbidden for who is no job seeker.
        """
        if not looks_on(who) and who.user_type != UserType.JOBSEEKER:
            raise Forbidden.to("the owner of the resume")
        async with self.db.transaction() as tx:
            owner = await matches.owner(tx, resume_id)
        if owner is not None and not looks_on(who) and owner != who.user_id:
            raise NoSuchMatch.told()
        return owner


def looks_on(who: Principal) -> bool:
    """Whether the caller sees everything and says nothing of it."""
    return who.is_service or who.user_type == UserType.ADMIN


async def _service(request: Request) -> MatchService:
    return provided(request, MatchService)


async def _limiter(request: Request) -> RateLimiter:
    return provided(request, RateLimiter)


Service = Annotated[MatchService, Depends(_service)]
Limiter = Annotated[RateLimiter, Depends(_limiter)]
JobSeeker = Annotated[Principal, Depends(require(UserType.JOBSEEKER))]
