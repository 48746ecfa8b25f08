"""The life of the embedded server.

Every process that uses the server shares the lock on `lease`. Whoever lets go and then gets that lock alone was the
last, and stops the server. Starting and stopping happen under `turn`, one process at a time. A process that was killed
loses its locks and leaves the server running; the next one finds it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

from hirehub.kernel import exits
from hirehub.kernel.postgres import postmaster
from hirehub.kernel.postgres.account import Account, account_for
from hirehub.kernel.postgres.errors import PostgresFailed, StillBusy, refused
from hirehub.kernel.postgres.initialise import make_cluster, prepare_access, refuse_other_version
from hirehub.kernel.postgres.layout import PORT, Layout, Programs, find_programs
from hirehub.kernel.postgres.locks import FileLock, alone
from hirehub.kernel.postgres.options import server_options
from hirehub.kernel.postgres.postmaster import State
from hirehub.kernel.settings import DatabaseSettings, Settings

START_SECONDS = 120.0
"""Most that a start may take; one after a crash replays the log first."""

STOP_SECONDS = 2.5
"""How long the last user waits for a stop; the server then goes on writing and ends by itself."""

_ABANDON_SECONDS = 0.5
"""The same for a process that ends at once."""

_ATTEMPTS = 20
_LOG_BYTES = 4_000_000
SUPERUSER = "postgres"


class EmbeddedPostgres:
    """A hold on the server of one data directory. Use it as a context manager, or `start` and `close`."""

    def __init__(self, data_dir: Path, settings: DatabaseSettings | None = None) -> None:
        self.layout = Layout(data_dir)
        self._settings = settings or DatabaseSettings()
        self._lease = FileLock(self.layout.lease)
        self._held = False

    def start(self) -> Self:
        """Makes sure that the server runs, and holds it."""
        if self._held:
            return self
        try:
            self.layout.data_dir.mkdir(parents=True, exist_ok=True)
            self.layout.root.mkdir(mode=0o711, exist_ok=True)
            with alone(self.layout.turn, wait=START_SECONDS):
                self._take_hold()
        except OSError as error:
            self._lease.release()
            raise refused(error) from error
        except BaseException:
            self._lease.release()
            raise
        self._held = True
        exits.owe(self._abandon)
        return self

    def revive(self) -> bool:
        """Starts the server again where it has died under its users; True when it did."""
        if not self._held or postmaster.look(self.layout) is not None:
            return False
        with alone(self.layout.turn, wait=START_SECONDS):
            self._ensure_running()
        return True

    def close(self) -> None:
        """Lets go; the last user stops the server. Who takes long to start it meanwhile is the last in our place."""
        self._let_go(STOP_SECONDS)
        exits.settled(self._abandon)

    def _abandon(self) -> None:
        self._let_go(_ABANDON_SECONDS)

    def _let_go(self, wait: float) -> None:
        if not self._held:
            return
        self._held = False
        try:
            with suppress(StillBusy), alone(self.layout.turn, wait=wait):
                if self._lease.try_alone():
                    self._stop(wait)
                self._lease.release()
        finally:
            self._lease.release()

    def admin_dsn(self, database: str = "postgres") -> str:
        """Address of a database for the superuser."""
        return dsn(self.layout, database, SUPERUSER)

    def pid(self) -> int | None:
        """Process id of the running server."""
        found = postmaster.look(self.layout)
        return found.pid if found else None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take_hold(self) -> None:
        """Shares the lease and makes sure that the server runs; given up on the way, it leaves none without a user."""
        try:
            self._lease.take_shared()
            self._ensure_running()
        except BaseException:
            if self._lease.try_alone():
                self._stop()
            raise

    def _ensure_running(self) -> None:
        programs = find_programs()
        deadline = time.monotonic() + START_SECONDS
        while (found := postmaster.look(self.layout)) is not None:
            if found.state is State.READY:
                return
            if time.monotonic() > deadline:
                raise PostgresFailed(f"PostgreSQL stays {found.state}.", hint=f"See {self.layout.log}.")
            time.sleep(postmaster.PAUSE)
        account = account_for(self.layout)
        if not (self.layout.cluster / "PG_VERSION").exists():
            make_cluster(self.layout, programs, account)
        refuse_other_version(self.layout, programs)
        prepare_access(self.layout, account)
        self._turn_log()
        self._launch(programs, account)

    def _launch(self, programs: Programs, account: Account) -> None:
        """Starts the server; tries again while processes of a killed one still hold its shared memory."""
        words = [str(programs.postgres), "-D", str(self.layout.cluster), "-k", str(self.layout.socket_dir())]
        words += server_options(self._settings)
        for _ in range(_ATTEMPTS):
            postmaster.forget_foreign(self.layout)
            said = self.layout.log.stat().st_size if self.layout.log.exists() else 0
            pid = account.start(words, folder=self.layout.cluster, log=self.layout.log)
            try:
                if self._wait_until_ready(pid):
                    return
            except BaseException:
                postmaster.ask_to_stop(pid)
                postmaster.wait_until_gone(self.layout, pid, seconds=STOP_SECONDS)
                raise
            words_of_log = self._log_since(said)
            if "still in use" not in words_of_log:
                break
            time.sleep(0.25)
        raise PostgresFailed(
            f"PostgreSQL did not start: {_last_complaint(words_of_log)}", hint=f"See {self.layout.log}."
        )

    def _wait_until_ready(self, pid: int) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            found = postmaster.look(self.layout)
            if found is not None and found.pid == pid and found.state is State.READY:
                return True
            if not postmaster.is_alive(pid):
                return False
            time.sleep(postmaster.PAUSE)
        return False

    def _stop(self, wait: float = STOP_SECONDS) -> None:
        found = postmaster.look(self.layout)
        if found is None:
            return
        postmaster.ask_to_stop(found.pid)
        postmaster.wait_until_gone(self.layout, found.pid, seconds=wait)

    def _turn_log(self) -> None:
        """Keeps one older log, so that neither grows without bound."""
        with suppress(FileNotFoundError):
            if self.layout.log.stat().st_size > _LOG_BYTES:
                self.layout.log.replace(self.layout.log.with_suffix(".log.1"))

    def _log_since(self, offset: int) -> str:
        with self.layout.log.open("rb") as file:
            file.seek(offset)
            return file.read(100_000).decode("utf-8", "replace")


@contextmanager
def cluster(settings: Settings) -> Iterator[EmbeddedPostgres | None]:
    """The embedded server for the block; None, and nothing done, where settings name another server."""
    if settings.database.url is not None:
        yield None
        return
    with EmbeddedPostgres(settings.data_dir, settings.database) as server:
        yield server


def dsn(layout: Layout, database: str, user: str) -> str:
    """Address that libpq, psql and psycopg take. The socket's folder is a parameter, as a path is no host name."""
    place = urlencode({"host": str(layout.socket_dir()), "port": PORT}, quote_via=quote)
    return f"postgresql://{quote(user)}@/{quote(database)}?{place}"


def _last_complaint(text: str) -> str:
    lines = [
        line.strip() for line in text.splitlines() if "FATAL" in line or "PANIC" in line or "error" in line.lower()
    ]
    return lines[-1][-300:] if lines else "it ended without a word"
