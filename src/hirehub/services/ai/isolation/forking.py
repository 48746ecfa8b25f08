"""The kept process: it imports what the work needs once, then forks a child for each job, which is there at once.

It takes a socket for each job on its standard input, a socket too. The child reads its job and answers there; this
process only adds how the child ended. A socket that is closed from the other side ends its child, and the end of the
input ends all. It has one thread and never looks at a file, so that every child begins with the same clean state.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
from importlib import import_module

from hirehub.services.ai.isolation.child import answer, end_with_parent

LINE = b"\n"
"""Ends the answer, which is one line of JSON or nothing."""
STATUS = struct.Struct("!iq")
"""Behind that line: the child's exit code (negative for a signal) and the KiB that it held at most."""
_SECONDS = 1.0
"""A reader that has gone to sleep must not hold the others."""
_CRASHED = 70


class Forks:
    """The children that run, by their jobs' sockets."""

    def __init__(self, module: str, control: socket.socket) -> None:
        self._module, self._control = module, control
        self._running: dict[int, socket.socket] = {}
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        os.set_blocking(self._woken, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._poll.register(self._woken, select.POLLIN)

    def serve(self) -> None:
        """Forks until the input ends, then ends what still runs."""
        while True:
            for fd, _events in self._poll.poll():
                if fd == self._woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self._woken, 4096)
                elif fd != self._control.fileno():
                    self._given_up(fd)
                elif not self._begun():
                    for pid in self._running:
                        os.kill(pid, signal.SIGKILL)
                    return
            self._reap()

    def _begun(self) -> bool:
        """Forks a child for the job that came; False when none will come any more."""
        data, fds, _flags, _address = socket.recv_fds(self._control, 1, 1)
        if not data or not fds:
            return False
        job = socket.socket(fileno=fds[0])
        pid = os.fork()
        if pid == 0:
            self._work(job)
        self._running[pid] = job
        self._poll.register(job, 0)  # tells that the other side has closed it, and nothing else
        return True

    def _work(self, job: socket.socket) -> None:
        """The child: never returns."""
        code = _CRASHED
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            end_with_parent()
            self._control.close()
            os.close(self._woken)
            os.close(self._waker)
            for other in self._running.values():
                other.close()
            with job.makefile("rb") as given:
                wanted, data = json.loads(given.readline()), given.read()
            job.sendall(json.dumps(answer(self._module, wanted, data)).encode())
            code = 0
        finally:
            os._exit(code)

    def _given_up(self, fd: int) -> None:
        """Ends the child whose job nobody waits for."""
        self._poll.unregister(fd)
        for pid, job in self._running.items():
            if job.fileno() == fd:
                os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        """Tells how children ended, each behind its answer."""
        while self._running:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            with self._running.pop(pid) as job, contextlib.suppress(OSError):
                with contextlib.suppress(KeyError):
                    self._poll.unregister(job)
                job.settimeout(_SECONDS)
                job.sendall(LINE + STATUS.pack(os.waitstatus_to_exitcode(status), used.ru_maxrss))


def main() -> None:
    """Serves. Arguments: where we lie, the module of the work, which may have a `prepare` to call once."""
    module = sys.argv[2]
    work = import_module(module)
    if hasattr(work, "prepare"):
        work.prepare()
    gc.collect()
    gc.disable()
    gc.freeze()
    Forks(module, socket.socket(fileno=0)).serve()
