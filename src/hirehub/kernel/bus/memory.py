"""The transport inside one process, for tests: it forgets everything with the process."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from hirehub.kernel.bus.facts import Fact
from hirehub.kernel.bus.transport import Bell, Bells, Delivered


class MemoryTransport:
    """A log a topic, one lane each."""

    def __init__(self) -> None:
        self._logs: dict[str, list[Fact]] = {}
        self._known: set[UUID] = set()
        self._bells = Bells()

    async def append(self, facts: Sequence[Fact]) -> None:
        """See Transport.append."""
        for fact in facts:
            if fact.id not in self._known:
                self._known.add(fact.id)
                self._logs.setdefault(fact.topic, []).append(fact)
        self._bells.sound({fact.topic for fact in facts})

    async def lanes(self, topic: str) -> Sequence[int]:  # noqa: ARG002 - all have one
        """See Transport.lanes."""
        return (0,)

    async def read(self, topic: str, lane: int, *, after: int, most: int) -> Sequence[Delivered]:  # noqa: ARG002
        """See Transport.read. The first position is 1."""
        log = self._logs.get(topic, [])[after : after + most]
        return [Delivered(after + number, fact) for number, fact in enumerate(log, 1)]

    async def settle(self, places: Mapping[str, int], *, keep_days: int) -> None:
        """See Transport.settle: what a process forgets anyway needs no pruning."""

    def ring(self, topics: Collection[str], bell: Bell) -> Callable[[], None]:
        """See Transport.ring."""
        return self._bells.ring(topics, bell)

    async def run(self) -> None:
        """See Transport.run."""
        await asyncio.get_running_loop().create_future()

    async def close(self) -> None:
        """See Transport.close."""
