"""What the commands of `hirehub vectors` stand on: settings, the database server, its tables, words for runs.

Nothing heavy is imported before a command runs.
"""

import re
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from hirehub.cli.output import Output, run_async

if TYPE_CHECKING:
    from hirehub.kernel.db import Database
    from hirehub.kernel.settings import Settings
    from hirehub.services.vectors.settings import VectorsSettings
    from hirehub.services.vectors.store.runs import RunRecord

T = TypeVar("T")

Domain = Annotated[str, typer.Argument(metavar="DOMAIN", help="recruit or candidate.")]
MaybeDomain = Annotated[str, typer.Argument(metavar="[DOMAIN]", help="recruit or candidate; without it both.")]
DomainOption = Annotated[str, typer.Option("--domain", metavar="DOMAIN", help="Only recruit, or only candidate.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

_AGE = re.compile(r"(\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Session:
    """The settings of a command."""

    kernel: "Settings"
    vectors: "VectorsSettings"

    @asynccontextmanager
    async def database(self) -> AsyncIterator["Database"]:
        """The service's database."""
        from hirehub.kernel.db import open_database

        async with await open_database(self.kernel, "vectors") as db:
            yield db

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs the command's work, with the exit codes of all commands."""
        return run_async(work)


@contextmanager
def session() -> Iterator[Session]:
    """Settings read, the database server there for the block, its tables made where they lack."""
    from hirehub.kernel.postgres import cluster
    from hirehub.kernel.settings import Settings, load
    from hirehub.kernel.telemetry import configure_logging
    from hirehub.runtime.serving import quiet
    from hirehub.services.vectors.settings import VectorsSettings

    kernel = quiet(load(Settings))
    configure_logging(kernel.log)
    vectors = load(VectorsSettings)
    with cluster(kernel):
        _make_tables(kernel)
        yield Session(kernel, vectors)


def _make_tables(kernel: "Settings") -> None:
    """Brings the embedded server's tables to this program's revision, and refuses others' that are not.

    What it costs to ask Alembic is saved where the revision is the newest by the names of the files.
    """
    import psycopg

    from hirehub.kernel.db import access

    try:
        with psycopg.connect(access.dsn(kernel, "vectors"), connect_timeout=5) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.Error:
        row = None
    if row is not None and row[0] == _newest():
        return
    from hirehub.runtime.databases import prepare
    from hirehub.runtime.modules import MODULES

    wanted = [module for module in MODULES if module.name == "vectors"]
    prepare(kernel, wanted, upgrade=kernel.database.url is None)


def _newest() -> str:
    """The newest revision by the names of the files, such as r0001_embedded_rows.py."""
    from importlib.resources import files

    names = [found.name for found in files("hirehub.services.vectors.migrations.versions").iterdir()]
    return max(name[1:5] for name in names if re.match(r"r\d{4}_", name))


def domains(name: str) -> list[str]:
    """The domain of that name, UnknownDomain where there is none; all of them for no name."""
    from hirehub.services.vectors.domain.domains import DOMAINS, by_name

    return [by_name(name).name] if name else list(DOMAINS)


def domain_named(name: str) -> str:
    """The domain of that name; UnknownDomain for any other, and for none."""
    from hirehub.services.vectors.domain.domains import by_name

    return by_name(name).name


def age(text: str, option: str) -> timedelta | None:
    """A span such as 90s, 15m, 2h, 7d or 2w; None for no text."""
    if not text:
        return None
    found = _AGE.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no span of time such as 90s, 15m, 2h, 7d or 2w", param_hint=option)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def confirmed(out: Output, question: str, *, yes: bool) -> None:
    """Goes on after a yes. Without a terminal only --yes is one."""
    import sys

    if yes or out.confirm(question):
        return
    if not sys.stdin.isatty():
        from hirehub.kernel.errors import Invalid

        raise Invalid(question, hint="There is no terminal to ask on: add --yes if you mean it.")
    out.note("Nothing was changed.")
    raise typer.Exit(1)


def run_document(run: "RunRecord") -> dict[str, object]:
    """A run for machines."""
    return {
        "run_id": run.id,
        "domain": run.domain,
        "kind": run.kind,
        "status": run.status,
        "source": run.source,
        "options": run.options,
        "received": run.received,
        "stored": run.stored,
        "skipped": run.skipped,
        "dead": run.dead,
        "causes": run.causes,
        "checkpoint": run.checkpoint,
        "failure": run.failure,
        "recall": run.recall,
        "cancel_requested": run.cancel_requested,
        "retried_of": run.retried_of,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "heartbeat_at": run.heartbeat_at,
        "seconds": round(run.seconds, 3),
        "steps": run.steps,
    }


def show_run(out: Output, run: "RunRecord") -> None:
    """A run for people."""
    took = f" after {run.seconds:,.1f} s" if run.finished_at else f", for {run.seconds:,.0f} s now"
    out.line(f"{run.kind} of {run.domain} from {run.source}: {run.status}{took}  (run {run.id})")
    out.line(
        f"  {run.received:,} received = {run.stored:,} stored + {run.skipped:,} skipped (not newer) + {run.dead:,} dead"
    )
    if run.causes:
        causes = ", ".join(f"{number:,} × {cause}" for cause, number in sorted(run.causes.items()))
        out.line(f"  dead: {causes}  (see: hirehub vectors dead list --run {run.id})")
    if run.recall is not None:
        out.line(f"  recall of the index: {run.recall:.4f}")
    if run.failure:
        out.line(f"  failure: {run.failure}")
    if run.cancel_requested and run.finished_at is None:
        out.line("  it was asked to stop")
    for step in run.steps:
        detail = f": {step.detail}" if step.detail else ""
        seconds = ""
        if step.started_at and step.finished_at:
            seconds = f" ({(step.finished_at - step.started_at).total_seconds():,.1f} s)"
        out.line(f"  {step.name:<8} {step.status}{seconds}{detail}")
