"""A resume from a file to values, made in a child process with limits: see `resume_work`."""

import threading
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from hirehub.kernel.errors import HirehubError, Kind
from hirehub.services.ai.store.tasks import Step
from hirehub.services.ai.text.limits import Limits
from hirehub.services.ai.text.reading import in_child

_MODULE: Final = "hirehub.services.ai.resume_work"
_FINAL = (Kind.INVALID, Kind.LIMIT)
"""What is wrong with the file stays wrong; all else may pass the next time."""


@dataclass
class Read:
    """What came of a file: the body that the service `resume` takes, and the steps of the work."""

    outcome: dict[str, Any]
    steps: list[Step] = field(default_factory=list)


def read_resume(content: bytes, *, today: date, limits: Limits, stopping: threading.Event | None = None) -> Read:
    """Reads a file; blocks. A file that cannot be read ends as the outcome `error` with the reason's code.

    `stopping` gives up with `stopped`.
    """
    began = time.perf_counter()
    try:
        made = in_child(_MODULE, {"today": today.isoformat()}, content, limits, stopping=stopping)
    except HirehubError as error:
        if error.kind not in _FINAL:
            raise
        failed = Step("pii_masking", _millis(began), {"bytes": len(content)}, error.code)
        return Read({"status": "error", "reason": error.code}, [failed])
    steps = [Step(name, millis, output) for name, millis, output in made["steps"]]
    return Read(made["outcome"], steps)


def _millis(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
