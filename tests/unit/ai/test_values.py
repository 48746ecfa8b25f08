"""Values are taken as published data has them; what is merely wrong is sent, what the wire cannot carry is told."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hirehub.services.ai.columns import Columns, Rule
from hirehub.services.ai.report import Cause
from hirehub.services.ai.sources.loose import arrow as pa
from hirehub.services.ai.sources.values import ColumnType
from tests.support.ai import floats, ids, opened, recruits, rows_of, unpickled, write

CELLS: dict[str, list[Any]] = {
    "Exp_Years": [2, "2y", "no_exp", "5y+", "10 years", "3+", " 7 ", -4, "-1y", "1.0"],
    "English_Level": [None, "basic", "", "Upper", None, "fluent", "pre", "x", "y", "z"],
}
YEARS = [2, 2, 0, 5, 10, 3, 7, -4, -1, 1]


def as_pickle(folder: Path, count: int, **columns: Any) -> Any:
    """A source over a pickled frame of recruits."""
    table = recruits(count).to_pydict()
    table.update({name.replace("_", " ") if name[0].isupper() else name: values for name, values in columns.items()})
    path = folder / "frame.pkl"
    path.write_bytes(pickle.dumps(pd.DataFrame(table)))
    return unpickled(path, folder)


def as_parquet(folder: Path, count: int, **columns: Any) -> Any:
    """A source over the same in Parquet."""
    return opened(write(folder / "rows.parquet", recruits(count, **columns)), folder)


def test_years_in_words_are_numbers_in_a_pickle(tmp_path: Path) -> None:
    source = as_pickle(tmp_path, 10, **CELLS)
    rows = rows_of(source)
    assert [row.exp_years for row in rows] == YEARS
    assert [row.english_level for row in rows] == [cell or "" for cell in CELLS["English_Level"]]
    assert source.report.held_back == 0


def test_years_in_words_are_numbers_in_parquet(tmp_path: Path) -> None:
    texts = [str(cell) for cell in CELLS["Exp_Years"]]
    rows = rows_of(as_parquet(tmp_path, 10, Exp_Years=texts, English_Level=CELLS["English_Level"]))
    assert [row.exp_years for row in rows] == YEARS


UNSENDABLE: dict[str, tuple[str, Any, Cause]] = {
    "a lone surrogate": ("Company Name", "bad \ud800 text", Cause.BAD_TEXT),
    "a lone surrogate in an id": ("id", "\udfff", Cause.BAD_TEXT),
    "a list where text belongs": ("Company Name", ["a"], Cause.NOT_TEXT),
    "a number beyond 32 bits": ("Exp Years", 1 << 31, Cause.BEYOND_INT32),
    "a number beyond 64 bits": ("Exp Years", 1 << 70, Cause.BEYOND_INT32),
    "infinite years": ("Exp Years", float("inf"), Cause.BEYOND_INT32),
    "years that are no number": ("Exp Years", "senior", Cause.NOT_A_NUMBER),
    "a truth where years belong": ("Exp Years", True, Cause.NOT_A_NUMBER),
    "half a year": ("Exp Years", 2.5, Cause.NOT_WHOLE),
    "no years": ("Exp Years", None, Cause.MISSING_NUMBER),
    "years that are not told": ("Exp Years", "", Cause.MISSING_NUMBER),
    "a text as vector": ("job_post_vectors", "[0.1, 0.2]", Cause.NOT_A_LIST_OF_NUMBERS),
    "a list of texts as vector": ("job_post_vectors", ["a", "b"], Cause.NOT_A_LIST_OF_NUMBERS),
    "a list of lists as vector": ("job_post_vectors", [[0.1], [0.2]], Cause.NOT_A_LIST_OF_NUMBERS),
    "truths as vector": ("job_post_vectors", [True, False], Cause.NOT_A_LIST_OF_NUMBERS),
    "a table as vector": ("job_post_vectors", np.zeros((2, 2)), Cause.NOT_A_LIST_OF_NUMBERS),
    "a number as vector": ("job_post_vectors", 0.5, Cause.NOT_A_LIST_OF_NUMBERS),
    "a number beyond a float": ("job_post_vectors", [10**400], Cause.NOT_A_LIST_OF_NUMBERS),
    "a moment in words": ("updated_at", "yesterday", Cause.NOT_A_MOMENT),
}


@pytest.mark.parametrize("kind", UNSENDABLE)
def test_a_row_that_cannot_be_sent_is_told_by_its_number_and_the_others_are_sent(kind: str, tmp_path: Path) -> None:
    column, cell, cause = UNSENDABLE[kind]
    table = {name: list(values) for name, values in recruits(5).to_pydict().items()}
    table["updated_at"] = [None] * 5
    table[column][3] = cell
    path = tmp_path / "frame.pkl"
    path.write_bytes(
        pickle.dumps(pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in table.items()}))
    )
    source = unpickled(path, tmp_path)
    assert [row.id for row in rows_of(source)] == [one for at, one in enumerate(ids(5)) if at != 3]
    assert source.report.held_back == 1
    told = source.report.examples[0]
    assert (told.file, told.row, told.column, told.cause) == ("frame.pkl", 3, column, cause)
    assert not str(cell) or str(cell) not in str(told)


def test_what_is_merely_wrong_is_sent_for_the_receiver_to_judge(tmp_path: Path) -> None:
    wrong = [[float("nan")] * 8, [float("inf")] * 8, [0.5], [], None, [0.5, None, 1]]
    names = ["", "a\x00b", None, "x" * 1000, "ok", "ok"]
    source = as_pickle(tmp_path, 6, job_post_vectors=wrong, Company_Name=names, Exp_Years=[-1, 0, 1, 2, 3, 4])
    rows = rows_of(source)
    assert source.report.held_back == 0
    assert [len(row.vector) // 4 for row in rows] == [8, 8, 1, 0, 0, 3]
    assert np.isnan(floats(rows[0])).all()
    assert np.isinf(floats(rows[1])).all()
    assert np.isnan(floats(rows[5])[1])
    assert [row.company_name for row in rows] == ["", "a\x00b", "", "x" * 1000, "ok", "ok"]
    assert rows[0].exp_years == -1


def test_a_row_without_a_sound_id_is_sent_first_so_that_the_receiver_sets_it_aside(tmp_path: Path) -> None:
    given = ids(5)
    given[1], given[3] = "no id at all", ""
    for source in (as_pickle(tmp_path, 5, id=given), as_parquet(tmp_path, 5, id=given)):
        assert [row.id for row in rows_of(source)] == ["no id at all", "", ids(5)[0], ids(5)[2], ids(5)[4]]
        assert source.report.bad_ids == 2
        assert [row.id for row in rows_of(source, after=ids(5)[0])] == [ids(5)[2], ids(5)[4]]


def test_ids_in_any_spelling_are_sent_in_their_usual_one(tmp_path: Path) -> None:
    first, second, third, fourth = ids(4)
    spelled = [first.upper(), "{" + second + "}", third.replace("-", ""), f"urn:uuid:{fourth}"]
    for source in (as_pickle(tmp_path, 4, id=spelled), as_parquet(tmp_path, 4, id=spelled)):
        assert [row.id for row in rows_of(source)] == ids(4)


def test_ids_as_sixteen_bytes(tmp_path: Path) -> None:
    raw = [bytes.fromhex(one.replace("-", "")) for one in ids(4)]
    for kind in (pa.binary(16), pa.binary(), pa.large_binary()):
        rows = rows_of(as_parquet(tmp_path, 4, id=pa.array(raw, kind)))
        assert [row.id for row in rows] == ids(4)
    with_none = pa.array([raw[0], None, *raw[2:]], pa.binary(16))
    assert [row.id for row in rows_of(as_parquet(tmp_path, 4, id=with_none))] == ["", ids(4)[0], *ids(4)[2:]]


def test_text_that_is_not_utf8_in_parquet_is_told(tmp_path: Path) -> None:
    raw = pa.array([b"fine", b"\xff\xfe", "좋아".encode()], pa.binary())
    source = as_parquet(tmp_path, 3, Company_Name=raw)
    assert [row.company_name for row in rows_of(source)] == ["fine", "좋아"]
    assert [(row.row, row.cause) for row in source.report.examples] == [(1, Cause.BAD_TEXT)]


def test_years_are_rounded_down_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.parquet", recruits(4, Exp_Years=[0.5, 1.0, 2.9, -0.5]))
    source = opened(path, tmp_path)
    assert [row.exp_years for row in rows_of(source)] == [1]
    assert source.report.unsendable == {Cause.NOT_WHOLE: 3}
    down = Columns("test", None, {"exp_years": Rule(round="down")})
    assert [row.exp_years for row in rows_of(opened(path, tmp_path, columns=down))] == [0, 1, 2, -1]


VECTORS = {
    "lists of float32": pa.array([[0.5, 1.5]] * 3, pa.list_(pa.float32())),
    "large lists": pa.array([[0.5, 1.5]] * 3, pa.large_list(pa.float32())),
    "lists of one length": pa.array([[0.5, 1.5]] * 3, pa.list_(pa.float32(), 2)),
    "doubles": pa.array([[0.5, 1.5]] * 3, pa.list_(pa.float64())),
    "half floats": pa.array([[np.float16(0.5), np.float16(1.5)]] * 3, pa.list_(pa.float16())),
    "missing ones": pa.array([[0.5, 1.5], None, [0.5, 1.5]], pa.list_(pa.float32(), 2)),
}


@pytest.mark.parametrize("kind", VECTORS)
def test_vectors_come_in_many_types_of_lists(kind: str, tmp_path: Path) -> None:
    found = [floats(row) for row in rows_of(as_parquet(tmp_path, 3, job_post_vectors=VECTORS[kind]))]
    assert found == [[0.5, 1.5], [] if kind == "missing ones" else [0.5, 1.5], [0.5, 1.5]]


def test_a_column_of_another_type_is_refused_when_the_file_is_opened(tmp_path: Path) -> None:
    for name, values in (
        ("job_post_vectors", ["[0.1]"] * 3),
        ("Company_Name", [[1]] * 3),
        ("Exp_Years", [{"a": 1}] * 3),
    ):
        with pytest.raises(ColumnType, match="needs"):
            as_parquet(tmp_path, 3, **{name: values})


def test_moments_become_microseconds_and_a_missing_one_is_not_told(tmp_path: Path) -> None:
    moments = pd.to_datetime(["2024-01-01T00:00:00.25", None, "2024-01-01T09:00:00.25"]).tz_localize("Asia/Seoul")
    expected = [1_704_034_800_250_000, 0, 1_704_067_200_250_000]
    table = recruits(3).append_column("updated_at", pa.array(moments))
    assert [
        row.updated_at_micros for row in rows_of(opened(write(tmp_path / "a.parquet", table), tmp_path))
    ] == expected
    texts = ["2024-01-01T00:00:00.250000+09:00", "", "2024-01-01T00:00:00.25Z"]
    table = recruits(3).append_column("updated_at", pa.array(texts))
    assert [
        row.updated_at_micros for row in rows_of(opened(write(tmp_path / "b.parquet", table), tmp_path))
    ] == expected
    assert [row.updated_at_micros for row in rows_of(as_pickle(tmp_path, 3, updated_at=texts))] == expected
