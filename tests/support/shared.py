"""Finds the folder of data and checks that may lie beside a clone; a test that needs it skips, by name, without it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def shared_dir() -> Path:
    """The folder `shared` beside the clone."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder `shared` beside the clone")
    return folder
