"""Making a cluster, whole or not at all, and saying who may enter it."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from hirehub.kernel.postgres.account import Account, user_name
from hirehub.kernel.postgres.errors import OtherVersion, PostgresFailed, PostgresUnavailable
from hirehub.kernel.postgres.layout import Layout, Programs

_MAKING = "cluster.new"
_SECONDS = 120.0


def make_cluster(layout: Layout, programs: Programs, account: Account) -> None:
    """Makes a cluster in a folder beside its place and moves it there, so that a killed attempt leaves no half one."""
    making = layout.root / _MAKING
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    account.own(making)
    words = [str(programs.initdb), "-D", str(making), "-U", "postgres", "-A", "trust", "--no-instructions"]
    words += ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if sys.platform == "linux":
        words.append("--sync-method=syncfs")
    try:
        done = account.run(words, folder=making, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise PostgresFailed("Making the database took too long.", hint="Is the disk full or very slow?") from None
    if done.returncode != 0:
        complaint = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise PostgresUnavailable(
            f"The database could not be made in {layout.root}: {complaint}",
            hint="Mend that, or set HIREHUB_DATA_DIR to another folder.",
        )
    making.rename(layout.cluster)


def refuse_other_version(layout: Layout, programs: Programs) -> None:
    """Raises OtherVersion where the cluster was made by another major version."""
    version = (layout.cluster / "PG_VERSION").read_text("ascii").strip()
    if version != str(programs.major):
        raise OtherVersion(
            f"The database in {layout.cluster} is of PostgreSQL {version}; this program brings {programs.major}.",
            hint="Dump it with the program that made it, or set HIREHUB_DATA_DIR to another folder.",
        )


def prepare_access(layout: Layout, account: Account) -> None:
    """Lets in the cluster's owner, this process's user and root, as any role, through the socket; nobody else."""
    _private_folder(layout.socket_dir(), account)
    names = sorted({user_name(uid) for uid in (account.uid, os.geteuid(), 0)})
    quoted = ['"{}"'.format(name.replace('"', '""')) for name in names]
    _write(layout.cluster / "pg_hba.conf", "local all all peer map=hirehub\n", account)
    _write(layout.cluster / "pg_ident.conf", "".join(f"hirehub {name} all\n" for name in quoted), account)


def _write(path: Path, text: str, account: Account) -> None:
    if path.exists() and path.read_text("utf-8", "replace") == text:
        return
    path.write_text(text, "utf-8")
    account.own(path)
    path.chmod(0o600)


def _private_folder(path: Path, account: Account) -> None:
    """Makes the folder; refuses one that somebody else has put there."""
    path.mkdir(mode=0o700, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {account.uid, os.geteuid()}:
        raise PostgresUnavailable(
            f"{path} is there already, and it is not ours.",
            hint="Remove it, or set HIREHUB_DATA_DIR to a shorter path.",
        )
    account.own(path)
