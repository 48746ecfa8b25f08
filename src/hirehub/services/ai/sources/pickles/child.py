"""The child process that reads one pickle: it takes its job from standard input and answers on standard output.

Before it looks at the file it gives up memory, time, file size and the making of processes, and bars pandas, so that
nothing of it can be imported. Whatever happens, the answer is one JSON document.
"""

import gc
import json
import os
import resource
import signal
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

from hirehub.kernel.errors import HirehubError

_PR_SET_PDEATHSIG = 1
MEBIBYTE = 1 << 20
OUT_OF_MEMORY = 77
"""Exit code for a limit of memory that was reached: an answer in words might not fit any more."""


class _Barred(MetaPathFinder):
    """Refuses to import pandas, which numpy and pyarrow would otherwise look for."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Raises for pandas, leaves everything else to others."""
        del path, target
        if fullname.partition(".")[0] == "pandas":
            raise ImportError("pandas is not imported here")


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


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Does the job; the error as plain values where it fails."""
    try:
        from hirehub.services.ai import columns, shape
        from hirehub.services.ai.sources.pickles.convert import convert

        limit(job["memory"], job["seconds"], job["file_bytes"])
        mapping = columns.parse_columns(job["mapping_name"], job["mapping"])
        convert(
            Path(job["path"]),
            Path(job["folder"]),
            shape.by_name(job["domain"]),
            mapping,
            largest_row=job["largest_row"],
            most_rows=job["most_rows"],
        )
    except HirehubError as error:
        return {"kind": error.kind, "code": error.code, "message": error.message, "hint": error.hint}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # anything more could need what is not there
    except OSError as error:
        return {"code": "system", "message": error.strerror or type(error).__name__, "number": error.errno}
    except Exception as error:  # noqa: BLE001 - the edge of the process: a file of any content ends as one answer
        return {"code": "unexpected", "message": type(error).__name__}
    return {}


def end_with_parent() -> None:
    """Has the system end this process when its parent dies, however that happens."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Reads the job, answers it."""
    end_with_parent()
    sys.meta_path.insert(0, _Barred())
    gc.disable()
    job = json.load(sys.stdin)
    text = json.dumps(answer(job))
    sys.stdout.write(text)
    sys.stdout.flush()
