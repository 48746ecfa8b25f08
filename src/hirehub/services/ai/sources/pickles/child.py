"""What the child process does with a pickle: it writes the file's rows into a folder."""

from pathlib import Path
from typing import Any

from hirehub.services.ai import columns, shape
from hirehub.services.ai.sources.pickles.convert import convert


def work(job: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Reads the pickle that the job names; there is nothing to answer but that it is done."""
    del data
    convert(
        Path(job["path"]),
        Path(job["folder"]),
        shape.by_name(job["domain"]),
        columns.parse_columns(job["mapping_name"], job["mapping"]),
        largest_row=job["largest_row"],
        most_rows=job["most_rows"],
    )
    return {}
