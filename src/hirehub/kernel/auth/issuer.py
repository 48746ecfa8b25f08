"""The public keys of an OIDC issuer elsewhere: fetched when first needed, kept for a while, asked for again for a key
that is not among them, but not more often than once in a few seconds, as anybody can name a key that is not there.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import jwt

from hirehub.kernel.errors import Unavailable
from hirehub.kernel.settings import AuthSettings
from hirehub.kernel.telemetry import get_logger

_LARGEST: Final = 262_144
_TIMEOUT: Final = 5.0
_PAUSE: Final = 10.0
"""Seconds between two fetches."""

_log = get_logger(__name__)

Fetch = Callable[[str], Awaitable[bytes]]


class IssuerUnavailable(Unavailable):
    """The issuer's keys could not be had, so its tokens cannot be read now."""

    code = "issuer_unavailable"


class IssuerKeys:
    """Keys by their `kid`."""

    def __init__(self, settings: AuthSettings, fetch: Fetch, now: Callable[[], float] = time.monotonic) -> None:
        self._url = settings.issuer_jwks or f"{str(settings.issuer).rstrip('/')}/.well-known/jwks.json"
        self._seconds, self._fetch, self._now = settings.issuer_cache, fetch, now
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self, kid: str) -> jwt.PyJWK | None:
        """The key, or None where the issuer has none of that name; IssuerUnavailable where it cannot be asked."""
        if kid in self._keys and self._now() - self._fetched < self._seconds:
            return self._keys[kid]
        async with self._lock:
            stale = self._now() - self._fetched >= self._seconds
            if (stale or kid not in self._keys) and self._now() - self._tried >= _PAUSE:
                await self._refresh()
        if not self._keys:
            raise IssuerUnavailable("The issuer's keys cannot be had.", hint="Try again in a moment.")
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        """Fetches the keys; those that are there stay where the issuer does not answer."""
        self._tried = self._now()
        try:
            found = jwt.PyJWKSet.from_json((await self._fetch(self._url)).decode())
        except (OSError, ValueError, jwt.PyJWTError, Unavailable) as error:
            _log.warning("issuer_keys_not_fetched", error=type(error).__name__)
            return
        self._keys = {key.key_id: key for key in found.keys if key.key_id}
        self._fetched = self._now()


async def fetch(url: str) -> bytes:
    """A small document by HTTP; OSError or Unavailable where there is none."""
    import httpx

    try:
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False) as client,
            client.stream("GET", url) as answer,
        ):
            answer.raise_for_status()
            body = b""
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > _LARGEST:
                    raise Unavailable("The issuer's keys are too large.")
            return body
    except httpx.HTTPError as error:
        raise OSError(type(error).__name__) from error


def claims_text(claims: dict[str, Any], name: str, largest: int = 255) -> str | None:
    """A claim that is a text of bounded length, else None."""
    value = claims.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= largest else None
