"""Posts, resumes and applications for tests of `apply`, and a part that answers for resumes as `resume` does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter

from hirehub.contracts.user import UserType
from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.errors import Missing
from hirehub.kernel.module import Part, Routes
from hirehub.kernel.settings import Settings
from tests.support.people import People, Person
from tests.support.platform import execute, platform, rows

ARROWS = {
    "submitted": {"reviewing", "rejected", "withdrawn"},
    "reviewing": {"interview_scheduled", "rejected", "withdrawn"},
    "interview_scheduled": {"interview_completed", "rejected", "withdrawn"},
    "interview_completed": {"offered", "rejected", "withdrawn"},
    "offered": {"accepted", "rejected", "withdrawn"},
    "accepted": set[str](),
    "rejected": set[str](),
    "withdrawn": set[str](),
}
"""The table of states, written down once more: the code must not be held against itself."""

WAY = ("submitted", "reviewing", "interview_scheduled", "interview_completed", "offered", "accepted")


class NoSuchResume(Missing):
    """As `resume` says it."""

    code = "no_such_resume"


@dataclass
class Resumes:
    """Whose resumes are and how far they are read, answered over HTTP to our services."""

    owners: dict[UUID, tuple[str, str]] = field(default_factory=dict)

    def of(self, person: Person, status: str = "ready") -> str:
        """A new resume of the person."""
        resume_id = uuid4()
        self.owners[resume_id] = (person.user_id, status)
        return str(resume_id)

    def part(self) -> Part:
        """What the platform runs."""
        router = APIRouter()

        @router.get("/api/v1/resumes/{resume_id}", tags=["resumes"])
        async def read_resume(who: Caller, resume_id: UUID) -> dict[str, Any]:
            if not who.is_service or resume_id not in self.owners:
                raise NoSuchResume("There is no such resume.")
            user_id, status = self.owners[resume_id]
            return {"id": resume_id, "user_id": user_id, "status": status}

        return Part(routes=[Routes(router)])


@dataclass
class Hiring:
    """The running platform with a company, its member, a post and somebody who may apply."""

    here: People
    resumes: Resumes
    member: Person
    company_id: str
    job_id: str
    seeker: Person

    async def post(self, path: str, body: object, who: Person, **headers: str) -> Any:
        """The answer to a POST below /applications."""
        return await self.here.ask("POST", f"/applications{path}", body, who=who, **headers)

    async def applied(self, who: Person | None = None, job_id: str | None = None) -> str:
        """The id of a new application."""
        who = who or self.seeker
        body = {"job_id": job_id or self.job_id, "resume_id": self.resumes.of(who), "cover_letter": "Hello."}
        answer = await self.post("", body, who)
        assert answer.status == 201, answer.body
        return str(answer.json["id"])

    async def decided(self, application_id: str, status: str, who: Person | None = None, **more: object) -> Any:
        """The answer to a change of state, by the company unless somebody else is named."""
        return await self.post(f"/{application_id}/status", {"to_status": status, **more}, who or self.member)

    async def brought(self, status: str, application_id: str | None = None) -> str:
        """The id of an application in that state, brought there over HTTP."""
        application_id = application_id or await self.applied()
        way = WAY[1 : WAY.index(status) + 1] if status in WAY else (status,)
        for step in way:
            who = self.seeker if step in ("accepted", "withdrawn") else self.member
            answer = await self.decided(application_id, step, who)
            assert answer.json["status"] == step, answer.body
        return application_id

    async def history(self, application_id: str, who: Person | None = None) -> list[dict[str, Any]]:
        """The events of an application as the company sees them, or somebody else."""
        path = f"/applications/{application_id}/events?limit=100"
        answer = await self.here.ask("GET", path, who=who or self.member)
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.json["items"]
        return found

    async def state(self, application_id: str, who: Person | None = None) -> dict[str, Any]:
        """An application as the company sees it, or somebody else."""
        answer = await self.here.ask("GET", f"/applications/{application_id}", who=who or self.member)
        assert answer.status == 200, answer.body
        found: dict[str, Any] = answer.json
        return found


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejections that are not held."""
    monkeypatch.setenv("HIREHUB_APPLY__REJECTION_HOLD", "0")


@asynccontextmanager
async def hiring(settings: Settings, *names: str) -> AsyncIterator[Hiring]:
    """A platform of `user`, `job` and `apply` (or of the names) with an open post."""
    resumes = Resumes()
    async with platform(settings, *(names or ("user", "job", "apply")), beside={"resume": resumes.part()}) as here:
        member = await here.sign_up(UserType.COMPANY)
        company_id = await here.company(member)
        seeker = await here.sign_up()
        yield Hiring(here, resumes, member, company_id, post(here, company_id), seeker)


def post(here: People, company_id: str, status: str = "open") -> str:
    """A post of the company, put into the table."""
    execute(
        here.settings,
        "job",
        "INSERT INTO jobs (company_id, title, description, status, posted_at)"
        " VALUES (%s, 'Cook', 'Cooks.', %s, CASE WHEN %s = 'draft' THEN NULL ELSE now() END)",
        company_id,
        status,
        status,
    )
    ((job_id,),) = rows(here.settings, "job", "SELECT id FROM jobs ORDER BY created_at DESC LIMIT 1")
    return str(job_id)
