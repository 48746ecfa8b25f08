"""How often somebody may do something, counted in the cache: by all processes together where that is shared.

While a shared cache does not answer, each process counts for itself. Who is counted is kept as a digest only.
"""

from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from typing import Annotated, Final

from fastapi import Depends, Request

from hirehub.kernel.cache import CachePort, MemoryCache
from hirehub.kernel.errors import LimitExceeded
from hirehub.kernel.http.routes import provided
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


@dataclass(frozen=True)
class Limits:
    """The limits of rates, for one request."""

    limiter: RateLimiter
    client: str

    async def of_client(self, name: str, rate: Rate) -> None:
        """Counts for the address that the connection comes from; behind a proxy that is the proxy's."""
        await self.limiter.spend(f"{name}.client", self.client, rate)

    async def of(self, name: str, who: str, rate: Rate) -> None:
        """Counts for somebody."""
        await self.limiter.spend(name, who, rate)


async def limits(request: Request) -> Limits:
    """The limits of this request."""
    return Limits(provided(request, RateLimiter), request.client.host if request.client else "")


Limited = Annotated[Limits, Depends(limits)]
