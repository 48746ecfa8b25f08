"""People who watch resumes being read: one look at the table for all of them, whenever something may have changed.

Bells ring for commits of this process, and for facts that others tell; a slow look finds what rang nowhere. However
many watch, a bell costs one statement, and nobody watching costs none.
"""

import asyncio
from collections import Counter
from typing import Final
from uuid import UUID

from hirehub.kernel.background import drained, heard
from hirehub.kernel.db import Database
from hirehub.services.resume.domain.resumes import TooManyWatchers
from hirehub.services.resume.store import resumes
from hirehub.services.resume.store.resumes import State
from hirehub.services.resume.usecases.resumes import CHANNEL

REMOVED: Final = State("removed", None)


class Watch:
    """One watching of a resume. `state` is what is known."""

    def __init__(self, watchers: "Watchers", resume_id: UUID, person: UUID | None) -> None:
        self._watchers, self.resume_id, self.person = watchers, resume_id, person
        self.state: State | None = None
        self._news = asyncio.Event()

    def show(self, state: State) -> None:
        """Lets who waits know of a state."""
        if state != self.state:
            self.state = state
            self._news.set()

    async def changed(self, seconds: float) -> bool:
        """Waits for another state, so long at most; whether there is one."""
        await heard(self._news, seconds)
        found = self._news.is_set()
        self._news.clear()
        return found

    def end(self) -> None:
        """Gives the place back; once."""
        self._watchers.leave(self)


class Watchers:
    """Everybody who watches at this process."""

    def __init__(self, db: Database, *, most: int, poll: float) -> None:
        self._db, self._most, self._poll = db, most, poll
        self._watches: set[Watch] = set()
        self._of_person: Counter[UUID] = Counter()
        self._news = asyncio.Event()

    def begin(self, resume_id: UUID, person: UUID | None, known: State) -> Watch:
        """A new watching by a person, or by a service (None), who is shown first what is known; TooManyWatchers."""
        if person is not None:
            if self._of_person[person] >= self._most:
                raise TooManyWatchers(
                    f"You watch {self._most} resumes already.", hint="Close one of them, or ask for the resume itself."
                )
            self._of_person[person] += 1
        watch = Watch(self, resume_id, person)
        watch.show(known)
        self._watches.add(watch)
        self.nudge()
        return watch

    def leave(self, watch: Watch) -> None:
        """Forgets a watching; harmless for one that has ended."""
        if watch not in self._watches:
            return
        self._watches.remove(watch)
        if watch.person is not None:
            self._of_person[watch.person] -= 1
            if not self._of_person[watch.person]:
                del self._of_person[watch.person]

    def nudge(self) -> None:
        """Lets it look at once."""
        self._news.set()

    async def run(self) -> None:
        """Looks until cancelled."""
        end = self._db.ring(CHANNEL, self.nudge)
        try:
            await drained(self.look, news=self._news, seconds=self._poll, name="resume.watching")
        finally:
            end()

    async def look(self) -> None:
        """Shows everybody the state of what they watch."""
        watches = list(self._watches)
        if not watches:
            return
        async with self._db.transaction() as tx:
            found = await resumes.states(tx, list({one.resume_id for one in watches}))
        for one in watches:
            one.show(found.get(one.resume_id, REMOVED))
