"""Who asks. A caller shows a person's or a service's token, or the server's own; without one only callers of this
machine are answered, where the settings allow that. A token that is not good is refused wherever it is shown.

A caller of this machine is one whose connection begins on it, who names it by a name of its own (a page of another site
that had its name point here would name that), and for whom no proxy speaks. A proxy that adds none of the headers by
which proxies tell of themselves cannot be seen: behind one anonymous callers must be refused by the settings.
"""

import ipaddress
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final
from uuid import UUID

from pydantic import SecretStr

from hirehub.contracts.user import Companies, UserType
from hirehub.kernel.auth import Principal, Unauthenticated
from hirehub.kernel.auth.callers import Callers
from hirehub.kernel.grpc.security import TokenCheck
from hirehub.services.vectors.graphql.rights import EVERYTHING, Rights, rights_of

_SCHEME: Final = b"bearer "
_KNOWN_SECONDS: Final = 15.0
"""So long somebody who has left a company may still search candidates."""
_MOST_KNOWN: Final = 10_000
_NAMES: Final = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})
_FORWARDED: Final = frozenset(
    {
        b"forwarded",
        b"via",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
        b"x-real-ip",
        b"x-client-ip",
        b"cf-connecting-ip",
    }
)


class Access:
    """The rule of one server."""

    def __init__(self, callers: Callers, companies: Companies, *, anonymous: bool, token: SecretStr | None) -> None:
        self._callers, self._companies = callers, companies
        self._members: dict[UUID, tuple[float, bool]] = {}
        self._anonymous = anonymous
        self._token = TokenCheck(token) if token and token.get_secret_value() else None

    @property
    def note(self) -> str:
        """The rule in a line for the person who started the server."""
        if self._anonymous:
            return "GraphQL asks no token of callers of this machine: HIREHUB_VECTORS__ANONYMOUS is true."
        return "GraphQL asks everybody for a token: HIREHUB_VECTORS__ANONYMOUS is false."

    async def rights(self, scope: Mapping[str, Any]) -> Rights:
        """What the caller may ask for; Unauthenticated for one who is not answered at all."""
        shown = b""
        hosts: list[bytes] = []
        forwarded = False
        for name, value in scope["headers"]:
            if name == b"authorization":
                shown = value
            elif name == b"host":
                hosts.append(value)
            elif name in _FORWARDED:
                forwarded = True
        if shown[: len(_SCHEME)].lower() == _SCHEME:
            if self._token is not None and self._token.passes(shown):
                return EVERYTHING
            who = await self._callers.of(shown[len(_SCHEME) :].decode("latin-1").strip())
            return rights_of(who, is_member=await self._is_member(who))
        if self._anonymous and not forwarded and _is_here(scope.get("client")) and _names_here(hosts):
            return EVERYTHING
        raise Unauthenticated.without_token()

    async def _is_member(self, who: Principal) -> bool:
        """Whether a company's person acts for a company; known for a short while. ServiceUnavailable where nobody can
        tell.
        """
        if who.user_type != UserType.COMPANY or who.user_id is None:
            return False
        until, is_member = self._members.get(who.user_id, (0.0, False))
        if monotonic() >= until:
            is_member = bool(await self._companies.of(who.user_id))
            if len(self._members) >= _MOST_KNOWN:
                self._members.clear()
            self._members[who.user_id] = (monotonic() + _KNOWN_SECONDS, is_member)
        return is_member


def _is_here(client: Any) -> bool:  # noqa: ANN401 - (address, port), or nothing
    address = client[0] if client else ""
    if address == "127.0.0.1":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _names_here(hosts: list[bytes]) -> bool:
    """Whether the caller names this machine, and names nothing else beside it."""
    if len(hosts) != 1:
        return False
    host = hosts[0]
    name = host[: host.rindex(b":")] if b":" in host.rpartition(b"]")[2] else host
    return name.lower() in _NAMES or _is_here((name.decode("latin-1"),))
