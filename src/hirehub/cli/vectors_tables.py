"""`hirehub vectors dimension` and `index`: what the vectors' columns and indexes are, and how they are changed."""

from typing import TYPE_CHECKING, Annotated

import typer

from hirehub.cli.output import Json, Output
from hirehub.cli.vectors_session import Domain, MaybeDomain, Yes, confirmed, domain_named, domains, session

if TYPE_CHECKING:
    from hirehub.services.vectors.usecases.dimension import DimensionReport
    from hirehub.services.vectors.usecases.index import IndexReport

dimension = typer.Typer(no_args_is_help=True, help="Shows and changes how many floats a domain's vectors have.")
index = typer.Typer(no_args_is_help=True, help="Shows and builds the indexes over the vectors.")


@dimension.command("show")
def show_dimension(domain: MaybeDomain = "", json: Json = False) -> None:
    """Shows the dimension in the settings beside that of the column.

    Where they differ, loads are refused until one of them is changed.
    """
    from hirehub.services.vectors.usecases import dimension as use

    out = Output(json)
    with session() as at:

        async def work() -> None:
            async with at.database() as db, db.read() as tx:
                found = [await use.show(tx, at.vectors, name) for name in domains(domain)]
            out.document({"domains": [{**vars(one), "matches": one.matches} for one in found]})
            out.table(
                ["domain", "setting", "column", "vectors", "matches"],
                [[one.domain, one.setting, one.column, one.vectors, one.matches] for one in found],
            )
            for one in found:
                if not one.matches:
                    out.line(f"{one.domain}: {_mend(one)}")

        at.run(work())


def _mend(one: "DimensionReport") -> str:
    return (
        f"hirehub vectors dimension migrate {one.domain} {one.setting} empties its {one.vectors:,} vectors;"
        f" HIREHUB_VECTORS__{one.domain.upper()}__DIMENSION={one.column} keeps them."
    )


@dimension.command("migrate")
def migrate_dimension(
    domain: Domain,
    floats: Annotated[int, typer.Argument(metavar="DIM", min=1, max=2000, help="Floats a vector from now on.")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Gives a domain's vectors another dimension: removes them all, makes the index anew, resets the checkpoint.

    Metadata and dead letters stay. It is one transaction: a command that is cut off has changed nothing. Afterwards
    load again with `hirehub vectors ingest DOMAIN --full`; dead letters that fit now are replayed by the schedule.
    """
    from hirehub.services.vectors.usecases import dimension as use

    out = Output(json)
    with session() as at:

        async def look() -> "DimensionReport":
            async with at.database() as db, db.read() as tx:
                return await use.show(tx, at.vectors, domain_named(domain))

        before = at.run(look())
        if before.column != floats:
            confirmed(
                out,
                f"Change the vectors of {domain} from {before.column} to {floats} floats?"
                f" This removes {before.vectors:,} vectors and their index, and resets the checkpoint.",
                yes=yes,
            )
        report = at.run(use.migrate(at.kernel, at.vectors, domain, floats))
        changed = before.column != floats
        out.document({**vars(report), "matches": report.matches, "changed": changed})
        out.line(
            f"The vectors of {domain} have {floats} floats now; {report.vectors:,} were removed."
            if changed
            else f"The vectors of {domain} have {floats} floats already; nothing was changed."
        )
        if not report.matches:
            out.note(f"Set HIREHUB_VECTORS__{domain.upper()}__DIMENSION={floats}; until then loads are refused.")


@index.command("show")
def show_index(domain: MaybeDomain = "", json: Json = False) -> None:
    """Shows the index of each domain beside the one that the settings ask for, and how well it finds."""
    from hirehub.services.vectors.usecases import index as use

    out = Output(json)
    with session() as at:

        async def work() -> None:
            async with at.database() as db, db.read() as tx:
                _tell(out, [await use.report(tx, at.vectors, name) for name in domains(domain)])

        at.run(work())


@index.command("build")
def build_index(domain: Domain, json: Json = False) -> None:
    """Builds a domain's index anew, as the settings ask for it, then measures its recall.

    Reads and writes go on meanwhile, through the old index. Where the recall was too low and is good now, searches use
    the index again. Ends with 3 while another process builds it.
    """
    from hirehub.services.vectors.usecases import index as use
    from hirehub.services.vectors.usecases import recall

    out = Output(json)
    with session() as at:

        async def work() -> None:
            name = domain_named(domain)
            async with at.database() as db:
                out.note(f"Building the index of {name} ...")
                await use.build(at.kernel, at.vectors, name)
                await recall.check(db, at.vectors, name)
                async with db.transaction() as tx:
                    _tell(out, [await use.report(tx, at.vectors, name)])

        at.run(work())


def _tell(out: Output, found: "list[IndexReport]") -> None:
    out.document({"indexes": [_document(one) for one in found]})
    for one in found:
        search = one.search
        out.line(f"{one.domain}: {one.found or 'no index; searches read every vector'}")
        if one.found is not None:
            out.line(f"  {one.size / 2**20:,.1f} MiB")
        if search.recall is not None:
            exact = "; too low, so searches are exact" if search.exact_only else ""
            out.line(f"  recall {search.recall:.4f} over {search.sampled} queries at {search.measured_at:%F %T}{exact}")
        if one.found is not None and not one.found.same(one.wanted):
            out.line(f"  settings ask for: {one.wanted}")
        if one.advice:
            out.line(f"  mend it: {one.advice}")


def _document(one: "IndexReport") -> dict[str, object]:
    return {
        "domain": one.domain,
        "state": one.state,
        "index": None if one.found is None else str(one.found),
        "wanted": str(one.wanted),
        "size_bytes": one.size,
        "recall": one.search.recall,
        "sampled": one.search.sampled,
        "measured_at": one.search.measured_at,
        "exact_only": one.search.exact_only,
        "mend": one.advice,
    }
