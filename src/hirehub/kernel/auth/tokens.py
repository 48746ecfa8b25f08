"""Our own access tokens: signed, short-lived, and without anything about a person but an id and a type."""

from datetime import timedelta
from typing import Any, Final

import jwt

from hirehub.kernel.auth.keys import ALGORITHM, SigningKey
from hirehub.kernel.auth.principal import SERVICE, Principal
from hirehub.kernel.clock import Clock, SystemClock
from hirehub.kernel.ids import uuid7
from hirehub.kernel.settings import AuthSettings

TYPE: Final = "at+jwt"
"""The type of an access token (RFC 9068); a signed thing of another type is not taken for one."""

SERVICE_PREFIX: Final = "service:"


class Signer:
    """Signs access tokens."""

    def __init__(self, settings: AuthSettings, key: SigningKey, clock: Clock | None = None) -> None:
        self._settings, self._key, self._clock = settings, key, clock or SystemClock()

    @property
    def seconds(self) -> int:
        """How long a token lives."""
        return self._settings.lifetime

    def sign(self, principal: Principal) -> str:
        """A token for the principal, good from now for `seconds`."""
        now = self._clock.now()
        claims: dict[str, Any] = {
            "iss": self._settings.name,
            "aud": self._settings.name,
            "sub": principal.subject,
            "iat": now,
            "nbf": now,
            "exp": now + timedelta(seconds=self.seconds),
            "jti": str(uuid7(self._clock)),
        }
        if principal.user_type is not None:
            claims["user_type"] = principal.user_type
        if principal.scopes:
            claims["scope"] = " ".join(sorted(principal.scopes))
        if principal.session_id is not None:
            claims["sid"] = str(principal.session_id)
        return jwt.encode(claims, self._key.private, ALGORITHM, {"kid": self._key.kid, "typ": TYPE})

    def for_service(self, name: str) -> str:
        """A token with which the service of that name calls another."""
        return self.sign(Principal(f"{SERVICE_PREFIX}{name}", scopes=frozenset({SERVICE})))
