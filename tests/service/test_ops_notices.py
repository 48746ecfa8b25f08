"""Invalidations: one call at a time and none dropped, three tries, and what is owed survives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import grpc
import pytest

from hirehub.contracts.pb import cache_pb2
from hirehub.contracts.vectors import CACHE_SERVICE
from hirehub.kernel.db import Database
from hirehub.kernel.errors import Unavailable
from hirehub.kernel.grpc import Context, GrpcServer, raw_service, unary
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.vectors.store import notices
from hirehub.services.vectors.usecases import notify
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from tests.support.ops import NOWHERE, happens

GRPC = GrpcSettings()


@dataclass
class ApiServer:
    """A cache server that answers when it is let, and notes who asked for what."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    failures: int = 0
    let: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def target(self) -> str:
        """Its address."""
        return f"127.0.0.1:{self.port}"

    async def answer(self, request: bytes, _context: Context) -> bytes:
        """InvalidateCache."""
        self.asked.append(cache_pb2.CacheInvalidateRequest.FromString(request).target)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.let.wait()
        finally:
            self.at_once -= 1
        if self.failures:
            self.failures -= 1
            raise Unavailable("not now")
        return cache_pb2.CacheInvalidateResponse(success=True).SerializeToString()


@asynccontextmanager
async def api_server(*, port: int = 0, failures: int = 0, open_door: bool = True) -> AsyncIterator[ApiServer]:
    """A running cache server."""
    api = ApiServer(failures=failures)
    if open_door:
        api.let.set()
    service = raw_service(port, CACHE_SERVICE, {"InvalidateCache": unary(api.answer)})
    async with GrpcServer(GRPC, port=port, services=[service]) as server:
        api.port = server.port
        yield api
        api.let.set()


@asynccontextmanager
async def invalidator(db: Database, *targets: str) -> AsyncIterator[CacheInvalidator]:
    """A caller that is closed at the end."""
    caller = CacheInvalidator(db, GRPC, targets)
    try:
        yield caller
    finally:
        await caller.close()


async def owed(db: Database) -> list[notices.Notice]:
    """What is owed."""
    async with db.read() as tx:
        return await notices.list_owed(tx)


async def due_now(db: Database) -> None:
    """Moves the next try of all that is owed to now."""
    async with db.transaction() as tx:
        await tx.execute("UPDATE cache_notice SET next_attempt_at = clock_timestamp()")


async def test_every_server_is_told_and_nothing_stays_owed(vectors_database: Database) -> None:
    async with (
        api_server() as one,
        api_server() as two,
        invalidator(vectors_database, one.target, two.target) as caller,
    ):
        told = await caller.invalidate("candidate")
    assert [answer.error for answer in told] == [None, None]
    assert (one.asked, two.asked) == (["candidate"], ["candidate"])
    assert await owed(vectors_database) == []


async def test_requests_that_come_during_a_call_share_one_more_call_after_it(vectors_database: Database) -> None:
    """Fails where each request calls by itself (two at once), and where the later ones join the first (one call)."""
    async with api_server(open_door=False) as api, invalidator(vectors_database, api.target) as caller:
        first = asyncio.create_task(caller.invalidate("recruit"))
        assert await happens(lambda: api.asked)
        later = [asyncio.create_task(caller.invalidate("recruit")) for _ in range(10)]
        await asyncio.sleep(0.5)
        assert api.asked == ["recruit"]
        api.let.set()
        await asyncio.gather(first, *later)
        assert api.asked == ["recruit", "recruit"]
        assert api.most_at_once == 1
    assert await owed(vectors_database) == []


async def test_domains_and_servers_do_not_wait_for_each_other(vectors_database: Database) -> None:
    async with (
        api_server(open_door=False) as slow,
        api_server() as fast,
        invalidator(vectors_database, slow.target, fast.target) as caller,
    ):
        both = [asyncio.create_task(caller.invalidate(domain)) for domain in ("recruit", "candidate")]
        assert await happens(lambda: len(fast.asked) == len(slow.asked) == 2)
        slow.let.set()
        await asyncio.gather(*both)
    assert sorted(fast.asked) == sorted(slow.asked) == ["candidate", "recruit"]


