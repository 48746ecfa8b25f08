"""The way in: bytes or a path to a Document, read in a child process, so that no file can harm this one."""

import threading
from pathlib import Path
from typing import Any, Final

from hirehub.kernel.errors import Broken, HirehubError, Missing, Unavailable
from hirehub.services.ai.isolation.parent import Bounds, End, Outcome, run_kept
from hirehub.services.ai.text.document import Document, FileKind, document
from hirehub.services.ai.text.errors import DocumentTooSlow, damaged, too_large
from hirehub.services.ai.text.limits import Limits

_MODULE: Final = "hirehub.services.ai.text.child"
_SUBJECT: Final = "the document"
"""Stands for the file in errors: its name is often that of a person."""


def read_document(
    source: bytes | Path, limits: Limits | None = None, *, stopping: threading.Event | None = None
) -> Document:
    """The text of a file; blocks until the child has ended.

    Errors: `scan` for pages without text, and those of `text.errors`. `stopping` gives up with `stopped`.
    """
    limits = limits or Limits()
    data = _bytes(source, limits) if isinstance(source, Path) else source
    read = in_child(_MODULE, {}, data, limits, stopping=stopping)
    return document(FileKind(read["kind"]), read["pages"])


def in_child(
    module: str, job: dict[str, Any], data: bytes, limits: Limits, *, stopping: threading.Event | None = None
) -> dict[str, Any]:
    """What `module.work` makes of a file in a child process; its job holds the `limits` too. Errors as above."""
    if len(data) > limits.file_bytes:
        raise too_large(f"more than {limits.file_bytes:,} bytes")
    bounds = Bounds(limits.memory, limits.seconds, 0)
    whole = job | {"limits": limits.as_dict()}
    outcome = run_kept(module, whole, bounds, subject=_SUBJECT, data=data, stopping=stopping)
    if outcome.result is None:
        raise _failed(outcome, limits)
    return outcome.result


def _bytes(path: Path, limits: Limits) -> bytes:
    """The file's bytes, one more than are taken at most."""
    try:
        with path.open("rb") as file:
            return file.read(limits.file_bytes + 1)
    except FileNotFoundError:
        raise Missing("there is no such file", hint="Check its path.") from None
    except OSError as error:
        raise Unavailable(f"the file cannot be read ({error.strerror})", hint="Check its permissions.") from None


def _failed(outcome: Outcome, limits: Limits) -> HirehubError:
    """The error for a child that read nothing."""
    if outcome.error is not None:
        return outcome.error
    if outcome.end is End.MEMORY:
        return too_large(f"more in it than {limits.memory} MiB of memory hold")
    if outcome.end is End.TIME:
        return DocumentTooSlow(
            f"reading the file takes longer than {limits.seconds:g} seconds", hint="Send it as a plain PDF."
        )
    if outcome.end in {End.CRASH, End.UNEXPECTED}:
        return damaged(f"reading it ended with {outcome.message}")
    return Broken(f"the process that reads documents ended with {outcome.message or outcome.end}", hint="Try again.")
