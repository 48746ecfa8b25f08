"""One load for many equal requests at once.

The load runs in a task of its own: a caller that gives up does not take the answer from the others, and when all
have given up the load ends too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Flight(Generic[T]):
    """A load under way and how many wait for it."""

    def __init__(self, task: "asyncio.Task[T]") -> None:
        self.task = task
        self.waiting = 0


class SingleFlight(Generic[T]):
    """Joins callers that ask for the same key while its load is under way. A failure is told to all of them."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[T]] = {}

    def __len__(self) -> int:
        return len(self._flights)

    async def run(self, key: Hashable, load: Callable[[], Awaitable[T]]) -> T:
        """The answer of `load`, begun by whoever asked first."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._begin(key, load)
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._forget(key, flight)
                flight.task.cancel()

    def _begin(self, key: Hashable, load: Callable[[], Awaitable[T]]) -> _Flight[T]:
        async def fly() -> T:
            return await load()

        flight = _Flight(asyncio.create_task(fly()))
        self._flights[key] = flight
        flight.task.add_done_callback(lambda _task: self._forget(key, flight))
        return flight

    def _forget(self, key: Hashable, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        if flight.task.done() and not flight.task.cancelled():
            flight.task.exception()
