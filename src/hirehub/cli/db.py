"""`hirehub db`: databases made, brought to this program's revision, taken back, found and checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from hirehub.cli.output import Json, Output

if TYPE_CHECKING:
    from hirehub.kernel.db.migrate import Report
    from hirehub.kernel.module import Module
    from hirehub.kernel.settings import Settings

app = typer.Typer(no_args_is_help=True)

Service = Annotated[str, typer.Argument(metavar="SERVICE", help="A service that keeps a database, such as vectors.")]
RoleName = Annotated[str, typer.Option("--role", metavar="NAME", help="app, reader, owner or admin.")]


@app.callback()
def db() -> None:
    """Makes, upgrades and checks the databases."""


@app.command()
def upgrade(
    service: Annotated[str, typer.Argument(metavar="[SERVICE]", help="One service; without it all.")] = "",
    json: Json = False,
) -> None:
    """Makes databases and roles, and brings tables to this program's revision.

    Harmless when all is done; safe beside other processes that do the same.
    """
    from hirehub.kernel.db.migrate import check
    from hirehub.runtime import databases

    out = Output(json)
    modules = _modules(service)
    with _server() as settings:
        databases.upgrade_all(settings, modules)
        _show(out, [check(settings, module) for module in modules])


@app.command()
def downgrade(
    service: Service,
    revision: Annotated[str, typer.Argument(help="A revision, or base: no tables.")] = "base",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Takes a service's tables back to a revision; what they hold is lost.

    Asks first on a terminal; in a script the command is taken at its word.
    """
    import sys

    from hirehub.kernel.db.migrate import check
    from hirehub.kernel.db.migrate import downgrade as migrate

    out = Output(json)
    (module,) = _modules(service)
    question = f"Take the tables of {module.name} back to {revision}? What they hold is lost."
    if sys.stdin.isatty() and not yes and not out.confirm(question):
        raise typer.Exit(1)
    with _server() as settings:
        migrate(settings, module, revision)
        _show(out, [check(settings, module)])


@app.command()
def url(
    service: Service,
    role: RoleName = "app",
    keep: Annotated[
        float, typer.Option(min=0, help="Seconds that the embedded server stays without a session, if it must start.")
    ] = 120.0,
    json: Json = False,
) -> None:
    """Prints the address of a service's database, for psql and other clients.

    The embedded server is started when it does not run, and stays while somebody is connected.
    """
    from hirehub.kernel.db import access

    out = Output(json)
    (module,) = _modules(service)
    chosen = _role(role)
    settings = _settings()
    if keep and settings.database.url is None:
        _keep_running(out, settings, keep)
    address = access.dsn(settings, module.name, chosen)
    out.document({"service": module.name, "role": role, "url": address})
    out.line(address)


@app.command()
def psql(service: Service, role: RoleName = "app") -> None:
    """Opens psql on a service's database."""
    import signal
    import subprocess

    from hirehub.kernel.db import access
    from hirehub.kernel.postgres.layout import find_programs

    (module,) = _modules(service)
    chosen = _role(role)
    with _server() as settings:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            words = [str(find_programs().psql), access.dsn(settings, module.name, chosen)]
            code = subprocess.run(words, check=False, restore_signals=True).returncode
        finally:
            signal.signal(signal.SIGINT, before)
    raise typer.Exit(code)


@app.command()
def check(
    service: Annotated[str, typer.Argument(metavar="[SERVICE]", help="One service; without it all.")] = "",
    json: Json = False,
) -> None:
    """Says whether the databases answer, are migrated and are as the program and the settings expect.

    Ends with 0 when nothing is to be done, 4 when a command mends it, 1 when a database does not answer.
    """
    from hirehub.kernel.db import access
    from hirehub.kernel.db.migrate import Report
    from hirehub.kernel.db.migrate import check as compare

    out = Output(json)
    modules = _modules(service)
    settings = _settings()
    if settings.database.url is None and not _is_made(settings):
        reason = "There is no database yet: run `hirehub db upgrade`."
        reports = [Report(m.name, access.database_name(m.name), reachable=False, reason=reason) for m in modules]
    else:
        with _server() as settings:
            reports = [compare(settings, module) for module in modules]
    _show(out, reports)
    if not all(report.sound for report in reports):
        raise typer.Exit(4 if all(report.reachable for report in reports) else 1)


def _settings() -> "Settings":
    from hirehub.kernel.settings import Settings, load

    return load(Settings)


@contextmanager
def _server() -> "Iterator[Settings]":
    """The settings, with the embedded server running for the block unless another is configured."""
    from hirehub.kernel.postgres import cluster

    settings = _settings()
    with cluster(settings):
        yield settings


def _modules(service: str) -> "tuple[Module, ...]":
    """The service of that name, or all that keep a database."""
    from hirehub.kernel.errors import Invalid
    from hirehub.runtime.modules import with_database

    found = tuple(module for module in with_database() if service in ("", module.name))
    if not found:
        names = ", ".join(module.name for module in with_database())
        raise Invalid(f"No service {service[:40]!r} keeps a database.", hint=f"Use one of: {names}.")
    return found


def _role(name: str) -> str:
    from hirehub.kernel.db.access import Role
    from hirehub.kernel.errors import Invalid

    if name not in set(Role):
        raise Invalid(f"There is no role {name[:40]!r}.", hint=f"Use one of: {', '.join(Role)}.")
    return name


def _is_made(settings: "Settings") -> bool:
    from hirehub.kernel.postgres.layout import Layout

    return (Layout(settings.data_dir).cluster / "PG_VERSION").exists()


def _keep_running(out: Output, settings: "Settings", seconds: float) -> None:
    """Starts the embedded server where it does not run, and leaves it to a keeper."""
    from hirehub.kernel.postgres import EmbeddedPostgres
    from hirehub.kernel.postgres.keeper import keep_running

    server = EmbeddedPostgres(settings.data_dir, settings.database)
    if server.pid() is not None:
        return
    with server:
        keep_running(server, seconds)
    out.note(f"PostgreSQL was started for this; it stops after {seconds:g} s without a session.")


def _show(out: Output, reports: "list[Report]") -> None:
    """Prints how the databases stand."""
    out.document({"databases": [{**vars(report), "sound": report.sound} for report in reports]})
    rows = []
    for report in reports:
        if not report.reachable:
            rows.append((report.service, report.database, "-", report.reason))
            continue
        behind = f"is {report.revision or 'empty'}, newest is {report.newest}: `hirehub db upgrade {report.service}`"
        state = "; ".join(report.differences) or ("ok" if report.revision == report.newest else behind)
        rows.append((report.service, report.database, report.revision or "-", state))
    out.table(("service", "database", "revision", "state"), rows)
