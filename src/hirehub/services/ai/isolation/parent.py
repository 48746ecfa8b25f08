"""Starts the child, hands it a job, and waits for its answer no longer than it may take.

The child gets nothing of our environment but where libraries lie, and no descriptor but its two pipes. When it is
killed for its memory, runs out of time or crashes, that is an ending to tell, never a fault of this process.
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
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import hirehub
from hirehub.kernel.errors import HirehubError, Invalid, Kind, LimitExceeded, Unavailable
from hirehub.services.ai.isolation.child import OUT_OF_MEMORY

_START = "import sys; sys.path.append(sys.argv[1]); from hirehub.services.ai.isolation.child import main; main()"
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")
_GRACE = 5.0
_LOOK = 0.2
"""Seconds between two looks at whether to give up."""


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
    """Runs `module.work(job, data)` in a child and blocks until it ended.

    `subject` names the file in the child's own errors. Raises Stopped when `stopping` is set meanwhile.
    """
    whole = job | {"memory": bounds.memory, "seconds": bounds.seconds, "file_bytes": bounds.file_bytes}
    out, code = _answered(module, json.dumps(whole).encode() + b"\n" + data, bounds, barred, stopping)
    if out is None:
        return _ended(code)
    try:
        answer = json.loads(out)
    except ValueError:
        return _ended(code)
    return Outcome(answer["result"]) if "result" in answer else _failed(answer, subject)


def _answered(
    module: str, given: bytes, bounds: Bounds, barred: tuple[str, ...], stopping: threading.Event | None
) -> tuple[bytes | None, int]:
    """What the child wrote, None where it was out of time, and its exit code."""
    root = str(Path(hirehub.__file__).resolve().parents[1])
    environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    environment |= {name: os.environ[name] for name in _KEPT if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-I", "-c", _START, root, module, *barred],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=os.sep,
        start_new_session=True,
    ) as child:
        feeding = _fed(child, given)
        try:
            out = _wait(child, time.monotonic() + bounds.seconds + _GRACE, stopping)
        except BaseException:
            child.kill()
            raise
        finally:
            feeding.join()
    return (out, child.returncode) if out is not None else (None, -signal.SIGXCPU)


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


def _wait(child: "subprocess.Popen[bytes]", end: float, stopping: threading.Event | None) -> bytes | None:
    """What the child answers; None when it has not by the end of its time."""
    while True:
        try:
            return child.communicate(timeout=_LOOK)[0]
        except subprocess.TimeoutExpired:
            if stopping is not None and stopping.is_set():
                raise Stopped("reading was given up, as the process ends") from None
            if time.monotonic() > end:
                child.kill()
                child.communicate()
                return None


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
