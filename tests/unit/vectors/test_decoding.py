"""Reading rows off the wire: what is sound, what is not, and what a dead letter keeps of it."""

import base64
import struct
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.kernel.grpc import UnreadableMessage
from hirehub.services.vectors.domain.deadletters import fingerprint
from hirehub.services.vectors.pipeline.decoding import decode, decode_row
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.rules import Rules, fault_of, parse_id
from hirehub.services.vectors.pipeline.wire import read_chunk
from hirehub.services.vectors.settings import VectorsSettings
from tests.support.streams import Row, candidate, entity, message, recruit, vector

SETTINGS = VectorsSettings()
RULES = {name: Rules.of(SETTINGS, name) for name in ("recruit", "candidate")}
ARRIVAL = 1_800_000_000_000_000


def group_of(*rows: Row, domain: str = "recruit") -> Group:
    """The rows, sent and read."""
    chunk = read_chunk(message(rows))
    return decode(RULES[domain], chunk.rows or chunk.candidates, arrival_micros=ARRIVAL)


def floats(*values: float, at: int = 0) -> bytes:
    """A vector of the right dimension with some values replaced."""
    data = bytearray(vector(1))
    struct.pack_into(f"<{len(values)}f", data, 4 * at, *values)
    return bytes(data)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("missing_field", {"id": ""}, "id is missing"),
    ("bad_id", {"id": "not-a-uuid"}, "id is no UUID (it has 10 characters)"),
    ("bad_id", {"id": "{" + str(entity(1)) + "}"}, "id is no UUID (it has 38 characters)"),
    ("bad_id", {"id": str(entity(1))[:-1] + "g"}, "id is no UUID (it has 36 characters)"),
    ("bad_id", {"id": str(entity(1)).replace("-", " ")}, "id is no UUID (it has 36 characters)"),
    ("missing_field", {"company_name": ""}, "company_name is missing"),
    ("negative_number", {"exp_years": -1}, "exp_years is -1; it cannot be negative"),
    ("unknown_level", {"english_level": "native"}, "english_level is none of no_english, basic, pre,"),
    ("bad_text", {"company_name": "a\0b"}, "company_name holds a NUL character"),
    ("bad_text", {"primary_keyword": "\0"}, "primary_keyword holds a NUL character"),
    ("missing_field", {"vector": b""}, "vector is missing"),
    ("wrong_dimension", {"vector": vector(1)[:-4]}, "vector has 383 floats; the dimension is 384"),
    ("wrong_dimension", {"vector": vector(1)[:-1]}, "vector has 1535 bytes, which are no whole floats"),
    ("not_finite", {"vector": floats(float("nan"), at=17)}, "float 17 of vector (from 0) is nan"),
    ("not_finite", {"vector": floats(float("-inf"), at=383)}, "float 383 of vector (from 0) is -inf"),
    ("bad_number", {"updated_at_micros": 2**62}, "updated_at_micros is 4611686018427387904, outside the years"),
    ("bad_number", {"updated_at_micros": -(2**63)}, "updated_at_micros is -9223372036854775808, outside"),
]


@pytest.mark.parametrize(("cause", "changes", "told"), BAD)
def test_a_bad_row_costs_that_row_and_says_why(cause: str, changes: dict[str, Any], told: str) -> None:
    group = group_of(recruit(1), recruit(2, **changes), recruit(3))
    assert [UUID(bytes=one) for one in group.ids] == [entity(1), entity(3)]
    (placed,) = group.dead
    assert (placed.place, placed.letter.cause.value) == (1, cause)
    assert placed.letter.message.startswith(told)
    assert placed.letter.entity_id == (None if "id" in changes else entity(2))


CANDIDATES: list[tuple[str, dict[str, Any]]] = [
    ("missing_field", {"name": ""}),
    ("too_long", {"name": "n" * 256}),
    ("too_long", {"education_level": "e" * 101}),
    ("too_long", {"preferred_location": "p" * 256}),
    ("negative_number", {"experience_years": -3}),
    ("bad_number", {"expected_salary": 0}),
    ("bad_number", {"expected_salary": -1}),
    ("bad_text", {"skills": ["sound", "not\0sound"]}),
]


@pytest.mark.parametrize(("cause", "changes"), CANDIDATES)
def test_candidates_have_their_own_bounds(cause: str, changes: dict[str, Any]) -> None:
    group = group_of(candidate(1), candidate(2, **changes), domain="candidate")
    assert [placed.letter.cause.value for placed in group.dead] == [cause]
    assert len(group) == 1


