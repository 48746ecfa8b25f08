"""One suite for every transport of the bus, with expectations written by hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from hirehub.kernel.broker import rights
from hirehub.kernel.broker.module import MODULE as BUS
from hirehub.kernel.bus import MemoryTransport, Relay, Subscriber, Transport, dead, publish
from hirehub.kernel.bus.postgres import PostgresTransport
from hirehub.kernel.bus.waiting import spread
from hirehub.kernel.db import Database, access
from hirehub.kernel.db.migrate import upgrade
from hirehub.kernel.db.provision import provision
from hirehub.kernel.module import Module
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from tests.support.bus import FAST, Counter, counted, effects, ids, make_tables, opened, tell, until
from tests.support.postgres import LEAN

TOPIC = "test.counted"
SERVICE = Module(
    name="bustest",
    doc="A service of the tests.",
    settings="hirehub.kernel.bus.settings:BusSettings",
    parts=(),
    database="hirehub_bustest",
    tells=(TOPIC,),
    hears=(TOPIC,),
)


@pytest.fixture(scope="module")
def provisioned(cluster_server: EmbeddedPostgres) -> Settings:
    settings = Settings(data_dir=cluster_server.layout.data_dir, database=LEAN)
    provision(settings, BUS, SERVICE)
    upgrade(settings, BUS)
    rights.follow(settings, [SERVICE])
    return settings


@pytest.fixture
async def db(fresh_database: str) -> AsyncIterator[Database]:
    make_tables(fresh_database)
    async with opened(fresh_database) as database:
        yield database


@pytest.fixture(params=["memory", "postgres"])
async def transport(request: pytest.FixtureRequest) -> AsyncIterator[Transport]:
    made: Transport
    if request.param == "memory":
        made = MemoryTransport()
    else:
        with bus_of(request) as connection:
            connection.execute("TRUNCATE fact RESTART IDENTITY")
        made = await PostgresTransport.open(request.getfixturevalue("provisioned"), SERVICE.name)
    yield made
    await made.close()


def bus_of(request: pytest.FixtureRequest) -> "psycopg.Connection[tuple[object, ...]]":
    """The administrator's session in the bus's database."""
    settings: Settings = request.getfixturevalue("provisioned")
    return psycopg.connect(access.dsn(settings, "bus", "admin"), autocommit=True)


@asynccontextmanager
async def at_work(*runners: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Runs things for the block, and stops them."""
    tasks = [asyncio.ensure_future(run()) for run in runners]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def subscriber(
    db: Database, transport: Transport, handler: Counter, name: str = "counter", *, attempts: int = 3
) -> Subscriber:
    settings = FAST.model_copy(update={"attempts": attempts})
    return Subscriber(name, {TOPIC: handler}, database=db, transport=transport, settings=settings)


async def test_a_fact_travels_from_a_commit_to_its_effect(db: Database, transport: Transport) -> None:
    relay, hearing = Relay(db, transport, FAST), subscriber(db, transport, Counter())
    async with at_work(transport.run, relay.run, hearing.run):
        await tell(db, [counted("a", 1), counted("b", 1)])
        await tell(db, [counted("a", 2)])
        found = await until(lambda: effects(db), lambda found: len(found) == 3)
    assert sorted(found) == [("a", 1), ("a", 2), ("b", 1)]


async def test_news_wake_everybody_and_what_fails_is_tried_again_when_it_is_due(
    db: Database, transport: Transport
) -> None:
    """Nobody looks by himself for a minute, so that an idle system does next to nothing."""
    handler, patient = Counter(), FAST.model_copy(update={"poll": 60.0, "quiet": 60.0, "attempts": 10_000})
    hearing = Subscriber("counter", {TOPIC: handler}, database=db, transport=transport, settings=patient)
    async with at_work(transport.run, Relay(db, transport, patient).run, hearing.run):
        await tell(db, [counted("a", 1)])
        await until(lambda: effects(db), lambda found: found == [("a", 1)])
        await tell(db, [counted("b", 1, poison=True)])
        await until(lambda: waiting(db), lambda found: found == 1)
        handler.cured = True
        found = await until(lambda: effects(db), lambda found: len(found) == 2)
    assert found == [("a", 1), ("b", 1)]


async def test_the_relay_finds_what_another_process_has_written(
    db: Database, fresh_database: str, transport: Transport
) -> None:
    async with opened(fresh_database) as elsewhere, at_work(Relay(db, transport, FAST).run):
        await asyncio.sleep(0.05)
        await tell(elsewhere, [counted("a", 1)])
        found = await until(lambda: transport.read(TOPIC, 0, after=0, most=10), lambda found: len(found) == 1)
    assert found[0].fact.key == "a"


async def test_what_is_rolled_back_was_never_told(db: Database, transport: Transport) -> None:
    with suppress(RuntimeError):
        async with db.transaction() as tx:
            await publish(tx, [counted("a", 1)])
            raise RuntimeError
    assert await Relay(db, transport, FAST).drain() == 0
    assert await transport.read(TOPIC, 0, after=0, most=10) == []


