"""The life of the embedded server: started, shared between processes, found again, stopped by the last one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from hirehub.kernel.errors import Conflict, Unavailable
from hirehub.kernel.postgres import EmbeddedPostgres, cluster, launcher, postmaster
from hirehub.kernel.postgres.account import account_for
from hirehub.kernel.postgres.errors import OtherVersion, PostgresFailed, StillBusy
from hirehub.kernel.postgres.layout import Layout
from hirehub.kernel.postgres.locks import alone
from hirehub.kernel.settings import DatabaseSettings, Settings
from tests.support.postgres import LEAN

HOLDER = """
import sys
from pathlib import Path
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import DatabaseSettings
with EmbeddedPostgres(Path(sys.argv[1]), DatabaseSettings(shared_buffers=32, maintenance_memory=64)) as server:
    print(server.pid(), flush=True)
    sys.stdin.read()
"""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


class Holder:
    """Another process that uses the server until it is told to end."""

    def __init__(self, data_dir: Path, *, lead: Sequence[str | Path] = (), new_session: bool = False) -> None:
        self.process = subprocess.Popen(
            [*lead, sys.executable, "-c", HOLDER, data_dir],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=new_session,
        )

    def server_pid(self) -> int:
        """Waits until it has the server."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def end(self) -> None:
        """Lets it end as programs do."""
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        """Ends it without a chance to tidy up."""
        self.process.kill()
        self.process.communicate(timeout=30)


HASTY = """
import asyncio, sys, time
from pathlib import Path
from hirehub.cli.output import run_async
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import DatabaseSettings

async def work() -> None:
    print(flush=True)
    try:
        await asyncio.sleep(60)
    finally:
        print(flush=True)
        time.sleep(60)

with EmbeddedPostgres(Path(sys.argv[1]), DatabaseSettings(shared_buffers=32, maintenance_memory=64)):
    run_async(work())
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data directory; a server that a test left running is ended."""
    folder = tmp_path / "data"
    yield folder
    found = postmaster.look(Layout(folder))
    if found is not None:
        os.kill(found.pid, signal.SIGQUIT)
        assert postmaster.wait_until_gone(Layout(folder), found.pid, seconds=10)


def runs(data_dir: Path) -> bool:
    """Whether the server of that directory runs."""
    return postmaster.look(Layout(data_dir)) is not None


def ask(server: EmbeddedPostgres, statement: str) -> object:
    """The one value that the statement gives, or None."""
    with psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def test_the_server_starts_keeps_what_is_stored_and_stops_clean(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, LEAN) as server:
        assert ask(server, "CREATE TABLE kept AS SELECT 7 AS n") is None
        assert ask(server, "SHOW data_checksums") == "on"
    assert not runs(data_dir)
    began = time.monotonic()
    with EmbeddedPostgres(data_dir, LEAN) as server:
        assert ask(server, "SELECT n FROM kept") == 7
    assert time.monotonic() - began < 5
    assert "was not properly shut down" not in server.layout.log.read_text()


def test_the_server_runs_with_the_settings_and_listens_on_no_network(data_dir: Path) -> None:
    settings = DatabaseSettings(shared_buffers=48, maintenance_memory=96)
    with EmbeddedPostgres(data_dir, settings) as server:
        assert ask(server, "SHOW shared_buffers") == "48MB"
        assert ask(server, "SHOW maintenance_work_mem") == "96MB"
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SELECT datlocale FROM pg_database WHERE datname = 'postgres'") == "C.UTF-8"
        assert server.layout.socket_dir().stat().st_mode & 0o777 == 0o700
        assert server.layout.cluster.stat().st_mode & 0o777 == 0o700


def test_the_log_never_holds_a_statement_or_its_values(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, LEAN) as server, pytest.raises(psycopg.Error):
        ask(server, "SELECT 'private words'::int")
    text = server.layout.log.read_text()
    assert "private words" not in text
    assert "ready to accept connections" in text


def test_two_holds_of_one_process_share_the_server_and_the_last_stops_it(data_dir: Path) -> None:
    first = EmbeddedPostgres(data_dir, LEAN).start()
    second = EmbeddedPostgres(data_dir, LEAN).start()
    assert first.pid() == second.pid()
    first.close()
    assert ask(second, "SELECT 1") == 1
    second.close()
    second.close()
    assert not runs(data_dir)


