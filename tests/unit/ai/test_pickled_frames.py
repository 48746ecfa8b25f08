"""Frames pickled by pandas 1.x, 2.x and 3.x, in protocols 2 to 5, become the same rows; pandas is never imported."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hirehub.services.ai.columns import Columns, Rule
from hirehub.services.ai.sources.loose import arrow
from hirehub.services.ai.sources.pickles.frame import NoFrame
from tests.support import pickles
from tests.support.ai import floats, ids, rows_of, unpickled
from tests.support.frames import make_frames as made
from tests.support.pickles import call, group, items, pairs, plain, recruit_cells, text, whole, with_state

OLD = Path(made.__file__).parent
VERSIONS = ["1.5", "2.2", "at hand"]
CASES = [(version, protocol) for version in VERSIONS for protocol in made.PROTOCOLS]
IDS = [str(one) for one in made.IDS]
MICROS = [1_704_067_200_250_000 + at * 1_000_000 for at in range(6)]
FLOAT32 = [np.array(vector, np.float32).tolist() for vector in made.VECTORS]


def pickled(kind: str, version: str, protocol: int, folder: Path) -> Path:
    """A frame of the generator: a committed file of an old pandas, or written now."""
    if version != "at hand":
        return OLD / f"pandas{version}-{kind}-p{protocol}.pkl"
    path = folder / "now.pkl"
    path.write_bytes(pickle.dumps(made.FRAMES[kind](), protocol=protocol))
    return path


@pytest.mark.parametrize(("version", "protocol"), CASES)
def test_uuid_objects_lists_of_floats_and_years_in_words(version: str, protocol: int, tmp_path: Path) -> None:
    rows = rows_of(unpickled(pickled("lists", version, protocol, tmp_path), tmp_path))
    assert [row.id for row in rows] == IDS
    assert [row.company_name for row in rows] == made.COMPANIES
    assert [row.exp_years for row in rows] == [2, 0, 5, 1, 10, 3]
    assert [row.english_level for row in rows] == [""] * 6
    assert [row.primary_keyword for row in rows] == ["Python", "", "QA", "Python", "DevOps", "QA"]
    assert [floats(row) for row in rows] == FLOAT32
    assert [row.updated_at_micros for row in rows] == [0] * 6


@pytest.mark.parametrize(("version", "protocol"), CASES)
def test_arrays_nullable_numbers_categories_and_moments(version: str, protocol: int, tmp_path: Path) -> None:
    rows = rows_of(unpickled(pickled("arrays", version, protocol, tmp_path), tmp_path))
    assert [row.id for row in rows] == IDS
    assert [row.company_name for row in rows] == made.COMPANIES
    assert [row.exp_years for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.english_level for row in rows] == ["basic", "upper", "", "basic", "upper", "fluent"]
    assert [floats(row) for row in rows] == FLOAT32
    assert [row.updated_at_micros for row in rows] == MICROS


@pytest.mark.parametrize(("version", "protocol"), CASES)
def test_candidates_with_lists_of_skills_and_their_id_as_index(version: str, protocol: int, tmp_path: Path) -> None:
    rows = rows_of(unpickled(pickled("candidates", version, protocol, tmp_path), tmp_path, "candidate"))
    assert [row.id for row in rows] == IDS
    assert [row.name for row in rows] == made.COMPANIES
    assert [list(row.skills) for row in rows] == [skills or [] for skills in made.SKILLS]
    assert [row.experience_years for row in rows] == [0, 1, 2, 3, 4, 5]
    assert [row.expected_salary if row.HasField("expected_salary") else None for row in rows] == made.SALARIES
    assert [floats(row) for row in rows] == FLOAT32
    assert [row.updated_at_micros for row in rows] == MICROS


LIST: Any = pd.ArrowDtype(arrow.list_(arrow.float32()))


def recruits(count: int = 4, **columns: Any) -> Any:
    """A frame of recruits made by the pandas at hand."""
    base = {
        "id": ids(count),
        "Company Name": [f"Company {at}" for at in range(count)],
        "Exp Years": list(range(count)),
        "vector": [[float(at), 0.5] for at in range(count)],
    }
    return pd.DataFrame({**base, **columns})


SHAPES = {
    "concatenated": lambda: pd.concat([recruits(2), recruits(4).iloc[2:]], ignore_index=True),
    "two indexes": lambda: recruits().set_index(["Company Name", "Exp Years"], drop=False),
    "index of dates": lambda: recruits().set_index(pd.date_range("2024-01-01", periods=4, freq="D")),
    "index of floats": lambda: recruits().set_index(pd.Index([0.5, 1.5, 2.5, 3.5])),
    "index of categories": lambda: recruits().set_index(pd.CategoricalIndex(["a", "b", "a", "b"])),
    "attributes": lambda: recruits().assign(note=["x", None, 1, 2.5]),
    "a column of moments": lambda: recruits().assign(seen=pd.Timestamp("2024-01-01", tz="Asia/Seoul")),
    "a column of spans": lambda: recruits().assign(span=pd.to_timedelta([1, 2, 3, 4], unit="s")),
    "many types": lambda: recruits().assign(a=True, b=1.5, c=np.float16(1), d=np.uint64(1), e=[{"x": 1}] * 4),
    "vectors as tuples": lambda: recruits(vector=[(float(at), 0.5) for at in range(4)]),
    "vectors as doubles": lambda: recruits(vector=[np.array([float(at), 0.5]) for at in range(4)]),
    "vectors as whole numbers and floats": lambda: recruits(vector=[[at, 0.5] for at in range(4)]),
    "vectors as numpy floats": lambda: recruits(vector=[[np.float64(at), np.float32(0.5)] for at in range(4)]),
    "vectors of Arrow": lambda: recruits(vector=pd.Series([[float(at), 0.5] for at in range(4)], dtype=LIST)),
    "years as text": lambda: recruits().assign(**{"Exp Years": ["no_exp", "1y", "2 years", "3+"]}),
    "years as floats": lambda: recruits().assign(**{"Exp Years": [0.0, 1.0, 2.0, 3.0]}),
    "years as numpy numbers": lambda: recruits().assign(**{"Exp Years": pd.Series(list(np.arange(4)), dtype=object)}),
    "ids of numpy": lambda: recruits(id=np.array(ids(4))),
    "names of columns otherwise spelled": lambda: recruits().rename(
        columns={"Company Name": "company_name", "vector": "Vector"}
    ),
}


@pytest.mark.parametrize("kind", SHAPES)
def test_frames_come_in_many_shapes_and_hold_the_same_rows(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    SHAPES[kind]().to_pickle(path)
    rows = rows_of(unpickled(path, tmp_path))
    assert [row.id for row in rows] == ids(4)
    assert [row.company_name for row in rows] == [f"Company {at}" for at in range(4)]
    assert [row.exp_years for row in rows] == [0, 1, 2, 3]
    assert [floats(row) for row in rows] == [[float(at), 0.5] for at in range(4)]


def test_blocks_in_a_state_as_pandas_before_1_3_wrote_them(tmp_path: Path) -> None:
    columns = recruit_cells()
    cells = [cell for column in columns.values() for cell in column]
    block = pairs(
        values=pickles.object_array((4, 3), *cells), mgr_locs=call("__builtin__.slice", *map(plain, (0, 4, 1)))
    )
    axes = items(pickles.index(*columns), pickles.rows(3))
    modern = b"}" + text("0.14.1") + pairs(axes=axes, blocks=items(block)) + b"s"
    state = group(axes, items(), items(), modern)
    manager = with_state(call("pandas.core.internals.managers.BlockManager"), state)
    path = tmp_path / "frame.pkl"
    path.write_bytes(whole(with_state(pickles.new("pandas.core.frame.DataFrame"), pairs(_data=manager))))
    assert [row.exp_years for row in rows_of(unpickled(path, tmp_path))] == [0, 1, 2]


def test_a_pickle_that_holds_something_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "series.pkl"
    path.write_bytes(pickle.dumps([1, 2, 3]))
    with pytest.raises(NoFrame, match="holds a list, not a DataFrame"):
        unpickled(path, tmp_path)


def test_a_double_becomes_the_nearest_float_and_one_beyond_its_range_is_infinite(tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    recruits(1, vector=[[0.1, 1e300, -1e-300]]).to_pickle(path)
    assert floats(rows_of(unpickled(path, tmp_path))[0]) == [float(np.float32(0.1)), float("inf"), -0.0]


def test_a_number_too_long_to_write_costs_its_row_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    recruits(3).assign(**{"Company Name": ["a", 10**5000, "c"]}).to_pickle(path)
    assert [row.company_name for row in rows_of(unpickled(path, tmp_path))] == ["a", "c"]


def test_skills_in_one_text_are_cut_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    table = {
        "id": ids(2),
        "name": ["a", "b"],
        "skills": ["Go, SQL", None],
        "experience_years": [1, 2],
        "vector": [[1.0]] * 2,
    }
    pd.DataFrame(table).to_pickle(path)
    cut = Columns("test", None, {"skills": Rule(column="skills", split=",")})
    assert [list(row.skills) for row in rows_of(unpickled(path, tmp_path, "candidate", cut))] == [["Go", "SQL"], []]
    assert [list(row.skills) for row in rows_of(unpickled(path, tmp_path, "candidate"))] == [["Go, SQL"], []]


def test_the_child_bars_pandas_from_being_imported() -> None:
    script = (
        "import sys; from hirehub.services.ai.isolation import child\n"
        "sys.meta_path.insert(0, child._Barred(frozenset({'pandas'})))\n"
        "from hirehub.services.ai.sources.pickles import convert\n"
        "assert 'pandas' not in sys.modules\n"
        "try: import pandas\n"
        "except ImportError as error: print(error)"
    )
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "pandas is not imported here"
