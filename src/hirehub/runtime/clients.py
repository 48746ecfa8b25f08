"""The ports between services, each answered by one call over HTTP; parts get them from their context by their type."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from hirehub.contracts.resume import ResumeFiles
from hirehub.contracts.user import Members
from hirehub.kernel.http.calls import Calls

CALLER: Final = "hirehub"
MOST_BYTES: Final = 134_217_728
"""Of a file that one service asks of another."""


class MembersOverHttp:
    """Who acts for a company, asked of the service `user`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def is_member(self, company_id: UUID, user_id: UUID) -> bool:
        """See Members.is_member."""
        path = f"/api/v1/companies/{company_id}/members/{user_id}"
        return await self._calls.get("user", path, caller=CALLER) is not None


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


def clients(calls: Calls) -> dict[type, object]:
    """Each port with its client."""
    return {Members: MembersOverHttp(calls), ResumeFiles: ResumeFilesOverHttp(calls)}
