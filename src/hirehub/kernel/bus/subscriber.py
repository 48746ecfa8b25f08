"""A subscriber works the facts of its topics: each once, in order per key, and none holds up another key.

A turn is one transaction in the service's database: it takes the lane's place (nobody else has it meanwhile), hears the
next facts, lets the handler do its work and moves the place on. Killed anywhere in it, nothing of it has happened.
A fact whose work fails waits in the service's database with those behind it on its key, is tried again with back-off,
and is set aside after the last attempt.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import psycopg

from hirehub.kernel.background import every, heard
from hirehub.kernel.bus import inbox
from hirehub.kernel.bus.facts import Fact
from hirehub.kernel.bus.inbox import Head, Lane, Parked
from hirehub.kernel.bus.settings import BusSettings
from hirehub.kernel.bus.transport import Transport, again
from hirehub.kernel.bus.waiting import backoff, spread
from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.ids import uuid7_at
from hirehub.kernel.telemetry import get_logger

Handler = Callable[[Transaction, Sequence[Fact]], Awaitable[None]]
"""Works facts of one topic, in their order, within the transaction; it never commits. An error undoes the batch, which
is then worked one by one. What it does outside of the transaction may happen again, and must bear that."""

_UPKEEP_SECONDS: Final = 3600.0
_DAY: Final = 86_400

_log = get_logger(__name__)


class Subscriber:
    """What one service does about the topics that it listens to."""

    def __init__(
        self,
        name: str,
        handlers: Mapping[str, Handler],
        *,
        database: Database,
        transport: Transport,
        settings: BusSettings,
    ) -> None:
        self.name = name
        self._handlers = dict(handlers)
        self._database = database
        self._transport = transport
        self._settings = settings

    async def run(self) -> None:
        """Works until cancelled. A turn that is under way then is undone, and done by who comes next."""
        async with asyncio.TaskGroup() as group:
            for topic, handler in self._handlers.items():
                for lane in await self._transport.lanes(topic):
                    reading = _Reading(Lane(self.name, topic, lane), handler, self)
                    group.create_task(reading.run(), name=f"{self.name} {topic} {lane}")

    async def upkeep(self) -> None:
        """Now and then tells how far it is, so that old facts may go, and forgets what it has heard long ago."""
        await every(_UPKEEP_SECONDS, self.settle, name=f"bus upkeep of {self.name}")

    async def settle(self) -> None:
        """Does that once. What was heard is remembered for twice as long as the log keeps facts."""
        async with self._database.transaction() as tx:
            places = await inbox.places(tx, self.name)
            oldest = time.time() - 2 * self._settings.keep_days * _DAY
            await inbox.forget(tx, self.name, uuid7_at(int(oldest * 1000), 0))
        await self._transport.settle(places, keep_days=self._settings.keep_days)

    @property
    def parts(self) -> tuple[Database, Transport, BusSettings]:
        """What its readings work with."""
        return self._database, self._transport, self._settings


class _Reading:
    """The work on one lane of one topic."""

    def __init__(self, lane: Lane, handler: Handler, subscriber: Subscriber) -> None:
        self._lane = lane
        self._handler = handler
        self._database, self._transport, self._settings = subscriber.parts
        self._news = asyncio.Event()
        self._quiet = spread(self._settings.quiet)
        self._look_at = 0.0
        self._look_anyway = False

    async def run(self) -> None:
        ends = (
            self._transport.ring([self._lane.topic], self._news.set),
            self._transport.ring([again(self._lane.topic)], self._look_now),
        )
        failures = 0
        try:
            while True:
                self._news.clear()
                try:
                    await self._begin(failures)
                    while await self._turn():
                        pass
                    failures, seconds = 0, self._quiet
                except HirehubError as error:
                    failures += 1
                    seconds = backoff(self._settings, failures)
                    _log.warning("subscriber_waits", topic=self._lane.topic, code=error.code, failures=failures)
                    await asyncio.sleep(seconds)
                    continue
                await heard(self._news, max(0.0, min(seconds, self._look_at - time.monotonic())))
        finally:
            for end in ends:
                end()

    def _look_now(self) -> None:
        """Lets the next turn, which comes at once, look at what waits."""
        self._look_anyway = True
        self._news.set()

    async def _begin(self, failures: int) -> None:
        """Makes the place at the start, and again when the database may be another one."""
        if self._look_at == 0.0 or failures:
            async with self._database.transaction() as tx:
                await inbox.begin(tx, self._lane)

    async def _turn(self) -> bool:
        """One transaction of work; whether there may be more at once."""
        async with self._database.transaction() as tx:
            place = await inbox.place(tx, self._lane)
            if place is None:  # whoever is at it may be killed, which nobody would tell us
                self._look_at = time.monotonic() + self._settings.poll
                return False
            more = await self._retry(tx)
            delivered = await self._transport.read(
                self._lane.topic, self._lane.lane, after=place, most=self._settings.batch
            )
            if delivered:
                fresh = await inbox.hear(tx, self._lane.subscriber, [one.fact for one in delivered])
                await self._work(tx, fresh)
                await inbox.move(tx, self._lane, delivered[-1].position)
            return more or len(delivered) == self._settings.batch

    async def _work(self, tx: Transaction, facts: Sequence[Fact]) -> None:
        """Works fresh facts; those that fail, and those behind waiting ones, wait."""
        if not facts:
            return
        waiting = await inbox.waiting_keys(tx, self._lane, {fact.key for fact in facts})
        parked = [Parked(fact) for fact in facts if fact.key in waiting]
        free = [fact for fact in facts if fact.key not in waiting]
        if free and (reason := await self._attempt(tx, free)) is not None:
            parked += [self._failed(free[0], reason)] if len(free) == 1 else await self._one_by_one(tx, free)
        if parked:
            await inbox.park(tx, self._lane, parked)
            self._look_at = 0.0

    async def _one_by_one(self, tx: Transaction, facts: Sequence[Fact]) -> list[Parked]:
        """Works each alone, after the batch was undone; what has to wait."""
        parked: list[Parked] = []
        failed: set[str] = set()
        for fact in facts:
            if fact.key in failed:
                parked.append(Parked(fact))
            elif (reason := await self._attempt(tx, [fact])) is not None:
                failed.add(fact.key)
                parked.append(self._failed(fact, reason))
        return parked

    def _failed(self, fact: Fact, reason: str) -> Parked:
        _log.warning("fact_failed", topic=fact.topic, fact=str(fact.id), attempts=1, reason=reason)
        return Parked(fact, 1, reason, backoff(self._settings, 1))

    async def _retry(self, tx: Transaction) -> bool:
        """Works waiting facts that are due; whether there may be more due at once."""
        if time.monotonic() < self._look_at and not self._look_anyway:
            return False
        self._look_anyway = False
        heads = await inbox.heads(tx, self._lane, self._settings.batch)
        for head in heads:
            await self._retry_one(tx, head)
        seconds = await inbox.seconds_to_next(tx, self._lane)
        self._look_at = time.monotonic() + min(self._quiet, self._quiet if seconds is None else seconds)
        return bool(heads) and seconds == 0.0

    async def _retry_one(self, tx: Transaction, head: Head) -> None:
        reason = await self._attempt(tx, [head.fact])
        if reason is None:
            await inbox.unpark(tx, head)
            return
        told = {"topic": head.fact.topic, "fact": str(head.fact.id), "attempts": head.attempts + 1, "reason": reason}
        if head.attempts + 1 >= self._settings.attempts:
            await inbox.set_aside(tx, head, reason=reason)
            _log.error("fact_set_aside", **told)
        else:
            await inbox.put_off(tx, head, reason=reason, seconds=backoff(self._settings, head.attempts + 1))
            _log.warning("fact_failed", **told)

    async def _attempt(self, tx: Transaction, facts: Sequence[Fact]) -> str | None:
        """Lets the handler work; None, or why it failed, with what it did undone. A lost session is raised."""
        try:
            async with asyncio.timeout(self._settings.deadline), tx.savepoint():
                await self._handler(tx, facts)
        except Exception as error:  # whatever a handler raises must not stop other keys
            if tx.connection.closed:
                raise
            return _reason(error, self._settings.deadline)
        return None


def _reason(error: Exception, deadline: float) -> str:
    """Why, without what an unforeseen error quotes: that may be somebody's data."""
    if isinstance(error, HirehubError):
        return f"{error.code}: {error.message}"[:500]
    if isinstance(error, TimeoutError):
        return f"timeout: the work took more than {deadline:g} s"
    if isinstance(error, psycopg.Error):
        return f"{type(error).__name__} {error.sqlstate or ''}".strip()
    return type(error).__name__
