"""Whole answers, kept by the bytes of their requests, in front of the engine.

An answer is kept under the domain whose rows it was made of, in the process and in the shared cache. Which domain that
is shows only once a request is parsed; so a request is looked up under each name, which costs less than parsing it.
Only answers without errors are kept. A load that ends with errors ends by an exception that carries them, so that all
who wait for it are told and nothing is kept.
"""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import blake2b

from hirehub.kernel.cache import TwoLevelCache
from hirehub.services.vectors.graphql.engine import Answer
from hirehub.services.vectors.graphql.schema import SCOPES
from hirehub.services.vectors.usecases.search import namespace

_NAMESPACES = {scope: namespace(scope) for scope in SCOPES}


class _NotKept(Exception):
    """An answer that must not be kept."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Answers:
    """The answers of this process and of those that share its cache."""

    def __init__(self, cache: TwoLevelCache, ttl: float) -> None:
        self._cache = cache
        self._ttl = ttl

    async def open(self) -> None:
        """Learns the present generations, which `held` needs."""
        for name in _NAMESPACES.values():
            await self._cache.open(name)

    @staticmethod
    def key(body: bytes) -> bytes:
        """The name of a request's answer."""
        return b"answer:" + blake2b(body, digest_size=24).digest()

    def held(self, key: bytes, scopes: Sequence[str] = SCOPES) -> bytes | None:
        """The answer, if this process has it now under one of the scopes."""
        for scope in scopes:
            found = self._cache.peek(_NAMESPACES[scope], key)
            if found is not None:
                return found
        return None

    async def get(self, key: bytes, scope: str, run: Callable[[], Awaitable[Answer]]) -> Answer:
        """The kept answer, or what `run` brings: once for all who ask at the same time."""

        async def load() -> bytes:
            answer = await run()
            if not answer.sound:
                raise _NotKept(answer)
            return answer.body

        try:
            return Answer(await self._cache.get_or_load(_NAMESPACES[scope], key, load, self._ttl), sound=True)
        except _NotKept as carried:
            return carried.answer

    async def drop(self, domain: str) -> None:
        """Drops every answer about a domain, on all replicas; CacheUnavailable where they cannot be told."""
        try:
            await self._cache.invalidate(_NAMESPACES[domain])
        finally:
            await self._cache.invalidate(_NAMESPACES["both"])
