"""Lists and details in the cache, under the names that others know them by.

Nothing stale is served: an entry bears the stamp of what it was made of, read before that was; whoever would serve it
has just read the present stamp in the database, where it changes in the transaction of every change. So no order of
fills, changes and removals matters, nor whether the cache heard of a change. Entries of what has changed are removed
besides, soon after the commit: for those who look into the cache themselves.
"""

import asyncio
from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from hirehub.kernel.background import drained
from hirehub.kernel.cache import CachePort, Ranked, Verbatim
from hirehub.services.match.store.matches import Detail, Match

FIRST: Final = 101
"""So many matches of a list are kept: the longest first page, and one that tells that there are more."""

_MOST_OWED: Final = 100_000
_AT_ONCE: Final = 500
_SECONDS: Final = 5.0

_MATCH: Final = TypeAdapter(Match)
_DETAIL: Final = TypeAdapter(Detail)


class Kept:
    """What is kept of matches, for so many seconds."""

    def __init__(self, cache: CachePort, seconds: float) -> None:
        self._cache = cache
        self._seconds = seconds
        self._owed: set[str] = set()
        self._news = asyncio.Event()

    async def top(self, job_id: UUID, stamp: UUID) -> list[Match] | None:
        """The first matches of a post under the stamp of its list, the best first; None where they are not there."""
        return await self._list(_top(job_id), stamp)

    async def keep_top(self, job_id: UUID, stamp: UUID, found: Sequence[Match]) -> None:
        """Keeps the first matches of a post: its resumes by their overall score."""
        await self._keep(_top(job_id), stamp, [(str(one.resume_id), one) for one in found])

    async def recommended(self, user_id: UUID, stamp: UUID) -> list[Match] | None:
        """The first matches recommended to a person, in the same way."""
        return await self._list(_recommended(user_id), stamp)

    async def keep_recommended(self, user_id: UUID, stamp: UUID, found: Sequence[Match]) -> None:
        """Keeps them: their posts by the overall score."""
        await self._keep(_recommended(user_id), stamp, [(str(one.job_id), one) for one in found])

    async def detail(self, match: Match) -> Detail | None:
        """A match with its evidence, as it is now; None where that is not there."""
        value = await self._cache.get(_detail(match.job_id, match.resume_id))
        try:
            found = None if value is None else _DETAIL.validate_json(value)
        except ValidationError:
            return None
        return found if found is not None and (found.id, found.stamp) == (match.id, match.stamp) else None

    async def keep_detail(self, detail: Detail) -> None:
        """Keeps it."""
        await self._cache.set(_detail(detail.job_id, detail.resume_id), _DETAIL.dump_json(detail), self._seconds)

    def forget(self, *, jobs: Collection[UUID], people: Collection[UUID], pairs: Collection[tuple[UUID, UUID]]) -> None:
        """Has the entries removed of what has changed."""
        self._owed |= {_top(job_id) for job_id in jobs} | {_recommended(user_id) for user_id in people}
        self._owed |= {_detail(*pair) for pair in pairs}
        self._news.set()

    async def run(self) -> None:
        """Removes them, for ever. What cannot be removed is tried again for as long as there is room to remember it."""
        await drained(self._remove, news=self._news, seconds=_SECONDS, name="match.cache")

    async def _remove(self) -> bool:
        if len(self._owed) > _MOST_OWED:
            self._owed.clear()
        some = [self._owed.pop() for _ in range(min(_AT_ONCE, len(self._owed)))]
        if not some:
            return False
        try:
            await self._cache.delete(*some)
        except BaseException:
            self._owed.update(some)
            raise
        return True

    async def _list(self, key: str, stamp: UUID) -> list[Match] | None:
        found = await self._cache.ranking(key)
        if found is None or found.mark != str(stamp):
            return None
        try:
            matches = [_MATCH.validate_json(one.value) for one in found.members]
        except ValidationError:
            return None
        return sorted(matches, key=lambda one: (one.rank, one.id), reverse=True)

    async def _keep(self, key: str, stamp: UUID, found: Sequence[tuple[str, Match]]) -> None:
        members = [Ranked(name, _score(one), _MATCH.dump_json(one).decode()) for name, one in found]
        await self._cache.rank(key, members, self._seconds, mark=str(stamp))


def _score(match: Match) -> float | None:
    return None if match.overall_score is None else float(match.overall_score)


def _top(job_id: UUID) -> str:
    return Verbatim(f"match:job:{job_id}:top")


def _recommended(user_id: UUID) -> str:
    return Verbatim(f"match:user:{user_id}:recommended")


def _detail(job_id: UUID, resume_id: UUID) -> str:
    return Verbatim(f"match:detail:{job_id}:{resume_id}")
