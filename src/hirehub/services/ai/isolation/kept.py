"""Jobs for the kept process of a module: what comes back, and how long is waited for it."""

import contextlib
import select
import socket
import subprocess
import threading
import weakref
from collections.abc import Callable

from hirehub.services.ai.isolation.forking import LINE, STATUS

LOOK = 0.2
"""Seconds between two looks at whether to give up."""
_PIECE = 1 << 18


class Kept:
    """The kept process of one module: begun by the first job, and again where it is gone. Threads may share it."""

    def __init__(self, start: Callable[[socket.socket], "subprocess.Popen[bytes]"]) -> None:
        """`start` begins the process, with the socket as its standard input."""
        self._start, self._lock = start, threading.Lock()
        self._control: socket.socket | None = None
        self._end: Callable[[], object] = lambda: None
        self.largest = 0
        """KiB that the largest of its children held."""

    def answered(self, given: bytes, look: Callable[[], bool]) -> tuple[bytes | None, int]:
        """What the child wrote and its exit code; None for the first when `look` was False, which is asked often."""
        code = 1
        for _ in range(2):  # the process may have gone since the last job
            job, control = self._job()
            with job:
                out = _exchanged(job, given, look)
            if out is None:
                return None, code
            answer, _, status = out.partition(LINE)
            if len(status) == STATUS.size:
                code, held = STATUS.unpack(status)
                self.largest = max(self.largest, held)
                return answer, code
            self._gone(control)
        return b"", code

    def _job(self) -> tuple[socket.socket, socket.socket]:
        """Our end of a new job's socket, the other end being the process's, and the way to that process."""
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            if self._control is None or not _handed(self._control, theirs):
                self._control = self._begun()
                _handed(self._control, theirs)
            return ours, self._control

    def _gone(self, control: socket.socket) -> None:
        """A process that left a job without its end hands out no other, though it may seem to take them a while."""
        with self._lock:
            if self._control is control:
                self._control = None

    def _begun(self) -> socket.socket:
        """The way to a new process; what is left of an earlier one ends."""
        self._end()
        control, theirs = socket.socketpair()
        with theirs:
            process = self._start(theirs)
        self._end = weakref.finalize(self, _ended, control, process)
        return control


def _handed(control: socket.socket, job: socket.socket) -> bool:
    """Hands the job's socket over; False where the process is gone."""
    try:
        socket.send_fds(control, [b"j"], [job.fileno()])
    except OSError:
        return False
    return True


def _ended(control: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    """Ends a kept process: its input ends, and with it all that it does."""
    control.close()
    process.wait()


def _exchanged(job: socket.socket, given: bytes, look: Callable[[], bool]) -> bytes | None:
    """Sends all and takes all that comes, both at once, until the other side closes; None when `look` says so."""
    job.setblocking(False)
    rest = memoryview(given)
    got: list[bytes] = []
    poll = select.poll()
    poll.register(job, select.POLLIN | select.POLLOUT)
    while look():
        for _fd, events in poll.poll(LOOK * 1000):
            if rest and events & select.POLLOUT:
                rest = rest[_sent(job, rest) :]
                if not rest:
                    poll.modify(job, select.POLLIN)
            if events & ~select.POLLOUT:
                piece = _taken(job)
                if not piece:
                    return b"".join(got)
                got.append(piece)
    return None


def _sent(job: socket.socket, rest: memoryview) -> int:
    """How much was sent; all for a child that takes no more. After the last byte the job's end is told."""
    try:
        count = job.send(rest)
    except BlockingIOError:
        return 0
    except OSError:
        return len(rest)
    if count == len(rest):
        with contextlib.suppress(OSError):
            job.shutdown(socket.SHUT_WR)
    return count


def _taken(job: socket.socket) -> bytes:
    """What came; nothing at the end."""
    try:
        return job.recv(_PIECE)
    except ConnectionResetError:  # it ended before it had read all
        return b""
