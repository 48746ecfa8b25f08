"""Clocks for tests."""

from datetime import UTC, datetime

from hirehub.kernel.clock import FixedClock


def stopped_clock() -> FixedClock:
    """A clock that stands at noon of a day."""
    return FixedClock(datetime(2026, 1, 2, 12, 0, tzinfo=UTC))
