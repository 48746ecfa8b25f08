"""Answers kept for a while: a port, its keeper in memory and its keeper in Redis, and what makes loads safe and few.

Redis is not imported here; `open_cache` does so where it is configured.
"""

from hirehub.kernel.cache.flight import SingleFlight
from hirehub.kernel.cache.memory import BoundedStore, MemoryCache
from hirehub.kernel.cache.opening import open_cache
from hirehub.kernel.cache.port import CachePort, CacheUnavailable, Counted, Found, Ranked, Ranking, Stamp, Verbatim
from hirehub.kernel.cache.two_level import TwoLevelCache

__all__ = [
    "BoundedStore",
    "CachePort",
    "CacheUnavailable",
    "Counted",
    "Found",
    "MemoryCache",
    "Ranked",
    "Ranking",
    "SingleFlight",
    "Stamp",
    "TwoLevelCache",
    "Verbatim",
    "open_cache",
]
