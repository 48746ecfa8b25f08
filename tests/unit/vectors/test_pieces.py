"""Vectors that come in several pieces, or float by float, are read as a stock reader of `repeated float` reads them."""

import base64
import random
import struct
from dataclasses import replace
from uuid import UUID

import pytest

from hirehub.services.vectors.domain.deadletters import DeadLetter
from hirehub.services.vectors.pipeline.decoding import decode, decode_row
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.wire import read_chunk, read_row_packed
from hirehub.services.vectors.settings import VectorsSettings
from tests.support.streams import candidate, entity, recruit, vector
from tests.support.wire import VECTOR, alone, chunk, field, pieces, stock, varint

RULES = {name: Rules.of(VectorsSettings(), name) for name in ("recruit", "candidate")}
SMALL = {name: replace(rules, dimension=3) for name, rules in RULES.items()}
BARE = recruit(1, vector=b"").SerializeToString()
ARRIVAL = 1_800_000_000_000_000


def read(message: bytes, rules: dict[str, Rules] | None = None, domain: str = "recruit") -> Group:
    """The rows of a domain in a message, by the steps of a load."""
    found = read_chunk(message)
    own = (rules or RULES)[domain]
    return decode(own, found.of(domain), arrival_micros=ARRIVAL, wires=lambda: found.wires(domain))


def only_letter(group: Group) -> DeadLetter:
    (placed,) = group.dead
    return placed.letter


def sent(letter: DeadLetter) -> bytes:
    """The row's own bytes, as the letter keeps them."""
    return base64.b64decode(str(letter.payload["wire"]))


@pytest.mark.parametrize("at", [0, 4, 768, 1536])
def test_a_vector_in_two_pieces_is_that_in_one(at: int) -> None:
    """Fails where the vector is what a parser keeps of a field of bytes: the last piece."""
    whole = vector(1)
    row = BARE + pieces(6, whole[:at], whole[at:])
    group = read(chunk([recruit(0).SerializeToString(), row, recruit(2).SerializeToString()]))
    assert [UUID(bytes=one) for one in group.ids] == [entity(0), entity(1), entity(2)]
    assert group.vectors.tobytes() == vector(0) + whole + vector(2)
    assert decode_row(RULES["recruit"], row, arrival_micros=ARRIVAL).vectors.tobytes() == whole


def test_a_candidate_in_pieces_beside_a_recruit_is_read_too() -> None:
    row = candidate(5, vector=b"").SerializeToString() + pieces(
        8, *(vector(5)[at : at + 4] for at in range(0, 1536, 4))
    )
    message = chunk([recruit(1).SerializeToString()]) + chunk([row], number=2)
    rules = {name: replace(own, dimension=384) for name, own in RULES.items()}
    assert read(message, rules, "candidate").vectors.tobytes() == vector(5)
    assert read(message, rules).vectors.tobytes() == vector(1)


def test_too_many_floats_are_no_sound_vector_because_the_last_piece_would_be_one() -> None:
    """Fails where the last piece wins: then these 768 floats are stored as their last 384."""
    row = BARE + pieces(6, vector(1), vector(2))
    letter = only_letter(read(chunk([row])))
    assert (letter.cause.value, letter.dimension) == ("wrong_dimension", 768)
    assert letter.message == "vector has 768 floats; the dimension is 384"
    assert letter.payload["vector"] == {"bytes": 3072, "dimension": 768}
    assert sent(letter) == row, "all pieces are kept for a replay"
    again = only_letter(decode_row(RULES["recruit"], sent(letter), arrival_micros=ARRIVAL))
    assert again == letter, "a replay judges it alike"


@pytest.mark.parametrize(
    "floats",
    [
        alone(6, [1.5]) + pieces(6, vector(1)),
        pieces(6, vector(1)) + alone(6, [1.5]),
        pieces(6, vector(1)[:8], vector(1)[8:]) + alone(6, [1.5]),
        pieces(6, vector(1)) + alone(6, [1.5]) + pieces(6, b""),
    ],
)
def test_packed_and_unpacked_floats_together_are_told_as_unpacked(floats: bytes) -> None:
    """Fails where floats that came alone count only beside an empty vector: then the row is stored without them."""
    letter = only_letter(read(chunk([BARE + floats])))
    assert (letter.cause.value, letter.dimension) == ("unpacked_vector", 385)
    assert sent(letter) == BARE + floats


def test_a_correction_packs_the_floats_in_the_order_in_which_they_came() -> None:
    values = [float(number) for number in range(6)]
    first, rest = struct.pack("<2f", *values[:2]), struct.pack("<2f", *values[4:])
    row = read_row_packed(RULES["recruit"].message, BARE + pieces(6, first) + alone(6, values[2:4]) + pieces(6, rest))
    assert row.vector == struct.pack("<6f", *values)


