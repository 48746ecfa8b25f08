"""`hirehub jobs`: posts brought from elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from hirehub.cli.output import Json, Output, run_async

if TYPE_CHECKING:
    from hirehub.kernel.settings import Settings
    from hirehub.services.job.imports import Report

app = typer.Typer(no_args_is_help=True)

_MOST_SHOWN = 20


@app.callback()
def jobs() -> None:
    """Brings job posts out of files."""


@app.command("import")
def import_jobs(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv, .jsonl or .parquet with a column a field.")],
    company: Annotated[UUID, typer.Option("--company", metavar="ID", help="The company that the posts are of.")],
    opened: Annotated[bool, typer.Option("--open", help="Open the posts at once; else they are drafts.")] = False,
    json: Json = False,
) -> None:
    """Imports posts, and says which rows were refused and why.

    Columns are named as the fields of a post; title is needed, `reference` is the post's id where it comes from: a
    post is brought once. `skills` are names by commas, or a list. Other columns are passed over.
    """
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
        wanted = [module for module in MODULES if module.name in ("job", "user")]
        prepare(settings, wanted, upgrade=settings.database.url is None)
        report = run_async(_import(settings, file, company, opened))
    out.document({**vars(report), "reasons": [{"row": row, "reason": reason} for row, reason in report.reasons]})
    out.line(
        f"{report.rows:,} rows: {report.stored:,} stored, {report.known:,} known already, {report.refused:,} refused."
    )
    for row, reason in report.reasons[:_MOST_SHOWN]:
        out.line(f"  row {row:,}: {reason}")
    if report.refused > _MOST_SHOWN:
        out.line("  ... --json names more of them.")
    if report.refused:
        raise typer.Exit(1)


async def _import(settings: "Settings", file: Path, company: UUID, opened: bool) -> "Report":
    from hirehub.cli.progress import Progress
    from hirehub.kernel.clock import SystemClock
    from hirehub.kernel.db import open_database
    from hirehub.kernel.settings import load
    from hirehub.services.job import files, imports
    from hirehub.services.job.settings import JobSettings
    from hirehub.services.user.usecases import companies

    async with await open_database(settings, "user") as users, users.transaction() as tx:
        await companies.read(tx, company_id=company)
    with Progress("jobs", lost="refused") as progress:
        async with await open_database(settings, "job") as db:
            return await imports.run(
                db,
                load(JobSettings),
                SystemClock(),
                company_id=company,
                rows=files.read(file),
                opened=opened,
                told=lambda report: progress.update(report.rows, dead=report.refused),
            )
