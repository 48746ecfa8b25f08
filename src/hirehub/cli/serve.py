"""`hirehub serve`: services, or halves of them, in this process."""

from typing import Annotated

import typer

from hirehub.cli.output import Json, Output, run_async

app = typer.Typer()


def _names(incomplete: str) -> list[str]:
    """What the shell offers."""
    from hirehub.runtime.modules import names

    return [name for name in names() if name.startswith(incomplete)]


@app.command()
def serve(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME...",
            help="A service, such as user, job, resume, ai or vectors, or a part of one, such as vectors.api.",
            autocompletion=_names,
        ),
    ],
    json: Json = False,
) -> None:
    """Runs named services in this process.

    Each service or half can be a process of its own; two on one machine need different ports. Ctrl-C stops it.
    """
    from hirehub.kernel.settings import Settings, load
    from hirehub.runtime.compose import Running, run_parts
    from hirehub.runtime.modules import parts
    from hirehub.runtime.serving import surroundings

    out = Output(json)
    settings = load(Settings)
    chosen = parts(names)

    async def told(running: Running) -> None:
        out.document({"ready": True, "parts": [part.name for part in chosen], **running.document()})
        out.line(f"hirehub serves {', '.join(part.name for part in chosen)}. Ctrl-C stops it.")
        for line in running.lines():
            out.line(f"  {line}")

    with surroundings(settings, chosen, upgrade=False):
        run_async(run_parts(chosen, settings, started=told), stopping_is_success=True)
