"""Which user of the machine the server runs as, and how a program is started as that user."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from hirehub.kernel.postgres import launcher
from hirehub.kernel.postgres.errors import OtherOwner, PostgresUnavailable
from hirehub.kernel.postgres.layout import Layout

_DROPPED = ("PG", "LC_", "LANG")


@dataclass(frozen=True)
class Account:
    """A user of the machine."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Makes the path this user's, readable by nobody else."""
        path.chmod(0o700)
        if path.stat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid)

    def run(self, words: list[str], *, folder: Path, timeout: float) -> "subprocess.CompletedProcess[str]":
        """Runs a program to its end."""
        return subprocess.run(
            self._words(words, folder, "stay"),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            start_new_session=True,
            check=False,
        )

    def start(self, words: list[str], *, folder: Path, log: Path) -> int:
        """Starts a program that outlives this process and hears no Ctrl-C; gives its process id."""
        with log.open("ab") as sink:
            done = subprocess.run(
                self._words(words, folder, "leave"),
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=sink,
                start_new_session=True,
                check=False,
            )
        if done.returncode != 0:
            raise PostgresUnavailable("PostgreSQL could not be started as another user.", hint=f"See {log}.")
        return int(done.stdout)

    def _words(self, words: list[str], folder: Path, mode: str) -> list[str]:
        lead = [sys.executable, "-I", "-S", launcher.__file__, str(self.uid), str(self.gid), str(folder), mode]
        return lead + words


def account_for(layout: Layout) -> Account:
    """The owner of an existing cluster; for a new one this process's user, or `nobody` in place of root."""
    try:
        status = layout.cluster.stat()
    except FileNotFoundError:
        return _nobody() if os.geteuid() == 0 else Account(os.geteuid(), os.getegid())
    if os.geteuid() == 0:
        return Account(status.st_uid, status.st_gid) if status.st_uid != 0 else _nobody()
    if status.st_uid != os.geteuid():
        raise OtherOwner(
            f"The database in {layout.cluster} belongs to {user_name(status.st_uid)}.",
            hint="Run as that user, or set HIREHUB_DATA_DIR to a folder of your own.",
        )
    return Account(os.geteuid(), os.getegid())


def user_name(uid: int) -> str:
    """The user's name, or its number where the machine has no name for it."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresUnavailable(
            "PostgreSQL does not run as root, and this machine has no user `nobody` to run it as.",
            hint="Run as an ordinary user, or set HIREHUB_DATABASE__URL to a PostgreSQL server.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _environment() -> dict[str, str]:
    """The environment of this process without what would change the server's or initdb's mind."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
