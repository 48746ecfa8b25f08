"""Time as a port, so that rules about time are tested without waiting.

What several processes must agree on (leases, schedules) uses the database's clock instead.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the present moment comes from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def micros(self) -> int:
        """Microseconds since 1970 UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def micros(self) -> int:
        """Microseconds since 1970 UTC."""
        return time.time_ns() // 1_000


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it stands at."""
        return self._moment

    def micros(self) -> int:
        """Microseconds since 1970 UTC of the moment it stands at."""
        return (self._moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)

    def advance(self, step: timedelta) -> None:
        """Moves the clock on by `step`."""
        self._moment += step