def test_processes_that_start_at_the_same_moment_share_one_server(data_dir: Path) -> None:
    holders = [Holder(data_dir) for _ in range(4)]
    assert len({holder.server_pid() for holder in holders}) == 1
    for holder in holders[:-1]:
        holder.end()
        assert runs(data_dir)
    holders[-1].end()
    assert not runs(data_dir)


def test_processes_that_come_and_go_at_the_same_moments_never_miss_the_server(data_dir: Path) -> None:
    for _ in range(3):
        leaving = Holder(data_dir)
        leaving.server_pid()
        coming = Holder(data_dir)
        assert leaving.process.stdin is not None
        leaving.process.stdin.close()
        pid = coming.server_pid()
        assert postmaster.is_server(pid, Layout(data_dir))
        leaving.process.stdin = None
        leaving.end()
        assert runs(data_dir)
        coming.end()
    assert not runs(data_dir)


def test_a_killed_user_leaves_the_server_and_the_next_finds_it_and_stops_it(data_dir: Path) -> None:
    holder = Holder(data_dir)
    pid = holder.server_pid()
    holder.kill()
    assert runs(data_dir)
    with EmbeddedPostgres(data_dir, LEAN) as server:
        assert server.pid() == pid
    assert not runs(data_dir)


@pytest.mark.parametrize("others", [False, True])
def test_a_user_that_is_told_twice_to_end_stops_the_server_unless_others_use_it(data_dir: Path, others: bool) -> None:
    """The second Ctrl-C ends a process wherever it is, past all that it would put away."""
    other = EmbeddedPostgres(data_dir, LEAN)
    if others:
        other.start()
    hasty = subprocess.Popen([sys.executable, "-c", HASTY, data_dir], stdout=subprocess.PIPE)
    assert hasty.stdout is not None
    for _ in range(2):
        assert hasty.stdout.readline() == b"\n"
        hasty.send_signal(signal.SIGINT)
    assert hasty.wait(timeout=10) == 130
    hasty.stdout.close()
    deadline = time.monotonic() + 3
    while not others and runs(data_dir):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert runs(data_dir) == others
    other.close()


def test_a_killed_user_does_not_keep_the_others_from_stopping_the_server(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, LEAN) as server:
        holder = Holder(data_dir)
        assert holder.server_pid() == server.pid()
        holder.kill()
    assert not runs(data_dir)


def test_a_killed_server_is_started_again_with_all_that_was_committed(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, LEAN).start()
    ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert postmaster.wait_until_gone(server.layout, pid, seconds=5)
    server.close()
    assert server.layout.pid_file.exists()
    with EmbeddedPostgres(data_dir, LEAN) as again:
        assert again.pid() != pid
        assert ask(again, "SELECT n FROM kept") == 7


@pytest.mark.parametrize("same_user", [True, False])
def test_a_process_id_that_now_belongs_to_another_program_is_survived(data_dir: Path, same_user: bool) -> None:
    with EmbeddedPostgres(data_dir, LEAN) as server:
        told = server.layout.pid_file.read_text().splitlines()
        lock = server.layout.socket_dir() / ".s.PGSQL.5432.lock"
        lock_told = lock.read_text().splitlines()
    stranger = os.getpid()
    if same_user:
        account = account_for(server.layout)
        stranger = account.start(["/bin/sleep", "60"], folder=server.layout.cluster, log=server.layout.log)
    server.layout.pid_file.write_text("\n".join([str(stranger), *told[1:]]))
    lock.write_text("\n".join([str(stranger), *lock_told[1:]]))
    account_for(server.layout).own(server.layout.pid_file)
    with EmbeddedPostgres(data_dir, LEAN) as again:
        assert ask(again, "SELECT 1") == 1
    assert postmaster.is_alive(stranger)
    if same_user:
        os.kill(stranger, signal.SIGKILL)


@pytest.mark.parametrize("rubbish", [b"", b"\xff\xfe", b"-1\nx\n", b"999999\n"])
def test_rubbish_in_the_file_of_the_process_id_is_survived(data_dir: Path, rubbish: bytes) -> None:
    with EmbeddedPostgres(data_dir, LEAN) as server:
        pass
    server.layout.pid_file.write_bytes(rubbish)
    account_for(server.layout).own(server.layout.pid_file)
    assert not runs(data_dir)
    with EmbeddedPostgres(data_dir, LEAN) as again:
        assert ask(again, "SELECT 1") == 1


