"""The shipped sample: job posts and candidates of the product's own making, with real all-MiniLM-L6-v2 vectors.

Its ids are UUID v7 of the year 2020. A pull continues after the checkpoint, so the sample has to lie before any real
data: were its ids of today, a company's own older rows would never be asked for once the sample is in.
No row is about a real person or company; a candidate's `name` is a title such as "Backend developer, 6 years".
`scripts/make_sample.py` makes the files anew.
"""

from pathlib import Path


def sample_files() -> dict[str, Path]:
    """The file of each domain, as the AI server serves it."""
    here = Path(__file__).parent
    return {"recruit": here / "recruits.parquet", "candidate": here / "candidates.parquet"}
