"""The ports between services, each answered by one call over HTTP; parts get them from their context by their type.

One needs no call: what skills are called is knowledge that each process has.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from hirehub.contracts.apply import Interview, Interviews, SentResumes
from hirehub.contracts.job import Jobs, JobTexts, Post, PostText
from hirehub.contracts.match import Matches
from hirehub.contracts.resume import Resume, ResumeFiles, Resumes, ResumeText, ResumeTexts
from hirehub.contracts.skills import SkillNames
from hirehub.contracts.text_embedding import TextEmbedder
from hirehub.contracts.user import Addresses, Companies, Members
from hirehub.kernel.calls import Calls
from hirehub.kernel.errors import Unavailable
from hirehub.runtime.skill_names import SkillNamesHere

CALLER: Final = "hirehub"
MOST_BYTES: Final = 134_217_728
"""Of a file that one service asks of another."""
_PAGE: Final = 100
_HUNDREDTH: Final = Decimal("0.01")


class NoTextModel(Unavailable):
    """No model turns texts into vectors that can be compared with the stored ones."""

    code = "no_text_model"


class MembersOverHttp:
    """Who acts for a company, asked of the service `user`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def is_member(self, company_id: UUID, user_id: UUID) -> bool:
        """See Members.is_member."""
        path = f"/api/v1/companies/{company_id}/members/{user_id}"
        return await self._calls.get("user", path, caller=CALLER) is not None

    async def of(self, company_id: UUID) -> Sequence[UUID]:
        """See Members.of."""
        people: list[UUID] = []
        params: dict[str, str | int] = {"limit": _PAGE}
        while True:
            path = f"/api/v1/companies/{company_id}/members"
            found = await self._calls.get("user", path, caller=CALLER, params=params)
            if found is None:
                return people
            people += [UUID(one["user_id"]) for one in found["items"]]
            if found["next_cursor"] is None:
                return people
            params["cursor"] = found["next_cursor"]


class AddressesOverHttp:
    """Where mails to a person go, asked of the service `user`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def of(self, user_id: UUID) -> str | None:
        """See Addresses.of."""
        found = await self._calls.get("user", f"/api/v1/users/{user_id}/address", caller=CALLER)
        return None if found is None else str(found["email"])


class CompaniesOverHttp:
    """For which companies people act, asked of the service `user`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def of(self, user_id: UUID) -> Sequence[UUID]:
        """See Companies.of."""
        found = await self._calls.get("user", f"/api/v1/users/{user_id}/companies", caller=CALLER)
        return [] if found is None else [UUID(one) for one in found["items"]]


class SentResumesOverHttp:
    """To whom resumes were sent, asked of the service `apply`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def reached(self, resume_id: UUID, company_id: UUID) -> bool:
        """See SentResumes.reached."""
        path = f"/api/v1/sent-resumes/{resume_id}/companies/{company_id}"
        return await self._calls.get("apply", path, caller=CALLER) is not None


class InterviewsOverHttp:
    """Interviews, asked of the service `apply`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def get(self, interview_id: UUID) -> Interview | None:
        """See Interviews.get."""
        found = await self._calls.get("apply", f"/api/v1/interviews/{interview_id}", caller=CALLER)
        if found is None:
            return None
        same = ("time_zone", "interview_type", "duration_minutes", "location")
        return Interview(
            is_scheduled=found["status"] == "scheduled",
            scheduled_at=datetime.fromisoformat(found["scheduled_at"]),
            **{name: found[name] for name in same},
        )


class ResumeFilesOverHttp:
    """Files of resumes and what was read in them, by the service `resume`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def original(self, resume_id: UUID) -> bytes | None:
        """See ResumeFiles.original."""
        path = f"/api/v1/resumes/{resume_id}/original"
        return await self._calls.download("resume", path, caller=CALLER, most=MOST_BYTES)

    async def finish(self, resume_id: UUID, outcome: Mapping[str, Any]) -> bool:
        """See ResumeFiles.finish."""
        return await self._calls.put("resume", f"/api/v1/resumes/{resume_id}", outcome, caller=CALLER) is not None


class JobsOverHttp:
    """Posts, asked of the service `job`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def get(self, job_id: UUID) -> Post | None:
        """See Jobs.get."""
        found = await self._calls.get("job", f"/api/v1/jobs/{job_id}", caller=CALLER)
        if found is None:
            return None
        ends = None if found["expires_at"] is None else datetime.fromisoformat(found["expires_at"])
        return Post(UUID(found["id"]), UUID(found["company_id"]), found["title"], found["status"], ends)


