"""UUID v7 rises strictly and carries its time."""

import itertools
from datetime import UTC, datetime, timedelta

from hirehub.kernel.clock import FixedClock
from hirehub.kernel.ids import uuid7, uuid7_at


def test_ids_rise_strictly_within_a_millisecond() -> None:
    """Ten thousand ids of one moment are all different and in order."""
    clock = FixedClock(datetime.now(UTC))
    ids = [uuid7(clock) for _ in range(10_000)]
    assert all(a.bytes < b.bytes for a, b in itertools.pairwise(ids))


def test_ids_rise_when_the_clock_steps_back() -> None:
    """A clock set back an hour does not bring ids out of order."""
    clock = FixedClock(datetime.now(UTC))
    first = uuid7(clock)
    clock.advance(timedelta(hours=-1))
    assert uuid7(clock).bytes > first.bytes


def test_an_id_says_its_version_variant_and_millisecond() -> None:
    """The layout is that of RFC 9562."""
    made = uuid7_at(1_577_836_800_000, (1 << 74) - 1)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == 1_577_836_800_000
    assert str(made) == "016f5e66-e800-7fff-bfff-ffffffffffff"
