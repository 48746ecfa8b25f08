"""Reads a pickle in a child process with limits, and turns however that ends into an error that says what to do.

The child gets nothing of our environment but where libraries lie, and no descriptor but its two pipes. When it is
killed for its memory, runs out of time or crashes, that is an error of the file, never of this process.
"""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hirehub
from hirehub.kernel.errors import Broken, HirehubError, Invalid, Kind, LimitExceeded, Unavailable
from hirehub.services.ai.columns import Columns
from hirehub.services.ai.shape import Shape
from hirehub.services.ai.sources.pickles.child import OUT_OF_MEMORY
from hirehub.services.ai.sources.pickles.nodes import damaged

_MODULE = "hirehub.services.ai.sources.pickles.child"
_START = f"import sys; sys.path.append(sys.argv[1]); from {_MODULE} import main; main()"
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")
_GRACE = 5.0
_LOOK = 0.2
"""Seconds between two looks at whether to give up."""


class PickleTooLarge(LimitExceeded):
    """The pickle, or what it turns into, is larger than the settings allow."""

    code = "pickle_too_large"


class Stopped(Unavailable):
    """The process ends, and with it what was being read."""

    code = "stopped"


class PickleTooSlow(LimitExceeded):
    """Reading the pickle takes longer than the settings allow."""

    code = "pickle_too_slow"


@dataclass(frozen=True)
class Limits:
    """What reading one pickle may take."""

    file_bytes: int
    memory: int
    seconds: float
    rows: int


def read_pickle(
    path: Path,
    folder: Path,
    shape: Shape,
    columns: Columns,
    *,
    limits: Limits,
    largest_row: int,
    stopping: threading.Event,
) -> None:
    """Writes the pickle's rows into a new folder; blocks until the child has ended."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise PickleTooLarge(
            f"{path.name} has {size} bytes, {limits.file_bytes} are taken",
            hint="Write it as Parquet, or raise HIREHUB_AI__LIMITS__FILE_BYTES.",
        )
    job = {
        "path": str(path.resolve()),
        "folder": str(folder.resolve()),
        "domain": shape.domain,
        "mapping": columns.as_dict(),
        "mapping_name": columns.name,
        "memory": limits.memory,
        "seconds": limits.seconds,
        "file_bytes": limits.file_bytes,
        "largest_row": largest_row,
        "most_rows": limits.rows,
    }
    outcome, code = _run(job, limits, stopping)
    if outcome is None:
        raise _died(path, code, limits)
    if outcome:
        raise _failed(path, outcome, limits)


def _run(job: dict[str, Any], limits: Limits, stopping: threading.Event) -> tuple[dict[str, Any] | None, int]:
    """Runs the child; its answer, None when there is none, and its exit code."""
    root = str(Path(hirehub.__file__).resolve().parents[1])
    environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    environment |= {name: os.environ[name] for name in _KEPT if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-I", "-c", _START, root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=os.sep,
        start_new_session=True,
    ) as child:
        try:
            out = _wait(child, json.dumps(job).encode(), time.monotonic() + limits.seconds + _GRACE, stopping)
        except BaseException:
            child.kill()
            raise
    if out is None:
        return None, -signal.SIGXCPU
    try:
        return json.loads(out), child.returncode
    except ValueError:
        return None, child.returncode


def _wait(child: "subprocess.Popen[bytes]", job: bytes, end: float, stopping: threading.Event) -> bytes | None:
    """What the child answers; None when it has not by the end of its time."""
    given: bytes | None = job
    while True:
        try:
            return child.communicate(given, timeout=_LOOK)[0]
        except subprocess.TimeoutExpired:
            given = None
            if stopping.is_set():
                raise Stopped("reading was given up, as the process ends") from None
            if time.monotonic() > end:
                child.kill()
                child.communicate()
                return None


def _died(path: Path, code: int, limits: Limits) -> HirehubError:
    """The error for a child that gave no answer."""
    if code == OUT_OF_MEMORY:
        return _too_large(path, limits)
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return PickleTooSlow(
            f"reading {path.name} takes longer than {limits.seconds:g} seconds",
            hint="Write it as Parquet, or raise HIREHUB_AI__LIMITS__SECONDS.",
        )
    if code in {-signal.SIGBUS, -signal.SIGSEGV, -signal.SIGABRT}:
        return damaged(f"reading {path.name} ended with {signal.Signals(-code).name}")
    return Broken(f"the process that reads {path.name} ended with {code}", hint="Try again.")


def _failed(path: Path, outcome: dict[str, Any], limits: Limits) -> HirehubError:
    """The error that the child answered."""
    if outcome["code"] == "system":
        if outcome["number"] == errno.EFBIG:
            return PickleTooLarge(
                f"the rows of {path.name} take more than {limits.file_bytes} bytes",
                hint="Write it as Parquet, or raise HIREHUB_AI__LIMITS__FILE_BYTES.",
            )
        if outcome["number"] == errno.ENOMEM:
            return _too_large(path, limits)
        return Unavailable(f"{path.name}: {outcome['message']}", hint="Check the file and the room on the disk.")
    if outcome["code"] == "unexpected":
        return damaged(f"{path.name} holds what no frame does ({outcome['message']})")
    return _told(path, outcome)


def _too_large(path: Path, limits: Limits) -> PickleTooLarge:
    return PickleTooLarge(
        f"reading {path.name} takes more than {limits.memory} MiB of memory",
        hint="Write it as Parquet, or raise HIREHUB_AI__LIMITS__MEMORY.",
    )


def _told(path: Path, outcome: dict[str, Any]) -> HirehubError:
    """The child's own error, with the file's name before it."""
    kind = Kind(outcome["kind"])
    base = {Kind.LIMIT: LimitExceeded, Kind.UNAVAILABLE: Unavailable}.get(kind, Invalid)
    told = type("Told", (base,), {"kind": kind, "code": str(outcome["code"])})
    error = told(f"{path.name}: {outcome['message']}", hint=outcome["hint"])
    if not isinstance(error, HirehubError):
        raise TypeError("an error of the child is an error of ours")
    return error
