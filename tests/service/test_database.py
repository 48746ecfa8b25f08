"""Pools and transactions, on a real server."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import errors as pg

from hirehub.kernel.db import Database, DatabaseBusy, DatabaseUnavailable, ReadTransaction
from hirehub.kernel.db.errors import translate
from hirehub.kernel.settings import DatabaseSettings


@pytest.fixture
async def database(fresh_database: str) -> AsyncIterator[Database]:
    """A database with one table of numbers."""
    settings = DatabaseSettings(pool_size=2, connect_timeout=2)
    async with await Database.open(fresh_database, settings=settings, name="hirehub test") as opened:
        async with opened.transaction() as tx:
            await tx.execute("CREATE TABLE number (n int PRIMARY KEY)")
        yield opened


async def numbers(database: Database) -> list[int]:
    """What the table holds."""
    async with database.read() as tx:
        return [row[0] for row in await tx.fetch_all("SELECT n FROM number ORDER BY n")]


async def test_a_transaction_commits_at_the_end_of_its_block(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.execute("INSERT INTO number VALUES (1), (2)") == 2
        assert await numbers(database) == []
    assert await numbers(database) == [1, 2]


async def test_who_asks_to_be_called_after_the_commit_is_called_then_and_not_without_one(database: Database) -> None:
    called: list[str] = []
    async with database.transaction() as tx:
        tx.after_commit(lambda: called.append("committed"))
        assert called == []
    assert called == ["committed"]

    async def fail() -> None:
        async with database.transaction() as tx:
            tx.after_commit(lambda: called.append("undone"))
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        await fail()
    assert called == ["committed"]


async def test_a_transaction_is_undone_when_its_block_fails(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as tx:
            await tx.execute("INSERT INTO number VALUES (1)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await numbers(database) == []


async def test_a_cancelled_transaction_leaves_nothing_and_its_connection_serves_on(database: Database) -> None:
    async def slow() -> None:
        async with database.transaction() as tx:
            await tx.execute("INSERT INTO number VALUES (1)")
            await tx.execute("SELECT pg_sleep(30)")

    for _ in range(3):
        task = asyncio.create_task(slow())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await numbers(database) == []


async def test_a_savepoint_undoes_itself_alone(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO number VALUES (1)")
        with pytest.raises(pg.UniqueViolation):
            async with tx.savepoint():
                await tx.execute("INSERT INTO number VALUES (1)")
        await tx.execute("INSERT INTO number VALUES (2)")
    assert await numbers(database) == [1, 2]


async def test_an_error_of_the_data_passes_through_unchanged(database: Database) -> None:
    with pytest.raises(pg.UniqueViolation):
        async with database.transaction() as tx:
            await tx.execute("INSERT INTO number VALUES (1), (1)")


async def test_rows_are_copied_in_and_read_back(database: Database) -> None:
    async with database.transaction() as tx:
        async with tx.copy_in("COPY number FROM STDIN") as copy:
            await copy.write(b"3\n4\n")
        await tx.execute_many("INSERT INTO number VALUES (%s)", [(5,), (6,)])
    async with database.read() as tx_read:
        assert await tx_read.fetch_dicts("SELECT n FROM number WHERE n < %(top)s", {"top": 4}) == [{"n": 3}]
        assert await tx_read.fetch_one("SELECT n FROM number WHERE n = 9") is None
        assert await tx_read.fetch_value("SELECT max(n) FROM number") == 6
        async with tx_read.stream("SELECT n FROM number ORDER BY n", rows=2) as cursor:
            assert [row[0] async for row in cursor] == [3, 4, 5, 6]


async def test_a_read_session_cannot_write(database: Database) -> None:
    assert not hasattr(ReadTransaction, "execute")
    with pytest.raises(DatabaseUnavailable, match="no changes"):
        async with database.read() as tx:
            await tx.fetch_all("INSERT INTO number VALUES (1) RETURNING n")


@pytest.mark.parametrize("kind", [pg.DiskFull, pg.OutOfMemory, pg.IoError])
def test_a_server_without_room_is_no_fault_of_the_statement(kind: type[psycopg.Error]) -> None:
    told = translate(kind())
    assert isinstance(told, DatabaseUnavailable)
    assert told.facts == {"sqlstate": kind.sqlstate}
    assert translate(pg.UniqueViolation()) is None


async def test_a_server_that_takes_no_changes_is_not_ready(database: Database, fresh_database: str) -> None:
    await database.answers()
    name = psycopg.conninfo.conninfo_to_dict(fresh_database)["dbname"]
    with psycopg.connect(fresh_database, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    settings = DatabaseSettings(pool_size=2, connect_timeout=2)
    async with await Database.open(fresh_database, settings=settings, name="hirehub test") as opened:
        with pytest.raises(DatabaseUnavailable, match="no changes"):
            await opened.answers()


async def test_a_snapshot_sees_one_moment(database: Database) -> None:
    async with database.read(snapshot=True) as tx:
        before = await tx.fetch_value("SELECT count(*) FROM number")
        async with database.transaction() as other:
            await other.execute("INSERT INTO number VALUES (1)")
        assert await tx.fetch_value("SELECT count(*) FROM number") == before


async def test_sessions_speak_utc_and_tell_their_name(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.fetch_value("SHOW timezone") == "UTC"
        assert await tx.fetch_value("SHOW application_name") == "hirehub test"
        assert await tx.fetch_value("SHOW statement_timeout") == "30s"
    async with database.read() as read:
        assert await read.fetch_value("SHOW application_name") == "hirehub test reader"


async def test_a_statement_that_takes_too_long_is_ended(database: Database) -> None:
    with pytest.raises(DatabaseBusy, match="too long"):
        async with database.transaction(statement_timeout=0.05) as tx:
            await tx.execute("SELECT pg_sleep(5)")
    async with database.transaction() as tx:
        assert await tx.fetch_value("SHOW statement_timeout") == "30s"


async def test_a_lock_that_is_not_given_in_time_ends_the_wait(database: Database) -> None:
    async with database.transaction() as holder:
        await holder.execute("LOCK TABLE number")
        with pytest.raises(DatabaseBusy, match="lock"):
            async with database.transaction(lock_timeout=0.05) as tx:
                await tx.execute("INSERT INTO number VALUES (1)")


async def test_a_pool_without_a_free_connection_says_so(fresh_database: str) -> None:
    settings = DatabaseSettings(pool_size=1, connect_timeout=0.2)
    async with await Database.open(fresh_database, settings=settings) as database, database.transaction():
        with pytest.raises(DatabaseBusy, match="came free"):
            async with database.transaction():
                pass


async def test_connections_that_the_server_closed_are_replaced_before_use(database: Database, cluster_dsn: str) -> None:
    assert await numbers(database) == []
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO number VALUES (1)")
    with psycopg.connect(cluster_dsn, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name ~ '^hirehub test'"
        )
    assert await numbers(database) == [1]
    async with database.transaction() as tx:
        assert await tx.fetch_value("SELECT 1") == 1


async def test_a_connection_lost_within_a_transaction_is_told_as_unavailable(
    database: Database, cluster_dsn: str
) -> None:
    async def lose() -> None:
        async with database.transaction() as tx:
            pid = await tx.fetch_value("SELECT pg_backend_pid()")
            with psycopg.connect(cluster_dsn, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            await tx.execute("INSERT INTO number VALUES (1)")

    with pytest.raises(DatabaseUnavailable):
        await lose()
    assert await numbers(database) == []


async def test_a_server_that_is_not_there_is_told_with_the_reason(tmp_path: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="No such file"):
        await Database.open(f"host={tmp_path} dbname=x user=y password=hidden", settings=DatabaseSettings())
    with pytest.raises(DatabaseUnavailable) as caught:
        await Database.open("host=127.0.0.1 port=1 dbname=x user=y password=hidden", settings=DatabaseSettings())
    assert "hidden" not in str(caught.value)
