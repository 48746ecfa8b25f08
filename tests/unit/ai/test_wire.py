"""Rows are encoded as protobuf itself would, and chunks hold the rows that were asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.services.ai.columns import Columns, match
from hirehub.services.ai.shape import CANDIDATE, RECRUIT
from hirehub.services.ai.sources.batches import chunks
from hirehub.services.ai.sources.encode import Source, encode
from hirehub.services.ai.sources.loose import arrow as pa
from tests.support.ai import ids, messages, opened, published, recruits, vectors, write

INT32 = st.integers(-(1 << 31), (1 << 31) - 1)
TEXTS = st.text(max_size=200)
VECTOR = st.lists(st.floats(width=32), max_size=40)
MICROS = st.integers(-(1 << 63), (1 << 63) - 1)


def encoded(shape: Any, rows: list[dict[str, Any]]) -> bytes:
    """Rows, given as Python values, on the wire."""
    names = [field.name for field in shape.fields]
    types = {"id": pa.string(), "vector": pa.list_(pa.float32()), "skills": pa.list_(pa.string())}
    numbers = {"exp_years", "experience_years", "expected_salary", "updated_at_micros"}
    columns = {
        name: pa.array([row[name] for row in rows], types.get(name, pa.int64() if name in numbers else pa.string()))
        for name in names
    }
    source = Source(shape, match(shape, Columns(), names), "test", 1 << 24)
    result = encode(source, columns, np.arange(len(rows)), {})
    assert not result.unsendable
    return result.batch.cut(0, len(rows))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, INT32, TEXTS, TEXTS, VECTOR, MICROS), max_size=12))
def test_recruits_are_encoded_as_protobuf_does(rows: list[tuple[Any, ...]]) -> None:
    names = ("company_name", "exp_years", "english_level", "primary_keyword", "vector", "updated_at_micros")
    given_rows = [
        {"id": one, **dict(zip(names, row, strict=True))} for one, row in zip(ids(len(rows)), rows, strict=True)
    ]
    expected = pb.RowChunk(
        rows=[pb.RecruitRow(**{**row, "vector": np.array(row["vector"], "<f4").tobytes()}) for row in given_rows]
    )
    assert encoded(RECRUIT, given_rows) == expected.SerializeToString()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    rows=st.lists(
        st.tuples(TEXTS, st.lists(TEXTS, max_size=4), INT32, TEXTS, TEXTS, st.none() | INT32, VECTOR, MICROS),
        max_size=8,
    )
)
def test_candidates_are_encoded_as_protobuf_does(rows: list[tuple[Any, ...]]) -> None:
    names = [field.name for field in CANDIDATE.fields[1:]]
    given_rows = [
        {"id": one, **dict(zip(names, row, strict=True))} for one, row in zip(ids(len(rows)), rows, strict=True)
    ]
    expected = pb.RowChunk(
        candidates=[
            pb.CandidateRow(**{**row, "vector": np.array(row["vector"], "<f4").tobytes()}) for row in given_rows
        ]
    )
    assert encoded(CANDIDATE, given_rows) == expected.SerializeToString()


def test_a_stock_client_reads_the_same_floats(tmp_path: Path) -> None:
    source = opened(write(tmp_path / "rows.parquet", recruits(7, dimension=384)), tmp_path)
    chunk = published("RowChunk").FromString(b"".join(chunks(source.batches(), 7)))
    assert np.array([row.vector for row in chunk.rows], np.float32).tobytes() == vectors(7, 384).tobytes()
    assert chunk.SerializeToString() == b"".join(chunks(source.batches(), 7))


@pytest.mark.parametrize("rows", [1, 2, 7, 30, 64, 99, 100, 101, 250, 1000])
def test_all_chunks_but_the_last_are_full_and_none_is_empty(rows: int, tmp_path: Path) -> None:
    source = opened(write(tmp_path / "rows.parquet", recruits(250), group=30), tmp_path)
    found = messages(source, rows=rows)
    sizes = [len(chunk.rows) for chunk in found]
    assert sizes == [rows] * (250 // rows) + ([250 % rows] if 250 % rows else [])
    assert [row.id for chunk in found for row in chunk.rows] == ids(250)


def test_no_rows_are_no_chunks(tmp_path: Path) -> None:
    source = opened(write(tmp_path / "rows.parquet", recruits(0)), tmp_path)
    assert messages(source) == []


def test_a_row_larger_than_a_message_is_told_and_the_others_are_sent(tmp_path: Path) -> None:
    names = ["small", "x" * 200_000, "small"]
    source = opened(write(tmp_path / "rows.parquet", recruits(3, Company_Name=names)), tmp_path, max_message=100_000)
    assert [row.id for chunk in messages(source) for row in chunk.rows] == [ids(3)[0], ids(3)[2]]
    assert [(row.row, str(row.cause)) for row in source.report.examples] == [(1, "too_large")]


def test_what_cannot_be_sent_is_counted_once_however_often_it_is_read(tmp_path: Path) -> None:
    years = [1, 1 << 40, 2, 1 << 50]
    source = opened(write(tmp_path / "rows.parquet", recruits(4, Exp_Years=years)), tmp_path)
    for _ in range(3):
        assert len([row for chunk in messages(source) for row in chunk.rows]) == 2
    assert source.report.held_back == 2
    assert source.report.as_dict()["sendable"] == 2


def test_examples_are_bounded_and_counts_are_not(tmp_path: Path) -> None:
    source = opened(write(tmp_path / "rows.parquet", recruits(500, Exp_Years=[1 << 40] * 500)), tmp_path)
    assert messages(source) == []
    assert source.report.held_back == 500
    assert [row.row for row in source.report.examples] == list(range(20))


def nothing() -> Iterator[Any]:
    """No batches."""
    return iter(())


def test_chunks_of_nothing_are_none() -> None:
    assert list(chunks(nothing(), 5)) == []
