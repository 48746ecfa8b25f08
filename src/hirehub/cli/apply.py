"""`hirehub apply`: what is done with applications from the machine that keeps them."""

from typing import TYPE_CHECKING, Annotated

import typer

from hirehub.cli.output import Json, Output, run_async

if TYPE_CHECKING:
    from hirehub.kernel.settings import Settings
    from hirehub.services.apply.usecases.rebuild import Difference, Report

app = typer.Typer(no_args_is_help=True)

_MOST_SHOWN = 20


@app.callback()
def apply() -> None:
    """Holds applications against their history."""


@app.command()
def rebuild(
    mend: Annotated[bool, typer.Option("--mend", help="Set the rows to what their history says.")] = False,
    json: Json = False,
) -> None:
    """Derives every application's state from its history, and tells where the row says something else.

    Ends with 1 where there is a difference that is not mended. A history that cannot have happened is never mended.
    """
    from dataclasses import asdict

    from hirehub.kernel.postgres import cluster
    from hirehub.kernel.settings import Settings, load
    from hirehub.kernel.telemetry import configure_logging
    from hirehub.runtime.databases import prepare
    from hirehub.runtime.modules import MODULES
    from hirehub.runtime.serving import quiet

    out = Output(json)
    settings = quiet(load(Settings))
    configure_logging(settings.log)
    with cluster(settings):
        wanted = [module for module in MODULES if module.name == "apply"]
        prepare(settings, wanted, upgrade=settings.database.url is None)
        report = run_async(_rebuild(settings, mend))
    out.document(asdict(report))
    out.line(f"{report.applications:,} applications: {len(report.differences):,} differ from their history.")
    for one in report.differences[:_MOST_SHOWN]:
        out.line(f"  {_told(one)}")
    if len(report.differences) > _MOST_SHOWN:
        out.line("  ... --json names more of them.")
    if not all(one.mended for one in report.differences):
        raise typer.Exit(1)


def _told(one: "Difference") -> str:
    if one.history is None:
        return f"{one.application_id}: its history cannot have happened: {one.reason}"
    return f"{one.application_id}: {one.row}, its history says {one.history}{' (mended)' if one.mended else ''}"


async def _rebuild(settings: "Settings", mend: bool) -> "Report":
    from hirehub.kernel.db import open_database
    from hirehub.services.apply.usecases.rebuild import rebuild as derive

    async with await open_database(settings, "apply") as db:
        return await derive(db, mend=mend)
