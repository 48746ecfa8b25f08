"""UUID version 7 (RFC 9562): ids that order by the time they were made.

Within one process they rise strictly, also inside one millisecond and when the clock steps back.
"""

import secrets
import threading
import uuid

from hirehub.kernel.clock import Clock, SystemClock

_RANDOM_BITS = 74
_lock = threading.Lock()
_last = 0


def uuid7(clock: Clock | None = None) -> uuid.UUID:
    """A new id: 48 bits of milliseconds since 1970, then 74 random bits, greater than any made here before."""
    global _last  # noqa: PLW0603 - the order of ids is a property of the process
    millis = (clock or SystemClock()).micros() // 1_000
    fresh = millis << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    with _lock:
        if fresh <= _last:
            fresh = _last + 1 + secrets.randbits(16)
        _last = fresh
    return _assemble(fresh)


def uuid7_at(millis: int, random_bits: int) -> uuid.UUID:
    """The id of a given millisecond and 74 given bits, for data that must come out the same each time."""
    return _assemble(millis << _RANDOM_BITS | random_bits & ((1 << _RANDOM_BITS) - 1))


def _assemble(value: int) -> uuid.UUID:
    """Puts version and variant between the 122 bits of `value`."""
    millis, random = value >> _RANDOM_BITS, value & ((1 << _RANDOM_BITS) - 1)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return uuid.UUID(int=millis << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
