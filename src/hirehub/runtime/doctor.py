"""What the product needs, checked one by one: each check tells how it stands and how to mend it, and changes nothing.

An embedded server that has data is started for the checks and stopped again; one that was never made stays unmade.
"""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from hirehub.kernel.errors import HirehubError
from hirehub.kernel.grpc import PortTaken
from hirehub.kernel.grpc.security import server_credentials
from hirehub.kernel.settings import Settings, load
from hirehub.runtime import hold, ports
from hirehub.runtime.doctor_servers import check_databases, check_redis
from hirehub.runtime.findings import Finding, fail, ok, warn
from hirehub.runtime.settings_table import misspelt, settings_table
from hirehub.services.vectors.domain.cron import valid

_GIB = 1_073_741_824
_DISK_FAIL, _DISK_WARN = _GIB // 4, 2 * _GIB


def examine() -> Iterator[Finding]:
    """Runs every check, each told as soon as it is known. Without settings that can be used nothing else is asked."""
    yield ok("python", f"{platform.python_version()} at {sys.executable}")
    try:
        settings = load(Settings)
        settings_table()
    except HirehubError as error:
        yield fail("settings", error.message, error.hint)
        return
    for name, check in _CHECKS.items():
        try:
            yield from check(settings)
        except HirehubError as error:
            yield fail(name, error.message, error.hint)


def check_settings(_: Settings) -> Iterator[Finding]:
    """Every variable with the product's prefix is a setting, and every time of a schedule can be read."""
    for row in settings_table():
        if row.name.endswith("CRON") and row.value:
            valid(row.value, row.name)
    strange = misspelt()
    for name, near in strange:
        mend = f"Did you mean {near}?" if near else "Remove it; `hirehub settings` lists what there is."
        yield warn("settings", f"{name} sets nothing", mend)
    if not strange:
        yield ok("settings", "every value can be used")


def check_data_dir(settings: Settings) -> Iterator[Finding]:
    """The data directory can be written, and by nobody else."""
    place = settings.data_dir
    if not place.exists():
        above = _nearest(place)
        if os.access(above, os.W_OK | os.X_OK):
            yield ok("data directory", f"{place} is not there yet; it will be made")
        else:
            yield fail("data directory", f"{place} cannot be made in {above}", _OTHER_PLACE)
        return
    if not place.is_dir() or not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        yield fail("data directory", f"{place} cannot be written", f"Mend its rights. {_OTHER_PLACE}")
    elif place.stat().st_mode & stat.S_IWOTH:
        yield warn("data directory", f"{place} can be written by everybody", f"Run: chmod o-w {place}")
    else:
        yield ok("data directory", str(place))


_OTHER_PLACE = "Set HIREHUB_DATA_DIR to a folder of your own."


def check_disk(settings: Settings) -> Iterator[Finding]:
    """There is room for rows and for building an index."""
    free = shutil.disk_usage(_nearest(settings.data_dir)).free
    told = f"{free / _GIB:.1f} GiB free at {settings.data_dir}"
    if free < _DISK_FAIL:
        yield fail("disk", told, "Make room, or set HIREHUB_DATA_DIR to another disk.")
    elif free < _DISK_WARN:
        yield warn("disk", told, "Make room before a large load: 100,000 rows of 384 floats take about 0.6 GiB.")
    else:
        yield ok("disk", told)


def check_ports(settings: Settings) -> Iterator[Finding]:
    """Every port is free, or held by this product."""
    running = hold.told(settings.data_dir)
    for row in settings_table():
        if not row.name.endswith("PORT") or row.value == "0":
            continue
        host = settings.http.host if row.name.startswith("HIREHUB_HTTP") else settings.grpc.host
        name = f"port {row.value}"
        try:
            ports.listen(host, int(row.value)).close()
        except PortTaken as error:
            found = ports.holder(int(row.value))
            if found is not None and (found.ours or found.pid == running.get("pid")):
                yield ok(name, f"held by the product ({found})")
            else:
                yield fail(name, error.message, error.hint)
        except HirehubError as error:
            yield fail(name, error.message, error.hint)
        else:
            yield ok(name, f"free ({row.name})")


def check_listener(settings: Settings) -> Iterator[Finding]:
    """The network cannot reach gRPC in plaintext."""
    server_credentials(settings.grpc)
    yield ok("gRPC", f"listens on {settings.grpc.host}")


def _nearest(place: Path) -> Path:
    """The folder itself, or the nearest above it that exists."""
    return next(folder for folder in (place.absolute(), *place.absolute().parents) if folder.exists())


_CHECKS: dict[str, Callable[[Settings], Iterator[Finding]]] = {
    "settings": check_settings,
    "data directory": check_data_dir,
    "disk": check_disk,
    "ports": check_ports,
    "gRPC": check_listener,
    "PostgreSQL": check_databases,
    "Redis": check_redis,
}
"""Each with the name under which an error of its own is told."""
