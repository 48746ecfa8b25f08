"""Waiting in tests for something that will be so soon."""

import asyncio
from collections.abc import Awaitable, Callable

_SECONDS = 30.0
_STEP = 0.05


async def eventually(check: Callable[[], Awaitable[bool]], what: str = "it") -> None:
    """Returns when `check` is true; AssertionError when it does not become so."""
    for _ in range(int(_SECONDS / _STEP)):
        if await check():
            return
        await asyncio.sleep(_STEP)
    raise AssertionError(f"{what} did not happen in {_SECONDS:g} seconds")
