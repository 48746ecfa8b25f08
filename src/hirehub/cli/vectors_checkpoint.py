"""`hirehub vectors checkpoint`: where each domain's next pull goes on from, shown and moved by hand."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from hirehub.cli.output import Json, Output
from hirehub.cli.vectors_session import Domain, MaybeDomain, Session, Yes, confirmed, domains, session

if TYPE_CHECKING:
    from hirehub.services.vectors.usecases.position import Position

app = typer.Typer(no_args_is_help=True, help="Shows and moves the place from which a domain's next pull goes on.")


@app.command("show")
def show_checkpoint(domain: MaybeDomain = "", json: Json = False) -> None:
    """Shows each domain's checkpoint beside the greatest id among its stored rows."""
    out = Output(json)
    with session() as at:
        found = at.run(_look(at, domains(domain)))
        out.document({"checkpoints": [vars(one) for one in found]})
        out.table(
            ["domain", "checkpoint", "moved", "greatest stored"],
            [[one.domain, one.checkpoint or "the start", one.moved_at, one.greatest_stored] for one in found],
        )


@app.command("set")
def set_checkpoint(
    domain: Domain,
    row_id: Annotated[UUID, typer.Argument(metavar="ID", help="The id after which the next pull begins.")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Moves a domain's checkpoint to an id, forward or back; no row has to have it.

    Rows up to it then come with `ingest --full` only. Stored rows stay. Ends with 3 while a pull holds the domain.
    """
    _place(domain, row_id, f"after {row_id}; rows up to it come with --full only", yes=yes, json=json)


@app.command("reset")
def reset_checkpoint(domain: Domain, yes: Yes = False, json: Json = False) -> None:
    """Moves a domain's checkpoint to the start, so that the next pull asks for all rows.

    Stored rows stay, and those that are not newer are skipped. Ends with 3 while a pull holds the domain.
    """
    _place(domain, None, "at the start and asks for all rows", yes=yes, json=json)


def _place(domain: str, position: UUID | None, begins: str, *, yes: bool, json: bool) -> None:
    from hirehub.services.vectors.domain.domains import by_name
    from hirehub.services.vectors.usecases import position as use

    out = Output(json)
    name = by_name(domain).name
    target = position or "the start"
    with session() as at:
        (before,) = at.run(_look(at, [name]))
        if before.checkpoint != position:
            here = before.checkpoint or "the start"
            confirmed(
                out, f"Move the checkpoint of {name} from {here} to {target}? The next pull begins {begins}.", yes=yes
            )

        async def work() -> use.Placed:
            async with at.database() as db:
                return await use.place(db, at.vectors, name, position)

        placed = at.run(work())
        out.document({**vars(placed), "changed": placed.changed})
        out.line(
            f"The checkpoint of {name} is at {target} now; it was at {placed.before or 'the start'}."
            if placed.changed
            else f"The checkpoint of {name} is at {target} already; nothing was changed."
        )


async def _look(at: Session, names: list[str]) -> "list[Position]":
    from hirehub.services.vectors.usecases import position as use

    async with at.database() as db, db.read() as tx:
        return [await use.show(tx, name) for name in names]
