"""The check of sizes notices a room that is too large."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHECK = ROOT / "scripts" / "check_sizes.py"


def check(root: Path) -> subprocess.CompletedProcess[str]:
    """Runs the check over a checkout."""
    return subprocess.run([sys.executable, str(CHECK), str(root)], capture_output=True, text=True, check=False)


def new_checkout(folder: Path) -> Path:
    """An empty repository."""
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    return folder


def test_a_long_file_is_told(tmp_path: Path) -> None:
    """A file of 401 lines fails, with its name and both numbers."""
    (new_checkout(tmp_path) / "long.py").write_text("x = 1\n" * 401, "utf-8")
    result = check(tmp_path)
    assert result.returncode == 1
    assert "long.py: 401 lines, the limit is 400" in result.stdout


def test_a_long_function_is_told(tmp_path: Path) -> None:
    """A function of 61 lines fails, with its place."""
    (new_checkout(tmp_path) / "wide.py").write_text("def f():\n" + "    x = 1\n" * 60, "utf-8")
    result = check(tmp_path)
    assert result.returncode == 1
    assert "wide.py:1: f has 61 lines, the limit is 60" in result.stdout


def test_rooms_within_the_limits_pass(tmp_path: Path) -> None:
    """400 lines and 60 lines are allowed."""
    (new_checkout(tmp_path) / "fine.py").write_text("def f():\n" + "    x = 1\n" * 59 + "y = 1\n" * 340, "utf-8")
    result = check(tmp_path)
    assert result.returncode == 0, result.stdout
