"""`hirehub eval`: measures the stages of `ai`, each on data with known answers that lies beside a clone.

A stage is a row of the table: its name and the dotted name of the function that measures it.
"""

from typing import Final

import typer

from hirehub.kernel.module import resolve

STAGES: Final = {
    "pii": "hirehub.cli.eval_pii:run",
    "parse": "hirehub.cli.eval_stages:parse",
    "skills": "hirehub.cli.eval_stages:skills",
    "match": "hirehub.cli.eval_stages:match",
}

app = typer.Typer(no_args_is_help=True, help="Measures the stages of `ai` on data with known answers.")


@app.callback()
def group() -> None:
    """Measures the stages of `ai` on data with known answers."""


for _name, _dotted in STAGES.items():
    app.command(_name)(resolve(_dotted))
