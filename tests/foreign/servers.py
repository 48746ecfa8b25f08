"""Servers as a person starts them: `hirehub …` in a process of its own, on a free port."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from tests.support.cli import ROOT, environment

READY_SECONDS = 40


def free_port() -> int:
    """A port that nothing listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(words: list[str], port: int, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Runs `hirehub WORDS` until the block ends; gives HOST:PORT once something listens there."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hirehub", *words], cwd=ROOT, env=environment(env), stdout=log, stderr=log
        )
        try:
            if not _listens(process, port):
                log.seek(0)
                raise AssertionError(f"hirehub {' '.join(words)} did not come up:\n{log.read()[-4000:]}")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listens(process: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False
