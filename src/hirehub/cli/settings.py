"""`hirehub settings`: each setting, its value, and where the value came from."""

from typing import Annotated

import typer

from hirehub.cli.output import Json, Output

app = typer.Typer()


@app.command()
def settings(
    word: Annotated[str, typer.Argument(help="Only settings whose name holds this word.")] = "",
    reference: Annotated[
        bool, typer.Option("--reference", help="Print the page of all settings, without values (Markdown).")
    ] = False,
    changed: Annotated[bool, typer.Option("--changed", help="Only settings that are not at their default.")] = False,
    json: Json = False,
) -> None:
    """Shows each setting and where its value came from.

    Values come from the environment, else from a file `.env` in the present folder, else from the defaults. Secrets
    are masked.
    """
    from hirehub.runtime import settings_table as table

    out = Output(json)
    if reference:
        out.line(table.reference().rstrip("\n"))
        out.document({"reference": table.reference()})
        return
    found = [
        row
        for row in table.settings_table()
        if word.upper() in row.name and not (changed and row.source is table.Source.DEFAULT)
    ]
    if word and not found and not changed:
        raise typer.BadParameter(f"no setting's name holds {word!r}", param_hint="WORD")
    out.document({"settings": found})
    out.table(("setting", "value", "source"), [(row.name, row.value, row.source) for row in found])
    for name, near in table.misspelt():
        out.note(f"warning: {name} sets nothing" + (f"; did you mean {near}?" if near else "."))
