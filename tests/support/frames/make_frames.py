"""Writes the pickled frames of this folder: run it with each version of pandas, in a throwaway environment.

    python -m venv /tmp/old && /tmp/old/bin/pip install "pandas==1.5.3" "numpy<2" pyarrow
    /tmp/old/bin/python make_frames.py .

Every frame is of our own making; the tests hold what is read against the same literals.
"""

import pickle
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

PROTOCOLS = (2, 3, 4, 5)
IDS = [uuid.UUID(f"018f0000-0000-7000-8000-{at:012x}") for at in range(6)]
COMPANIES = ["Maple Works", "Harbor Labs", "Grünwald", "한빛", "Cobalt", "Orbit"]
YEARS = ["2y", "no_exp", "5y+", 1, 10, "3y"]
KEYWORDS = ["Python", None, "QA", "Python", "DevOps", "QA"]
VECTORS = [[0.5, -1.25, float(at), 0.1] for at in range(6)]
SKILLS = [["Python", "SQL"], [], ["한국어"], ["Go"], None, ["C++", "C++"]]
SALARIES = [50_000, None, 1, 70_000, None, 60_000]
MOMENTS = [datetime(2024, 1, 1, 0, 0, at, 250_000, tzinfo=UTC) for at in range(6)]


def lists() -> Any:
    """Recruits with UUID objects and lists of floats, out of a filter: blocks and index as such a frame has them."""
    frame = pd.DataFrame(
        {
            "id": [uuid.UUID(int=0), *IDS],
            "Company Name": ["dropped", *COMPANIES],
            "Exp Years": [0, *YEARS],
            "English Level": [None] * 7,
            "Primary Keyword": [None, *KEYWORDS],
            "job_post_vectors": [[0.0], *VECTORS],
        }
    )
    return frame[frame["Company Name"] != "dropped"]


def arrays() -> Any:
    """Recruits with text ids, numpy arrays, nullable numbers, a category and moments of a zone."""
    return pd.DataFrame(
        {
            "id": [str(one).upper() for one in IDS],
            "Company Name": pd.array(COMPANIES, dtype="string"),
            "Exp Years": pd.array([1, 2, 3, 4, 5, 6], dtype="Int64"),
            "English Level": pd.Categorical(["basic", "upper", None, "basic", "upper", "fluent"]),
            "Primary Keyword": KEYWORDS,
            "job_post_vectors": [np.array(vector, dtype=np.float32) for vector in VECTORS],
            "updated_at": pd.to_datetime(MOMENTS, utc=True),
            "Score": np.linspace(0, 1, 6),
        }
    )


def candidates() -> Any:
    """Candidates with lists of skills and missing numbers, their id as the index."""
    frame = pd.DataFrame(
        {
            "id": IDS,
            "name": pd.array(COMPANIES, dtype="string[pyarrow]"),
            "skills": SKILLS,
            "experience_years": np.array([0, 1, 2, 3, 4, 5], dtype=np.int16),
            "expected_salary": pd.array(SALARIES, dtype="Int32"),
            "updated_at": [moment.replace(tzinfo=None) for moment in MOMENTS],
            "candidate_vectors": [np.array(vector, dtype=np.float64) for vector in VECTORS],
        }
    )
    return frame.set_index("id")


FRAMES = {"lists": lists, "arrays": arrays, "candidates": candidates}


def main(folder: Path) -> None:
    """Writes each frame in each protocol."""
    version = ".".join(pd.__version__.split(".")[:2])
    for name, make in FRAMES.items():
        for protocol in PROTOCOLS:
            path = folder / f"pandas{version}-{name}-p{protocol}.pkl"
            path.write_bytes(pickle.dumps(make(), protocol=protocol))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
