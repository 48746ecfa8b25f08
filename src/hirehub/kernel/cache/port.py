"""What a cache is to the product, whoever keeps it.

Invalidation works by generations: a name (say, of a kind of answers) has a number that only rises. Whoever computes
something takes the number first and keeps the result under it; after a `bump` nobody looks under the old number. So
an answer computed before an invalidation cannot be served after it, however long it took.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from hirehub.kernel.errors import Unavailable

Unsubscribe = Callable[[], None]


class CacheUnavailable(Unavailable):
    """The shared cache could not be told; what depends on its knowing must be tried again."""

    code = "cache_unavailable"


class Stamp(NamedTuple):
    """Under what an answer is kept: a generation, and the most seconds it may live (None: as asked).

    `shared` is False while other processes cannot be heard: such an answer stays in this process.
    """

    generation: int
    longest: float | None = None
    shared: bool = True


class Found(NamedTuple):
    """A kept value and the seconds that it still lives."""

    value: bytes
    seconds: float


class Counted(NamedTuple):
    """How often something was counted, and the seconds until it begins anew."""

    number: int
    seconds: float


class Verbatim(str):
    """A key that a shared keeper uses as it is written, with nothing before it but the installation's own prefix: for
    values that others know by name.
    """

    __slots__ = ()


class Ranked(NamedTuple):
    """A member of a ranking: its name, its score (None: below all that have one), and what goes with it."""

    member: str
    score: float | None
    value: str


class Ranking(NamedTuple):
    """Members with their scores, the greatest first, and the mark under which they were kept."""

    mark: str
    members: Sequence[Ranked]


class CachePort(Protocol):
    """Values by key, with a time to live, and generations by name.

    Reading and keeping never fail: without an answer from the keeper there is nothing there, and nothing is kept.
    `delete` and `bump` raise CacheUnavailable when the keeper was not reached, for then others may hold the old.
    """

    @property
    def shared(self) -> bool:
        """Whether other processes see the same values."""
        ...

    async def get(self, key: str) -> bytes | None:
        """The value, if it is there and still lives."""
        ...

    async def find(self, key: str) -> Found | None:
        """The same with the seconds that it still lives."""
        ...

    async def set(self, key: str, value: bytes, ttl_s: float) -> bool:
        """Keeps a value for some seconds; it may go earlier when room is needed. Whether the keeper has taken it."""
        ...

    async def count(self, key: str, ttl_s: float) -> Counted | None:
        """Counts one more, from 1 on, for some seconds after the first; None when the keeper was not reached."""
        ...

    async def rank(self, key: str, members: Sequence[Ranked], ttl_s: float, *, mark: str = "") -> None:
        """Keeps a ranking, instead of one that was there, for some seconds."""
        ...

    async def ranking(self, key: str) -> Ranking | None:
        """The ranking, if it is there as a whole and still lives; an empty one is there, too."""
        ...

    async def delete(self, *keys: str) -> None:
        """Forgets values and rankings."""
        ...

    async def generation(self, name: str) -> int:
        """The present generation of a name."""
        ...

    def stamp(self, name: str) -> Stamp | None:
        """Under what to keep answers now, without asking anyone; None until `generation` was called once."""
        ...

    async def bump(self, name: str) -> int:
        """Begins a new generation, here at once and on every replica as soon as it hears; answers its number."""
        ...

    def subscribe(self, name: str, callback: Callable[[int], None]) -> Unsubscribe:
        """Calls back whenever what was kept under the name went stale. The answer ends it."""
        ...

    async def close(self) -> None:
        """Lets go of connections and tasks."""
        ...


class Subscribers:
    """Callbacks by name."""

    def __init__(self) -> None:
        self._callbacks: dict[str, list[Callable[[int], None]]] = {}

    def add(self, name: str, callback: Callable[[int], None]) -> Unsubscribe:
        """Remembers a callback until the answer is called."""
        callbacks = self._callbacks.setdefault(name, [])
        callbacks.append(callback)

        def remove() -> None:
            if callback in callbacks:
                callbacks.remove(callback)

        return remove

    def tell(self, name: str, generation: int) -> None:
        """Calls them."""
        for callback in tuple(self._callbacks.get(name, ())):
            callback(generation)
