"""Ports of this machine: whether one is free, which setting names it, and which process holds it.

Asked before anything slow is started, so that a taken port is told at once and in words that help.
"""

import errno
import socket
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from hirehub.kernel.errors import Invalid
from hirehub.kernel.grpc import PortTaken
from hirehub.runtime.settings_table import Setting, settings_table


class AddressUnusable(Invalid):
    """The address to listen on is none of this machine's, or the port needs more rights."""

    code = "address_unusable"


@dataclass(frozen=True)
class Holder:
    """The process that listens on a port, as far as this user may know it."""

    pid: int
    name: str
    ours: bool
    """Whether it is a process of this product."""

    def __str__(self) -> str:
        return f"{self.name}, process {self.pid}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that is bound and listens; port 0 takes a free one. Raises PortTaken or AddressUnusable."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise taken(host, port) from error
        raise AddressUnusable(
            f"Nothing can listen on {host}:{port} ({error.strerror})",
            hint=f"Change {setting_of(port)}, or the host beside it.",
        ) from error


def refuse_taken(host: str, ports: Sequence[int]) -> None:
    """Raises PortTaken for the first of the ports that is not free."""
    for port in ports:
        if port:
            listen(host, port).close()


def taken(host: str, port: int) -> PortTaken:
    """The error of a taken port: where, by whom, and the setting that moves it."""
    found = holder(port)
    who = f" ({found})" if found else ""
    return PortTaken(
        f"Port {port} on {host} is taken{who}",
        hint=f"Stop that process, or set {setting_of(port)} to another port.",
    )


def setting_of(port: int, table: Sequence[Setting] | None = None) -> str:
    """The variable that names the port now."""
    rows = settings_table() if table is None else table
    found = [row.name for row in rows if row.name.endswith("PORT") and row.value == str(port)]
    return " or ".join(found) or "its setting"


def holder(port: int) -> Holder | None:
    """Who listens on the port; None where nobody does, or this user may not see who."""
    try:
        connections = psutil.net_connections("tcp")
    except (psutil.Error, OSError):
        return None
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
            return _holder(connection.pid)
    return None


def _holder(pid: int) -> Holder | None:
    try:
        process = psutil.Process(pid)
        words = [word.rpartition("/")[2] for word in process.cmdline()[:4]]
        return Holder(pid, process.name(), "hirehub" in words)
    except psutil.Error:
        return None
