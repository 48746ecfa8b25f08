"""Converted models that are in use: who opens a folder holds it as long as the process lives, as its files may be
loaded long after. What nobody holds may be removed.

The system lets go of a hold when its process dies, however it ends.
"""

import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from hirehub.services.ai.embedding.manifest import MANIFEST

_held: Final[dict[Path, int]] = {}
"""The descriptor of each folder's manifest. Closing one would end the hold of the whole process."""
_holding: Final = Lock()


def hold(folder: Path) -> bool:
    """Holds the folder until the process ends; False where it is not there, or somebody has just removed it."""
    with _holding:
        known = _held.get(folder)
        if known is not None and _is_there(folder, known):
            return True
        try:
            found = os.open(folder / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        with suppress(OSError):  # where files cannot be locked, nobody removes one either
            fcntl.flock(found, fcntl.LOCK_SH)
        if not _is_there(folder, found):
            os.close(found)
            return False
        _held[folder] = found
        if known is not None:
            os.close(known)
        return True


def remove_unused(folder: Path, draft: Path) -> bool:
    """Removes the folder, by way of a draft's name, unless a process holds it."""
    try:
        found = os.open(folder / MANIFEST, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.rename(draft)
    except OSError:
        return False
    finally:
        os.close(found)
    shutil.rmtree(draft, ignore_errors=True)
    return True


def _is_there(folder: Path, descriptor: int) -> bool:
    """Whether the folder still is the one whose manifest is open."""
    try:
        return os.path.samestat((folder / MANIFEST).stat(), os.fstat(descriptor))
    except OSError:
        return False
