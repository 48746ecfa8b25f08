"""The cache that replicas share, in Redis 6.2 or later.

Imported only where it is configured. Every operation is bounded in time, and after the first that fails none is tried
until the link's task has reached Redis again: a Redis that hangs costs one short wait, not one a request.
"""

from collections.abc import Callable, Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from hirehub.kernel.cache.port import CacheUnavailable, Counted, Found, Ranked, Ranking, Stamp, Unsubscribe, Verbatim
from hirehub.kernel.cache.redis_link import Link, Timings
from hirehub.kernel.settings import InvalidSettings

_OWN = "hirehub:1:"
"""Before keys that are ours alone, of this form."""

_CONNECTIONS = 32
_LARGEST_VALUE = 4_194_304
_NO_EXPIRY = -1
_NO_SCORE = float("-inf")


class RedisCache:
    """A CachePort in Redis; make it inside the event loop that uses it."""

    shared = True

    def __init__(self, url: str, *, prefix: str = "", timings: Timings | None = None) -> None:
        """`prefix` stands before everything that this cache writes and listens to: keys, verbatim ones too."""
        timings = timings or Timings()
        try:
            pool = BlockingConnectionPool.from_url(
                url,
                max_connections=_CONNECTIONS,
                timeout=timings.operation,
                socket_timeout=None,
                socket_connect_timeout=timings.operation,
                retry=Retry(NoBackoff(), 0),
                protocol=2,
            )
        except ValueError:
            raise InvalidSettings(
                "HIREHUB_CACHE__URL is no address of Redis", hint="Write it as redis://HOST:PORT/DB."
            ) from None
        self._client = Redis(connection_pool=pool)
        self._prefix = prefix
        # A channel is the whole server's, not a database's: without the number those of another one would be heard.
        number = pool.connection_kwargs.get("db", 0)
        self.link = Link(self._client, f"{prefix}{_OWN}", f"{prefix}{_OWN}bumps:{number}", timings)

    async def get(self, key: str) -> bytes | None:
        """The value, if it is there; nothing while Redis does not answer."""
        found = await self.find(key)
        return found.value if found else None

    async def find(self, key: str) -> Found | None:
        """The same with the seconds that it still lives."""
        name = self._name(key)

        async def ask() -> list[Any]:
            both = self._client.pipeline(transaction=False)
            both.get(name)
            both.pttl(name)
            replies: list[Any] = await both.execute()
            return replies

        try:
            value, millis = await self.link.run(ask)
        except CacheUnavailable:
            return None
        if value is None or millis == 0:
            return None
        return Found(value, millis / 1000 if millis != _NO_EXPIRY else 0.0)

    async def set(self, key: str, value: bytes, ttl_s: float) -> bool:
        """Keeps a value for some seconds; False for one that is too large, and without an answer of Redis."""
        if len(value) > _LARGEST_VALUE or ttl_s <= 0:
            return False
        try:
            return bool(await self.link.run(lambda: self._client.set(self._name(key), value, px=_millis(ttl_s))))
        except CacheUnavailable:
            return False

    async def count(self, key: str, ttl_s: float) -> Counted | None:
        """Counts one more; None when Redis does not answer."""
        name = self._name(key)

        async def ask() -> list[Any]:
            all_or_none = self._client.pipeline(transaction=True)
            all_or_none.set(name, 0, px=_millis(ttl_s), nx=True)
            all_or_none.incr(name)
            all_or_none.pttl(name)
            replies: list[Any] = await all_or_none.execute()
            return replies

        try:
            _, number, millis = await self.link.run(ask)
        except CacheUnavailable:
            return None
        return Counted(int(number), max(0, millis) / 1000)

    async def rank(self, key: str, members: Sequence[Ranked], ttl_s: float, *, mark: str = "") -> None:
        """Keeps a ranking: a sorted set under the key, and a hash of the values beside it, both or none.

        The hash's field without a name is the mark.
        """
        name, values = self._name(key), self._values(key)
        held: dict[Any, Any] = {"": mark, **{one.member: one.value for one in members}}
        if sum(len(one.member) + len(one.value) for one in members) > _LARGEST_VALUE or ttl_s <= 0:
            return

        async def ask() -> list[Any]:
            all_or_none = self._client.pipeline(transaction=True)
            all_or_none.delete(name, values)
            if members:
                all_or_none.zadd(name, {one.member: _NO_SCORE if one.score is None else one.score for one in members})
            all_or_none.hset(values, mapping=held)
            for both in (name, values):
                all_or_none.pexpire(both, _millis(ttl_s))
            replies: list[Any] = await all_or_none.execute()
            return replies

        try:
            await self.link.run(ask)
        except CacheUnavailable:
            return

    async def ranking(self, key: str) -> Ranking | None:
        """The ranking, if both parts of it are there; nothing while Redis does not answer."""

        async def ask() -> list[Any]:
            both = self._client.pipeline(transaction=True)
            both.zrevrange(self._name(key), 0, -1, withscores=True)
            both.hgetall(self._values(key))
            replies: list[Any] = await both.execute()
            return replies

        try:
            scores, held = await self.link.run(ask)
        except CacheUnavailable:
            return None
        mark = held.pop(b"", None)
        if mark is None or held.keys() != {member for member, _ in scores}:
            return None
        members = [
            Ranked(member.decode(), None if score == _NO_SCORE else score, held[member].decode())
            for member, score in scores
        ]
        return Ranking(mark.decode(), members)

    async def delete(self, *keys: str) -> None:
        """Forgets values and rankings; raises CacheUnavailable when Redis does not answer."""
        names = [name for key in keys for name in (self._name(key), self._values(key))]
        if names:
            await self.link.run(lambda: self._client.delete(*names))

    def _name(self, key: str) -> str:
        return f"{self._prefix}{key}" if isinstance(key, Verbatim) else f"{self._prefix}{_OWN}{key}"

    def _values(self, key: str) -> str:
        return f"{self._name(key)}:values"

    async def generation(self, name: str) -> int:
        """The present generation; while Redis does not answer, one that only this process uses."""
        return await self.link.generation(name)

    def stamp(self, name: str) -> Stamp | None:
        """Under what to keep answers now; see `redis_link`."""
        return self.link.stamp(name)

    async def bump(self, name: str) -> int:
        """Begins a new generation. Raises CacheUnavailable when Redis does not answer: then this process has dropped
        what it kept, Redis is told as soon as it answers, and the caller should ask again meanwhile.
        """
        return await self.link.bump(name)

    def subscribe(self, name: str, callback: Callable[[int], None]) -> Unsubscribe:
        """Calls back after each bump that is heard of, and after each new connection."""
        return self.link.subscribers.add(name, callback)

    async def close(self) -> None:
        """Ends the listening and the connections."""
        await self.link.close()
        await self._client.aclose()
        await self._client.connection_pool.disconnect()


def _millis(seconds: float) -> int:
    return max(1, int(seconds * 1000))
