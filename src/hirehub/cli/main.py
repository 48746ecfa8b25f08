"""The entry point of the command `hirehub`.

Signals are listened to before anything that takes time is imported, so that Ctrl-C at any moment is no trace.
"""

import os
import signal
import sys

from hirehub.cli import signals


def main() -> None:
    """Runs the command line of this process."""
    signals.listen()
    _open_missing()
    try:
        from hirehub.cli.commands import run

        run(sys.argv[1:])
    except KeyboardInterrupt:
        raise SystemExit(128 + signal.SIGINT) from None


def _open_missing() -> None:
    """A stream that the caller closed leads nowhere; the next file that is opened would be given its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - open as long as the process
