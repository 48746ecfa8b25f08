"""Who a token speaks for: one answer for the routes of a process and for what is mounted beside them.

A token that the verifier remembers is held against the accounts, or against the marks of ended sessions, all the same.

The keys are read, and cryptography is imported, when the first token is shown.
"""

from typing import TYPE_CHECKING

from hirehub.kernel.auth.ended import EndedSessions
from hirehub.kernel.auth.principal import Directory, Identity, Principal, Unauthenticated
from hirehub.kernel.cache import CachePort
from hirehub.kernel.settings import Settings

if TYPE_CHECKING:
    from hirehub.kernel.auth.verifier import Verifier


class Callers:
    """The callers of one process."""

    def __init__(self, settings: Settings, cache: CachePort) -> None:
        self._settings = settings
        self._ended = EndedSessions(cache, settings.auth)
        self._verifier: Verifier | None = None
        self._directory: Directory | None = None

    def hold_against(self, directory: Directory) -> None:
        """Has every token held against the accounts, which this process keeps."""
        self._directory = directory

    async def of(self, token: str) -> Principal:
        """The caller who shows the token; Unauthenticated where it is not good, or its account or session has ended."""
        found = await self._verify().verify(token)
        if isinstance(found, Identity):
            if self._directory is None:
                reason = "an issuer's token must be exchanged for ours at the service `user` first"
                raise Unauthenticated.bad_token(reason)
            return await self._directory.arrived(found)
        if self._directory is not None:
            return found if found.is_service else await self._directory.known(found)
        if found.session_id is not None and await self._ended.has(found.session_id):
            raise Unauthenticated.ended_session()
        return found

    def _verify(self) -> "Verifier":
        if self._verifier is None:
            from hirehub.kernel.auth.keys import signing_key
            from hirehub.kernel.auth.verifier import Verifier

            self._verifier = Verifier(self._settings.auth, signing_key(self._settings))
        return self._verifier
