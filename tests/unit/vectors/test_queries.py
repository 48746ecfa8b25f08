"""What a search may ask for: its vector as it is compared, and how long its words may be."""

import numpy as np
import pytest

from hirehub.services.vectors.domain.domains import RECRUIT
from hirehub.services.vectors.domain.queries import BadFilter, FilterBuilder, QueryVector, ZeroVector


def floats(vector: QueryVector) -> list[float]:
    """The numbers that the database gets."""
    return [float(one) for one in np.frombuffer(vector.packed, dtype=">f4", offset=4)]


def test_an_ordinary_vector_is_passed_on_bit_by_bit() -> None:
    rng = np.random.default_rng(3)
    for size in (1e-12, 1e-3, 1.0, 1e12):
        values = (rng.standard_normal(384) * size).astype(np.float32)
        for metric in ("cosine", "l2", "ip"):
            packed = QueryVector.of(values.tolist(), dimension=384, metric=metric).packed
            assert packed[4:] == values.astype(">f4").tobytes()
        assert QueryVector.stored(packed).directed().packed == packed


@pytest.mark.parametrize("size", [1e-300, 1e-44, 1e-20, 1e20, 3e38])
def test_a_vector_whose_squares_float32_cannot_hold_keeps_its_direction(size: float) -> None:
    found = floats(QueryVector.of([3 * size / 4, -size, 0.0], dimension=3, metric="cosine"))
    assert found == pytest.approx([0.6, -0.8, 0.0])
    as_sent = floats(QueryVector.of([3 * size / 4, -size, 0.0], dimension=3, metric="l2"))
    assert as_sent == [float(np.float32(value)) for value in (3 * size / 4, -size, 0.0)], "by l2 its length counts"


def test_no_direction_is_told_as_such() -> None:
    with pytest.raises(ZeroVector):
        QueryVector.of([0.0, -0.0], dimension=2, metric="cosine")
    with pytest.raises(ZeroVector):
        QueryVector.stored(bytes([0, 2, 0, 0]) + bytes(8)).directed()


def test_words_are_bounded_each_and_together() -> None:
    """A scan looks for every word at every place of every row."""
    longest = FilterBuilder(RECRUIT).containing("x" * 100 + " b").build()
    assert longest.words == ("b", "x" * 100)
    with pytest.raises(BadFilter, match="a word of 101 characters, and may have 100"):
        FilterBuilder(RECRUIT).containing("a " + "x" * 101)
    with pytest.raises(BadFilter, match="1002 characters, and may have 1000"):
        FilterBuilder(RECRUIT).containing("ab " * 334)
