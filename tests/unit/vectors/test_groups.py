"""Groups of rows: how they are joined, cut and settled before they are stored."""

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hirehub.services.vectors.pipeline.arrivals import Arrivals
from hirehub.services.vectors.pipeline.cutting import Cutter
from hirehub.services.vectors.pipeline.decoding import decode
from hirehub.services.vectors.pipeline.group import Group, join
from hirehub.services.vectors.pipeline.reading import ForeignRows, OutOfOrder, Reader
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.settings import DomainSettings, IngestSettings, VectorsSettings
from tests.support.clocks import stopped_clock
from tests.support.streams import candidate, entity, message, recruit, vector

SETTINGS = VectorsSettings(recruit=DomainSettings(dimension=2))
RULES = {"recruit": Rules.of(SETTINGS, "recruit")}


def group_of(*numbers: int, bad: tuple[int, ...] = (), micros: int | None = None) -> Group:
    """Rows of the given numbers, with vectors of two floats; those at the places in `bad` have three."""
    rows = [
        recruit(
            number,
            vector=vector(number, 3 if place in bad else 2),
            updated_at_micros=number if micros is None else micros,
            company_name=f"at {place}",
        )
        for place, number in enumerate(numbers)
    ]
    return decode(RULES["recruit"], rows, arrival_micros=1_000, size=100 * len(rows))


def numbers(group: Group) -> list[int]:
    """The numbers of the sound rows."""
    known = {entity(number).bytes: number for number in range(200)}
    return [known[one] for one in group.ids]


def reader(*, ordered: bool = True, rows: int = 1000) -> Reader:
    return Reader(RULES, IngestSettings(rows_per_write=rows), Arrivals(stopped_clock()).next, ordered=ordered)


def sent(*rows: int) -> bytes:
    return message([recruit(number, vector=vector(number, 2)) for number in rows])


def test_of_two_rows_of_one_id_the_newer_is_stored() -> None:
    older, newer = group_of(7, micros=50), group_of(7, micros=40)
    settled = join([group_of(3), older, newer]).settled()
    assert (numbers(settled), settled.micros.tolist(), settled.superseded) == ([3, 7], [3, 50], 1)
    assert settled.received == 3


def test_of_two_equally_new_rows_the_later_is_stored() -> None:
    settled = group_of(7, 7, 7, micros=5).settled()
    assert settled.columns[0] == ["at 2"]


def test_settled_rows_stand_in_order_of_their_ids() -> None:
    assert numbers(group_of(9, 2, 5).settled()) == [2, 5, 9]


def test_the_position_counts_dead_rows_and_no_unsound_ids() -> None:
    assert group_of(1, 2, 9, bad=(2,)).position == entity(9).bytes
    assert group_of(bad=()).position is None


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=40).map(sorted),
    st.integers(1, 7),
    st.integers(1, 6),
)
def test_cutting_loses_nothing_and_parts_no_id(rows: list[tuple[int, bool]], chunk: int, most: int) -> None:
    """Whatever the chunks: every row comes out once, in order, and no two groups hold rows of one id.

    Ids are parted only where more than twice the wanted rows have one and the same id.
    """
    cutter = Cutter(rows=most, size=1 << 30, between_ids=True)
    parts: list[Group] = []
    for at in range(0, len(rows), chunk):
        part = rows[at : at + chunk]
        parts += cutter.add(
            group_of(*(number for number, _ in part), bad=tuple(i for i, row in enumerate(part) if row[1]))
        )
    parts += cutter.flush(whole=True)
    assert [one for part in parts for one in part.sequence()] == [entity(number).bytes for number, _ in rows]
    assert sum(len(part.dead) for part in parts) == sum(bad for _, bad in rows)
    repeated = max((len([1 for number, _ in rows if number == one]) for one in range(13)), default=0)
    if repeated <= most and not any(bad for _, bad in rows):
        for before, after in pairwise(parts):
            assert before.position is not None
            assert before.position < min(after.ids)


