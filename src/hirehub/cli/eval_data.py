"""Where the data of `hirehub eval` lies: a folder that is named, or the one beside the clone."""

from pathlib import Path
from typing import Annotated

import typer

from hirehub.kernel.errors import Missing

Data = Annotated[
    Path | None, typer.Option("--data", metavar="PATH", help="The folder of data; else ../shared/data beside a clone.")
]


def data_folder(named: Path | None) -> Path:
    """The folder; Missing with how to name it where there is none."""
    if named is not None:
        if not named.is_dir():
            raise Missing(f"There is no folder {named}", hint="Name the folder that holds the data with --data PATH.")
        return named
    for clone in (Path.cwd(), Path(__file__).resolve().parents[3]):
        folder = clone.parent / "shared" / "data"
        if folder.is_dir():
            return folder
    raise Missing("The data is not beside this clone", hint="Name its folder: hirehub eval ... --data PATH")
