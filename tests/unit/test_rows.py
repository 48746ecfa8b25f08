"""Generated rows are the same everywhere, have neighbours worth finding, and fit in little memory at any number."""

import hashlib
import tracemalloc
import uuid
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks import rows as generated

DIGEST = "b07b4a437c9ae2a3981fcd234c5afc02a2b145a07419079047a7095e63604e0c"


def test_the_same_seed_gives_the_same_rows_on_every_machine() -> None:
    some = generated.generate(5000)
    digest = hashlib.sha256(some.ids.tobytes() + some.vectors.tobytes() + "".join(some.company).encode())
    assert digest.hexdigest() == DIGEST


def test_another_seed_gives_other_rows() -> None:
    assert generated.generate(100).texts() != generated.generate(100, seed=1).texts()


def test_the_first_rows_do_not_depend_on_how_many_are_made() -> None:
    few, many = generated.generate(100), generated.generate(9000)
    assert np.array_equal(few.vectors, many.vectors[:100])
    assert few.texts() == many.texts()[:100]


def test_ids_are_uuid_v7_and_rise() -> None:
    some = generated.generate(9000)
    texts = some.texts()
    assert texts == sorted(set(texts))
    assert {uuid.UUID(text).version for text in texts} == {7}
    assert uuid.UUID(texts[17]).bytes == some.ids[17].tobytes()


@pytest.mark.parametrize("dimension", [384, 768, 1000, 1536])
def test_vectors_have_length_one_in_every_dimension(dimension: int) -> None:
    vectors = generated.generate(500, dimension).vectors
    assert vectors.shape == (500, dimension)
    assert vectors.dtype == np.float32
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5


@pytest.mark.parametrize("dimension", [384, 1536])
def test_a_row_has_neighbours_that_stand_out_from_the_crowd(dimension: int) -> None:
    vectors = generated.generate(4000, dimension).vectors
    likeness = np.sort(vectors[:100] @ vectors.T, axis=1)
    tenth, middle = likeness[:, -11].mean(), np.median(likeness)
    assert tenth > 0.7
    assert tenth - middle > 0.25


def test_a_lift_to_a_multiple_keeps_every_angle() -> None:
    vectors = generated.generate(50).vectors
    lifted = generated.unit(generated.lift(vectors, 768))
    assert np.allclose(lifted @ lifted.T, vectors @ vectors.T, atol=1e-5)


def test_each_company_holds_about_one_row_in_a_hundred() -> None:
    shares = Counter(generated.generate(20_000).company)
    assert len(shares) == 100
    assert max(shares.values()) < 300
    assert min(shares.values()) > 120


def test_memory_does_not_grow_with_the_number_of_rows() -> None:
    peaks = []
    for count in (8_192, 32_768):
        tracemalloc.start()
        made = sum(len(part) for part in generated.recruit_chunks(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert made == count
    assert peaks[1] < 1.1 * peaks[0]


def test_a_written_file_reads_back_as_the_rows(tmp_path: Path) -> None:
    path = generated.write_parquet(tmp_path / "rows.parquet", 5000)
    table = pq.read_table(path)
    vectors = np.array(table["job_post_vectors"].to_pylist(), np.float32)
    assert np.array_equal(vectors, generated.generate(5000).vectors)
    assert table["id"].to_pylist() == generated.generate(5000).texts()
    assert pq.ParquetFile(path).num_row_groups == 2


def test_candidates_come_in_their_own_columns(tmp_path: Path) -> None:
    rows = generated.generate_candidates(300, 768)
    table = pq.read_table(generated.write_rows(tmp_path / "candidates.parquet", [rows]))
    assert table["name"].to_pylist() == rows.name
    assert table["skills"].to_pylist() == rows.skills
    assert table["expected_salary"].to_pylist() == rows.salary
    assert len(table["candidate_vectors"][0].as_py()) == 768
