"""Runs a program as another user, in a session of its own; a script for a child process, it imports nothing of ours.

PostgreSQL refuses to run as root. Started by root it runs as an ordinary user who may not enter root's folders, so the
one right to pass by file permissions (CAP_DAC_OVERRIDE) goes along, and only where it is needed.

Usage: launcher.py UID GID FOLDER stay|leave PROGRAM [ARGUMENT...]
FOLDER becomes the working directory. `stay`: becomes the program. `leave`: prints the program's process id and ends,
so that the program is no child of the process that asked for it.
"""

import ctypes
import os
import sys

_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


def main(words: list[str]) -> None:
    """Changes user, then becomes or starts the program."""
    uid, gid, folder, mode, *program = words
    if os.geteuid() == 0:
        change_user(int(uid), int(gid), folder, program[0])
    os.umask(0o077)
    os.chdir(folder)
    if mode == "leave":
        child = os.fork()
        if child:
            print(child, flush=True)  # noqa: T201 - the answer to the process that asked
            return
        os.setsid()
        os.dup2(2, 1)
    os.execv(program[0], program)  # noqa: S606 - a path of ours, no shell


def change_user(uid: int, gid: int, folder: str, program: str) -> None:
    """Becomes the user; takes along the right to enter other people's folders where the program would need it."""
    libc = ctypes.CDLL(None, use_errno=True)
    linux = sys.platform == "linux"
    if linux:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if not linux:
        return
    needed = not (os.access(folder, os.W_OK | os.X_OK) and os.access(program, os.X_OK))
    keep_only(libc, 1 << _CAP_DAC_OVERRIDE if needed else 0)
    if needed:
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def keep_only(libc: ctypes.CDLL, capabilities: int) -> None:
    """Gives up all capabilities but these; where even these are not ours to keep, all."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    for wanted in (capabilities, 0):
        if libc.capset(header, (ctypes.c_uint32 * 6)(wanted, wanted, wanted, 0, 0, 0)) == 0:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
