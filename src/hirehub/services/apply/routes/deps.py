"""What the routes of the service stand on, and on which side of an application somebody is."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request

from hirehub.contracts.job import Jobs
from hirehub.contracts.match import Matches
from hirehub.contracts.resume import Resumes
from hirehub.contracts.user import Members, UserType
from hirehub.kernel.auth import Forbidden, Principal
from hirehub.kernel.clock import Clock
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.routes import provided
from hirehub.kernel.telemetry import get_logger
from hirehub.services.apply.domain.applications import NoSuchApplication
from hirehub.services.apply.domain.interviews import NoSuchInterview
from hirehub.services.apply.domain.states import Actor
from hirehub.services.apply.settings import ApplySettings
from hirehub.services.apply.store import applications as stored
from hirehub.services.apply.store.applications import Application
from hirehub.services.apply.store.interviews import Interview
from hirehub.services.apply.usecases import applications, interviews
from hirehub.services.apply.usecases.moving import By

PREFIX: Final = "/api/v1"

_log = get_logger(__name__)

Side = Actor | None
"""On which side of an application somebody is; None for those who only look on: administrators, services."""


@dataclass(frozen=True)
class ApplyService:
    """The service of a process."""

    db: Database
    members: Members
    jobs: Jobs
    resumes: Resumes
    matches: Matches
    clock: Clock
    settings: ApplySettings

    async def acts_for(self, who: Principal, company_id: UUID) -> bool:
        """Whether the caller is a member of the company."""
        return who.user_type == UserType.COMPANY and await self.members.is_member(company_id, who.person)

    async def side(self, who: Principal, found: Application) -> Side:
        """The caller's side of an application; NoSuchApplication for those whom it does not concern."""
        if looks_on(who):
            return None
        if who.user_id == found.user_id:
            return Actor.JOBSEEKER
        if await self.acts_for(who, found.company_id):
            return Actor.COMPANY
        raise NoSuchApplication.told()

    async def seen(self, who: Principal, application_id: UUID) -> tuple[Application, Side]:
        """An application that the caller may read, and his side of it; NoSuchApplication."""
        async with self.db.transaction() as tx:
            found = await applications.read(tx, application_id)
        return found, await self.side(who, found)

    async def ours(self, who: Principal, application_id: UUID) -> Application:
        """An application for a post of the caller's company; Forbidden for others who may see it."""
        found, side = await self.seen(who, application_id)
        if side is not Actor.COMPANY:
            raise Forbidden.to("a member of the company")
        return found

    async def seen_interview(self, who: Principal, interview_id: UUID) -> tuple[Interview, Application, Side]:
        """An interview that the caller may read, its application, and his side of that; NoSuchInterview."""
        async with self.db.transaction() as tx:
            found = await interviews.read(tx, interview_id)
            application = await applications.read(tx, found.application_id)
        try:
            return found, application, await self.side(who, application)
        except NoSuchApplication:
            raise NoSuchInterview.told() from None

    async def score(self, job_id: UUID, resume_id: UUID) -> Decimal | None:
        """How well a post and a resume match; None where nobody can tell soon: nobody is kept from applying by that."""
        try:
            async with asyncio.timeout(self.settings.match_wait):
                return await self.matches.overall(job_id=job_id, resume_id=resume_id)
        except (HirehubError, TimeoutError) as error:
            _log.warning("match_score_unknown", error=type(error).__name__)
            return None

    async def sides(self, who: Principal, ids: Iterable[UUID]) -> dict[UUID, By | HirehubError]:
        """The caller's side of each application, or why he has none; each company's members are asked for once."""
        wanted = list(dict.fromkeys(ids))
        async with self.db.transaction() as tx:
            there = await stored.get(tx, wanted)
        known: dict[tuple[UUID, bool], By | HirehubError] = {}
        found: dict[UUID, By | HirehubError] = {}
        for one in wanted:
            if (application := there.get(one)) is None:
                found[one] = NoSuchApplication.told()
                continue
            place = (application.company_id, application.user_id == who.user_id)
            if place not in known:
                known[place] = await self._by(who, application)
            found[one] = known[place]
        return found

    async def _by(self, who: Principal, application: Application) -> By | HirehubError:
        try:
            return acting(who, await self.side(who, application))
        except (NoSuchApplication, Forbidden) as error:
            return error


def looks_on(who: Principal) -> bool:
    """Whether the caller sees everything and decides nothing."""
    return who.is_service or who.user_type == UserType.ADMIN


def acting(who: Principal, side: Side) -> By:
    """The caller as somebody who decides; Forbidden for those who only look on."""
    if side is None:
        raise Forbidden.to("the applicant or a member of the company")
    return By(side, who.person)


async def _service(request: Request) -> ApplyService:
    return provided(request, ApplyService)


Service = Annotated[ApplyService, Depends(_service)]