def test_what_is_not_told_is_sound() -> None:
    rows = (recruit(1, english_level="", primary_keyword="", exp_years=0), recruit(2, vector=bytes(4 * 384)))
    assert not group_of(*rows).dead
    sparse = pb.CandidateRow(id=str(entity(1)), name="n" * 255, vector=vector(1))
    assert group_of(sparse, domain="candidate").columns == (["n" * 255], [()], [0], [""], [""], [None])


def test_upper_case_and_ids_without_dashes_are_the_same_id() -> None:
    rows = (recruit(1, id=str(entity(1)).upper()), recruit(2, id=entity(2).hex))
    assert group_of(*rows).ids == [entity(1).bytes, entity(2).bytes]


@pytest.mark.parametrize(
    "text", ["", "0" * 31, "0" * 33, " " * 32, "0" * 30 + "٠٠", "0" * 8 + "-" + "0" * 27, "+" * 36]
)
def test_what_only_looks_like_an_id_is_none(text: str) -> None:
    assert parse_id(text) is None


def test_a_vector_sent_number_by_number_is_told_as_such() -> None:
    row = recruit(5, vector=b"").SerializeToString()
    unpacked = b"".join(b"\x35" + struct.pack("<f", value) for value in (0.5, 1.5, 2.5))
    (placed,) = decode_row(RULES["recruit"], row + unpacked, arrival_micros=ARRIVAL).dead
    assert placed.letter.cause.value == "unpacked_vector"
    assert placed.letter.dimension == 3
    assert base64.b64decode(str(placed.letter.payload["wire"])).endswith(unpacked), "nothing of it is lost"


def test_a_dead_letter_can_be_read_and_replayed() -> None:
    row = recruit(7, vector=floats(float("inf"), at=3), company_name="x" * 600)
    (placed,) = group_of(row).dead
    letter = placed.letter
    assert letter.payload["vector"] == {"bytes": 1536, "dimension": 384, "first_bad": {"place": 3, "value": "inf"}}
    assert letter.payload["company_name"] == "x" * 500 + "... (100 more characters)"
    assert pb.RecruitRow.FromString(base64.b64decode(str(letter.payload["wire"]))) == row
    assert letter.fingerprint == fingerprint("recruit", base64.b64decode(str(letter.payload["wire"])))
    assert letter.arrived_micros == ARRIVAL


def test_the_same_bad_row_is_the_same_dead_letter() -> None:
    first, second = group_of(recruit(1, vector=b"")), group_of(recruit(2), recruit(1, vector=b""))
    assert first.dead[0].letter.fingerprint == second.dead[0].letter.fingerprint


def test_a_row_given_back_to_the_wire_is_the_row_that_came() -> None:
    rows: list[Row] = [candidate(1), candidate(2, expected_salary=5, skills=["a"]), candidate(3, updated_at_micros=0)]
    group = group_of(*rows, domain="candidate")
    assert [pb.CandidateRow.FromString(group.wire(at)) for at in range(3)] == rows


@pytest.mark.parametrize("data", [b"\x0a\x05abc", b"\xff" * 20, message([recruit(1)])[:-3]])
def test_bytes_that_are_no_message_are_named(data: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        read_chunk(data)


def test_a_lone_surrogate_is_no_text_and_ends_the_message() -> None:
    sound = message([recruit(1, company_name="abc")])
    with pytest.raises(UnreadableMessage):
        read_chunk(sound.replace(b"abc", b"\xed\xa0\x80"))


bad_rows = st.sampled_from([{}, {}, {}, *({**changes} for _, changes, _ in BAD)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), bad_rows), max_size=12))
def test_the_whole_is_sound_just_where_each_row_is(drawn: list[tuple[int, dict[str, Any]]]) -> None:
    """The bulk proof and the judgement row by row must agree, in order, for any mixture."""
    rows = [recruit(number, **changes) for number, changes in drawn]
    group = group_of(*rows)
    assert [row.id for row in rows if fault_of(RULES["recruit"], row) is None] == [
        str(UUID(bytes=i)) for i in group.ids
    ]
    assert len(group.dead) == sum(fault_of(RULES["recruit"], row) is not None for row in rows)
    sound = [row for row in rows if fault_of(RULES["recruit"], row) is None]
    assert group.vectors.tobytes() == b"".join(row.vector for row in sound)
    assert group.vectors.dtype == np.float32
