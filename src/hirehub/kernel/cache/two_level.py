"""Answers kept in the process and, where there is one, in a shared cache; loaded once for many equal requests.

Keys carry the generation that was current before the load, in both levels and in the joining of callers. So a request
after an invalidation neither finds an older answer nor joins an older load. What a load brings after its generation
has passed is given to those who waited for it, who asked before, and is not kept.

A shared cache may serve several products. So generations, and with them keys, bear the name of the data that answers
are made of, and shared keys besides what else an answer depends on: who reads the same data in another way shares the
invalidations, and no answer.
"""

from collections.abc import Awaitable, Callable
from hashlib import blake2b

from hirehub.kernel.cache.flight import SingleFlight
from hirehub.kernel.cache.memory import BoundedStore
from hirehub.kernel.cache.port import CachePort, Found, Stamp
from hirehub.kernel.telemetry import Metrics, process_metrics

Loader = Callable[[], Awaitable[bytes]]
_Key = tuple[str, int, bytes]


class TwoLevelCache:
    """`port` has the generations and, if it is shared, the second level; the first is held here.

    `source` names the data that answers are made of, `shape` (64 bytes at most) what else they depend on.
    """

    def __init__(
        self, port: CachePort, max_bytes: int, metrics: Metrics | None = None, *, source: str = "", shape: bytes = b""
    ) -> None:
        self.port = port
        self._source = source
        self._shape = shape
        self.store: BoundedStore[_Key] = BoundedStore(max_bytes)
        self._flights: SingleFlight[bytes] = SingleFlight()
        self._unsubscribe: dict[str, Callable[[], None]] = {}
        lookups = (metrics or process_metrics()).counter(
            "cache_lookups", "Answers asked for, by where they were found.", ("place",)
        )
        self._count_process = lookups.labels("process").inc
        self._count_shared = lookups.labels("shared").inc
        self._count_loaded = lookups.labels("loaded").inc

    def peek(self, namespace: str, key: bytes) -> bytes | None:
        """The answer if this process holds it now; asks nobody and waits for nothing."""
        stamp = self.port.stamp(self._source + namespace)
        if stamp is None:
            return None
        found = self.store.find((namespace, stamp.generation, key))
        if found is None:
            return None
        self._count_process()
        return found.value

    async def get_or_load(self, namespace: str, key: bytes, loader: Loader, ttl: float) -> bytes:
        """The kept answer, or what `loader` brings. A failure of the loader reaches all who wait; nothing is kept."""
        held = self.peek(namespace, key)
        if held is not None:
            return held
        stamp = await self._stamp(namespace)
        full = (namespace, stamp.generation, key)
        return await self._flights.run(full, lambda: self._load(full, stamp, loader, ttl))

    async def invalidate(self, namespace: str) -> int:
        """Drops every answer of the namespace, on all replicas; raises CacheUnavailable if they cannot be told."""
        self._watch(namespace)
        return await self.port.bump(self._source + namespace)

    async def open(self, namespace: str) -> None:
        """Learns the present generation, without which `peek` finds nothing."""
        await self.port.generation(self._source + namespace)

    def close(self) -> None:
        """Lets go of what is held; the port stays open, as others may use it."""
        for unsubscribe in self._unsubscribe.values():
            unsubscribe()
        self._unsubscribe.clear()
        self.store.clear()

    async def _stamp(self, namespace: str) -> Stamp:
        self._watch(namespace)
        name = self._source + namespace
        stamp = self.port.stamp(name)
        if stamp is None:
            generation = await self.port.generation(name)
            stamp = self.port.stamp(name) or Stamp(generation, longest=0.0, shared=False)
        return stamp

    def _watch(self, namespace: str) -> None:
        """Frees the memory of answers that went stale; their generation alone keeps them from being served."""
        if namespace not in self._unsubscribe:
            self._unsubscribe[namespace] = self.port.subscribe(
                self._source + namespace,
                lambda _generation: self.store.remove_where(lambda key: key[0] == namespace),
            )

    async def _load(self, full: _Key, stamp: Stamp, loader: Loader, ttl: float) -> bytes:
        longest = ttl if stamp.longest is None else min(ttl, stamp.longest)
        shared_key = self._shared_key(full) if self.port.shared and stamp.shared else None
        if shared_key is not None:
            found = await self.port.find(shared_key)
            if found is not None:
                self._count_shared()
                self._keep(full, stamp, Found(found.value, min(found.seconds, longest)))
                return found.value
        self._count_loaded()
        value = await loader()
        if self._keep(full, stamp, Found(value, longest)) and shared_key is not None:
            await self.port.set(shared_key, value, longest)
        return value

    def _keep(self, full: _Key, stamp: Stamp, found: Found) -> bool:
        """Keeps an answer in the process if its generation is still the present one."""
        now = self.port.stamp(self._source + full[0])
        if now is None or now.generation != stamp.generation:
            return False
        self.store.keep(full, found.value, found.seconds, len(full[2]))
        return True

    def _shared_key(self, full: _Key) -> str:
        """A short key that names the same answer on every replica; nobody can make two requests share one."""
        namespace, generation, key = full
        return f"{self._source}{namespace}:{generation}:{blake2b(key, digest_size=24, key=self._shape).hexdigest()}"
