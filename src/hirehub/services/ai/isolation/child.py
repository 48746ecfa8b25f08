"""The child process: it takes its job and the file's bytes from standard input and answers on standard output.

It imports what the work needs, then gives up memory, time and file size, and only then looks at the file. Whatever
happens, the answer is one JSON document.
"""

import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.abc import MetaPathFinder
from typing import Any, TypeAlias

from hirehub.kernel.errors import HirehubError

_PR_SET_PDEATHSIG = 1
MEBIBYTE = 1 << 20
OUT_OF_MEMORY = 77
"""Exit code for a limit of memory that was reached: an answer in words might not fit any more."""

Work: TypeAlias = Callable[[dict[str, Any], bytes], dict[str, Any]]
"""What a module of work has as `work`: from the job and the file's bytes to plain values."""


class _Barred(MetaPathFinder):
    """Refuses to import what the work must do without."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Raises for what is barred, leaves everything else to others."""
        del path, target
        if fullname.partition(".")[0] in self._names:
            raise ImportError(f"{fullname} is not imported here")


def limit(memory: int, seconds: float, file_bytes: int) -> None:
    """Takes limits that cannot be given back: MiB of memory, seconds of CPU, bytes a written file may have."""
    for what, most in (
        (resource.RLIMIT_AS, memory * MEBIBYTE),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def answer(module: str, job: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Does the work; the error as plain values where it fails."""
    try:
        work: Work = import_module(module).work
        limit(job["memory"], job["seconds"], job["file_bytes"])
        return {"result": work(job, data)}
    except HirehubError as error:
        return {"kind": error.kind, "code": error.code, "message": error.message, "hint": error.hint}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # anything more could need what is not there
    except OSError as error:
        return {"code": "system", "message": error.strerror or type(error).__name__, "number": error.errno}
    except Exception as error:  # noqa: BLE001 - the edge of the process: a file of any content ends as one answer
        return {"code": "unexpected", "message": type(error).__name__}


def end_with_parent() -> None:
    """Has the system end this process when its parent dies, however that happens."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Reads the job and the bytes behind its line, answers. Arguments: where we lie, the module, what is barred."""
    end_with_parent()
    _root, module, *barred = sys.argv[1:]
    sys.meta_path.insert(0, _Barred(frozenset(barred)))
    gc.disable()
    job = json.loads(sys.stdin.buffer.readline())
    text = json.dumps(answer(module, job, sys.stdin.buffer.read()))
    sys.stdout.write(text)
    sys.stdout.flush()
