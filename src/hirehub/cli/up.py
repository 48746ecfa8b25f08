"""`hirehub up`: the whole product in one process, with sample data to look at."""

import time
from typing import Annotated

import typer

from hirehub.cli.output import Json, Output, run_async

app = typer.Typer()


@app.command()
def up(
    sample: Annotated[
        bool, typer.Option("--sample/--no-sample", help="Load the sample, where nothing else is yet.")
    ] = True,
    json: Json = False,
) -> None:
    """Runs the whole product here, with sample data.

    Starts PostgreSQL unless HIREHUB_DATABASE__URL names one, makes and migrates the databases, and serves everything
    until Ctrl-C. With --json one document is printed when all is ready.
    """
    began = time.monotonic()
    from hirehub.kernel.settings import Settings, load
    from hirehub.runtime.hold import hold
    from hirehub.runtime.serving import quiet, surroundings
    from hirehub.runtime.whole import EVERYTHING, Teller, Up, refuse_taken_ports, run_everything

    out = Output(json)
    settings = quiet(load(Settings))

    def told(state: Up) -> None:
        out.document(state)
        for line in state.lines(time.monotonic() - began):
            out.line(line)

    with hold(settings.data_dir) as held:
        refuse_taken_ports(settings)
        with surroundings(settings, EVERYTHING, upgrade=True):
            tell = Teller(up=told, line=out.line, note=out.note)
            work = run_everything(settings, held, sample=sample, tell=tell)
            run_async(work, stopping_is_success=True)
