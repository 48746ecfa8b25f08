"""Slots bound how many uploads are being stored at once in a process, and with them its memory and its connections.

An upload holds one from its first rows until they are durable and no more have come; it never holds one while it waits
for its sender. So senders that are idle or slow cost next to nothing and keep nobody out, and no honest one is ended
for their sake. Who comes first is served first.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from hirehub.kernel.errors import Busy


class TooManyUploads(Busy):
    """As many uploads as are taken at once are open, or under way."""

    code = "too_many_uploads"


class Slots:
    """The slots of a process: `number` of them, for uploads of which at most `most` are open."""

    def __init__(self, number: int, *, most: int, patience: float) -> None:
        """`patience`: seconds that an upload waits for a slot."""
        self._number = number
        self._most = most
        self._patience = patience
        self._free = asyncio.Semaphore(number)
        self._waiting = 0
        self._open = 0

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a slot."""
        return self._waiting > 0

    @asynccontextmanager
    async def enter(self) -> AsyncGenerator["Slot"]:
        """Opens an upload, which holds no slot yet; TooManyUploads where too many are open."""
        if self._open >= self._most:
            raise TooManyUploads(f"{self._open} uploads are open", hint="Try again in a moment.")
        self._open += 1
        slot = Slot(self)
        try:
            yield slot
        finally:
            slot.give_back()
            self._open -= 1

    async def acquire(self) -> None:
        """Waits for a slot; TooManyUploads when none is free in time."""
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise TooManyUploads(f"{self._number} uploads are under way", hint="Try again in a moment.") from None
        finally:
            self._waiting -= 1

    def release(self) -> None:
        """Gives a slot to who waits longest."""
        self._free.release()


class Slot:
    """One upload's claim to a slot. Taking and giving back twice is once."""

    def __init__(self, slots: Slots) -> None:
        self.held = False
        self._slots = slots

    @property
    def wanted(self) -> bool:
        """Whether somebody else waits for one."""
        return self._slots.wanted

    async def take(self) -> None:
        """Holds a slot from here on; at once where it holds one already."""
        if not self.held:
            await self._slots.acquire()
            self.held = True

    def give_back(self) -> None:
        """Holds none from here on."""
        if self.held:
            self.held = False
            self._slots.release()


def unbounded() -> Slot:
    """A slot of its own, for a load that no other keeps waiting."""
    return Slot(Slots(1, most=1, patience=1.0))
