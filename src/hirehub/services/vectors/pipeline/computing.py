"""One thread for the computing of all lanes of a process.

It keeps the event loop free. More threads would not be faster, since they share one interpreter lock, and would each
keep a heap of freed buffers for itself.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

_THREAD: Final = ThreadPoolExecutor(1, thread_name_prefix="rows")


async def compute(work: Callable[[], T]) -> T:
    """What `work` returns, computed beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, work)
