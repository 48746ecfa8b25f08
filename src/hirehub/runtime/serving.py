"""What goes around parts while they run: logs, the embedded server, migrated tables; the same for `serve` and `up`."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from hirehub.kernel.module import PartSpec, resolve
from hirehub.kernel.postgres import cluster
from hirehub.kernel.settings import LogSettings, Settings
from hirehub.kernel.telemetry import configure_logging, configure_tracing
from hirehub.runtime.databases import prepare
from hirehub.runtime.modules import modules_of, with_database


@contextmanager
def surroundings(settings: Settings, chosen: Sequence[PartSpec], *, upgrade: bool) -> Iterator[None]:
    """Everything that the parts stand on, for the block; the embedded server stops with its last user.

    `upgrade` brings the tables of a configured server to this program's revision; those of the embedded one always are.
    """
    configure_logging(settings.log)
    flush = configure_tracing(settings.telemetry)
    importing = _import_ahead(chosen)
    try:
        keepers = with_database(modules_of(chosen))
        with cluster(settings) if keepers else contextlib.nullcontext():
            prepare(settings, keepers, upgrade=upgrade or settings.database.url is None)
            importing.join()
            yield
    finally:
        flush()


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
