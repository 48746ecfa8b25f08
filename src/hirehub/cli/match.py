"""`hirehub match`: what is done with matches from the machine that keeps them."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from hirehub.cli.output import Json, Output, run_async

if TYPE_CHECKING:
    from hirehub.kernel.settings import Settings
    from hirehub.runtime.replay import Replayed

app = typer.Typer(no_args_is_help=True)


@app.callback()
def match() -> None:
    """Computes matches again."""


@app.command()
def replay(
    match_id: Annotated[UUID, typer.Argument(metavar="ID", help="The id of a match.")], json: Json = False
) -> None:
    """Computes a match again from what it was computed from, and tells whether every number is the same.

    Ends with 1 where one is not: the rules of this program are not those of then.
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
        wanted = [module for module in MODULES if module.name in ("match", "ai")]
        prepare(settings, wanted, upgrade=settings.database.url is None)
        found = run_async(_replay(settings, match_id))
    out.document({**asdict(found), "same": found.same})
    out.line(f"{'':12}{'stored':>10}{'computed':>10}")
    for name, stored in found.stored.items():
        computed = found.computed[name]
        mark = "" if stored == computed else "  differs"
        out.line(f"{name:12}{_shown(stored):>10}{_shown(computed):>10}{mark}")
    if found.same:
        out.line("The same to the last digit.")
        return
    out.line("The numbers differ: the rules have changed since." if not found.same_code else "The numbers differ.")
    raise typer.Exit(1)


def _shown(number: object) -> str:
    return "unknown" if number is None else str(number)


async def _replay(settings: "Settings", match_id: UUID) -> "Replayed":
    from hirehub.runtime.replay import replay as compute

    return await compute(settings, match_id)