def test_an_interrupted_first_start_leaves_nothing_in_the_way(data_dir: Path) -> None:
    half = Layout(data_dir).root / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data_dir, LEAN) as server:
        assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_a_path_too_long_for_a_socket_is_no_hindrance(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("é" * 60)
    with EmbeddedPostgres(deep, LEAN) as server:
        place = server.layout.socket_dir()
        assert not place.is_relative_to(deep)
        assert place.stat().st_mode & 0o777 == 0o700
        assert ask(server, "SELECT 1") == 1
    assert server.layout.socket_dir() == place
    place.rmdir()


def test_a_folder_that_somebody_else_put_in_the_sockets_place_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    place = Layout(deep).socket_dir()
    place.symlink_to(tmp_path)
    with pytest.raises(Unavailable, match="is not ours"):
        EmbeddedPostgres(deep, LEAN).start()
    place.unlink()


def test_data_of_another_major_version_are_left_alone(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, LEAN) as server:
        pass
    (server.layout.cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(OtherVersion, match="PostgreSQL 15; this program brings 18") as caught:
        EmbeddedPostgres(data_dir, LEAN).start()
    assert isinstance(caught.value, Conflict)
    assert "HIREHUB_DATA_DIR" in caught.value.hint


def test_a_server_that_cannot_start_is_told_with_its_own_words(data_dir: Path) -> None:
    with pytest.raises(PostgresFailed, match="shared memory") as caught:
        EmbeddedPostgres(data_dir, DatabaseSettings(shared_buffers=8_000_000)).start()
    assert "server.log" in caught.value.hint
    with EmbeddedPostgres(data_dir, LEAN) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_folder_that_cannot_be_made_is_told_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="Not a directory") as caught:
        EmbeddedPostgres(tmp_path / "file" / "data", LEAN).start()
    assert "HIREHUB_DATA_DIR" in caught.value.hint


def test_a_process_that_never_ends_its_turn_is_told_of(tmp_path: Path) -> None:
    with alone(tmp_path / "turn", wait=1), pytest.raises(StillBusy), alone(tmp_path / "turn", wait=0.05):
        raise AssertionError("two at once")


def test_a_ctrl_c_at_the_terminal_does_not_reach_the_server(data_dir: Path) -> None:
    holder = Holder(data_dir, new_session=True)
    pid = holder.server_pid()
    assert os.getsid(pid) == pid
    with EmbeddedPostgres(data_dir, LEAN) as server:
        os.killpg(holder.process.pid, signal.SIGINT)
        holder.process.communicate(timeout=30)
        assert ask(server, "SELECT 1") == 1


def test_a_configured_server_leaves_the_embedded_one_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database=DatabaseSettings(url="postgresql://db.example/postgres"))
    with cluster(settings) as server:
        assert server is None
    assert not (tmp_path / "data").exists()


@as_root
@on_linux
def test_root_lends_the_server_one_right_and_only_behind_closed_folders(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with EmbeddedPostgres(tmp_path / "data", LEAN) as server:
        status = Path(f"/proc/{server.pid()}/status").read_text()
    words = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert words["Uid"].split()[0] == str(server.layout.cluster.stat().st_uid) != "0"
    assert words["Groups"].strip() == ""
    assert int(words["CapEff"], 16) == 1 << launcher._CAP_DAC_OVERRIDE
    assert int(words["CapBnd"], 16) != 0


@as_root
@on_linux
def test_an_ordinary_user_and_root_can_share_the_ordinary_users_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    os.chown(home, 65534, 65534)
    holder = Holder(home / "data", lead=[sys.executable, "-I", "-S", launcher.__file__, "65534", "65534", home, "stay"])
    pid = holder.server_pid()
    assert os.geteuid() != Path(f"/proc/{holder.process.pid}").stat().st_uid == Path(f"/proc/{pid}").stat().st_uid
    with EmbeddedPostgres(home / "data", LEAN) as server:
        assert server.pid() == pid
        assert ask(server, "SELECT 1") == 1
    holder.end()
    assert not runs(home / "data")
