"""Points at which a test can kill the process: all of them are listed here, and cost nothing unless one is armed.

HIREHUB_FAULT=before_commit:3 ends the process by SIGKILL when it reaches `before_commit` for the third time.
"""

import os
import signal
from typing import Final

POINTS: Final = (
    "after_receive",
    "after_decode",
    "after_begin",
    "after_metadata",
    "after_store",
    "after_turn",
    "after_dead_letters",
    "after_checkpoint",
    "before_commit",
    "after_commit",
    "before_end",
)
"""In the order in which a group of rows reaches them."""


class _Armed:
    """The point at which this process dies, and how many times it is passed before."""

    def __init__(self, setting: str) -> None:
        self.point, _, times = setting.partition(":")
        self.left = int(times or 1)


_setting = os.environ.get("HIREHUB_FAULT")
_armed = _Armed(_setting) if _setting else None


def reach(point: str) -> None:
    """Passes a point of `POINTS`, or dies there."""
    if _armed is None or _armed.point != point:
        return
    _armed.left -= 1
    if _armed.left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
