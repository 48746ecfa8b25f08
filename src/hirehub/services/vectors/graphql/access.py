"""Who may ask. With the token, anyone; without it, callers of this machine, where the settings allow that.

A caller of this machine is one whose connection begins on it, who names it by a name of its own (a page of another site
that had its name point here would name that), and for whom no proxy speaks.
"""

import hmac
import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from pydantic import SecretStr

from hirehub.kernel.errors import Denied

_NAMES: Final = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})
_FORWARDED: Final = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip"})


class TokenNeeded(Denied):
    """A caller without the token, from where one is needed."""

    code = "unauthenticated"


class Access:
    """The rule of one server."""

    def __init__(self, *, anonymous: bool, token: SecretStr | None) -> None:
        self._anonymous = anonymous
        secret = token.get_secret_value() if token else ""
        self._expected = f"Bearer {secret}".encode() if secret else None

    @property
    def note(self) -> str:
        """The rule in a line for the person who started the server."""
        if self._anonymous and self._expected:
            return "GraphQL answers callers of this machine, and others who show the token."
        if self._anonymous:
            return "GraphQL answers callers of this machine only: HIREHUB_VECTORS__API__TOKEN is not set."
        if self._expected:
            return "GraphQL answers callers who show the token."
        return "GraphQL answers nobody: set HIREHUB_VECTORS__API__TOKEN, or HIREHUB_VECTORS__ANONYMOUS=true."

    def check(self, scope: Mapping[str, Any]) -> None:
        """Raises TokenNeeded."""
        shown = host = b""
        forwarded = False
        for name, value in scope["headers"]:
            if name == b"authorization":
                shown = value
            elif name == b"host":
                host = value
            elif name in _FORWARDED:
                forwarded = True
        if self._expected is not None and hmac.compare_digest(shown, self._expected):
            return
        if self._anonymous and not forwarded and _is_here(scope.get("client")) and _names_here(host):
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


def _names_here(host: bytes) -> bool:
    name = host[: host.rindex(b":")] if b":" in host.rpartition(b"]")[2] else host
    return name.lower() in _NAMES or _is_here((name.decode("latin-1"),))
