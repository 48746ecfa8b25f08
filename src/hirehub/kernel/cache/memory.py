"""The cache inside a process: bounded by bytes, the least recently used goes first, each value has an end.

Also the embedded product's only cache: a process that is alone has nobody else to tell.
"""

import json
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from hirehub.kernel.cache.port import Counted, Found, Ranked, Ranking, Stamp, Subscribers, Unsubscribe

K = TypeVar("K", bound=Hashable)
_ENTRY_BYTES = 320
_LARGEST_SHARE = 4


class BoundedStore(Generic[K]):
    """Values by key within a bound of bytes, keys and bookkeeping counted."""

    def __init__(self, max_bytes: int, now: Callable[[], float] = time.monotonic) -> None:
        self.max_bytes = max_bytes
        self.held_bytes = 0
        self._now = now
        self._entries: OrderedDict[K, tuple[bytes, float, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: K) -> Found | None:
        """The value and the seconds it still lives; it counts as used."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        seconds = entry[1] - self._now()
        if seconds <= 0:
            self.remove(key)
            return None
        self._entries.move_to_end(key)
        return Found(entry[0], seconds)

    def keep(self, key: K, value: bytes, seconds: float, key_bytes: int = 0) -> bool:
        """Keeps a value; one that would push out a quarter of the rest is not kept: False."""
        self.remove(key)
        size = len(value) + key_bytes + _ENTRY_BYTES
        if size > self.max_bytes // _LARGEST_SHARE or seconds <= 0:
            return False
        self._entries[key] = (value, self._now() + seconds, size)
        self.held_bytes += size
        while self.held_bytes > self.max_bytes:
            _, (_, _, freed) = self._entries.popitem(last=False)
            self.held_bytes -= freed
        return True

    def remove(self, key: K) -> None:
        """Forgets a value."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.held_bytes -= entry[2]

    def remove_where(self, stale: Callable[[K], bool]) -> None:
        """Forgets all values whose key is stale."""
        for key in [key for key in self._entries if stale(key)]:
            self.remove(key)

    def clear(self) -> None:
        """Forgets everything."""
        self._entries.clear()
        self.held_bytes = 0


class MemoryCache:
    """A CachePort inside the process."""

    shared = False

    def __init__(self, max_bytes: int, now: Callable[[], float] = time.monotonic) -> None:
        self.store: BoundedStore[str] = BoundedStore(max_bytes, now)
        self._generations: dict[str, int] = {}
        self._subscribers = Subscribers()

    async def get(self, key: str) -> bytes | None:
        """The value, if it is there and still lives."""
        found = self.store.find(key)
        return found.value if found else None

    async def find(self, key: str) -> Found | None:
        """The same with the seconds that it still lives."""
        return self.store.find(key)

    async def set(self, key: str, value: bytes, ttl_s: float) -> bool:
        """Keeps a value for some seconds; False for one that is too large."""
        return self.store.keep(key, value, ttl_s, sys.getsizeof(key))

    async def count(self, key: str, ttl_s: float) -> Counted:
        """Counts one more."""
        found = self.store.find(key)
        number, seconds = (int(found.value) + 1, found.seconds) if found else (1, ttl_s)
        self.store.keep(key, b"%d" % number, seconds, sys.getsizeof(key))
        return Counted(number, seconds)

    async def rank(self, key: str, members: Sequence[Ranked], ttl_s: float, *, mark: str = "") -> None:
        """Keeps a ranking for some seconds."""
        once = {one.member: one for one in members}.values()
        best = sorted(once, key=lambda one: (_score(one), one.member), reverse=True)
        self.store.keep(_ranking(key), json.dumps([mark, best]).encode(), ttl_s, sys.getsizeof(key))

    async def ranking(self, key: str) -> Ranking | None:
        """The ranking, if it is there and still lives."""
        found = self.store.find(_ranking(key))
        if found is None:
            return None
        mark, members = json.loads(found.value)
        return Ranking(mark, [Ranked(*one) for one in members])

    async def delete(self, *keys: str) -> None:
        """Forgets values and rankings."""
        for key in keys:
            self.store.remove(key)
            self.store.remove(_ranking(key))

    async def generation(self, name: str) -> int:
        """The present generation; the first is 1."""
        return self._generations.setdefault(name, 1)

    def stamp(self, name: str) -> Stamp | None:
        """Always known: nobody else changes it."""
        return Stamp(self._generations.setdefault(name, 1))

    async def bump(self, name: str) -> int:
        """Begins a new generation."""
        generation = self._generations.get(name, 1) + 1
        self._generations[name] = generation
        self._subscribers.tell(name, generation)
        return generation

    def subscribe(self, name: str, callback: Callable[[int], None]) -> Unsubscribe:
        """Calls back after each bump."""
        return self._subscribers.add(name, callback)

    async def close(self) -> None:
        """Forgets everything."""
        self.store.clear()


def _ranking(key: str) -> str:
    """Where a ranking is kept, which may have the name of a value."""
    return f"{key}\0ranking"


def _score(one: Ranked) -> float:
    return float("-inf") if one.score is None else one.score
