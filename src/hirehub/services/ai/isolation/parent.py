"""Hands a child process a job, and waits for its answer no longer than it may take.

The child gets nothing of our environment but where libraries lie, and no descriptor but the two ways to us. When it is
killed for its memory, runs out of time or crashes, that is an ending to tell, never a fault of this process. Small
files that come often are read by children of a kept process, which are there at once; see `forking`.
"""

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import hirehub
from hirehub.kernel.errors import HirehubError, Invalid, Kind, LimitExceeded, Unavailable
from hirehub.services.ai.isolation.child import OUT_OF_MEMORY
from hirehub.services.ai.isolation.kept import LOOK, Kept

_START = "import sys; sys.path.append(sys.argv[1]); from hirehub.services.ai.isolation.{} import main; main()"
_PASSED_ON = ("LD_LIBRARY_PATH", "SYSTEMROOT")
_GRACE = 5.0


class Stopped(Unavailable):
    """The process ends, and with it what was being read."""

    code = "stopped"


@dataclass(frozen=True)
class Bounds:
    """What a child may take."""

    memory: int
    """MiB."""
    seconds: float
    file_bytes: int
    """Bytes that a file written by it may have."""


class End(StrEnum):
    """How a child ended that gave no result."""

    MEMORY = "memory"
    TIME = "time"
    SPACE = "space"
    CRASH = "crash"
    SYSTEM = "system"
    UNEXPECTED = "unexpected"
    TOLD = "told"
    OTHER = "other"


@dataclass(frozen=True)
class Outcome:
    """The result of the work, or how it ended without one."""

    result: dict[str, Any] | None
    end: End | None = None
    message: str = ""
    error: HirehubError | None = None
    """The child's own error, for End.TOLD."""


def run(
    module: str,
    job: dict[str, Any],
    bounds: Bounds,
    *,
    subject: str,
    data: bytes = b"",
    barred: tuple[str, ...] = (),
    stopping: threading.Event | None = None,
) -> Outcome:
    """Runs `module.work(job, data)` in a child of its own and blocks until it ended.

    `subject` names the file in the child's own errors. Raises Stopped when `stopping` is set meanwhile.
    """
    given, look = _given(job, bounds, data), _look(bounds, stopping)
    with _started("child", module, *barred, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        feeding = _fed(child, given)
        try:
            out = _waited(child, look)
        except BaseException:
            child.kill()
            raise
        finally:
            feeding.join()
    return _outcome(out, child.returncode, subject)


def run_kept(
    module: str,
    job: dict[str, Any],
    bounds: Bounds,
    *,
    subject: str,
    data: bytes,
    stopping: threading.Event | None = None,
) -> Outcome:
    """As `run`, in a child of the module's kept process. The module must begin no thread when it is imported."""
    out, code = kept(module).answered(_given(job, bounds, data), _look(bounds, stopping))
    return _outcome(out, code, subject)


@cache
def kept(module: str) -> Kept:
    """The kept process of a module."""
    return Kept(lambda way: _started("forking", module, stdin=way.fileno(), stdout=subprocess.DEVNULL))


def _given(job: dict[str, Any], bounds: Bounds, data: bytes) -> bytes:
    """A child's input: a line of what to do, and the file."""
    whole = job | {"memory": bounds.memory, "seconds": bounds.seconds, "file_bytes": bounds.file_bytes}
    return json.dumps(whole).encode() + b"\n" + data


def _look(bounds: Bounds, stopping: threading.Event | None) -> Callable[[], bool]:
    """Asked often whether to wait on: False when the time is over, Stopped when the process ends."""
    end = time.monotonic() + bounds.seconds + _GRACE

    def look() -> bool:
        if stopping is not None and stopping.is_set():
            raise Stopped("reading was given up, as the process ends")
        return time.monotonic() <= end

    return look


def _started(way: str, module: str, *barred: str, stdin: int, stdout: int) -> "subprocess.Popen[bytes]":
    """A process of ours that knows nothing of us."""
    root = str(Path(hirehub.__file__).resolve().parents[1])
    environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    environment |= {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _START.format(way), root, module, *barred],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=os.sep,
        start_new_session=True,
    )


def _fed(child: "subprocess.Popen[bytes]", given: bytes) -> threading.Thread:
    """Writes to the child beside us, until it has all or is gone.

    `communicate` cannot: after its first time-out it writes no more, and a child with half its file waits for ever.
    """
    pipe, child.stdin = child.stdin, None
    if pipe is None:
        raise TypeError("a child is fed through a pipe")

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), pipe:
            pipe.write(given)

    thread = threading.Thread(target=write, name="feeding", daemon=True)
    thread.start()
    return thread


def _waited(child: "subprocess.Popen[bytes]", look: Callable[[], bool]) -> bytes | None:
    """What the child answers; None when it has not by the end of its time."""
    while look():
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.communicate(timeout=LOOK)[0]
    child.kill()
    child.communicate()
    return None


def _outcome(out: bytes | None, code: int, subject: str) -> Outcome:
    """What a child's output and exit code say."""
    if out is None:
        return Outcome(None, End.TIME)
    try:
        answer = json.loads(out)
    except ValueError:
        return _ended(code)
    return Outcome(answer["result"]) if "result" in answer else _failed(answer, subject)


def _ended(code: int) -> Outcome:
    """How a child ended that gave no answer."""
    if code == OUT_OF_MEMORY:
        return Outcome(None, End.MEMORY)
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Outcome(None, End.TIME)
    if code in {-signal.SIGBUS, -signal.SIGSEGV, -signal.SIGABRT}:
        return Outcome(None, End.CRASH, signal.Signals(-code).name)
    return Outcome(None, End.OTHER, str(code))


def _failed(answer: dict[str, Any], subject: str) -> Outcome:
    """The error that the child answered."""
    if answer["code"] == "system":
        ends = {errno.EFBIG: End.SPACE, errno.ENOMEM: End.MEMORY}
        return Outcome(None, ends.get(answer["number"], End.SYSTEM), answer["message"])
    if answer["code"] == "unexpected":
        return Outcome(None, End.UNEXPECTED, answer["message"])
    return Outcome(None, End.TOLD, error=_told(subject, answer))


def _told(subject: str, answer: dict[str, Any]) -> HirehubError:
    """The child's own error, with the file's name before it."""
    kind = Kind(answer["kind"])
    base = {Kind.LIMIT: LimitExceeded, Kind.UNAVAILABLE: Unavailable}.get(kind, Invalid)
    told = type("Told", (base,), {"kind": kind, "code": str(answer["code"])})
    error = told(f"{subject}: {answer['message']}", hint=answer["hint"])
    if not isinstance(error, HirehubError):
        raise TypeError("an error of the child is an error of ours")
    return error
