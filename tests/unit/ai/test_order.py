"""Rows come in the order of their ids: of a sorted file as it lies, of any other sorted once, of a folder merged."""

import random
import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hirehub.services.ai.columns import Columns
from hirehub.services.ai.shape import RECRUIT
from hirehub.services.ai.sources.library import NoSuchSource, UnknownFormat
from hirehub.services.ai.sources.parquet import FileChanged, Parquet
from hirehub.services.ai.sources.stored import Stored
from tests.support.ai import ids, messages, opened, recruits, rows_of, shelf, write

COUNT = 1000


def shuffled(seed: int = 1, count: int = COUNT) -> list[int]:
    """Places in another order, the same each time."""
    places = list(range(count))
    random.Random(seed).shuffle(places)
    return places


def bytes_read() -> int:
    """Bytes that this process has read so far."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["rchar"])


def test_a_sorted_file_is_read_where_it_lies(tmp_path: Path) -> None:
    source = opened(write(tmp_path / "rows.parquet", recruits(COUNT)), tmp_path)
    assert isinstance(source, Parquet)
    assert [row.id for row in rows_of(source)] == ids(COUNT)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("runs", [1 << 26, 5_000, 200])
def test_an_unsorted_file_is_sorted_once_on_disk(runs: int, tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(COUNT).take(shuffled()))
    source = replace(shelf(tmp_path), run_bytes=runs).open(path, RECRUIT, Columns())
    assert isinstance(source, Stored)
    rows = rows_of(source)
    assert [row.id for row in rows] == ids(COUNT)
    assert [row.company_name for row in rows] == [f"Company {at % 7}" for at in range(COUNT)]
    copies = list((tmp_path / "data").glob("ai/*/*/about.json"))
    assert len(copies) == 1
    made = copies[0].stat().st_mtime_ns
    assert [row.id for row in rows_of(opened(path, tmp_path))] == ids(COUNT)
    assert copies[0].stat().st_mtime_ns == made


def test_a_copy_of_an_earlier_state_is_removed_and_its_readers_keep_it(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(20).take(shuffled(count=20)))
    before = opened(path, tmp_path)
    reading = before.batches(None, 5)
    next(reading)
    write(path, recruits(30).take(shuffled(count=30)))
    after = opened(path, tmp_path)
    assert len(rows_of(after)) == 30
    assert len(list((tmp_path / "data").glob("ai/*/*/about.json"))) == 1
    assert sum(len(batch.keys) for batch in reading) == 15


def test_copies_of_files_that_are_gone_are_removed(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(20).take(shuffled(count=20)))
    opened(path, tmp_path)
    library = shelf(tmp_path)
    library.prune()
    assert len(list((tmp_path / "data").glob("ai/*/*/about.json"))) == 1
    path.unlink()
    library.prune()
    assert list((tmp_path / "data" / "ai").iterdir()) == []


def test_a_damaged_copy_is_made_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(20).take(shuffled(count=20)))
    opened(path, tmp_path)
    copy = next((tmp_path / "data").glob("ai/*/*/rows"))
    copy.write_bytes(copy.read_bytes()[:-10])
    assert [row.id for row in rows_of(opened(path, tmp_path))] == ids(20)


def test_a_folder_is_one_sequence_of_all_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    table = recruits(COUNT)
    for part in range(5):
        write(folder / f"overlapping-{part}.parquet", table.take(list(range(part, 600, 5))))
    write(folder / "shuffled.parquet", table.take([600 + place for place in shuffled(count=200)]))
    table.take(list(range(800, COUNT))).to_pandas().to_pickle(folder / "rest.pkl")
    write(folder / "empty.parquet", recruits(0))
    (folder / "_SUCCESS").write_text("")
    (folder / "notes.txt").write_text("not read")
    (folder / ".hidden.parquet").write_text("not read")
    source = opened(folder, tmp_path)
    assert [row.id for row in rows_of(source)] == ids(COUNT)
    assert source.report.rows == COUNT
    for at in (0, 1, 599, 600, 799, 800, COUNT - 1):
        assert [row.id for row in rows_of(source, after=ids(COUNT)[at])] == ids(COUNT)[at + 1 :]


def test_a_folder_without_files_and_a_file_of_no_kind_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"holds no \.pkl and no \.parquet"):
        opened(tmp_path, tmp_path)
    (tmp_path / "rows.csv").write_text("id")
    with pytest.raises(UnknownFormat, match=r"rows\.csv is neither"):
        opened(tmp_path / "rows.csv", tmp_path)
    with pytest.raises(NoSuchSource, match=r"no file rows\.parquet"):
        opened(tmp_path / "rows.parquet", tmp_path)


def kinds(folder: Path) -> dict[str, Any]:
    """The same rows, ids twice among them, from every kind of file."""
    table = recruits(COUNT)
    doubled = table.take(sorted([*range(COUNT), *range(0, COUNT, 10)]))
    parts = folder / "parts"
    parts.mkdir()
    write(parts / "a.parquet", table)
    write(parts / "b.parquet", table.take(list(range(0, COUNT, 10))))
    doubled.to_pandas().to_pickle(folder / "rows.pkl")
    return {
        "sorted": opened(write(folder / "sorted.parquet", doubled, group=64), folder),
        "one group": opened(write(folder / "one.parquet", doubled, group=COUNT * 2), folder),
        "unsorted": opened(write(folder / "unsorted.parquet", doubled.take(shuffled(count=doubled.num_rows))), folder),
        "folder": opened(parts, folder),
        "pickle": opened(folder / "rows.pkl", folder),
    }


def test_a_stream_resumes_after_any_id_whatever_the_file(tmp_path: Path) -> None:
    all_ids = [one for at, one in enumerate(ids(COUNT)) for _ in range(2 if at % 10 == 0 else 1)]
    points = [ids(COUNT)[at] for at in (0, 1, 9, 10, 63, 64, 65, 500, COUNT - 2, COUNT - 1)]
    between = str(uuid.UUID(int=uuid.UUID(ids(COUNT)[500]).int + 1))
    before, behind = str(uuid.UUID(int=0)), str(uuid.UUID(int=(1 << 128) - 1))
    for kind, source in kinds(tmp_path).items():
        assert [row.id for row in rows_of(source)] == all_ids, kind
        for point in (*points, between, before, behind):
            assert [row.id for row in rows_of(source, after=point)] == [one for one in all_ids if one > point], kind
            assert [row.id for row in rows_of(source, after=point.upper())] == [one for one in all_ids if one > point]


def test_resuming_reads_nothing_that_lies_before_but_the_row_group(tmp_path: Path) -> None:
    count = 20_000
    path = write(tmp_path / "rows.parquet", recruits(count, dimension=64), group=500)
    source = opened(path, tmp_path)
    began = bytes_read()
    whole = len(rows_of(source))
    all_bytes = bytes_read() - began
    began = bytes_read()
    late = len(rows_of(source, after=ids(count)[count - 600]))
    assert (whole, late) == (count, 599)
    assert bytes_read() - began < all_bytes // 15


def test_rows_of_upper_case_ids_are_in_order_too(tmp_path: Path) -> None:
    spelled = [one.upper() if at % 2 else one for at, one in enumerate(ids(50))]
    source = opened(write(tmp_path / "rows.parquet", recruits(50, id=spelled)), tmp_path)
    assert isinstance(source, Parquet)
    assert [row.id for row in rows_of(source)] == ids(50)


def test_ids_order_as_bytes_and_not_as_any_number(tmp_path: Path) -> None:
    given = [str(uuid.UUID(int=value)) for value in (1 << 127, 1, 0xFF << 64, (1 << 128) - 1, 1 << 64, 0x80, 0)]
    source = opened(write(tmp_path / "rows.parquet", recruits(7, id=given)), tmp_path)
    assert [row.id for row in rows_of(source)] == sorted(given)
    for point in given:
        assert [row.id for row in rows_of(source, after=point)] == [one for one in sorted(given) if one > point]


def test_a_file_that_takes_the_name_is_not_seen_by_a_stream_under_way(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(9000))
    source = opened(path, tmp_path)
    reading = source.batches()
    seen = len(next(reading).keys)
    write(tmp_path / "new.parquet", recruits(10)).replace(path)
    assert seen + sum(len(batch.keys) for batch in reading) == 9000
    assert len(rows_of(opened(path, tmp_path))) == 10


def test_a_file_written_over_ends_the_stream_under_way(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(9000))
    reading = opened(path, tmp_path).batches()
    next(reading)
    write(path, recruits(9000, seed=2))
    with pytest.raises(FileChanged, match=r"rows\.parquet was written over"):
        list(reading)


SCRIPT = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from hirehub.services.ai.shape import RECRUIT
from hirehub.services.ai.columns import Columns
from tests.support.ai import shelf
library = replace(shelf(Path(sys.argv[2])), run_bytes=8_000_000)
len(list(library.open(Path(sys.argv[3]), RECRUIT, Columns()).batches()))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
source = library.open(Path(sys.argv[1]), RECRUIT, Columns())
rows = sum(len(batch.keys) for batch in source.batches())
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("order", ["sorted in one group", "unsorted"])
def test_memory_does_not_grow_with_the_file(order: str, tmp_path: Path) -> None:
    """60,000 rows of 384 floats are 92 MB; reading and sorting them takes a fraction, also out of one row group."""
    count = 60_000
    table = recruits(count, dimension=384)
    if order == "unsorted":
        table = table.take(shuffled(count=count))
    path = write(tmp_path / "rows.parquet", table, group=count if order == "sorted in one group" else 20_000)
    small = write(tmp_path / "small.parquet", recruits(10).take(shuffled(count=10)))
    del table
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), str(tmp_path), str(small)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path.cwd(),
    )
    rows, grown = map(int, ran.stdout.split())
    assert rows == count
    assert grown < 50_000


def test_many_readers_share_what_is_open(tmp_path: Path) -> None:
    source = shelf(tmp_path).open(write(tmp_path / "rows.parquet", recruits(COUNT)), RECRUIT, Columns())
    readers = [source.batches() for _ in range(20)]
    opened_files = len(list(Path("/proc/self/fd").iterdir()))
    seen = [0] * 20
    for _ in range(2):
        for at, reader in enumerate(readers):
            seen[at] += sum(len(batch.keys) for batch in [next(reader, None)] if batch is not None)
    assert len(list(Path("/proc/self/fd").iterdir())) == opened_files
    assert seen == [COUNT] * 20
    assert len(messages(source)) == 4
