"""`hirehub bench` finds the scripts of a clone, says what they measure, and runs them."""

import shutil
from pathlib import Path

import pytest

from tests.support.cli import ROOT, Ran, hirehub


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with one benchmark that works and one that does not."""
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    (folder / "rows.py").write_text('"""Rows for the others."""\n')
    (folder / "quick.py").write_text(
        '"""How quick it is.\n\nMore words.\n"""\nimport sys\n\n\n'
        "def main() -> None:\n    print(sys.argv[1:])\n\n\nmain()\n"
    )
    (folder / "wrong.py").write_text('"""Fails."""\n\n\ndef main() -> None:\n    raise SystemExit(1)\n\n\nmain()\n')
    return tmp_path


def bench(clone: Path, *words: str) -> Ran:
    return hirehub("bench", *words, cwd=clone)


def test_without_a_name_they_are_listed_with_their_first_line(clone: Path) -> None:
    listed = bench(clone, "--json").document()["benchmarks"]
    assert listed == [{"name": "quick", "help": "How quick it is."}, {"name": "wrong", "help": "Fails."}]


def test_words_behind_the_name_reach_the_benchmark(clone: Path) -> None:
    ran = bench(clone, "quick", "--rows", "10")
    assert (ran.code, ran.out) == (0, "['--rows', '10']\n")


def test_one_that_fails_fails_the_command_after_all_have_run(clone: Path) -> None:
    ran = bench(clone, "all")
    assert ran.code == 1
    assert "error: wrong failed" in ran.err
    assert ran.out == "[]\n"


def test_an_unknown_one_is_told_with_those_there_are(clone: Path) -> None:
    ran = bench(clone, "slow")
    assert ran.code == 2
    assert "Use one of: quick, wrong." in ran.err


def test_installed_without_a_clone_it_says_so(tmp_path: Path) -> None:
    """The package lies in a folder that has no benchmarks beside it."""
    ignored = shutil.ignore_patterns("__pycache__", "*.parquet")
    shutil.copytree(ROOT / "src" / "hirehub", tmp_path / "lib" / "site" / "hirehub", ignore=ignored)
    ran = hirehub("bench", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "lib" / "site")})
    assert ran.code == 1
    assert "they come with a clone, not with the package" in ran.err
