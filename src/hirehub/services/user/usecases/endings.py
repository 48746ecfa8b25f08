"""The end of sessions: a row here, and once that is committed a mark in the cache, for processes without the accounts.

The row is the truth, and marks follow from it. Whatever a cache did not take or has lost, and what a process that was
killed between the two still owed, is marked again out of the rows as soon as there is a cache that answers.
"""

import asyncio
from typing import Final
from uuid import UUID

from hirehub.kernel.auth.ended import EndedSessions
from hirehub.kernel.background import drained
from hirehub.kernel.cache import CachePort
from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.settings import AuthSettings
from hirehub.services.user.store import sessions

_NAME: Final = "sessions"
"""The generation by which the cache tells of a new connection, or that it lost what it held."""

_SECONDS: Final = 5.0


class Endings:
    """Ends the sessions of this process's accounts."""

    def __init__(self, db: Database, cache: CachePort, settings: AuthSettings) -> None:
        self._db, self._cache = db, cache
        self._marks = EndedSessions(cache, settings)
        self._behind, self._news = True, asyncio.Event()

    async def end(self, tx: Transaction, session_id: UUID, reason: str) -> None:
        """Ends a session."""
        await self._tell(tx, await sessions.end(tx, session_id, reason))

    async def end_all(self, tx: Transaction, user_id: UUID, reason: str, *, spared: UUID | None = None) -> None:
        """Ends all sessions of an account but one."""
        await self._tell(tx, await sessions.end_all(tx, user_id, reason, spared=spared))

    async def run(self) -> None:
        """Marks what lacks a mark, until cancelled."""
        leave = self._cache.subscribe(_NAME, self._lost)
        try:
            await drained(self._catch_up, news=self._news, seconds=_SECONDS, name="user.endings")
        finally:
            leave()

    async def _tell(self, tx: Transaction, ended: list[UUID]) -> None:
        """Marks those of which an access token may live still: an account may have years of sessions."""
        known = await sessions.given_lately(tx, ended, self._marks.seconds)
        if known:
            tx.after_commit(lambda: self._mark(known))

    async def _mark(self, ended: list[UUID]) -> None:
        done = False
        try:
            done = await self._marks.add(ended)
        finally:
            self._behind |= not done

    def _lost(self, _generation: int) -> None:
        self._behind = True
        self._news.set()

    async def _catch_up(self) -> None:
        await self._cache.generation(_NAME)
        stamp = self._cache.stamp(_NAME)
        if not self._behind or stamp is None or not stamp.shared:
            return
        self._behind = False
        async with self._db.transaction() as tx:
            ended = await sessions.ended_lately(tx, self._marks.seconds)
        await self._mark(ended)