async def test_appending_again_changes_nothing(transport: Transport) -> None:
    facts = [counted("a", number) for number in range(3)]
    await transport.append(facts)
    await transport.append(facts[1:])
    found = await transport.read(TOPIC, 0, after=0, most=10)
    assert ids([one.fact for one in found]) == ids(facts)
    assert [one.position for one in found] == sorted({one.position for one in found})
    assert [one.fact.body for one in found] == [fact.body for fact in facts]


async def test_reading_goes_on_beyond_a_position(transport: Transport) -> None:
    facts = [counted("a", number) for number in range(5)]
    await transport.append(facts)
    first = await transport.read(TOPIC, 0, after=0, most=2)
    rest = await transport.read(TOPIC, 0, after=first[-1].position, most=10)
    assert ids([one.fact for one in (*first, *rest)]) == ids(facts)


async def test_a_late_commit_is_not_skipped(db: Database, transport: Transport) -> None:
    relay = Relay(db, transport, FAST)
    async with opened(db.dsn) as other, other.transaction() as slow:
        await publish(slow, [counted("late", 1)])
        await tell(db, [counted("early", 1)])
        assert await relay.drain() == 1
    assert await relay.drain() == 1
    found = await transport.read(TOPIC, 0, after=0, most=10)
    assert [one.fact.key for one in found] == ["early", "late"]


async def test_a_fact_told_twice_has_one_effect(db: Database, transport: Transport) -> None:
    fact = counted("a", 1)
    hearing = subscriber(db, transport, Counter())
    async with at_work(transport.run, hearing.run):
        await transport.append([fact])
        await until(lambda: effects(db), lambda found: found == [("a", 1)])
        await transport.append([fact, counted("a", 2)])
        found = await until(lambda: effects(db), lambda found: len(found) > 1)
    assert found == [("a", 1), ("a", 2)]


async def test_a_fact_that_the_log_forgot_and_got_again_has_one_effect(
    db: Database, transport: Transport, request: pytest.FixtureRequest
) -> None:
    """Fails without the inbox: such a fact stands at another position."""
    fact, hearing = counted("a", 1), subscriber(db, transport, Counter())
    async with at_work(transport.run, hearing.run):
        await transport.append([fact])
        await until(lambda: effects(db), lambda found: found == [("a", 1)])
        if isinstance(transport, MemoryTransport):
            transport._known.clear()
        else:
            with bus_of(request) as connection:
                connection.execute("DELETE FROM fact")
        await transport.append([fact, counted("a", 2)])
        found = await until(lambda: effects(db), lambda found: ("a", 2) in found)
    assert found == [("a", 1), ("a", 2)]


async def test_two_processes_of_a_service_work_each_fact_once_and_in_order(db: Database, transport: Transport) -> None:
    facts = [counted(f"k{number % 7}", number) for number in range(400)]
    one, two = subscriber(db, transport, Counter()), subscriber(db, transport, Counter())
    async with at_work(transport.run, one.run, two.run):
        for start in range(0, 400, 25):
            await transport.append(facts[start : start + 25])
        found = await until(lambda: effects(db), lambda found: len(found) >= 400)
    assert sorted(number for _, number in found) == list(range(400))
    for key in {key for key, _ in found}:
        numbers = [number for other, number in found if other == key]
        assert numbers == sorted(numbers)


async def test_subscribers_hear_independently(db: Database, transport: Transport) -> None:
    first, second = Counter(), Counter()
    runners = [subscriber(db, transport, first, "first").run, subscriber(db, transport, second, "second").run]
    async with at_work(transport.run, *runners):
        await transport.append([counted("a", 1)])
        await until(lambda: effects(db), lambda found: found == [("a", 1), ("a", 1)])
    assert (first.calls, second.calls) == (1, 1)


async def test_a_poison_fact_delays_its_own_key_only_and_is_set_aside(db: Database, transport: Transport) -> None:
    handler = Counter()
    facts = [counted("bad", 1, poison=True), counted("good", 1), counted("bad", 2), counted("good", 2)]
    async with at_work(transport.run, subscriber(db, transport, handler).run):
        await transport.append(facts)
        await until(lambda: effects(db), lambda found: found[:2] == [("good", 1), ("good", 2)])
        found = await until(lambda: effects(db), lambda found: len(found) == 3)
    assert found == [("good", 1), ("good", 2), ("bad", 2)]
    async with db.read() as tx:
        aside = await dead.listed(tx)
    assert [(one.fact.id, one.attempts, one.reason) for one in aside] == [(facts[0].id, 3, "ValueError")]


async def test_what_waits_is_worked_in_order_once_it_can_be(db: Database, transport: Transport) -> None:
    handler = Counter()
    facts = [counted("a", 1, poison=True), counted("a", 2), counted("a", 3)]
    async with at_work(transport.run, subscriber(db, transport, handler, attempts=10_000).run):
        await transport.append(facts)
        await until(lambda: waiting(db), lambda found: found == 3)
        handler.cured = True
        await until(lambda: effects(db), lambda found: found == [("a", 1), ("a", 2), ("a", 3)])
    assert await waiting(db) == 0


