"""Messages between the one that receives and the one that reads them, bounded by bytes.

When it is full the receiver waits, gRPC's flow control fills, and the sender waits: memory does not grow.
"""

import asyncio
import sys


class Inbox:
    """One puts, one takes. A message that has come is never outside, so what was received can always be taken.

    The limit is on what the messages take in memory: empty ones count too.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._messages: list[bytes] = []
        self._size = 0
        self._closed = False
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    async def put(self, message: bytes) -> None:
        """Leaves a message at once; returns when there is room for another."""
        self._messages.append(message)
        self._size += sys.getsizeof(message)
        self._some.set()
        if self._size >= self._limit:
            self._room.clear()
        await self._room.wait()

    @property
    def empty(self) -> bool:
        """Whether no message waits."""
        return not self._messages

    def close(self) -> None:
        """Says that no message follows."""
        self._closed = True
        self._some.set()

    async def take(self, patience: float | None = None) -> list[bytes] | None:
        """All messages that are there, at least one; [] after the last; None when none came for `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._some.wait()
        except TimeoutError:
            return None
        taken, self._messages, self._size = self._messages, [], 0
        if not self._closed:
            self._some.clear()
        self._room.set()
        return taken
