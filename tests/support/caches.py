"""Both keepers of the cache port for tests, as the processes of one installation have them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from hirehub.kernel.cache import CachePort, MemoryCache
from hirehub.kernel.cache.redis import RedisCache
from hirehub.kernel.cache.redis_link import Timings
from tests.support.redis import RedisServer, running_redis

PATIENT = Timings(operation=20, trust=60)
"""What happens when Redis is slow is tested elsewhere; here a busy machine must not look like it."""


class EachCache:
    """One keeper. Each `open` is another process's cache: a memory of its own, or the way to one Redis for all."""

    def __init__(self, server: RedisServer | None, prefix: str) -> None:
        self._server, self._prefix = server, prefix
        self._stack = AsyncExitStack()

    @property
    def shared(self) -> bool:
        """Whether processes see the same values."""
        return self._server is not None

    async def open(self) -> CachePort:
        """The cache of another process."""
        cache: CachePort = MemoryCache(1_000_000)
        if self._server is not None:
            cache = await open_redis(self._server, prefix=self._prefix)
        self._stack.push_async_callback(cache.close)
        return cache

    async def close(self) -> None:
        """Closes them all."""
        await self._stack.aclose()


async def open_redis(server: RedisServer, *, prefix: str = "", timings: Timings = PATIENT) -> RedisCache:
    """A cache in that server, which answers."""
    cache = RedisCache(server.url, prefix=prefix, timings=timings)
    assert await cache.link.wait(20)
    return cache


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A server for all tests; those that stop one start one of their own."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
async def each_cache(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[EachCache]:
    """The test runs on either keeper; on Redis where there is a server (see `tests.support.redis`)."""
    server = request.getfixturevalue("redis_server") if request.param == "redis" else None
    found = EachCache(server, f"{tmp_path.name}:")
    yield found
    await found.close()
