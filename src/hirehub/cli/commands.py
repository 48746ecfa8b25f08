"""The commands of `hirehub`: one readable table, each command loaded only when it is called.

Invariant: a row's help line is the first line of the command's own help, so that `hirehub --help` imports no command.
Every command's module holds `app`, a typer.Typer; failures become one line and an exit code here and nowhere else.
"""

from importlib import import_module
from typing import Annotated, Any, NamedTuple, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

import hirehub
from hirehub.cli.output import VERBOSE, guard, leave, wrong_usage

PROGRAM = "hirehub"


class Entry(NamedTuple):
    """A row of the table: the module that holds `app`, and its line in the list of commands."""

    module: str
    help: str


TABLE: dict[str, Entry] = {
    "up": Entry("hirehub.cli.up", "Runs the whole product here, with sample data."),
    "ready": Entry("hirehub.cli.ready", "Waits until the product answers."),
    "serve": Entry("hirehub.cli.serve", "Runs named services in this process."),
    "worker": Entry("hirehub.cli.worker", "Does the background work of services, without a server."),
    "ai": Entry("hirehub.cli.ai", "Serves and pushes embedded rows out of files."),
    "vectors": Entry("hirehub.cli.vectors", "Loads, mends and searches embedded rows."),
    "user": Entry("hirehub.cli.user", "Makes administrators."),
    "jobs": Entry("hirehub.cli.jobs", "Brings job posts out of files."),
    "events": Entry("hirehub.cli.events", "Watches facts between services."),
    "apply": Entry("hirehub.cli.apply", "Holds applications against their history."),
    "match": Entry("hirehub.cli.match", "Computes matches again."),
    "db": Entry("hirehub.cli.db", "Makes, upgrades and checks the databases."),
    "settings": Entry("hirehub.cli.settings", "Shows each setting and where its value came from."),
    "doctor": Entry("hirehub.cli.doctor", "Checks what the product needs and says how to mend it."),
    "eval": Entry("hirehub.cli.eval", "Measures the stages of `ai` on data with known answers."),
    "bench": Entry("hirehub.cli.bench", "Runs the benchmarks of a clone."),
}

EPILOG = "Behind every command, --json prints one document and --verbose shows the trace of an error."


class Deferred(TyperCommand):
    """A row of the table as a command: it shows its help line, and becomes the real command when it is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401 - as typer declares it
        """The context of the real command, imported now."""
        return load(str(self.name)).make_context(info_name, args, parent=parent, **extra)


def load(name: str) -> TyperCommand | TyperGroup:
    """The command of that name, imported now."""
    command = get_command(import_module(TABLE[name].module).app)
    if not isinstance(command, TyperCommand | TyperGroup):
        raise TypeError(f"{TABLE[name].module}.app is not a typer.Typer")
    command.name = name
    _plain(command)
    return command


def _plain(command: TyperCommand | TyperGroup) -> None:
    """Plain help for a command and all below it: rich help costs 0.1 s. Completion is an option of the root alone."""
    command.rich_markup_mode = None
    command.params = [param for param in command.params if param.name not in {"install_completion", "show_completion"}]
    if isinstance(command, TyperGroup):
        for below in command.commands.values():
            if isinstance(below, TyperCommand | TyperGroup):
                _plain(below)


def _version(wanted: bool) -> None:
    """Prints the version and ends."""
    if wanted:
        print(f"{PROGRAM} {hirehub.__version__}")
        raise typer.Exit


app = typer.Typer(
    name=PROGRAM,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
    verbose: Annotated[bool, typer.Option(VERBOSE, help="Show the trace of an error.")] = False,
) -> None:
    """A hiring platform whose matching engine is a real data system."""


def root() -> TyperGroup:
    """The whole command, nothing of the table loaded."""
    group = get_command(app)
    if not isinstance(group, TyperGroup):
        raise TypeError("the root of the command line is not a group")
    group.commands.update(
        {name: Deferred(name, help=entry.help, rich_markup_mode=None) for name, entry in TABLE.items()}
    )
    return group


def run(words: list[str]) -> None:
    """Runs a command line to the end of the process; `--verbose` may stand anywhere before a `--`."""
    own = words[: words.index("--")] if "--" in words else words
    rest = words[len(own) :]
    try:
        with guard(verbose=VERBOSE in own):
            _run([word for word in own if word != VERBOSE] + rest)
    except SystemExit as ended:
        leave(ended.code if isinstance(ended.code, int) else int(ended.code is not None))


def _run(words: list[str]) -> NoReturn:
    """Runs a command line; one without words shows the help."""
    try:
        code = root().main(words or ["--help"], prog_name=PROGRAM, standalone_mode=False)
    except TyperException as error:
        wrong_usage(error)
    raise SystemExit(code if isinstance(code, int) else 0)
