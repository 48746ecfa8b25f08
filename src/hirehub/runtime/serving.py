"""What goes around parts while they run: logs, the embedded server, migrated tables; the same for `serve` and `up`."""

import contextlib
import resource
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from hirehub.kernel.errors import HirehubError
from hirehub.kernel.module import PartSpec, resolve
from hirehub.kernel.postgres import EmbeddedPostgres, cluster
from hirehub.kernel.settings import LogSettings, Settings
from hirehub.kernel.telemetry import configure_logging, configure_tracing, get_logger
from hirehub.runtime.databases import prepare
from hirehub.runtime.modules import keepers_of

_log = get_logger(__name__)

_FILES = 65_536
_SETTLE_SECONDS = 2.0
"""After the start."""
_LOOK_SECONDS = 1.0
"""Between two looks at the embedded server."""


@contextmanager
def surroundings(settings: Settings, chosen: Sequence[PartSpec], *, upgrade: bool) -> Iterator[None]:
    """Everything that the parts stand on, for the block; the embedded server stops with its last user.

    `upgrade` brings the tables of a configured server to this program's revision; those of the embedded one always are.
    """
    _raise_file_limit()
    configure_logging(settings.log)
    flush = configure_tracing(settings.telemetry)
    importing = _import_ahead(chosen)
    try:
        keepers = keepers_of(chosen)
        with cluster(settings) if keepers else contextlib.nullcontext() as server, _kept_alive(server):
            prepare(settings, keepers, upgrade=upgrade or settings.database.url is None)
            importing.join()
            with _settled_soon(server):
                yield
    finally:
        flush()


def _raise_file_limit() -> None:
    """Takes as many open files as the system lets us: each file that is served and each connection is one or more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextmanager
def _settled_soon(server: EmbeddedPostgres | None) -> Iterator[None]:
    """Has the embedded server write to its files what the start has made, soon after it: else the end would wait for
    that, and on a fresh data directory longer than a person does.
    """
    if server is None:
        yield
        return

    def checkpoint() -> None:
        with contextlib.suppress(psycopg.Error), psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    timer = threading.Timer(_SETTLE_SECONDS, checkpoint)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _kept_alive(server: EmbeddedPostgres | None) -> Iterator[None]:
    """Starts the embedded server again when it dies under us: nobody else would."""
    if server is None:
        yield
        return
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            try:
                if server.revive():
                    _log.warning("postgres_started_again")
            except (HirehubError, OSError) as error:
                _log.error("postgres_is_gone", reason=str(error))

    watching = threading.Thread(target=watch, name="postgres", daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def quiet(settings: Settings) -> Settings:
    """The settings with a log of warnings only, unless a level was chosen."""
    if "level" in settings.log.model_fields_set:
        return settings
    log = LogSettings(**{**settings.log.model_dump(exclude_unset=True), "level": "warning"})
    return settings.model_copy(update={"log": log})


def _import_ahead(chosen: Sequence[PartSpec]) -> threading.Thread:
    """Imports the parts' code while PostgreSQL starts; what fails here fails again, and is told, when built."""

    def work() -> None:
        for spec in chosen:
            with contextlib.suppress(Exception):
                resolve(spec.build)

    thread = threading.Thread(target=work, name="import", daemon=True)
    thread.start()
    return thread
