"""Chooses the cache that the settings ask for."""

from importlib.util import find_spec

from hirehub.kernel.cache.memory import MemoryCache
from hirehub.kernel.cache.port import CachePort
from hirehub.kernel.errors import Unavailable
from hirehub.kernel.settings import CacheSettings
from hirehub.kernel.telemetry import get_logger

_MEBIBYTE = 1_048_576
_WAIT_SECONDS = 1.0
_log = get_logger(__name__)


async def open_cache(settings: CacheSettings) -> CachePort:
    """Redis where HIREHUB_CACHE__URL is set, else this process's memory. A Redis that does not answer yet is no
    reason not to start: it is joined when it does.
    """
    if settings.url is None or not settings.url.get_secret_value():
        return MemoryCache(settings.memory * _MEBIBYTE)
    if find_spec("redis") is None:
        raise Unavailable(
            "HIREHUB_CACHE__URL is set but the Redis client is not installed", hint="Install hirehub[redis]."
        )
    from hirehub.kernel.cache.redis import RedisCache

    cache = RedisCache(settings.url.get_secret_value(), prefix=settings.prefix)
    if not await cache.link.wait(_WAIT_SECONDS):
        _log.warning("cache_starts_alone", hint="Is Redis at HIREHUB_CACHE__URL running?")
    return cache