@pytest.mark.parametrize("cut", [1, 1535])
def test_a_piece_that_is_no_whole_floats_spoils_the_row_though_the_sum_would_fit(cut: int) -> None:
    """A stock reader refuses such a message; here it costs the row."""
    letter = only_letter(read(chunk([BARE + pieces(6, vector(1)[:cut], vector(1)[cut:]), *SOUND])))
    assert letter.cause.value == "wrong_dimension"
    assert letter.message == f"vector has {cut} bytes, which are no whole floats"


SOUND = [recruit(number).SerializeToString() for number in (2, 3)]


def test_lengths_that_agree_by_chance_prove_nothing() -> None:
    """A parser takes -1 in five bytes and counts ten, which makes up for dropped pieces of other rows.

    Fails without the look for negative numbers in `_nothing_dropped`: the recruit is stored with the wrong vector.
    """
    short = b"\x20\xff\xff\xff\xff\x0f"
    empty = candidate(1, vector=b"", experience_years=0).SerializeToString()
    debtors = [empty + short] * 6
    row = BARE + b"".join([pieces(6, struct.pack("<f", 1.0))] * 5) + pieces(6, vector(1))
    letter = only_letter(read(chunk([row]) + chunk(debtors, number=2)))
    assert letter.message == "vector has 389 floats; the dimension is 384"


def test_fields_that_the_contract_lacks_are_kept_in_a_letter_and_harm_no_row() -> None:
    more = field(900, b"of a later release") + varint(901 << 3) + varint(5)
    sound, bad = recruit(1).SerializeToString() + more, recruit(2, exp_years=-1).SerializeToString() + more
    group = read(chunk([sound, bad]) + field(77, b"beside the rows"))
    assert [UUID(bytes=one) for one in group.ids] == [entity(1)]
    assert sent(only_letter(group)) == bad


def test_a_letter_is_one_and_the_same_whatever_stands_beside_its_row() -> None:
    """Its bytes are the row's own, also where the message needed no second reading, and in any order of fields."""
    bad = varint(3 << 3) + varint(7) + field(6, vector(9)) + field(1, b"no id")
    clean, odd = only_letter(read(chunk([bad]))), only_letter(read(chunk([bad]) + field(77, b"")))
    assert sent(clean) == sent(odd) == bad
    assert clean.fingerprint == odd.fingerprint


def odd_row(rng: random.Random, number: int) -> tuple[bytes, bool]:
    """A row as no stock sender writes it: any order, any spelling, fields sent twice, a vector in any number of parts.

    And whether any float of it comes alone.
    """
    vector_number = VECTOR["RecruitRow" if number == 1 else "CandidateRow"]
    years = 3 if number == 1 else 4
    longer = rng.choice([0, 0, 0, 1, 2])
    parts = [field(1, str(entity(rng.randrange(9))).encode(), longer=longer), field(2, b"Some name", longer=longer)]
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
        floats = [rng.choice([0.0, 1.5, -2.25]) for _ in range(rng.choice([0, 1, 2, 3, 3, 3, 4]))]
        parts.append(field(vector_number, struct.pack(f"<{len(floats)}f", *floats), longer=longer))
    if comes_alone := rng.random() < 0.15:
        parts.append(alone(vector_number, [0.5] * rng.randrange(1, 4)))
    if rng.random() < 0.4:
        value = rng.choice([0, 3, 300, (1 << 32) - 1, (1 << 64) - 5, (1 << 33) + 2])
        parts.append(varint(years << 3) + varint(value, longer=longer if value < 1 << 40 else 0))
    if rng.random() < 0.2:
        parts.append(field(2, b"Another name"))
    if rng.random() < 0.2:
        parts.append(
            rng.choice([field(100, b"new"), b"\xa3\x06\x08\x01\xa4\x06", varint(vector_number << 3) + b"\x01"])
        )
    rng.shuffle(parts)
    return b"".join(parts), comes_alone


@pytest.mark.parametrize("domain", ["recruit", "candidate"])
def test_any_spelling_of_any_rows_is_read_as_a_stock_reader_reads_it(domain: str) -> None:
    """Seeded, 500 messages: each row is stored with the stock reader's floats, or dead for a reason that it sees."""
    rng, reader, all_stored = random.Random(20), stock("RowChunk"), 0
    number, years = (1, "exp_years") if domain == "recruit" else (2, "experience_years")
    for _ in range(500):
        rows = [odd_row(rng, number) for _ in range(rng.randrange(1, 5))]
        message = chunk([wire for wire, _ in rows], number=number)
        seen = reader.FromString(message)
        stored, dead = b"", []
        for row, (wire, comes_alone) in zip(seen.rows or seen.candidates, rows, strict=True):
            if getattr(row, years) < 0:
                dead.append(("negative_number", wire))
            elif comes_alone:
                dead.append(("unpacked_vector", wire))
            elif len(row.vector) != 3:
                dead.append(("wrong_dimension" if row.vector else "missing_field", wire))
            else:
                stored += struct.pack("<3f", *row.vector)
        group = read(message, SMALL, domain)
        assert group.vectors.tobytes() == stored
        assert [(letter.cause.value, sent(letter)) for _, letter in group.dead] == dead
        all_stored += len(group)
    assert all_stored > 100, "the rows that are drawn are not all bad"
