"""Time zones by their names in the IANA list.

A machine's own files hold more than that: its local time, clocks that count leap seconds, forms of old programs. Such a
name means something else on the next machine, or nothing.
"""

from functools import cache
from importlib.resources import files


def is_zone(name: str) -> bool:
    """Whether a zone of the list that comes with the product has the name, as it is spelled there."""
    return name in _names()


@cache
def _names() -> frozenset[str]:
    """All names but that of the clock which nobody has set yet."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - {"Factory"}
