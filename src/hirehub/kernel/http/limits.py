"""How often somebody may do something, counted in the cache: by all processes together where that is shared.

While a shared cache does not answer, each process counts for itself. Who is counted is kept as a digest only.
"""

from hashlib import blake2b
from math import ceil
from typing import Annotated, Final

from pydantic import AfterValidator

from hirehub.kernel.cache import CachePort, MemoryCache
from hirehub.kernel.errors import LimitExceeded

_OWN_BYTES: Final = 8_388_608


class RateLimited(LimitExceeded):
    """Somebody did something too often."""

    code = "rate_limited"


def _rate(text: str) -> str:
    times, _, seconds = text.partition("/")
    if not (times.isdecimal() and seconds.isdecimal() and int(seconds) > 0):
        raise ValueError(f"{text[:40]!r} is not TIMES/SECONDS, such as 10/60; 0/60 is no limit")
    return text


Rate = Annotated[str, AfterValidator(_rate)]
"""A limit as a setting: TIMES/SECONDS; 0 times is no limit."""


class RateLimiter:
    """Counts in windows that begin with the first time."""

    def __init__(self, cache: CachePort) -> None:
        self._cache, self._own = cache, MemoryCache(_OWN_BYTES)

    async def spend(self, name: str, who: str, rate: str) -> None:
        """Counts one more time of `name` by `who`; RateLimited, with the seconds to wait, past the rate."""
        times, seconds = (int(part) for part in rate.split("/"))
        if times == 0:
            return
        key = f"rate:{name}:{blake2b(who.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
        found = await self._cache.count(key, seconds) or await self._own.count(key, seconds)
        if found.number > times:
            wait = max(1, ceil(found.seconds))
            raise RateLimited("This was tried too often.", hint=f"Try again in {wait} seconds.", retry_after=str(wait))
