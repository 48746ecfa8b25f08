"""What carries facts from a publisher's relay to subscribers: a log a topic, in one lane or several.

A transport keeps facts until every subscriber has had time for them and forgets none. It knows nothing of subscribers'
places: those are kept with their effects, in the subscriber's database, which is why an effect happens once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hirehub.kernel.bus.facts import Fact

Bell = Callable[[], None]
"""Called in the event loop when something may have come; it may be called for nothing."""


def again(topic: str) -> str:
    """What a bell is rung by when facts of the topic that were set aside are to be worked again."""
    return f"again:{topic}"


@dataclass(frozen=True)
class Delivered:
    """A fact at its place: positions of a topic's lane rise, and facts of one key are all in one lane."""

    position: int
    fact: Fact


class Transport(Protocol):
    """The port. One contract suite runs against every transport."""

    async def append(self, facts: Sequence[Fact]) -> None:
        """Keeps the facts, in their order, durably before it returns. One that is there already changes nothing.

        Raises HirehubError when it cannot; then some may be there, and appending again is right.
        """
        ...

    async def lanes(self, topic: str) -> Sequence[int]:
        """The topic's lanes."""
        ...

    async def read(self, topic: str, lane: int, *, after: int, most: int) -> Sequence[Delivered]:
        """The next facts beyond a position. None that is read later will stand before one that was read."""
        ...

    async def settle(self, places: Mapping[str, int], *, keep_days: int) -> None:
        """Tells up to where this service has worked its topics; facts older than that many days which all who hear
        them have worked may go.
        """
        ...

    def ring(self, topics: Collection[str], bell: Bell) -> Callable[[], None]:
        """Lets `bell` be called when facts of these topics come; what is returned ends that."""
        ...

    async def run(self) -> None:
        """Listens for news, until cancelled; survives the loss of its connection."""
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...


class Bells:
    """Who wants to hear of which topics, in this process."""

    def __init__(self) -> None:
        self._bells: dict[str, list[Bell]] = {}

    def ring(self, topics: Collection[str], bell: Bell) -> Callable[[], None]:
        """See Transport.ring."""
        for topic in topics:
            self._bells.setdefault(topic, []).append(bell)

        def end() -> None:
            for topic in topics:
                self._bells[topic].remove(bell)

        return end

    def sound(self, topics: Collection[str]) -> None:
        """Calls everybody who wants to hear of any of these."""
        for topic in topics:
            for bell in list(self._bells.get(topic, ())):
                bell()

    def sound_all(self) -> None:
        """Calls everybody, when news may have been missed."""
        self.sound(list(self._bells))
