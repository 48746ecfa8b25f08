"""Generates `docs/reference/` from the code: commands, settings, errors, the GraphQL schema and the wire contract.

    python scripts/generate_reference.py            writes the pages
    python scripts/generate_reference.py --check    names the pages that are not current, and exits 1 if there are any

Nothing of the machine that runs it shows: no variable, no path, no address, no width of a terminal.
"""

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typer
    from typer.core import TyperCommand, TyperGroup

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "reference"
MADE = "<!-- Made by scripts/generate_reference.py from the code; edit that instead. -->\n\n"
WIDTH = 100
SCRIPTS = {"__main__", "env", "migrations"}
"""Modules that do their work when they are imported; they define no error."""


def pages() -> dict[str, str]:
    """Every page by its file's name."""
    return {
        "README.md": contents(),
        "cli.md": cli(),
        "settings.md": settings(),
        "errors.md": errors(),
        "graphql.md": graphql(),
        "grpc.md": grpc(),
        "facts.md": facts(),
        "asyncapi.json": asyncapi(),
    }


def contents() -> str:
    """The page that leads to the others."""
    return (
        f"{MADE}# Reference\n\nMade from the code by `make reference`; a test fails when a page is not current.\n\n"
        "- [Commands and exit codes](cli.md)\n"
        "- [Settings](settings.md)\n"
        "- [Errors](errors.md)\n"
        "- [GraphQL schema](graphql.md)\n"
        "- [gRPC contract](grpc.md)\n"
        "- [Facts](facts.md), as [AsyncAPI](asyncapi.json)\n"
    )


def facts() -> str:
    """The facts: topics, who tells and hears them, fields."""
    from hirehub.runtime.facts import FACTS, hearers, tellers

    parts = [f"{MADE}# Facts\n\nThe same as an [AsyncAPI document](asyncapi.json), or by `hirehub events spec`.\n"]
    for kind in FACTS:
        told, heard = ", ".join(tellers(kind.topic)) or "-", ", ".join(hearers(kind.topic)) or "-"
        fields = "\n".join(f"- `{name}`" for name in kind.model_fields)
        summary = (kind.__doc__ or "").splitlines()[0]
        parts.append(
            f"## {kind.topic}\n\n{summary} Key: `{kind.key_field}`. Told by: {told}. Heard by: {heard}.\n\n{fields}\n"
        )
    return "\n".join(parts)


def asyncapi() -> str:
    """The facts as an AsyncAPI document."""
    import json

    from hirehub.runtime.facts import asyncapi as document

    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def cli() -> str:
    """The help of every command, and the exit codes."""
    import typer

    from hirehub.cli.commands import PROGRAM, TABLE, load, root
    from hirehub.cli.output import EXIT_CODES

    top = root()
    context = typer.Context(
        top, info_name=PROGRAM, terminal_width=WIDTH, max_content_width=WIDTH, **top.context_settings
    )
    parts = [f"{MADE}# Commands\n\n```text\n{top.get_help(context).rstrip()}\n```\n"]
    for name in TABLE:
        parts += _help(load(name), name, context)
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    parts.append(f"## Exit codes\n\n| code | meaning |\n|---|---|\n{codes}\n")
    return "\n".join(parts)


def _help(command: "TyperCommand | TyperGroup", name: str, parent: "typer.Context") -> Iterator[str]:
    """The help of a command and of all below it."""
    import typer

    context = typer.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH)
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    for below, inner in getattr(command, "commands", {}).items():
        yield from _help(inner, below, context)


def settings() -> str:
    """Every setting with its default and meaning."""
    from hirehub.runtime.settings_table import reference

    return (
        f"{MADE}# Settings\n\n"
        "Each is an environment variable, or a line of a `.env` file in the folder from which you start. "
        "`hirehub settings` shows the present values and where each came from.\n\n"
        f"{reference()}"
    )


def errors() -> str:
    """Every error that the product can tell, by its code."""
    from hirehub.cli.output import exit_code
    from hirehub.kernel.errors import HirehubError

    _import_all()
    found: dict[str, type[HirehubError]] = {}
    for kind in _below(HirehubError):  # the owner of a code comes before those that have it from there
        if not kind.__module__.startswith("tests"):
            found.setdefault(kind.code, kind)
    rows = [
        f"| `{code}` | {kind.kind.value} | {exit_code(kind.__new__(kind))} | {(kind.__doc__ or '').splitlines()[0]} |"
        for code, kind in sorted(found.items())
    ]
    head = "| code | kind | exit code | meaning |\n|---|---|---|---|\n"
    return (
        f"{MADE}# Errors\n\n"
        "An error has a code for programs, a message for people and mostly a hint: the next step. "
        "Its kind decides the exit code of a command, the status of an HTTP answer and that of a gRPC call.\n\n"
        f"{head}" + "\n".join(rows) + "\n"
    )


def _import_all() -> None:
    """Imports every module of the product, so that all errors are known; generated and optional ones aside."""
    import hirehub

    for found in pkgutil.walk_packages(hirehub.__path__, "hirehub."):
        if not any(part in SCRIPTS for part in found.name.split(".")):
            importlib.import_module(found.name)


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _below(inner)


def graphql() -> str:
    """The schema of /graphql."""
    from hirehub.services.vectors.graphql.schema import schema

    return (
        f"{MADE}# GraphQL schema\n\nServed at `/graphql`; open it in a browser for GraphiQL.\n\n"
        f"```graphql\n{schema.as_str().rstrip()}\n```\n"
    )


def grpc() -> str:
    """The published contract, word for word."""
    files = sorted((ROOT / "proto").glob("*.proto"))
    texts = (f"## proto/{path.name}\n\n```proto\n{path.read_text('utf-8').rstrip()}\n```\n" for path in files)
    lead = "Generate a client in any language from the files in `proto/`. Ports, security and limits are settings."
    return "\n".join([f"{MADE}# gRPC contract\n\n{lead}\n", *texts])


def stale() -> list[str]:
    """The pages whose text is not what the code says now, and files that no page stands for."""
    made = pages()
    there = {path.name: path.read_text("utf-8") for path in TARGET.iterdir()} if TARGET.is_dir() else {}
    return sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))


def main(arguments: list[str]) -> int:
    """Writes the pages, or says which are not current."""
    for name in [name for name in os.environ if name.startswith("HIREHUB_")]:
        del os.environ[name]
    if arguments == ["--check"]:
        found = stale()
        print("\n".join(f"docs/reference/{name} is not current. Run: make reference" for name in found) or "Current.")
        return 1 if found else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (TARGET / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
