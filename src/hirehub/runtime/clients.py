"""The ports between services, each answered by one call over HTTP; parts get them from their context by their type."""

from collections.abc import Sequence
from uuid import UUID

from hirehub.contracts.user import Addresses, Members
from hirehub.kernel.http.calls import Calls

CALLER = "hirehub"
_PAGE = 100


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


def clients(calls: Calls) -> dict[type, object]:
    """Each port with its client."""
    return {Members: MembersOverHttp(calls), Addresses: AddressesOverHttp(calls)}
