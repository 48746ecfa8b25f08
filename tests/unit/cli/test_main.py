"""The command line as a whole: what `--help` costs, what it says, and how wrong words end."""

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hirehub.cli.commands import TABLE, load
from tests.support.cli import ROOT, environment, hirehub, python

HEAVY = ("numpy", "grpc", "sqlalchemy", "strawberry", "pyarrow", "psycopg", "pydantic_settings", "rich", "uvicorn")


def test_help_imports_nothing_heavy() -> None:
    """The list of commands is read from a table, no command is imported for it."""
    ran = python(
        "import sys\n"
        "from hirehub.cli.main import main\n"
        "sys.argv = ['hirehub', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    assert ran.err.strip() == "[]"
    assert "vectors" in ran.out


def test_help_answers_at_once() -> None:
    """Processor time of the best of five starts: other work on the machine does not count against it."""
    spent = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert hirehub("--help").code == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert min(spent) < 0.3


def test_a_mistyped_command_is_told_with_the_nearest_one() -> None:
    """One line, with the next step, and the code of wrong usage."""
    ran = hirehub("setings")
    assert ran.code == 2
    assert ran.err == "error: No such command 'setings'. Did you mean 'settings'? — See hirehub --help.\n"


def test_an_unknown_option_ends_with_the_help_to_read() -> None:
    """The hint names the command whose help to read."""
    ran = hirehub("settings", "--no-such-option")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("— See hirehub settings --help.\n")


def test_settings_of_a_name_that_none_holds_are_wrong_usage() -> None:
    """An empty answer would look as if all was well."""
    ran = hirehub("settings", "nosuch")
    assert (ran.code, ran.out) == (2, "")
    assert "no setting's name holds 'nosuch'" in ran.err


def test_without_words_the_help_is_shown() -> None:
    """A newcomer who types the name alone is not told off."""
    ran = hirehub()
    assert ran.code == 0
    assert "Commands:" in ran.out


def test_a_group_without_a_command_shows_its_help() -> None:
    """As wrong usage, so that a script notices."""
    ran = hirehub("vectors")
    assert ran.code == 2
    assert "\nCommands:\n" in ran.err


def test_the_shell_completes_the_names_that_serve_takes() -> None:
    """Services and their halves, out of the one list."""
    ran = hirehub(env={"_HIREHUB_COMPLETE": "complete_bash", "COMP_WORDS": "hirehub serve v", "COMP_CWORD": "2"})
    assert ran.out.split() == ["vectors", "vectors.batch", "vectors.api"]


def test_the_version_is_told() -> None:
    """`--version` prints name and version."""
    assert hirehub("--version").out.startswith("hirehub 0.")


def test_the_shell_completes_commands_from_the_table() -> None:
    """bash asks through two variables; the answer needs no command's module."""
    ran = hirehub(env={"_HIREHUB_COMPLETE": "complete_bash", "COMP_WORDS": "hirehub se", "COMP_CWORD": "1"})
    assert ran.out.split() == ["serve", "settings"]


def test_the_shell_completes_options_of_a_command() -> None:
    """Behind a command its own options are offered."""
    ran = hirehub(env={"_HIREHUB_COMPLETE": "complete_bash", "COMP_WORDS": "hirehub settings --re", "COMP_CWORD": "2"})
    assert ran.out.split() == ["--reference"]


@pytest.mark.parametrize("name", TABLE)
def test_the_table_says_what_the_command_says(name: str) -> None:
    """The list is read from the table, so its lines must not drift from the commands' own help."""
    assert str(load(name).help).splitlines()[0] == TABLE[name].help


def test_every_command_offers_json() -> None:
    """Scripts need not know which commands do. `db psql` becomes another program and has no answer of its own."""
    lacking = {path for name in TABLE for path, command in leaves(name, load(name)) if not offers_json(command)}
    assert lacking == {"db psql"}


def leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """The commands below a command, with the words that call them."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, inner in below.items():
        yield from leaves(f"{path} {name}", inner)


def offers_json(command: Any) -> bool:
    """Whether `--json` is one of its options."""
    return any("--json" in param.opts for param in command.params)


def test_a_signal_in_the_middle_of_an_import_ends_the_command_once_the_import_is_over(tmp_path: Path) -> None:
    """Libraries turn what is raised while their classes are made into errors of their own."""
    (tmp_path / "classes.py").write_text(
        "import os, signal\n"
        "try:\n    os.kill(os.getpid(), signal.SIGTERM)\n    sum(range(1000000))\n"
        "except BaseException:\n    raise ValueError\n"
    )
    ran = python(
        "from hirehub.cli import signals\n"
        "from hirehub.cli.output import guard\n"
        "signals.listen()\n"
        "with guard():\n    import classes\n    import time\n    time.sleep(10)",
        env={"PYTHONPATH": str(tmp_path)},
    )
    assert (ran.code, ran.err) == (143, "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_at_any_moment_of_the_start_ends_without_a_trace(number: signal.Signals, code: int) -> None:
    """Wherever the command is while it imports what it needs."""
    for step in range(1, 8):
        process = subprocess.Popen(
            [sys.executable, "-X", "importtime", "-m", "hirehub", "settings"],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        while "hirehub.cli.signals" not in process.stderr.readline():
            assert process.poll() is None
        time.sleep(step * 0.05)
        process.send_signal(number)
        _, told = process.communicate(timeout=20)
        rest = [line for line in told.splitlines() if not line.startswith("import time:")]
        over = {0, -number}  # it had ended, or the interpreter was ending
        assert (process.returncode in {code, *over}, rest) == (True, []), (step, process.returncode)


def test_a_command_whose_output_is_closed_ends_as_any_other() -> None:
    """What is opened later does not get the number of standard output."""
    ran = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m hirehub settings >&-"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
