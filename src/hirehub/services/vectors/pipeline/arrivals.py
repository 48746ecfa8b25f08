"""The time of arrival, which stands in for an `updated_at` that a row does not tell.

It rises strictly from message to message, so that of two untold rows of one id the later one is the newer one.
"""

from hirehub.kernel.clock import Clock


class Arrivals:
    """Gives each message its time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Microseconds since 1970, greater than any given before."""
        self._last = max(self._last + 1, self._clock.micros())
        return self._last
