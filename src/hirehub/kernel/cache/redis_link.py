"""What this process knows of the generations that Redis keeps, and how sure it is.

A task listens for bumps and, each second, reads all known generations, so that a bump whose message was lost counts
within that second. Each reading confirms what is known for `trust` seconds. Without a confirmation this process is
on its own: it keeps answers under generations of its own (negative, never seen by others) for at most `alone`
seconds. So an answer that missed an invalidation is served for no longer than the greater of `trust` and `alone`,
whatever Redis does. A bump that Redis did not take fails, so that whoever asked for it asks again.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from hirehub.kernel.cache.port import CacheUnavailable, Stamp, Subscribers
from hirehub.kernel.telemetry import get_logger

_log = get_logger(__name__)
T = TypeVar("T")

# A generation is Redis's clock in microseconds, or one more than the last: it rises also when Redis lost all it had.
_BUMP = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local last = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]))
local text = string.format('%.0f', math.max(now, last + 1))
redis.call('SET', KEYS[1], text)
redis.call('PUBLISH', ARGV[2], ARGV[3] .. ' ' .. text)
return text
"""
_READ = """
local found = redis.call('GET', KEYS[1])
if found then return found end
local clock = redis.call('TIME')
local text = string.format('%.0f', clock[1] * 1000000 + clock[2])
redis.call('SET', KEYS[1], text)
return text
"""


@dataclass(frozen=True)
class Timings:
    """Seconds: an operation may take `operation`; readings are `heartbeat` apart and are trusted for `trust`;
    answers kept while alone live `alone`; tries to reach Redis again begin at `retry` apart, up to `retry_limit`.
    """

    operation: float = 0.5
    heartbeat: float = 1.0
    trust: float = 5.0
    alone: float = 5.0
    retry: float = 0.1
    retry_limit: float = 2.0


class Link:
    """The generations as this process knows them, kept up to date by a task."""

    def __init__(self, client: Redis, prefix: str, channel: str, timings: Timings) -> None:
        self._up = asyncio.Event()
        self._client, self._prefix, self._timings = client, prefix, timings
        self._channel = channel
        self._known: dict[str, int] = {}
        self._owed: set[str] = set()
        self._alone = -1
        self._confirmed = float("-inf")
        self.subscribers = Subscribers()
        self._task = asyncio.create_task(self._keep(), name="cache link")

    @property
    def up(self) -> bool:
        """Whether Redis answers, as far as is known."""
        return self._up.is_set()

    async def wait(self, seconds: float) -> bool:
        """Whether Redis answers within the time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._up.wait()
        return self.up

    async def close(self) -> None:
        """Ends the task."""
        self._task.cancel()
        await asyncio.wait([self._task])

    def stamp(self, name: str) -> Stamp | None:
        """Under what to keep answers now: the known generation while it is confirmed, else one of our own."""
        if time.monotonic() - self._confirmed > self._timings.trust:
            return Stamp(self._alone, longest=self._timings.alone, shared=False)
        known = self._known.get(name)
        return None if known is None else Stamp(known, shared=self.up)

    async def run(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Runs an operation within its time, at once refused while Redis does not answer."""
        if not self.up:
            raise CacheUnavailable("the shared cache does not answer", hint="Is Redis at HIREHUB_CACHE__URL running?")
        try:
            return await self._bounded(operation())
        except (RedisError, OSError, TimeoutError) as error:
            self._lost(error)
            raise CacheUnavailable(
                "the shared cache stopped answering", hint="Is Redis at HIREHUB_CACHE__URL running?"
            ) from None

    async def generation(self, name: str) -> int:
        """The known generation; the first time it is read. While alone, one of our own."""
        if name not in self._known and self.up:
            with suppress(CacheUnavailable):
                self._note(name, int(await self.run(lambda: self._eval(_READ, name))))
        stamp = self.stamp(name)
        return stamp.generation if stamp is not None else self._alone

    async def bump(self, name: str) -> int:
        """Begins a new generation: here before anything else, then in Redis, which tells the others."""
        self._alone -= 1
        if name in self._known:
            self._note(name, self._known[name] + 1)
        else:
            self.subscribers.tell(name, self._alone)
        self._owed.add(name)
        generation = await self.run(lambda: self._settle(name))
        self._note(name, generation)
        return generation

    async def _settle(self, name: str) -> int:
        """Tells Redis of a bump; until it knows, the bump is owed and settled when it answers again."""
        told = await self._eval(_BUMP, name, str(self._known.get(name, 0)), self._channel, name)
        self._owed.discard(name)
        return int(told)

    async def _eval(self, script: str, name: str, *arguments: str) -> Any:  # noqa: ANN401 - a reply of Redis
        return await self._command("EVAL", script, 1, f"{self._prefix}generation:{name}", *arguments)

    async def _command(self, *words: str | int) -> Any:  # noqa: ANN401 - a reply of Redis
        return await self._client.execute_command(*words)  # type: ignore[no-untyped-call]  # the library leaves it open

    async def _bounded(self, operation: Awaitable[T]) -> T:
        async with asyncio.timeout(self._timings.operation):
            return await operation

    def _note(self, name: str, generation: int) -> None:
        """Takes over a greater generation and tells who keeps answers of it."""
        if generation > self._known.get(name, 0):
            self._known[name] = generation
            self.subscribers.tell(name, generation)

    def _lost(self, error: Exception) -> None:
        if self.up:
            self._up.clear()
            _log.warning("cache_link_lost", reason=type(error).__name__)

    async def _keep(self) -> None:
        """Stays connected for as long as the process runs."""
        pause = self._timings.retry
        while True:
            try:
                await self._session()
            except (RedisError, OSError, TimeoutError) as error:
                self._lost(error)
            pause = self._timings.retry if time.monotonic() - self._confirmed < 1 else pause * 2
            pause = min(pause, self._timings.retry_limit)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads tries, guards nothing

    async def _session(self) -> None:
        """One connection that listens. Whatever was kept before it is dropped, as messages may have been missed."""
        async with self._client.pubsub() as listener:
            await self._bounded(listener.subscribe(self._channel))
            if await listener.get_message(timeout=self._timings.operation) is None:
                raise TimeoutError
            await self._confirm()
            self._alone -= 1
            for name in tuple(self._owed):
                self._note(name, await self._bounded(self._settle(name)))
            for name, generation in self._known.items():
                self.subscribers.tell(name, generation)
            self._up.set()
            _log.info("cache_link_up")
            due = time.monotonic() + self._timings.heartbeat
            while self.up:
                message = await listener.get_message(timeout=max(0.01, due - time.monotonic()))
                if message is not None and message["type"] == "message":
                    name, _, generation = message["data"].decode().rpartition(" ")
                    self._note(name, int(generation))
                if time.monotonic() >= due:
                    await self._confirm()
                    due = time.monotonic() + self._timings.heartbeat

    async def _confirm(self) -> None:
        """Reads all known generations. One that went back (Redis lost data) is begun anew, for everybody."""
        asked = time.monotonic()
        before = dict(self._known)
        keys = [f"{self._prefix}generation:{name}" for name in before]
        found = await self._bounded(self._command("MGET", *keys) if keys else self._command("PING"))
        for name, value in zip(before, found if keys else (), strict=True):
            if value is None or int(value) < before[name]:
                self._owed.add(name)
                self._note(name, await self._bounded(self._settle(name)))
            else:
                self._note(name, int(value))
        self._confirmed = asked
