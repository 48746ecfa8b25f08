"""How often somebody may do something, counted in the cache: by all processes together where that is shared.

While a shared cache does not answer, each process counts for itself. Who is counted is kept as a digest only.
"""

from hashlib import blake2b
from math import ceil
from typing import Final

from hirehub.kernel.cache import CachePort, MemoryCache
from hirehub.kernel.errors import LimitExceeded
from hirehub.kernel.settings import Rate

_OWN_BYTES: Final = 8_388_608


class RateLimited(LimitExceeded):
    """Somebody did something too often."""

    code = "rate_limited"


class RateLimiter:
    """Counts in windows that begin with the first time."""

    def __init__(self, cache: CachePort) -> None:
        self._cache, self._own = cache, MemoryCache(_OWN_BYTES)

    async def spend(self, name: str, who: str, rate: Rate) -> None:
        """Counts one more time of `name` by `who`; RateLimited, with the seconds to wait, past the rate."""
        times, seconds = (int(part) for part in rate.split("/"))
        if times == 0:
            return
        key = f"rate:{name}:{blake2b(who.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
        found = await self._cache.count(key, seconds) or await self._own.count(key, seconds)
        if found.number > times:
            wait = max(1, ceil(found.seconds))
            raise RateLimited("This was tried too often.", hint=f"Try again in {wait} seconds.", retry_after=str(wait))
