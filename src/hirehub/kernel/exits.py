"""What a process must still do when it ends at once, past its `with` blocks.

A second Ctrl-C, for one, ends it wherever it is; a server that it started for itself would then run for ever. Whoever
has begun such a thing says here how to end it, and takes that back when it has ended in good order.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

_owed: list[Callable[[], None]] = []


def owe(action: Callable[[], None]) -> None:
    """The action is taken if the process ends at once; it must be quick."""
    _owed.append(action)


def settled(action: Callable[[], None]) -> None:
    """The action is not needed any more."""
    with suppress(ValueError):
        _owed.remove(action)


def end_at_once(status: int) -> NoReturn:
    """Does what is owed and ends the process, without unwinding anything."""
    for action in tuple(_owed):
        with suppress(Exception):
            action()
    os._exit(status)
