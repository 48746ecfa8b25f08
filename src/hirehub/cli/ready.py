"""`hirehub ready`: for scripts that start the product and then want to use it."""

from typing import Annotated

import typer

from hirehub.cli.output import Json, Output, run_async

app = typer.Typer()


@app.command()
def ready(
    timeout: Annotated[float, typer.Option(min=0, help="Seconds to wait; 0 asks once.")] = 60.0,
    json: Json = False,
) -> None:
    """Waits until the product answers.

    Asks the HTTP and gRPC ports that the settings name, and ends with 0 when all are ready.
    """
    from hirehub.kernel.settings import Settings, load
    from hirehub.runtime.readiness import wait_until_ready

    out = Output(json)
    found = run_async(wait_until_ready(load(Settings), timeout))
    out.document({"ready": True, "listeners": found})
    out.line(f"ready: {', '.join(found.values())}")
