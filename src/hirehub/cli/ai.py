"""`hirehub ai`: serve, push and look into files of embedded rows. None of it needs a database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hirehub.cli.output import Json, Output, run_async

if TYPE_CHECKING:
    from hirehub.kernel.settings import Settings
    from hirehub.runtime.compose import Running
    from hirehub.services.ai.columns import Columns
    from hirehub.services.ai.report import Report
    from hirehub.services.ai.sources.library import Library

app = typer.Typer(no_args_is_help=True, help="Serves and pushes embedded rows out of files.")

_DOMAINS = ("recruit", "candidate")
Domain = Annotated[str, typer.Argument(metavar="DOMAIN", help="recruit or candidate.")]
SourcePath = Annotated[Path, typer.Argument(metavar="PATH", help="A .pkl or .parquet file, or a folder of either.")]
Mapping = Annotated[str, typer.Option("--columns", metavar="NAME", help="Names of columns: a preset, or a TOML file.")]


@app.command()
def serve(
    files: Annotated[
        list[str] | None, typer.Option("--file", metavar="DOMAIN=PATH", help="A domain's file or folder; repeatable.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", metavar="[DOMAIN=]NAME", help="Names of columns: a preset, or a TOML file."),
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0: any free one.")
    ] = None,
    json: Json = False,
) -> None:
    """Serves GetEmbeddings out of files.

    Files come from --file, or from HIREHUB_AI__RECRUIT__FILE and HIREHUB_AI__CANDIDATE__FILE. A file that is replaced
    is served from the next request on. Ctrl-C stops it.
    """
    from hirehub.kernel.settings import Settings, load
    from hirehub.runtime.compose import run_parts
    from hirehub.runtime.modules import parts
    from hirehub.runtime.serving import surroundings

    out = Output(json)
    settings = load(Settings)
    chosen = [part for part in parts(["ai"]) if part.name == "ai"]
    named = _pairs("--file", files or [])
    options: dict[str, object] = {"files": named, "columns": _mappings(columns or [], list(named))}
    if port is not None:
        options["grpc_port"] = port

    async def told(running: "Running") -> None:
        out.document({"ready": True, **running.document()})
        for line in running.lines():
            out.line(line)

    with surroundings(settings, chosen, upgrade=False):
        run_async(run_parts(chosen, settings, options=options, started=told), stopping_is_success=True)


@app.command()
def push(
    domain: Domain,
    path: SourcePath,
    to: Annotated[str, typer.Option("--to", metavar="HOST:PORT", help="The batch server.")],
    columns: Mapping = "",
    chunk: Annotated[int, typer.Option("--chunk", metavar="ROWS", min=0, help="Rows a chunk; 0: the default.")] = 0,
    json: Json = False,
) -> None:
    """Uploads a file's rows to a batch server, and tells what became of them.

    Ends with 1 when a row did not get its fate. Rows that cannot be sent are told by their row number.
    """
    from hirehub.kernel.settings import Settings, load
    from hirehub.services.ai import push as pushing

    out = Output(json)
    settings = load(Settings)
    with out.progress(f"push {domain}") as shown:
        result = run_async(
            pushing.push(
                domain,
                path,
                to,
                columns=_columns(columns),
                library=_library(settings),
                settings=settings.grpc,
                chunk_rows=chunk,
                progress=lambda rows: shown.update(rows, sent=True),
            )
        )
        shown.update(result.total_rows, dead=result.dead_lettered_rows)
    out.document(result.as_dict())
    out.line(
        f"{result.total_rows:,} rows received: {result.stored_rows:,} stored, {result.skipped_rows:,} skipped, "
        f"{result.dead_lettered_rows:,} set aside. {result.message}".rstrip()
    )
    _tell(out, result.report)
    if not result.success:
        raise typer.Exit(1)


@app.command()
def inspect(
    path: SourcePath,
    domain: Annotated[str, typer.Option("--domain", help="recruit or candidate; without it whichever fits.")] = "",
    columns: Mapping = "",
    json: Json = False,
) -> None:
    """Reads a file as `serve` and `push` would, and tells which rows and columns it found.

    Ends with 1 when there are rows that cannot be sent.
    """
    from hirehub.kernel.settings import Settings, load

    out = Output(json)
    mapping = _columns(columns)
    wanted = [domain or mapping.domain or ""] if domain or mapping.domain else list(_DOMAINS)
    found, report = _read(_library(load(Settings)), path, wanted, mapping)
    out.document({"domain": found, "file": path.name, **report.as_dict()})
    out.line(f"{path.name} holds {report.rows:,} {found} rows; {report.rows - report.held_back:,} can be sent.")
    out.table(["field", "column"], sorted(report.columns.items()))
    _tell(out, report)
    if report.held_back:
        raise typer.Exit(1)


def _read(library: "Library", path: Path, domains: list[str], mapping: "Columns") -> tuple[str, "Report"]:
    """Reads a file to its end as the first domain whose columns it has."""
    from hirehub.services.ai.columns import ColumnsMissing
    from hirehub.services.ai.shape import by_name

    for domain in domains:
        try:
            source = library.open(path, by_name(domain), mapping)
        except ColumnsMissing:
            if len(domains) == 1:
                raise
            continue
        for _ in source.batches():
            pass
        return domain, source.report
    raise ColumnsMissing(
        f"the columns of {path.name} fit no domain", hint="Name one with --domain to see what is missing."
    )


def _tell(out: Output, report: "Report") -> None:
    """Tells what cannot be sent, row by row as far as they are listed."""
    if report.bad_ids:
        out.line(
            f"{report.bad_ids:,} rows have an id that is no UUID; they are sent first, for the receiver to set aside."
        )
    if report.held_back:
        causes = ", ".join(f"{count:,} × {cause.words}" for cause, count in report.unsendable.most_common())
        out.line(f"{report.held_back:,} rows cannot be sent (rows count from 0): {causes}.")
        out.table(
            ["file", "row", "column", "cause"], [[r.file, r.row, r.column, r.cause.words] for r in report.examples]
        )


def _library(settings: "Settings") -> "Library":
    from hirehub.kernel.settings import load
    from hirehub.services.ai.serving import library
    from hirehub.services.ai.settings import AiSettings

    return library(load(AiSettings), settings)


def _columns(name: str) -> "Columns":
    from hirehub.services.ai.columns import Columns, load_columns

    return load_columns(name) if name else Columns()


def _pairs(option: str, values: list[str]) -> dict[str, str]:
    """DOMAIN=TEXT, each domain once."""
    found: dict[str, str] = {}
    for value in values:
        domain, equals, text = value.partition("=")
        if domain not in _DOMAINS or not equals or not text:
            raise typer.BadParameter(f"{value!r} is not DOMAIN=PATH with recruit or candidate", param_hint=option)
        if domain in found:
            raise typer.BadParameter(f"{domain} is named twice", param_hint=option)
        found[domain] = text
    return found


def _mappings(values: list[str], domains: list[str]) -> dict[str, str]:
    """[DOMAIN=]NAME: without a domain it is the mapping's own, or else that of the only file."""
    found: dict[str, str] = {}
    for value in values:
        domain, equals, name = value.partition("=")
        if not equals or domain not in _DOMAINS:
            name = value
            own = _columns(name).domain
            if own is None and len(domains) != 1:
                raise typer.BadParameter(f"say which domain {name!r} is for: DOMAIN={name}", param_hint="--columns")
            domain = own or domains[0]
        found[domain] = name
    return found
