"""Reads a pickle in a child process with limits, and turns however that ends into an error that says what to do."""

import threading
from dataclasses import dataclass
from pathlib import Path

from hirehub.kernel.errors import Broken, HirehubError, LimitExceeded, Unavailable
from hirehub.services.ai.columns import Columns
from hirehub.services.ai.isolation.parent import Bounds, End, Outcome, run
from hirehub.services.ai.shape import Shape
from hirehub.services.ai.sources.pickles.nodes import damaged

_MODULE = "hirehub.services.ai.sources.pickles.child"
_BARRED = ("pandas",)
"""What numpy and pyarrow would otherwise look for."""


class PickleTooLarge(LimitExceeded):
    """The pickle, or what it turns into, is larger than the settings allow."""

    code = "pickle_too_large"


class PickleTooSlow(LimitExceeded):
    """Reading the pickle takes longer than the settings allow."""

    code = "pickle_too_slow"


@dataclass(frozen=True)
class Limits:
    """What reading one pickle may take."""

    file_bytes: int
    memory: int
    seconds: float
    rows: int


def read_pickle(
    path: Path,
    folder: Path,
    shape: Shape,
    columns: Columns,
    *,
    limits: Limits,
    largest_row: int,
    stopping: threading.Event,
) -> None:
    """Writes the pickle's rows into a new folder; blocks until the child has ended."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise PickleTooLarge(
            f"{path.name} has {size} bytes, {limits.file_bytes} are taken",
            hint="Write it as Parquet, or raise HIREHUB_AI__LIMITS__FILE_BYTES.",
        )
    job = {
        "path": str(path.resolve()),
        "folder": str(folder.resolve()),
        "domain": shape.domain,
        "mapping": columns.as_dict(),
        "mapping_name": columns.name,
        "largest_row": largest_row,
        "most_rows": limits.rows,
    }
    bounds = Bounds(limits.memory, limits.seconds, limits.file_bytes)
    outcome = run(_MODULE, job, bounds, subject=path.name, barred=_BARRED, stopping=stopping)
    if outcome.result is None:
        raise _failed(path, outcome, limits)


def _failed(path: Path, outcome: Outcome, limits: Limits) -> HirehubError:
    """The error for a child that read nothing."""
    if outcome.error is not None:
        return outcome.error
    if outcome.end is End.MEMORY:
        return PickleTooLarge(
            f"reading {path.name} takes more than {limits.memory} MiB of memory",
            hint="Write it as Parquet, or raise HIREHUB_AI__LIMITS__MEMORY.",
        )
    if outcome.end is End.SPACE:
        return PickleTooLarge(
            f"the rows of {path.name} take more than {limits.file_bytes} bytes",
            hint="Write it as Parquet, or raise HIREHUB_AI__LIMITS__FILE_BYTES.",
        )
    if outcome.end is End.TIME:
        return PickleTooSlow(
            f"reading {path.name} takes longer than {limits.seconds:g} seconds",
            hint="Write it as Parquet, or raise HIREHUB_AI__LIMITS__SECONDS.",
        )
    if outcome.end is End.CRASH:
        return damaged(f"reading {path.name} ended with {outcome.message}")
    if outcome.end is End.SYSTEM:
        return Unavailable(f"{path.name}: {outcome.message}", hint="Check the file and the room on the disk.")
    if outcome.end is End.UNEXPECTED:
        return damaged(f"{path.name} holds what no frame does ({outcome.message})")
    return Broken(f"the process that reads {path.name} ended with {outcome.message}", hint="Try again.")
