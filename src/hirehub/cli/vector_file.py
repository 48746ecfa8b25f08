"""A vector out of a file, for commands: a JSON list of numbers, or numpy's .npy. No pickle is read."""

import json
from pathlib import Path

import typer

_MOST_BYTES = 1_048_576


def read_vector(path: Path) -> list[float]:
    """The numbers in the file; `-` reads JSON from standard input."""
    try:
        floats = _npy(path) if path.suffix == ".npy" else _json(path)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{path} holds no list of numbers ({_short(error)})", param_hint="FILE") from None
    return floats


def _json(path: Path) -> list[float]:
    import sys

    text = sys.stdin.read(_MOST_BYTES) if str(path) == "-" else path.read_text("utf-8")[:_MOST_BYTES]
    found = json.loads(text)
    if not isinstance(found, list) or not all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in found
    ):
        raise ValueError("not a JSON list of numbers")
    return [float(one) for one in found]


def _npy(path: Path) -> list[float]:
    import numpy as np

    found = np.load(path, allow_pickle=False)
    if found.ndim != 1 or found.dtype.kind not in "fiu":
        raise ValueError(f"an array of {found.ndim} dimensions of {found.dtype}")
    return [float(one) for one in found]


def _short(error: Exception) -> str:
    return (error.strerror or "") if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0][:100]
