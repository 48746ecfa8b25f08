"""Quiet hours: from one time of the day to another, where the person lives. Daylight saving shifts them as it does him.

They are intervals between two moments and no comparison of clock faces: an hour that comes twice in autumn is quiet
once, and a time that a spring night skips is as much later as the clock jumps.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hirehub.kernel.errors import Invalid
from hirehub.kernel.zones import is_zone

MOST_ZONE = 64


class BadQuietHours(Invalid):
    """Quiet hours without a beginning, an end, or any time between them."""

    code = "bad_quiet_hours"


class NoSuchZone(Invalid, ValueError):
    """A time zone that is not in the IANA list."""

    code = "no_such_time_zone"


@dataclass(frozen=True)
class Quiet:
    """Hours in which only the product itself shows what is new."""

    start: time
    end: time
    zone: str


def zone_named(name: str) -> str:
    """The name, if the IANA list has it; NoSuchZone."""
    if not is_zone(name):
        raise _no_zone()
    return name


def found(name: str) -> ZoneInfo:
    """The time zone of a name that was chosen before, or that a fact tells; NoSuchZone."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder, a path that leads out, a name that nobody has
        raise _no_zone() from None


def quiet_hours(start: time | None, end: time | None, zone: str) -> Quiet | None:
    """Quiet hours, or None where neither is stated; BadQuietHours where one is missing or both are the same."""
    if start is None and end is None:
        return None
    if start is None or end is None or start == end:
        raise BadQuietHours("Quiet hours need a beginning and another end.", hint="Send both, or null for both.")
    return Quiet(start, end, zone)


def held_until(now: datetime, quiet: Quiet | None) -> datetime | None:
    """When the quiet hours end in which `now` (aware) lies, in UTC; None outside of them."""
    if quiet is None:
        return None
    zone = found(quiet.zone)
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day if quiet.start < quiet.end else day + timedelta(days=1)
        if _moment(day, quiet.start, zone) <= now < (end := _moment(last, quiet.end, zone)):
            return end
    return None


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), zone).astimezone(UTC)


def _no_zone() -> NoSuchZone:
    return NoSuchZone("There is no such time zone.", hint="Use an IANA name, such as Asia/Seoul.")
