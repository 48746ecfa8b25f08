"""The published contract and our own descriptor mean the same bytes."""

import struct
import subprocess
import sys
from pathlib import Path

from hirehub.contracts.pb import embedding_stream_pb2 as ours
from tests.support.wire import PUBLISHED, stock

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = [0.0, -0.0, 1.5, -2.25, 3.4028234663852886e38, 1e-45]


def packed(numbers: list[float]) -> bytes:
    """Little-endian float32, as a packed field carries them."""
    return struct.pack(f"<{len(numbers)}f", *numbers)


def test_a_stock_client_reads_what_we_write() -> None:
    """Our bytes are its floats, in both kinds of row."""
    wire = ours.RowChunk(
        rows=[ours.RecruitRow(id="a", vector=packed(NUMBERS))],
        candidates=[ours.CandidateRow(id="b", vector=packed(NUMBERS), expected_salary=0)],
    ).SerializeToString()
    chunk = stock("RowChunk").FromString(wire)
    assert packed(list(chunk.rows[0].vector)) == packed(NUMBERS)
    assert packed(list(chunk.candidates[0].vector)) == packed(NUMBERS)
    assert chunk.candidates[0].HasField("expected_salary")


def test_we_read_what_a_stock_client_writes() -> None:
    """Its floats are our bytes, and the whole message is the same to the byte."""
    chunk = stock("RowChunk")()
    chunk.rows.add(id="a", exp_years=3, vector=NUMBERS, updated_at_micros=7)
    chunk.candidates.add(id="b", skills=["x", "y"], vector=NUMBERS)
    wire = chunk.SerializeToString(deterministic=True)
    read = ours.RowChunk.FromString(wire)
    assert read.rows[0].vector == packed(NUMBERS)
    assert read.candidates[0].vector == packed(NUMBERS)
    assert read.SerializeToString(deterministic=True) == wire


def test_the_generated_code_is_current(tmp_path: Path) -> None:
    """`make proto` would change nothing."""
    subprocess.run([sys.executable, str(ROOT / "scripts" / "generate_proto.py"), str(tmp_path)], check=True)
    fresh = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in PUBLISHED.parent.iterdir() if path.is_file()}
    assert fresh == kept


def test_names_and_numbers_are_those_of_the_contract() -> None:
    """Foreign clients are generated from these; a change here breaks them."""
    fields = {
        message.DESCRIPTOR.name: {field.name: field.number for field in message.DESCRIPTOR.fields}
        for message in (
            ours.StreamEmbeddingRequest,
            ours.RowChunk,
            ours.RecruitRow,
            ours.CandidateRow,
            ours.UploadResult,
        )
    }
    assert fields == {
        "StreamEmbeddingRequest": {"last_processed_uuid": 1, "chunk_size": 2, "domain": 3},
        "RowChunk": {"rows": 1, "candidates": 2},
        "RecruitRow": {
            "id": 1,
            "company_name": 2,
            "exp_years": 3,
            "english_level": 4,
            "primary_keyword": 5,
            "vector": 6,
            "updated_at_micros": 7,
        },
        "CandidateRow": {
            "id": 1,
            "name": 2,
            "skills": 3,
            "experience_years": 4,
            "education_level": 5,
            "preferred_location": 6,
            "expected_salary": 7,
            "vector": 8,
            "updated_at_micros": 9,
        },
        "UploadResult": {
            "success": 1,
            "total_rows": 2,
            "message": 3,
            "stored_rows": 4,
            "dead_lettered_rows": 5,
            "skipped_rows": 6,
        },
    }
    assert ours.DESCRIPTOR.package == ""
