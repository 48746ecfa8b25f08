"""A vector out of a file, for commands: a JSON list of numbers, or numpy's .npy. No pickle is read."""

import io
import json
from pathlib import Path

import typer

_MOST_BYTES = 1_048_576
"""Many times what the longest vector takes, however it is written."""


def read_vector(path: Path) -> list[float]:
    """The numbers in the file; `-` reads JSON from standard input."""
    try:
        content = _content(path)
        floats = _npy(content) if path.suffix == ".npy" else _json(content)
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise typer.BadParameter(f"{path} holds no list of numbers ({_short(error)})", param_hint="FILE") from None
    return floats


def _content(path: Path) -> bytes:
    import sys

    if str(path) == "-":
        content = sys.stdin.buffer.read(_MOST_BYTES + 1)
    else:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError(f"more than {_MOST_BYTES:,} bytes")
    return content


def _json(content: bytes) -> list[float]:
    found = json.loads(content.decode("utf-8"))
    if not isinstance(found, list) or not all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in found
    ):
        raise ValueError("not a JSON list of numbers")
    return found


def _npy(content: bytes) -> list[float]:
    import numpy as np

    found = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    if found.ndim != 1 or found.dtype.kind not in "fiu":
        raise ValueError(f"an array of {found.ndim} dimensions of {found.dtype}")
    return [float(one) for one in found]


def _short(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return text.splitlines()[0][:100]