def test_a_dead_row_and_a_sound_row_of_one_id_stay_together() -> None:
    """Without the look at dead rows in `_last_change`, the cut falls between them, and the sound one is passed over."""
    cutter = Cutter(rows=2, size=1 << 30, between_ids=True)
    first = cutter.add(group_of(1, 2, 3, 3, bad=(2,)))
    assert [numbers(group) for group in first] == [[1]]
    assert [numbers(group) for group in cutter.flush(whole=True)] == [[2, 3]]


def test_rows_of_the_last_id_wait_when_a_stream_breaks() -> None:
    cutter = Cutter(rows=100, size=1 << 30, between_ids=True)
    assert not cutter.add(group_of(1, 2, 2))
    assert [numbers(group) for group in cutter.flush(whole=False)] == [[1]]
    assert cutter.waiting == 2


def test_rows_of_a_single_id_wait_for_the_end_too() -> None:
    cutter = Cutter(rows=100, size=1 << 30, between_ids=True)
    cutter.add(group_of(4))
    assert not cutter.flush(whole=False)
    assert [numbers(group) for group in cutter.flush(whole=True)] == [[4]]


def test_one_id_without_end_does_not_grow_in_memory() -> None:
    cutter = Cutter(rows=10, size=1 << 30, between_ids=True)
    waiting = []
    for _ in range(30):
        cutter.add(group_of(*[5] * 7))
        waiting.append(cutter.waiting)
    assert max(waiting) <= 30


def test_dead_rows_without_end_do_not_grow_in_memory() -> None:
    cutter = Cutter(rows=10, size=1 << 30, between_ids=True)
    flushed = [group for at in range(30) for group in cutter.add(group_of(at, at, at, bad=(0, 1, 2)))]
    assert sum(len(group.dead) for group in flushed) + cutter.waiting == 90
    assert cutter.waiting <= 12


def test_large_rows_make_small_groups() -> None:
    cutter = Cutter(rows=1000, size=500, between_ids=True)
    assert {len(group) for group in cutter.add(group_of(*range(40)))} == {5}


def test_ids_that_descend_end_the_stream_and_are_named() -> None:
    read = reader().read([sent(1, 2), sent(3, 3), sent(4, 2), sent(9)])
    assert isinstance(read.error, OutOfOrder)
    assert read.error.message == f"The stream is out of order: {entity(2)} came after {entity(4)}."
    assert not read.groups, "what came before waits to be flushed"


def test_order_is_kept_across_messages_and_from_the_position_on() -> None:
    ordered = reader()
    ordered.restart(entity(5).bytes)
    assert ordered.read([sent(5), sent(6)]).error is None
    assert isinstance(ordered.read([sent(5)]).error, OutOfOrder)


def test_a_row_without_a_sound_id_has_no_place_in_the_order() -> None:
    odd = message([recruit(2, id="odd", vector=vector(2, 2))])
    assert reader().read([sent(1), odd, sent(3)]).error is None


def test_any_order_is_taken_when_told_so() -> None:
    unordered = reader(ordered=False)
    assert unordered.read([sent(4), sent(1)]).error is None
    assert [numbers(group) for group in unordered.flush(whole=True)] == [[1, 4]]


def test_rows_of_a_domain_that_was_not_asked_for_are_an_error() -> None:
    assert isinstance(reader().read([message([candidate(1)])]).error, ForeignRows)


def test_arrivals_rise_though_the_clock_stands_still() -> None:
    arrivals = Arrivals(stopped_clock())
    assert [arrivals.next() - arrivals.next() for _ in range(3)] == [-1, -1, -1]


@pytest.mark.parametrize("at", range(5))
def test_a_cut_puts_dead_rows_where_they_came(at: int) -> None:
    group = group_of(1, 2, 3, 4, 5, 6, bad=(0, 3))
    first, rest = group.split(at)
    assert [*first.sequence(), *rest.sequence()] == list(group.sequence())
    assert first.received + rest.received == 6
    assert [str(UUID(bytes=one)) for one in first.ids] == [str(UUID(bytes=one)) for one in group.ids[:at]]