class JobTextsOverHttp:
    """What posts say, asked of the service `job`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def whole(self, job_id: UUID) -> PostText | None:
        """See JobTexts.whole."""
        path = f"/api/v1/jobs/{job_id}"
        found = await self._calls.get("job", path, caller=CALLER)
        skills = await self._calls.get("job", f"{path}/skills", caller=CALLER)
        if found is None or skills is None:
            return None
        same = ("title", "description", "requirements", "location", "job_type", "remote_type", "experience_min")
        return PostText(
            id=UUID(found["id"]),
            company_id=UUID(found["company_id"]),
            version=found["version"],
            status=found["status"],
            **{name: found[name] for name in same},
            skills=tuple((one["name"], one["is_required"]) for one in skills["items"]),
        )


class ResumeTextsOverHttp:
    """What resumes say, asked of the service `resume`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def whole(self, resume_id: UUID) -> ResumeText | None:
        """See ResumeTexts.whole."""
        path = f"/api/v1/resumes/{resume_id}"
        found = await self._calls.get("resume", path, caller=CALLER)
        if found is None or found["status"] != "ready":
            return None
        jobs = await self._calls.get("resume", f"{path}/experiences", caller=CALLER)
        skills = await self._calls.get("resume", f"{path}/skills", caller=CALLER)
        if jobs is None or skills is None:
            return None
        return ResumeText(
            id=UUID(found["id"]),
            user_id=UUID(found["user_id"]),
            version=found["version"],
            status=found["status"],
            masked_content=found["masked_content"] or "",
            parsed_content=found["parsed_content"] or {},
            experiences=jobs["items"],
            skills=skills["items"],
        )

    async def put_chunks(self, resume_id: UUID, chunks: Sequence[tuple[str, Sequence[float] | None]]) -> bool:
        """See ResumeTexts.put_chunks."""
        body = {
            "chunks": [{"text": text, "vector": None if vector is None else list(vector)} for text, vector in chunks]
        }
        return await self._calls.put("resume", f"/api/v1/resumes/{resume_id}/chunks", body, caller=CALLER) is not None


class ResumesOverHttp:
    """Resumes without what they say, asked of the service `resume`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def get(self, resume_id: UUID) -> Resume | None:
        """See Resumes.get."""
        found = await self._calls.get("resume", f"/api/v1/resumes/{resume_id}", caller=CALLER)
        return None if found is None else Resume(UUID(found["user_id"]), str(found["status"]))


class MatchesOverHttp:
    """Scores of pairs, asked of the service `match`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def overall(self, *, job_id: UUID, resume_id: UUID) -> Decimal | None:
        """See Matches.overall."""
        params: dict[str, str | int] = {"job_id": str(job_id), "resume_id": str(resume_id)}
        found = await self._calls.get("match", "/api/v1/matches", caller=CALLER, params=params)
        scores = [] if found is None else [one["overall_score"] for one in found["items"]]
        return None if not scores or scores[0] is None else Decimal(str(scores[0])).quantize(_HUNDREDTH)


class TextsOverHttp:
    """Vectors of texts, asked of the service `ai`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def embed(self, text: str, *, dimension: int, model: str) -> Sequence[float]:
        """See TextEmbedder.embed. NoTextModel where there is no model, or one that made other vectors."""
        found = await self._calls.post("ai", "/api/v1/ai/embeddings", {"texts": [text]}, caller=CALLER)
        if found is None:
            raise NoTextModel(
                "No model is configured that turns text into vectors.",
                hint="Search by vector or by id, or by words with a filter's `text`.",
            )
        name, vector = str(found["model"]).rpartition("@")[0] or str(found["model"]), found["items"][0]["embedding"]
        if (model and name != model) or len(vector) != dimension:
            raise NoTextModel(
                f"The rows have vectors of {model or 'some model'} with {dimension} floats; texts are turned into"
                f" vectors of {name} with {len(vector)}. They cannot be compared.",
                hint="Let HIREHUB_AI__MODEL__NAME name the model that made the rows, or load the rows anew.",
            )
        return [float(value) for value in vector]


def clients(calls: Calls) -> dict[type, object]:
    """Each port with its client."""
    return {
        Members: MembersOverHttp(calls),
        Jobs: JobsOverHttp(calls),
        JobTexts: JobTextsOverHttp(calls),
        Resumes: ResumesOverHttp(calls),
        ResumeTexts: ResumeTextsOverHttp(calls),
        Matches: MatchesOverHttp(calls),
        Companies: CompaniesOverHttp(calls),
        SentResumes: SentResumesOverHttp(calls),
        Interviews: InterviewsOverHttp(calls),
        Addresses: AddressesOverHttp(calls),
        ResumeFiles: ResumeFilesOverHttp(calls),
        TextEmbedder: TextsOverHttp(calls),
        SkillNames: SkillNamesHere(),
    }
