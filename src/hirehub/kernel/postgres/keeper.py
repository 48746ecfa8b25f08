"""Keeps the embedded server running for somebody who only asked for its address, as long as somebody is connected.

Run as a process of its own: `python -m hirehub.kernel.postgres.keeper DATA_DIR SECONDS`. It ends, and the server with
it unless others use that, once no session but its own has been open for so many seconds.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from hirehub.kernel.errors import HirehubError
from hirehub.kernel.postgres.server import EmbeddedPostgres
from hirehub.kernel.settings import DatabaseSettings

_PAUSE = 0.5
_HELD = b"held\n"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def keep_running(server: EmbeddedPostgres, seconds: float) -> None:
    """Hands the running server to a keeper; returns once it holds it. Call while holding the server oneself."""
    words = [sys.executable, "-m", __name__, str(server.layout.data_dir.absolute()), str(seconds)]
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )
    if process.stdout is not None:
        with process.stdout as answer:
            answer.read(len(_HELD))
    process.returncode = process.poll() or 0


def keep(data_dir: Path, seconds: float) -> None:
    """Holds the server until it has been idle for that time, or is gone."""
    with EmbeddedPostgres(data_dir, DatabaseSettings()) as server:
        sys.stdout.buffer.write(_HELD)
        sys.stdout.flush()
        with psycopg.connect(server.admin_dsn(), autocommit=True, application_name="hirehub keeper") as connection:
            quiet_since = time.monotonic()
            while time.monotonic() - quiet_since < seconds:
                time.sleep(_PAUSE)
                row = connection.execute(_OTHERS).fetchone()
                if row is None or row[0]:
                    quiet_since = time.monotonic()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        keep(Path(sys.argv[1]), float(sys.argv[2]))
    except (psycopg.Error, HirehubError, OSError):
        sys.exit(1)
