"""Whatever a file holds, reading it ends soon, in bounded memory, with an error that says what to do."""

import contextlib
import os
import pickle
import random
import struct
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hirehub.kernel.errors import HirehubError
from hirehub.services.ai.columns import Columns
from hirehub.services.ai.shape import RECRUIT
from hirehub.services.ai.sources.parquet import DamagedParquet
from hirehub.services.ai.sources.pickles.nodes import DamagedPickle
from tests.support.ai import ids, opened, recruits, rows_of, shelf, unpickled, write
from tests.support.pickles import (
    call,
    frame,
    group,
    name,
    plain,
    recruit_cells,
    text,
    whole,
    with_state,
)

FLIPS = 300


def pickled(path: Path, count: int = 12, protocol: int = 5) -> bytes:
    """A small sound pickle."""
    table = recruits(count).to_pydict()
    table["updated_at"] = list(pd.to_datetime(["2024-01-01"] * count, utc=True))
    path.write_bytes(pickle.dumps(pd.DataFrame(table), protocol=protocol))
    return path.read_bytes()


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_pickle_cut_short_anywhere_is_told(protocol: int, tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    data = pickled(path, protocol=protocol)
    for length in [0, 1, 2, 10, *range(11, len(data), max(1, len(data) // 60)), len(data) - 1]:
        path.write_bytes(data[:length])
        with pytest.raises(DamagedPickle, match="the pickle is damaged"):
            unpickled(path, tmp_path)


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_flipped_bit_ends_in_rows_or_in_a_named_error(protocol: int, tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    data = pickled(path, protocol=protocol)
    dice = random.Random(protocol)
    ends = {"rows": 0, "error": 0}
    for _ in range(FLIPS):
        spoilt = bytearray(data)
        spoilt[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(spoilt)
        ends[_end_of(path, tmp_path)] += 1
    assert ends["error"] > FLIPS // 10
    assert sum(ends.values()) == FLIPS


def _end_of(path: Path, folder: Path) -> str:
    """How reading ends, with what the child process turns into an error counted as one."""
    try:
        rows_of(unpickled(path, folder))
    except HirehubError:
        return "error"
    except (
        MemoryError,
        RecursionError,
        ValueError,
        TypeError,
        OverflowError,
        KeyError,
        IndexError,
        AttributeError,
        ArithmeticError,
    ):
        return "error"
    return "rows"


def test_flipped_bits_reach_the_caller_as_named_errors_alone(tmp_path: Path) -> None:
    """Through the child process: no traceback, whatever the code there raised."""
    path = tmp_path / "frame.pkl"
    data = pickled(path)
    dice = random.Random(7)
    for _ in range(8):
        spoilt = bytearray(data)
        for _ in range(4):
            spoilt[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(spoilt)
        with contextlib.suppress(HirehubError):
            assert len(rows_of(opened(path, tmp_path))) <= 12


def huge_array(shape: tuple[int, ...], kind: str = "f8") -> bytes:
    """A numpy array that claims a shape and brings 8 bytes."""
    dtype = with_state(
        call("numpy.dtype", text(kind), plain(False), plain(True)), plain((3, "<", None, None, None, -1, -1, 0))
    )
    made = call("numpy.core.multiarray._reconstruct", name("numpy.ndarray"), plain((0,)), plain(b"b"))
    return with_state(made, group(plain(1), plain(shape), dtype, plain(False), plain(b"12345678")))


def spoilt_cells(**cells: bytes) -> bytes:
    """A frame with a column of one cell replaced in each row."""
    columns = recruit_cells()
    for column, cell in cells.items():
        columns[column.replace("_", " ") if column != "job_post_vectors" else column] = [cell] * 3
    return frame(columns)


LIES = {
    "a huge array in a cell": spoilt_cells(job_post_vectors=huge_array((1 << 62,))),
    "a huge array of two dimensions": spoilt_cells(job_post_vectors=huge_array((1 << 40, 1 << 40))),
    "a negative shape": spoilt_cells(job_post_vectors=huge_array((-1,))),
    "an array of wide text": spoilt_cells(job_post_vectors=huge_array((1,), "U999999")),
    "a type that is code": spoilt_cells(job_post_vectors=huge_array((1,), "f8,(1000000,1000000)f8")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_cell_that_lies_about_its_size_costs_its_row_alone(lie: str, tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    path.write_bytes(LIES[lie])
    source = unpickled(path, tmp_path)
    assert source.report.held_back == 3
    assert {str(cause) for cause in source.report.unsendable} == {"not_a_list_of_numbers"}


WRONG = {
    "bytes beyond the end": b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b"x.",
    "text beyond the end": b"\x80\x04X" + struct.pack("<I", 0xFFFFFFFF) + b"x.",
    "a number beyond the end": b"\x80\x02\x8b" + struct.pack("<I", 0x7FFFFFFF) + b"x.",
    "a memo that is not there": b"\x80\x04h\x07.",
    "items for nothing": b"\x80\x04(K\x01e.",
    "a list as a key": b"\x80\x04}]K\x01s.",
    "nothing at all": b"",
    "no opcode": b"\x80\x04\xff.",
    "protocol 9": b"\x80\x09N.",
    "two values": b"\x80\x04NN.",
    "a mark": b"\x80\x04(.",
    "Parquet": b"PAR1" + bytes(40),
    "text": b"id,Company Name\n1,2\n",
    "a frame without blocks": whole(with_state(call("pandas.core.frame.DataFrame"), plain({"_mgr": 1}))),
    "a frame without state": whole(call("pandas.core.frame.DataFrame")),
    "an array as frame": frame(recruit_cells()).replace(b"BlockManager", b"BlockManageR"),
    "an object array too short": frame(recruit_cells()).replace(b"K\x04K\x03\x86", b"K\x04K\x09\x86"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_bytes_that_are_no_frame_are_told(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    path.write_bytes(WRONG[wrong])
    with pytest.raises(HirehubError) as told:
        unpickled(path, tmp_path)
    assert told.value.code in {"damaged_pickle", "no_frame", "refused_name"}


def nested(depth: int) -> bytes:
    """Tuples within tuples."""
    return whole(b")" + b"\x85" * depth)


def doubled(times: int) -> bytes:
    """A list that holds itself twice over and over: 2 ** times items in a few bytes."""
    steps = b"".join(b"q\x00](h\x00h\x00e" for _ in range(times))
    return b"\x80\x02]K\x01a" + steps


def test_memory_of_a_bomb_is_bounded_by_the_limit(tmp_path: Path) -> None:
    """A list of a billion shared items, as the cells of a frame's every row; and a million empty dictionaries."""
    bombs = {
        "shared": _shared(tmp_path),
        "dictionaries": b"\x80\x02" + b"}" * 4_000_000 + b".",
        "deep": nested(500_000),
        "doubled": doubled(40) + b".",
    }
    for kind, data in bombs.items():
        path = tmp_path / f"{kind}.pkl"
        path.write_bytes(data)
        began = time.monotonic()
        with pytest.raises(HirehubError) as told:
            opened(path, tmp_path, limits={"memory": 300, "seconds": 20, "file_bytes": 100_000_000})
        assert told.value.code in {"pickle_too_large", "no_frame", "damaged_pickle"}, kind
        assert time.monotonic() - began < 20
        assert not list((tmp_path / "data").glob("ai/*/new/about.json"))


def _shared(folder: Path) -> bytes:
    """A frame whose 600 vectors are one list of 100,000 floats: 240 MB of rows out of 1 MB."""
    path = folder / "shared.pkl"
    vector = np.linspace(0, 1, 100_000).tolist()
    table = {"id": ids(600), "Company Name": ["x"] * 600, "Exp Years": [1] * 600, "vector": [vector] * 600}
    pd.DataFrame(table).to_pickle(path)
    return path.read_bytes()


def test_rows_that_would_fill_the_disk_are_bounded_by_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    path.write_bytes(_shared(tmp_path))
    with pytest.raises(HirehubError, match="take more than 50000000 bytes") as told:
        opened(path, tmp_path, limits={"file_bytes": 50_000_000})
    assert told.value.code == "pickle_too_large"


def test_a_pickle_larger_than_the_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    pickled(path)
    with pytest.raises(HirehubError, match="1000 are taken") as told:
        opened(path, tmp_path, limits={"file_bytes": 1000})
    assert "HIREHUB_AI__LIMITS__FILE_BYTES" in told.value.hint


def test_more_rows_than_the_limit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    pickled(path)
    with pytest.raises(HirehubError, match="has 12 rows, 11 are taken"):
        opened(path, tmp_path, limits={"rows": 11})


def test_reading_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    path.write_bytes(b"\x80\x02" + b"N0" * 10_000_000 + b".")
    began = time.monotonic()
    with pytest.raises(HirehubError, match="takes longer than 1 seconds") as told:
        opened(path, tmp_path, limits={"seconds": 1})
    assert told.value.code == "pickle_too_slow"
    assert time.monotonic() - began < 15


def test_parquet_cut_short_or_flipped_is_told_and_never_crashes(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(60), group=20)
    data = path.read_bytes()
    dice = random.Random(3)
    ends: Counter[str] = Counter()
    for at in range(FLIPS):
        spoilt = bytearray(data)
        if at % 3 == 0:
            del spoilt[dice.randrange(len(data)) :]
        else:
            spoilt[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(spoilt)
        ends[_parquet_end(path, tmp_path)] += 1
    assert ends.total() == FLIPS
    assert ends["damaged_parquet"] >= FLIPS // 3
    assert set(ends) <= {"rows", "damaged_parquet", "columns_missing", "column_type"}


def _parquet_end(path: Path, folder: Path) -> str:
    try:
        rows_of(opened(path, folder))
    except HirehubError as error:
        return error.code
    return "rows"


def test_a_file_that_is_no_parquet_is_told(tmp_path: Path) -> None:
    for content in (b"", b"PAR1", os.urandom(500), b"PAR1" + bytes(100) + b"PAR1"):
        path = tmp_path / "rows.parquet"
        path.write_bytes(content)
        with pytest.raises(DamagedParquet, match=r"rows\.parquet is no whole Parquet file"):
            shelf(tmp_path).open(path, RECRUIT, Columns())
