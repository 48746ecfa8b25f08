"""`hirehub eval`: measures the stages of `ai`, each on data with known answers that lies beside a clone.

A stage is a row of the table: its name and the dotted name of its module, which holds `run`.
"""

from importlib import import_module
from typing import Final

import typer

STAGES: Final = {"pii": "hirehub.cli.eval_pii"}

app = typer.Typer(no_args_is_help=True, help="Measures the stages of `ai` on data with known answers.")


@app.callback()
def group() -> None:
    """Measures the stages of `ai` on data with known answers."""


for _name, _module in STAGES.items():
    app.command(_name)(import_module(_module).run)
