"""Signals that end a command: they unwind the stack, but never out of the middle of an import.

What is raised while a library's classes are made comes out of it as an error of its own. A signal that arrives then is
raised again once the import is over; a second one ends the process at once. Little is imported here, as nothing hears
a signal before.
"""

import signal
from types import FrameType

_AGAIN_SECONDS = 0.005
_IMPORT = "<frozen importlib._bootstrap>"
_waiting: list[int] = []


def listen() -> None:
    """SIGTERM ends like Ctrl-C does: what was begun is put away first.

    A shell starts what it puts in the background with SIGINT ignored; `kill -INT` is heard all the same.
    """
    signal.signal(signal.SIGALRM, _again)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _arrived)


def _arrived(number: int, frame: FrameType | None) -> None:
    if _importing(frame):
        if _waiting:
            from hirehub.kernel.exits import end_at_once

            end_at_once(128 + number)
        _waiting.append(number)
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
    elif number == signal.SIGINT:
        raise KeyboardInterrupt
    else:
        raise SystemExit(128 + number)


def _again(_: int, frame: FrameType | None) -> None:
    """Looks whether the import is over; whoever listens by now hears the signal."""
    if _importing(frame):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
    elif _waiting:
        signal.raise_signal(signal.Signals(_waiting.pop()))


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == _IMPORT:
            return True
        frame = frame.f_back
    return False