async def test_a_server_that_fails_twice_is_told_with_the_third_try(vectors_database: Database) -> None:
    async with api_server(failures=2) as api, invalidator(vectors_database, api.target) as caller:
        (told,) = await caller.invalidate("recruit")
    assert told.error is None
    assert len(api.asked) == 3
    assert await owed(vectors_database) == []


async def test_after_three_tries_the_failure_is_recorded_and_tried_again_later(vectors_database: Database) -> None:
    db = vectors_database
    async with api_server(failures=3) as api, invalidator(db, api.target) as caller:
        (told,) = await caller.invalidate("recruit")
        assert told.error is not None
        assert len(api.asked) == 3
        (notice,) = await owed(db)
        assert (notice.attempts, notice.target) == (3, api.target)
        assert "not now" in str(notice.last_error)
        assert await caller.retry_owed() == []
        await due_now(db)
        (told,) = await caller.retry_owed()
        assert told.error is None
    assert await owed(db) == []


async def test_a_server_that_is_down_costs_no_other_its_news(vectors_database: Database) -> None:
    async with api_server() as api, invalidator(vectors_database, NOWHERE, api.target) as caller:
        told = {answer.target: answer.error for answer in await caller.invalidate("recruit")}
    assert told[api.target] is None
    assert "does not answer" in str(told[NOWHERE])
    assert [notice.target for notice in await owed(vectors_database)] == [NOWHERE]


async def test_two_processes_do_not_take_up_the_same_owed_news(vectors_database: Database) -> None:
    """Fails where claiming does not move the next try: both would call."""
    db = vectors_database
    async with api_server() as api, invalidator(db, api.target) as one, invalidator(db, api.target) as two:
        async with db.transaction() as tx:
            await notices.owe(tx, domain="recruit", targets=[api.target], seconds=0)
        answers = await asyncio.gather(one.retry_owed(), two.retry_owed())
        assert sorted(len(some) for some in answers) == [0, 1]
    assert api.asked == ["recruit"]


async def test_news_asked_for_during_a_call_stays_owed_when_that_call_passes(vectors_database: Database) -> None:
    """Fails where the call removes the notice whatever its age: rows stored meanwhile would never be told."""
    db = vectors_database
    async with api_server(open_door=False) as api, invalidator(db, api.target) as caller:
        call = asyncio.create_task(caller.invalidate("recruit"))
        assert await happens(lambda: api.asked)
        async with db.transaction() as tx:
            await notices.owe(tx, domain="recruit", targets=[api.target], seconds=60)
        api.let.set()
        await call
    assert len(await owed(db)) == 1


async def test_a_process_that_ends_during_the_call_leaves_the_news_owed(vectors_database: Database) -> None:
    async with api_server(open_door=False) as api:
        async with invalidator(vectors_database, api.target) as caller:
            call = asyncio.create_task(caller.invalidate("recruit"))
            assert await happens(lambda: api.asked)
        with pytest.raises(asyncio.CancelledError):
            await call
    assert len(await owed(vectors_database)) == 1


async def test_what_is_owed_to_a_server_no_longer_named_is_dropped(vectors_database: Database) -> None:
    async with vectors_database.transaction() as tx:
        await notices.owe(tx, domain="recruit", targets=["gone:1"], seconds=0)
    async with invalidator(vectors_database, NOWHERE) as caller:
        assert await caller.retry_owed() == []
    assert await owed(vectors_database) == []


async def test_a_server_that_hangs_is_given_up_in_time(
    vectors_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "CALL_SECONDS", 0.2)
    async with api_server(open_door=False) as api, invalidator(vectors_database, api.target) as caller:
        async with asyncio.timeout(5):
            (told,) = await caller.invalidate("recruit")
    assert told.error is not None
    assert len(api.asked) == 3
    assert grpc.StatusCode.DEADLINE_EXCEEDED.name in told.error
