"""Who may ask. With the token, anyone; without it, callers of this machine, where the settings allow that.

A caller of this machine is one whose connection begins on it, who names it by a name of its own (a page of another site
that had its name point here would name that), and for whom no proxy speaks. A proxy that adds none of the headers by
which proxies tell of themselves cannot be seen: behind one a token must be set and anonymous callers be refused.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from pydantic import SecretStr

from hirehub.kernel.errors import Denied
from hirehub.kernel.grpc.security import TokenCheck

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


class TokenNeeded(Denied):
    """A caller without the token, from where one is needed."""

    code = "unauthenticated"


class Access:
    """The rule of one server."""

    def __init__(self, *, anonymous: bool, token: SecretStr | None) -> None:
        self._anonymous = anonymous
        self._token = TokenCheck(token) if token and token.get_secret_value() else None

    @property
    def note(self) -> str:
        """The rule in a line for the person who started the server."""
        if self._anonymous and self._token:
            return "GraphQL answers callers of this machine, and others who show the token."
        if self._anonymous:
            return "GraphQL answers callers of this machine only: HIREHUB_VECTORS__API__TOKEN is not set."
        if self._token:
            return "GraphQL answers callers who show the token."
        return "GraphQL answers nobody: set HIREHUB_VECTORS__API__TOKEN, or HIREHUB_VECTORS__ANONYMOUS=true."

    def check(self, scope: Mapping[str, Any]) -> None:
        """Raises TokenNeeded."""
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
        if self._token is not None and self._token.passes(shown):
            return
        if self._anonymous and not forwarded and _is_here(scope.get("client")) and _names_here(hosts):
            return
        raise TokenNeeded(
            "This needs a token.", hint="Show it as `Authorization: Bearer TOKEN`, or ask from the machine itself."
        )


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
