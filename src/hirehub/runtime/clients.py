"""The ports between services, each answered by one call over HTTP; parts get them from their context by their type."""

from uuid import UUID

from hirehub.contracts.user import Members
from hirehub.kernel.http.calls import Calls

CALLER = "hirehub"


class MembersOverHttp:
    """Who acts for a company, asked of the service `user`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def is_member(self, company_id: UUID, user_id: UUID) -> bool:
        """See Members.is_member."""
        path = f"/api/v1/companies/{company_id}/members/{user_id}"
        return await self._calls.get("user", path, caller=CALLER) is not None


def clients(calls: Calls) -> dict[type, object]:
    """Each port with its client."""
    return {Members: MembersOverHttp(calls)}
