"""The settings that the embedded server is started with, as words of its command line: no file needs an edit."""

import os

from hirehub.kernel.settings import DatabaseSettings

_FIXED = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_wal_size": "4GB",
    "max_parallel_maintenance_workers": "2",
    "wal_compression": "off",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_line_prefix": "%m [%p] ",
}
"""The log tells of the server, never of statements: errors, statements and details hold values of rows."""


_POOLS = 20
"""Of one process that runs everything: two for each database, that of facts among them, and one or two to spare."""
_BESIDE = 60
"""Connections beside those: listeners, commands, and other processes."""


def server_options(settings: DatabaseSettings) -> list[str]:
    """The words after the program's name."""
    values = _FIXED | {
        "max_connections": str(_BESIDE + _POOLS * settings.pool_size),
        "shared_buffers": f"{settings.shared_buffers}MB",
        "maintenance_work_mem": f"{settings.maintenance_memory}MB",
        "dynamic_shared_memory_type": _shared_memory(settings.maintenance_memory),
    }
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


def _shared_memory(maintenance_mib: int) -> str:
    """Files of the cluster where /dev/shm is too small for a parallel index build (64 MiB in most containers)."""
    try:
        place = os.statvfs("/dev/shm")  # noqa: S108 - where the C library keeps shared memory; nothing is written here
    except OSError:
        return "mmap"
    return "posix" if place.f_bavail * place.f_frsize > (maintenance_mib + 128) * 1_048_576 else "mmap"
