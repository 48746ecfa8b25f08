"""Tells API servers to drop their answers of a domain.

At most one call is under way for a server and a domain. A request that comes meanwhile is not dropped and does not
call at once: all such requests share one more call, begun after the present one ends, because the present one may have
been answered before their rows were stored. What three tries do not reach stays owed in the database.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import grpc

from hirehub.contracts.pb import cache_pb2
from hirehub.contracts.vectors import INVALIDATE_CACHE
from hirehub.kernel.db import Database
from hirehub.kernel.grpc import from_rpc_error, open_channel
from hirehub.kernel.settings import GrpcSettings
from hirehub.kernel.telemetry import get_logger
from hirehub.services.vectors.store import notices

TRIES = 3
FIRST_PAUSE = 0.2
CALL_SECONDS = 5.0
CLAIM_SECONDS = 60.0
"""Longer than all tries of a call together: until then nobody else takes up what is owed."""

_LONGEST_REASON = 300

_log = get_logger(__name__)


@dataclass(frozen=True)
class Told:
    """How the telling of one server ended: `error` is None where it dropped its answers."""

    target: str
    error: str | None


class _Line:
    """The calls to one server about one domain, one after the other."""

    def __init__(self, call: Callable[[datetime], Awaitable[Told]]) -> None:
        self._call = call
        self._next: asyncio.Future[Told] | None = None
        self._latest: datetime | None = None
        self._worker: asyncio.Task[None] | None = None

    def request(self, requested_at: datetime) -> "asyncio.Future[Told]":
        """The outcome of a call that has not begun yet."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        self._latest = requested_at if self._latest is None else max(self._latest, requested_at)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return self._next

    async def _work(self) -> None:
        try:
            while self._next is not None and self._latest is not None:
                answer, latest = self._next, self._latest
                self._next = self._latest = None
                try:
                    told = await self._call(latest)
                except BaseException as error:
                    if not answer.done():
                        answer.set_exception(error) if isinstance(error, Exception) else answer.cancel()
                    if not isinstance(error, Exception):
                        raise
                else:
                    if not answer.done():
                        answer.set_result(told)
        finally:
            self._worker = None

    async def close(self) -> None:
        """Ends the call under way."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait({self._worker})
        if self._next is not None:
            self._next.cancel()


class CacheInvalidator:
    """The caller of InvalidateCache in this process. Close it where it was made."""

    def __init__(self, db: Database, settings: GrpcSettings, targets: Sequence[str]) -> None:
        self.targets = tuple(targets)
        self._db = db
        self._settings = settings
        self._lines: dict[tuple[str, str], _Line] = {}

    async def invalidate(self, domain: str) -> list[Told]:
        """Owes the news to all servers, and tells them; returns when each was told after this moment, or gave up."""
        async with self._db.transaction() as tx:
            owed = await notices.owe(tx, domain=domain, targets=self.targets, seconds=CLAIM_SECONDS)
        return await self._tell([(target, domain, at) for target, at in owed.items()])

    async def retry_owed(self) -> list[Told]:
        """Tries again what is owed and due; what is owed to servers that are no longer named is dropped."""
        async with self._db.transaction() as tx:
            gone = await notices.forget_others(tx, self.targets)
            due = await notices.claim(tx, seconds=CLAIM_SECONDS)
        for target in gone:
            _log.warning("cache_target_forgotten", target=target)
        return await self._tell([(notice.target, notice.domain, notice.requested_at) for notice in due])

    async def close(self) -> None:
        """Ends the calls under way; what they were to tell stays owed."""
        for line in self._lines.values():
            await line.close()

    async def _tell(self, owed: Sequence[tuple[str, str, datetime]]) -> list[Told]:
        return list(await asyncio.gather(*(asyncio.shield(self._line(*key).request(at)) for *key, at in owed)))

    def _line(self, target: str, domain: str) -> _Line:
        call = partial(self._call, target, domain)
        return self._lines.setdefault((target, domain), _Line(call))

    async def _call(self, target: str, domain: str, requested_at: datetime) -> Told:
        """Up to three tries, and what became of them in the database."""
        error = await self._try(target, domain)
        async with self._db.transaction() as tx:
            if error is None:
                await notices.told(tx, target=target, domain=domain, requested_at=requested_at)
            else:
                await notices.missed(
                    tx, target=target, domain=domain, requested_at=requested_at, error=error, tries=TRIES
                )
        if error is not None:
            _log.info("cache_invalidation_owed", target=target, domain=domain, error=error)
        return Told(target, error)

    async def _try(self, target: str, domain: str) -> str | None:
        """None when the server dropped its answers, else the last reason why not."""
        error: str | None = None
        for number in range(TRIES):
            if number:
                await asyncio.sleep(FIRST_PAUSE * 2 ** (number - 1) * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            error = await _invalidate(target, domain, self._settings)
            if error is None:
                break
        return error


async def _invalidate(target: str, domain: str, settings: GrpcSettings) -> str | None:
    """One call over a channel of its own: one that is kept would wait out its own pauses after a break."""
    request = cache_pb2.CacheInvalidateRequest(target=domain)
    async with open_channel(target, settings) as channel:
        method = channel.unary_unary(
            INVALIDATE_CACHE,
            request_serializer=cache_pb2.CacheInvalidateRequest.SerializeToString,
            response_deserializer=cache_pb2.CacheInvalidateResponse.FromString,
        )
        try:
            answer = await method(request, timeout=min(CALL_SECONDS, settings.deadline))
        except grpc.aio.AioRpcError as error:
            return _reason(from_rpc_error(error, target).message, target)
    return None if answer.success else (answer.message or "it answered that it did not")[:_LONGEST_REASON]


def _reason(message: str, target: str) -> str:
    """Why a call failed, in few words: the address is told beside it, and the library's own chatter helps nobody."""
    text = message.removeprefix(target).strip()
    return (text.split(" (", 1)[0] if text.startswith("does not answer") else text)[:_LONGEST_REASON]
