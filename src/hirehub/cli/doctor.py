"""`hirehub doctor`: one line a check, and how to mend what is not well."""

import typer

from hirehub.cli.output import Json, Output

app = typer.Typer()


@app.command()
def doctor(json: Json = False) -> None:
    """Checks what the product needs and says how to mend it.

    Ends with 0 when nothing fails; a warning is no failure.
    """
    from hirehub.runtime.doctor import examine
    from hirehub.runtime.findings import Status

    out = Output(json)
    found = []
    for finding in examine():
        found.append(finding)
        mend = f" — {finding.mend}" if finding.mend else ""
        out.line(f"{finding.status:<4}  {finding.name}: {finding.message}{mend}")
    failed = any(finding.status is Status.FAIL for finding in found)
    out.document({"ok": not failed, "checks": found})
    raise typer.Exit(1 if failed else 0)
