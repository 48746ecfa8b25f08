"""Passwords made into what is stored, and compared with it: argon2id, in threads, a bounded number at once.

No transaction is open meanwhile. Where there is nothing to compare with, the same work is done on a password that
nobody has, so that neither time nor load tells whether an account is there.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hirehub.kernel.errors import Unavailable
from hirehub.services.user.settings import HashingSettings

T = TypeVar("T")


class HashingBusy(Unavailable):
    """More passwords wait to be compared than the machine can do in time."""

    code = "hashing_busy"


class Passwords:
    """Hashes and compares. `hashings` counts how often the work was done, for whatever reason."""

    def __init__(self, settings: HashingSettings) -> None:
        self._hasher = PasswordHasher(settings.passes, settings.memory, parallelism=1)
        self._pool = ThreadPoolExecutor(settings.at_once, thread_name_prefix="hashing")
        self._most = settings.at_once + settings.waiting
        self._under_way = 0
        self._nobody = self._hasher.hash(secrets.token_urlsafe())
        self.hashings = 0

    async def hash(self, password: str) -> str:
        """What is stored of a password; HashingBusy where too many wait."""
        return await self._run(partial(self._hasher.hash, password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password of what is stored; for None the same work, and no."""
        same = await self._run(partial(self._compare, stored or self._nobody, password))
        return same and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether it was stored under other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Lets the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _compare(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._under_way >= self._most:
            raise HashingBusy("Too many log-ins at once.", hint="Try again in a moment.")
        self._under_way += 1
        self.hashings += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._under_way -= 1
