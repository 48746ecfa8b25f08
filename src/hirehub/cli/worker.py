"""`hirehub worker`: the work that services leave to a process of its own, without a server."""

from typing import Annotated

import typer

from hirehub.cli.output import Json, Output, run_async

app = typer.Typer()


def _names(incomplete: str) -> list[str]:
    """What the shell offers."""
    from hirehub.runtime.modules import workers

    return [part.name for part in workers() if part.name.startswith(incomplete)]


@app.command()
def worker(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="A service or a worker of one, such as ai or ai.worker; every worker without a name.",
            autocompletion=_names,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Does the background work of services, without a server.

    Beside it, run the services themselves, each with `hirehub serve NAME`. Several workers share the work. What they
    ask of services goes to HIREHUB_SERVICES__NAME. Ctrl-C stops it.
    """
    from hirehub.kernel.settings import Settings, load
    from hirehub.runtime.compose import Running, run_parts
    from hirehub.runtime.modules import workers
    from hirehub.runtime.serving import surroundings

    out = Output(json)
    settings = load(Settings)
    chosen = workers(names or ())

    async def told(running: Running) -> None:
        listed = [part.name for part in chosen]
        out.document({"ready": True, "parts": listed, "notes": list(running.notes)})
        out.line(f"hirehub works for {', '.join(listed)}. Ctrl-C stops it.")
        for line in running.lines():
            out.line(f"  {line}")

    with surroundings(settings, chosen, upgrade=False):
        run_async(run_parts(chosen, settings, started=told), stopping_is_success=True)
