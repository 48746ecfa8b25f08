"""docs/reference is what the code says now, and no page sends its reader astray."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from graphql import parse, validate
from typer.core import TyperCommand, TyperGroup

from hirehub.cli.commands import TABLE, load
from hirehub.runtime.settings_table import reference
from hirehub.services.vectors.graphql.schema import core
from tests.support.shared import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
WRITTEN = [name for name in NAMES if "/reference/" not in name]
WORDS_OF_TESTS = {"HIREHUB_FAULT"}


@lru_cache
def command(name: str) -> TyperCommand | TyperGroup:
    """A command of the table."""
    return load(name)


def commands_in(text: str) -> Iterator[list[str]]:
    """The words of every `hirehub …` line of a page's blocks, and of those quoted in its text."""
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    lines += re.findall(r"`(hirehub [^`\n]+)`", text)
    for line in lines:
        for inner in re.findall(r"(?:^|[\s(])(?:\.venv/bin/)?hirehub ([a-z][^)|#>&]*)", line):
            yield shlex.split(inner.replace('"', " ").replace("…", " ").replace("NAME", "ai"))


def complaint(words: list[str]) -> str | None:
    """What is wrong with a command line: an unknown command or option."""
    if words[0] not in TABLE:
        return f"no command {words[0]}"
    found: TyperCommand | TyperGroup = command(words[0])
    rest = words[1:]
    while isinstance(found, TyperGroup) and rest:
        inner = found.commands.get(rest[0])
        if not isinstance(inner, TyperCommand | TyperGroup):
            return f"no command {rest[0]} below {found.name}"
        found, rest = inner, rest[1:]
    known = {option for param in found.params for option in (*param.opts, *param.secondary_opts)} | {"--help"}
    wrong = [word for word in rest if word.startswith("-") and word.split("=")[0] not in known]
    return f"{found.name} has no {', '.join(wrong)}" if wrong else None


def test_the_reference_is_what_the_code_says_now() -> None:
    script = ROOT / "scripts" / "generate_reference.py"
    done = subprocess.run([sys.executable, str(script), "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    page = ROOT / name
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    local = [target for target in targets if not target.startswith("http")]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_every_command_of_a_page_exists_with_its_options(name: str) -> None:
    found = [(words, complaint(words)) for words in commands_in((ROOT / name).read_text("utf-8"))]
    assert [(words, wrong) for words, wrong in found if wrong] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_every_query_of_a_page_is_one_of_the_schema(name: str) -> None:
    queries = re.findall(r"```graphql\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    wrong = [str(error) for query in queries for error in validate(core(), parse(query))]
    assert wrong == []


def test_the_pages_name_no_setting_that_is_not_there() -> None:
    known = set(re.findall(r"HIREHUB_[A-Z_]+[A-Z]", reference()))
    known |= {name.rsplit("__", cut)[0] for name in known for cut in range(1, name.count("__") + 1)}
    named = {word for page in PAGES for word in re.findall(r"HIREHUB_[A-Z_]+[A-Z]", page.read_text("utf-8"))}
    named = {name for name in named if not name.startswith("HIREHUB_SERVICES__")}  # a service each, whatever its name
    assert named - known - WORDS_OF_TESTS == set()


def test_a_wrong_option_in_a_page_would_be_noticed() -> None:
    words = next(commands_in("```sh\nhirehub vectors ingest recruit --form 127.0.0.1:1\n```"))
    assert complaint(words) == "ingest has no --form"


def test_no_page_is_left_out_of_its_folder_s_list() -> None:
    lists = [ROOT / "docs" / room / "README.md" for room in ("how-to", "architecture", "decisions", "reference")]
    missing = [
        page.name
        for contents in lists
        for page in contents.parent.glob("*.md")
        if page != contents and f"({page.name})" not in contents.read_text("utf-8")
    ]
    assert missing == []


def test_the_tables_of_contents_lie_where_a_reader_looks() -> None:
    rooms = {path.name for path in (ROOT / "docs").iterdir() if path.is_dir()}
    assert {"tutorial", "how-to", "reference", "architecture", "decisions"} <= rooms
    assert Path(ROOT / "docs" / "README.md").is_file()


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("invalid", "The input cannot be accepted as it is."), ("graphql_validation_failed", "A query that does not fit")],
)
def test_a_code_is_explained_by_the_error_that_owns_it(code: str, meaning: str) -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith(f"| `{code}` |")]
    assert meaning in row