async def test_what_comes_later_waits_behind_what_waits_on_its_key(db: Database, transport: Transport) -> None:
    """Fails where only the facts of one batch look at each other."""
    handler = Counter()
    async with at_work(transport.run, subscriber(db, transport, handler, attempts=10_000).run):
        await transport.append([counted("a", 1, poison=True)])
        await until(lambda: waiting(db), lambda found: found == 1)
        await transport.append([counted("a", 2), counted("b", 1)])
        await until(lambda: effects(db), lambda found: ("b", 1) in found)
        assert await effects(db) == [("b", 1)]
        handler.cured = True
        found = await until(lambda: effects(db), lambda found: len(found) == 3)
    assert found == [("b", 1), ("a", 1), ("a", 2)]


async def test_a_fact_that_was_set_aside_can_be_worked_again(db: Database, transport: Transport) -> None:
    handler = Counter()
    fact = counted("a", 1, poison=True)
    async with at_work(transport.run, subscriber(db, transport, handler).run):
        await transport.append([fact])
        await until(lambda: set_aside(db), lambda found: found == [fact.id])
        handler.cured = True
        for _ in range(2):
            async with db.transaction() as tx:
                await dead.replay(tx, [fact.id])
        await until(lambda: effects(db), lambda found: found == [("a", 1)])
    assert await set_aside(db) == []


async def test_facts_leave_before_the_relay_ends(db: Database, transport: Transport) -> None:
    relay = Relay(db, transport, FAST)
    async with at_work(relay.run):
        await asyncio.sleep(0.05)
        await tell(db, [counted("a", number) for number in range(120)])
    assert len(await transport.read(TOPIC, 0, after=0, most=1000)) == 120


async def waiting(db: Database) -> int:
    async with db.read() as tx:
        return int(await tx.fetch_value("SELECT count(*) FROM parked_fact"))


async def set_aside(db: Database) -> list[object]:
    async with db.read() as tx:
        return [one.fact.id for one in await dead.listed(tx)]


async def test_old_facts_go_once_everybody_has_worked_them(db: Database, transport: Transport) -> None:
    old = replace(counted("a", 1), time=datetime.now(UTC) - timedelta(days=40))
    fresh = counted("a", 2)
    await transport.append([old, fresh])
    hearing = subscriber(db, transport, Counter())
    await hearing.settle()
    assert len(await transport.read(TOPIC, 0, after=0, most=10)) == 2, "nobody has worked it"
    async with at_work(transport.run, hearing.run):
        await until(lambda: effects(db), lambda found: len(found) == 2)
    await hearing.settle()
    left = ids([one.fact for one in await transport.read(TOPIC, 0, after=0, most=10)])
    assert left == ([old.id, fresh.id] if isinstance(transport, MemoryTransport) else [fresh.id])


async def test_positions_become_visible_in_their_order(provisioned: Settings) -> None:
    """Fails without the lock of `append_facts`: the second is seen first, and whoever reads on skips the first."""
    dsn = access.address(provisioned, "hirehub_bus", SERVICE.name, access.Role.APP)
    transport = await PostgresTransport.open(provisioned, SERVICE.name)
    first, second = counted("a", 1), counted("b", 1)
    arrays = [[value] for value in (first.id, first.topic, first.key, first.source, first.time, first.body)]
    async with await psycopg.AsyncConnection.connect(dsn) as slow:
        await slow.execute("SELECT append_facts(%s, %s, %s, %s, %s, %s)", arrays)
        appending = asyncio.ensure_future(transport.append([second]))
        done, _ = await asyncio.wait([appending], timeout=0.5)
        assert not done
        await slow.commit()
    await appending
    found = [one.fact.id for one in await transport.read(TOPIC, 0, after=0, most=10_000)]
    assert found.index(first.id) < found.index(second.id)
    await transport.close()


async def test_a_listener_that_loses_its_connection_hears_what_came_meanwhile(
    db: Database, provisioned: Settings, request: pytest.FixtureRequest
) -> None:
    patient = FAST.model_copy(update={"poll": 60.0, "quiet": 60.0})
    transport = await PostgresTransport.open(provisioned, SERVICE.name)
    hearing = Subscriber("counter", {TOPIC: Counter()}, database=db, transport=transport, settings=patient)
    with bus_of(request) as administrator:
        administrator.execute("TRUNCATE fact RESTART IDENTITY")
        async with at_work(transport.run, hearing.run):
            await transport.append([counted("a", 1)])
            await until(lambda: effects(db), lambda found: found == [("a", 1)])
            ended = administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hirehub bus listener'"
            ).fetchall()
            await transport.append([counted("a", 2)])
            found = await until(lambda: effects(db), lambda found: len(found) == 2)
    await transport.close()
    assert ended == [(True,)]
    assert found == [("a", 1), ("a", 2)]


def test_readers_that_begin_together_do_not_look_together_for_ever() -> None:
    quiet = [spread(60.0) for _ in range(50)]
    assert len(set(quiet)) > 40
    assert 30 <= min(quiet) < max(quiet) <= 60
