"""Runs the command `hirehub` as people do: a process of its own, with an environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without the product's own variables, then `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HIREHUB_")}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "120", **(extra or {})}


def hirehub(
    *words: str, env: Mapping[str, str] | None = None, cwd: Path | None = None, text: str = "", timeout: float = 60
) -> Ran:
    """Runs `hirehub WORDS` to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "hirehub", *words],
        env=environment(env),
        cwd=cwd or ROOT,
        input=text,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def python(code: str, *, env: Mapping[str, str] | None = None, timeout: float = 60) -> Ran:
    """Runs a piece of Python to its end."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
