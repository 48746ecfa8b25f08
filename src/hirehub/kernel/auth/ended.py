"""Sessions that have ended, for processes in which the accounts are not kept: a mark for each in the cache.

A mark lives as long as an access token of its session can. Where processes share no cache, or while it does not answer,
tokens are believed until they end.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from hirehub.kernel.cache import CachePort
from hirehub.kernel.settings import AuthSettings

_SIGNING: Final = 60
"""Seconds that may pass between the transaction in which a session goes on and the signature of its next token."""


class EndedSessions:
    """The marks of one cache."""

    def __init__(self, cache: CachePort, settings: AuthSettings) -> None:
        self._cache = cache
        self.seconds = settings.lifetime + settings.skew + _SIGNING

    async def has(self, session_id: UUID) -> bool:
        """Whether the session is known to have ended."""
        return await self._cache.get(_key(session_id)) is not None

    async def add(self, session_ids: Iterable[UUID]) -> bool:
        """Marks sessions; False where the cache did not take all of them."""
        for session_id in session_ids:
            if not await self._cache.set(_key(session_id), b"1", self.seconds):
                return False
        return True


def _key(session_id: UUID) -> str:
    return f"session:ended:{session_id}"
