"""The shipped sample is the product's own: real vectors, invented posts, ids before any real data, and nobody in it."""

import json
import re
import subprocess
import sys
import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from hirehub.runtime.sample import sample_files
from hirehub.services.vectors.settings import VectorsSettings
from tests.support.shared import ROOT

VECTORS = {"recruit": "job_post_vectors", "candidate": "candidate_vectors"}
DOMAINS = tuple(VECTORS)


def rows_of(domain: str) -> list[dict[str, Any]]:
    """The rows of a shipped file."""
    return pq.read_table(sample_files()[domain]).to_pylist()


def texts_of(row: dict[str, Any]) -> str:
    """Everything written in a row."""
    return " ".join(str(value) for name, value in row.items() if name not in {"id", *VECTORS.values()})


def test_there_are_enough_rows_and_both_files_stay_under_two_megabytes() -> None:
    assert len(rows_of("recruit")) >= 200
    assert len(rows_of("candidate")) >= 100
    assert sum(path.stat().st_size for path in sample_files().values()) < 2_000_000


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_vector_has_384_floats_and_length_one(domain: str) -> None:
    vectors = np.array([row[VECTORS[domain]] for row in rows_of(domain)], np.float32)
    assert vectors.shape[1] == 384
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-6


@pytest.mark.parametrize("domain", DOMAINS)
def test_ids_rise_and_lie_in_2020_so_that_a_pull_of_real_data_goes_on_after_them(domain: str) -> None:
    ids = [uuid.UUID(row["id"]) for row in rows_of(domain)]
    moments = {datetime.fromtimestamp((one.int >> 80) / 1000, UTC).year for one in ids}
    assert [one.version for one in ids] == [7] * len(ids)
    assert ids == sorted(ids)
    assert moments == {2020}


def test_posts_are_distinct_and_spread_over_many_fields_in_two_languages() -> None:
    posts = rows_of("recruit")
    korean = [post for post in posts if re.search("[가-힣]", post["Long Description"])]
    assert len({post["Long Description"] for post in posts}) == len(posts)
    assert len(Counter(post["Primary Keyword"] for post in posts)) >= 20
    assert 0.3 < len(korean) / len(posts) < 0.5


def test_posts_state_only_levels_that_the_settings_know() -> None:
    levels = {post["English Level"] for post in rows_of("recruit")} - {None}
    assert levels <= set(VectorsSettings().english_levels)


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_row_holds_an_address_a_number_to_call_or_a_link(domain: str) -> None:
    contact = re.compile(r"@|https?:|www\.|\d{2,4}-\d{3,4}-\d{4}|\d{9,}(?!\d)")
    found = [text for text in map(texts_of, rows_of(domain)) if contact.search(text)]
    assert found == []


def test_a_candidate_is_named_by_a_role() -> None:
    names = [row["name"] for row in rows_of("candidate")]
    assert names == [row["Position"] for row in rows_of("candidate")]
    assert not [name for name in names if re.fullmatch(r"[가-힣]{2,3}|[A-Z]\w+ [A-Z]\w+", name)]


def test_the_files_are_current_with_their_texts() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_sample.py"), "--texts"],
        capture_output=True,
        text=True,
        check=True,
    )
    shipped = {domain: [without_vector(row, domain) for row in rows_of(domain)] for domain in DOMAINS}
    assert shipped == json.loads(made.stdout)


def without_vector(row: dict[str, Any], domain: str) -> dict[str, Any]:
    """A row as its texts make it."""
    return {name: value for name, value in row.items() if name != VECTORS[domain]}
