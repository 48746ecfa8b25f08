"""`hirehub vectors`: load embedded rows, watch and mend what loading leaves behind, search."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from hirehub.cli import vectors_checkpoint, vectors_dead, vectors_search, vectors_tables
from hirehub.cli.output import Json, Output
from hirehub.cli.vectors_session import Domain, DomainOption, MaybeDomain, Session, run_document, session, show_run

if TYPE_CHECKING:
    from hirehub.kernel.db import Database
    from hirehub.services.vectors.store.runs import RunRecord
    from hirehub.services.vectors.usecases.ingest import RunReport

app = typer.Typer(no_args_is_help=True, help="Loads, mends and searches embedded rows.")
app.command("search")(vectors_search.search)
app.add_typer(vectors_checkpoint.app, name="checkpoint")
app.add_typer(vectors_dead.app, name="dead")
app.add_typer(vectors_tables.dimension, name="dimension")
app.add_typer(vectors_tables.index, name="index")

RunId = Annotated[UUID, typer.Argument(metavar="ID", help="The id of a run; `hirehub vectors runs` lists them.")]


@app.command()
def ingest(
    domain: Domain,
    source: Annotated[
        str,
        typer.Option("--from", metavar="HOST:PORT", help="The AI server; default HIREHUB_VECTORS__<DOMAIN>__SOURCE."),
    ] = "",
    full: Annotated[bool, typer.Option("--full", help="Begin at the start, so that changed rows come too.")] = False,
    unordered: Annotated[
        bool, typer.Option("--unordered", help="Take rows in any order; the checkpoint moves at the end only.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait while another run holds the domain.")] = False,
    json: Json = False,
) -> None:
    """Pulls a domain's rows from an AI server into the tables.

    Goes on after the checkpoint, so it brings new rows; --full brings changed ones too. A stream that breaks is asked
    for again. Ctrl-C ends clean: what is stored stays, and the next ingest goes on from there.
    Ends with 3 while another run holds the domain, 4 when the dimension is not the table's.
    """
    from hirehub.services.vectors.domain.domains import by_name

    out = Output(json)
    by_name(domain)
    with session() as at:
        target = source or at.vectors.of(domain).source
        if not target:
            variable = f"HIREHUB_VECTORS__{domain.upper()}__SOURCE"
            raise typer.BadParameter(
                f"name the AI server with --from HOST:PORT, or set {variable}", param_hint="--from"
            )
        at.run(_pull(out, at, domain, target, full=full, unordered=unordered, wait=wait, retried_of=None))


async def _pull(
    out: Output,
    at: Session,
    domain: str,
    target: str,
    *,
    full: bool,
    unordered: bool,
    wait: bool,
    retried_of: UUID | None,
) -> None:
    """One pull with its progress; tells how it stands also when it is cut off."""
    from hirehub.kernel.ids import uuid7
    from hirehub.services.vectors.usecases import run_control
    from hirehub.services.vectors.usecases.ingest import pull
    from hirehub.services.vectors.usecases.pulling import Progress

    before = uuid7()
    async with at.database() as db:
        try:
            async with AsyncExitStack() as stack:
                shown = stack.enter_context(out.progress(domain))
                await stack.enter_async_context(_steps_told(db, domain, shown.note))

                def told(progress: Progress) -> None:
                    shown.update(progress.counts.received, dead=progress.counts.dead)

                report = await pull(
                    db,
                    settings=at.vectors,
                    kernel_settings=at.kernel,
                    domain=domain,
                    target=target,
                    full=full,
                    unordered=unordered,
                    wait=wait,
                    progress=told,
                    retried_of=retried_of,
                )
        except asyncio.CancelledError:
            found = await run_control.list_runs(db, domain=domain, limit=10)
            for run in [run for run in found if run.kind == "pull" and run.id > before][:1]:
                _tell_stopped(out, run)
            raise
        _tell_pulled(out, await run_control.show(db, report.run_id), report)


@asynccontextmanager
async def _steps_told(db: "Database", domain: str, tell: Callable[[str], None]) -> AsyncIterator[None]:
    """Says when the rows are in and what follows them has begun: it may take minutes."""
    from hirehub.services.vectors.usecases import run_control

    async def watch() -> None:
        while True:
            await asyncio.sleep(1.0)
            for run in await run_control.list_runs(db, domain=domain, status="running", limit=5):
                if run.kind == "pull" and any(
                    step.name == "process" and step.status == "running" for step in run.steps
                ):
                    tell("The rows are stored. Putting the index right and trying it ...")
                    return

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _tell_stopped(out: Output, run: "RunRecord") -> None:
    out.document(run_document(run))
    out.note(f"Stopped. {run.stored:,} rows of this run are stored and stay; go on: hirehub vectors restart {run.id}")


def _tell_pulled(out: Output, run: "RunRecord", report: "RunReport") -> None:
    rate = report.counts.received / report.seconds if report.seconds else 0.0
    transfer = {
        "received_bytes": report.received_bytes,
        "breaks": report.breaks,
        "receive_seconds": report.seconds,
        "rows_per_second": round(rate, 1),
    }
    out.document({**run_document(run), **transfer})
    show_run(out, run)
    if report.counts.received:
        out.line(f"  {rate:,.0f} rows/s, {report.received_bytes / 2**20:,.1f} MiB, {report.breaks} broken streams")
    if any(step.name == "notify" and step.status == "failed" for step in run.steps):
        out.note("Some API server was not told to drop its answers; the batch server goes on trying.")


@app.command()
def runs(
    run_id: Annotated[str, typer.Argument(metavar="[ID]", help="One run with its steps; without it the latest.")] = "",
    domain: DomainOption = "",
    status: Annotated[
        str, typer.Option("--status", metavar="STATUS", help="running, succeeded, failed or cancelled.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Runs a page.")] = 20,
    before: Annotated[str, typer.Option("--before", metavar="ID", help="The last id of the page before.")] = "",
    json: Json = False,
) -> None:
    """Shows the latest runs, or one run with its steps."""
    from hirehub.services.vectors.usecases import run_control

    out = Output(json)
    wanted, after = _uuid(run_id, "ID"), _uuid(before, "--before")
    with session() as at:

        async def work() -> None:
            async with at.database() as db:
                if wanted is not None:
                    run = await run_control.show(db, wanted)
                    out.document(run_document(run))
                    show_run(out, run)
                    return
                found = await run_control.list_runs(
                    db, domain=domain or None, status=status or None, before=after, limit=limit
                )
                out.document({"runs": [run_document(run) for run in found]})
                columns = ["run", "domain", "kind", "status", "received", "stored", "skipped", "dead", "started", "s"]
                out.table(columns, [_row(run) for run in found])

        at.run(work())


def _row(run: "RunRecord") -> list[object]:
    counts = [run.received, run.stored, run.skipped, run.dead]
    return [run.id, run.domain, run.kind, run.status, *counts, run.started_at, round(run.seconds)]


@app.command()
def restart(
    run_id: RunId,
    wait: Annotated[bool, typer.Option("--wait", help="Wait while another run holds the domain.")] = False,
    json: Json = False,
) -> None:
    """Begins a failed or cancelled pull again, from the checkpoint, with the same source and options.

    It is a new run that names the old one. Uploads are sent again by their sender; replays by `dead replay`.
    """
    from hirehub.services.vectors.usecases import run_control

    out = Output(json)
    with session() as at:

        async def work() -> None:
            async with at.database() as db:
                old = await run_control.restartable(db, run_id)
            await _pull(
                out,
                at,
                old.domain,
                old.source,
                full=bool(old.options.get("full")),
                unordered=bool(old.options.get("unordered")),
                wait=wait,
                retried_of=old.id,
            )

        at.run(work())


@app.command()
def cancel(
    run_id: RunId,
    seconds: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait so long for its end.")
    ] = 15.0,
    json: Json = False,
) -> None:
    """Asks a run to stop, wherever it runs; what it has stored stays.

    Its process sees that within a third of the lease. A run whose process is gone is closed at once.
    """
    from hirehub.services.vectors.usecases import run_control

    out = Output(json)
    with session() as at:

        async def work() -> None:
            async with at.database() as db:
                run = await run_control.cancel(db, at.vectors, run_id, seconds=seconds)
            out.document(run_document(run))
            if run.status == "running":
                out.line(
                    f"The run {run.id} was asked to stop and has not ended yet; see: hirehub vectors runs {run.id}"
                )
            else:
                show_run(out, run)

        at.run(work())


@app.command()
def stats(domain: MaybeDomain = "", json: Json = False) -> None:
    """Shows what each domain holds: rows, vectors, dead letters, checkpoint, recall, news owed to API servers."""
    from hirehub.services.vectors.domain.domains import by_name
    from hirehub.services.vectors.store import notices, statistics

    out = Output(json)
    if domain:
        by_name(domain)
    with session() as at:

        async def work() -> None:
            async with at.database() as db, db.read() as tx:
                found = await statistics.domain_stats(tx, domain or None)
                owed = [notice for notice in await notices.list_owed(tx) if not domain or notice.domain == domain]
            out.document({"domains": found, "owed": owed})
            columns = ["domain", "metadata", "vectors", "dead", "checkpoint", "moved", "recall", "exact only"]
            rows = [
                [
                    one.domain,
                    one.metadata_count,
                    one.embedding_count,
                    one.dlq_count,
                    one.last_processed_uuid,
                    one.last_checkpoint_time,
                    one.recall,
                    one.exact_only,
                ]
                for one in found
            ]
            out.table(columns, rows)
            for notice in owed:
                out.line(
                    f"{notice.target} is owed the news of {notice.domain} since {notice.requested_at:%Y-%m-%d %H:%M}:"
                    f" {notice.last_error or 'not tried yet'}"
                )

        at.run(work())


def _uuid(text: str, name: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no id of a run", param_hint=name) from None
