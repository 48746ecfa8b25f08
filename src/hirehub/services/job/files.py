"""Posts out of a file: CSV, JSON lines or Parquet with a column a field, read row by row in bounded memory."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hirehub.kernel.errors import Invalid

if TYPE_CHECKING:
    import pyarrow as pa

_LINE: Final = 1_048_576
"""Characters of the longest row."""
_ROWS_AT_ONCE: Final = 500

_UNLIKELY: Final = (ArithmeticError, LookupError, NotImplementedError, ValueError)
"""What pyarrow raises of a value that has no form in Python."""
_NO_VALUE: Final = object()
"""Stands for a value that cannot be read: no field takes it, and no other row suffers."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read, while those around it can."""

    reason: str


class UnreadableFile(Invalid):
    """A file that cannot be read as posts."""

    code = "unreadable_file"


def read(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    """The rows of the file and their numbers, from 1; empty values are left out.

    UnreadableFile where it is none of the kinds, told by its name's end, or breaks off.
    """
    readers = {".csv": _csv, ".jsonl": _json_lines, ".parquet": _parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(f"{path.name} is none of {', '.join(readers)}.", hint="Export the posts as one of them.")
    try:
        for number, row in enumerate(reader(path), 1):
            if isinstance(row, BadRow):
                yield number, row
            else:
                yield number, {str(name): value for name, value in row.items() if name and value not in (None, "")}
    except (OSError, ValueError, csv.Error) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableFile(f"{path.name} cannot be read: {reason}", hint="Check the file, then try again.") from error


def _csv(path: Path) -> Iterator[Row | BadRow]:
    csv.field_size_limit(_LINE)
    with path.open(encoding=_encoding(path, "UTF-8", "CP949"), newline="") as file:
        reader = csv.DictReader(file)
        names = [name for name in reader.fieldnames or () if name]
        if not names:
            raise ValueError("no first row with the names of the columns")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"a column stands there twice: {', '.join(twice)[:200]}")
        for row in reader:
            if None in row:
                yield BadRow("More cells than columns: a value with a comma stands in quotation marks.")
                continue
            found: dict[str, Any] = dict(row)
            if found.get("skills"):
                found["skills"] = [part.strip() for part in str(found["skills"]).split(",") if part.strip()]
            yield found


def _encoding(path: Path, *names: str) -> str:
    """The first of the encodings that the whole file can be read in; UnreadableFile where it is in none.

    Asked before the first row: a file that is in another is not stored in part. A mark at its beginning is no text.
    """
    for name in names:
        found = "utf-8-sig" if name == "UTF-8" else name
        try:
            with path.open(encoding=found, newline="") as file:
                while file.read(_LINE):
                    pass
        except UnicodeError:
            continue
        return found
    raise UnreadableFile(
        f"{path.name} is not in {' or '.join(names)}.", hint="Save it in UTF-8; in Excel as 'CSV UTF-8'."
    )


def _json_lines(path: Path) -> Iterator[Row | BadRow]:
    with path.open(encoding=_encoding(path, "UTF-8")) as file:
        while line := file.readline(_LINE + 1):
            if len(line) > _LINE:
                raise ValueError(f"a line of more than {_LINE} characters")
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            yield row if isinstance(row, dict) else BadRow("The line is no JSON object.")


def _parquet(path: Path) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
                yield from _plain(batch)
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error


def _plain(batch: "pa.RecordBatch") -> Sequence[Row]:
    """The rows of a batch; one after the other where a value is none to Python, such as a moment after all years."""
    try:
        return batch.to_pylist()
    except _UNLIKELY:
        return [{name: _value(batch.column(name)[n]) for name in batch.schema.names} for n in range(batch.num_rows)]


def _value(scalar: "pa.Scalar[Any]") -> object:
    try:
        return scalar.as_py()
    except _UNLIKELY:
        return _NO_VALUE
