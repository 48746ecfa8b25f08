"""Quiet hours: across midnight, over the two nights a year on which clocks are moved, and what is refused."""

from datetime import UTC, datetime, time

import pytest

from hirehub.services.notification.domain.quiet import (
    BadQuietHours,
    NoSuchZone,
    Quiet,
    held_until,
    quiet_hours,
    zone_named,
)

NIGHT = Quiet(time(22), time(7), "Asia/Seoul")
NEW_YORK = Quiet(time(22), time(7), "America/New_York")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-02T12:59:59", None),
        ("2026-01-02T13:00:00", "2026-01-02T22:00:00"),
        ("2026-01-02T15:30:00", "2026-01-02T22:00:00"),
        ("2026-01-02T21:59:59", "2026-01-02T22:00:00"),
        ("2026-01-02T22:00:00", None),
    ],
)
def test_a_night_in_seoul_begins_at_ten_and_ends_at_seven(now: str, until: str | None) -> None:
    assert held_until(utc(now), NIGHT) == (utc(until) if until else None)


def test_hours_within_one_day_are_quiet_between_them() -> None:
    lunch = Quiet(time(12), time(13), "UTC")
    found = [held_until(utc(f"2026-01-02T{at}"), lunch) for at in ("11:59", "12:00", "12:59", "13:00")]
    assert found == [None, utc("2026-01-02T13:00"), utc("2026-01-02T13:00"), None]


def test_the_night_on_which_clocks_go_forward_is_an_hour_shorter() -> None:
    begin, end = utc("2026-03-08T03:00"), utc("2026-03-08T11:00")  # 22:00 at -5, 07:00 at -4
    assert held_until(begin, NEW_YORK) == end
    assert (end - begin).total_seconds() == 8 * 3600


def test_the_night_on_which_clocks_go_back_is_an_hour_longer() -> None:
    begin, end = utc("2026-11-01T02:00"), utc("2026-11-01T12:00")  # 22:00 at -4, 07:00 at -5
    assert held_until(begin, NEW_YORK) == end
    assert (end - begin).total_seconds() == 10 * 3600


def test_an_end_that_comes_twice_ends_the_quiet_the_first_time_for_good() -> None:
    quiet = Quiet(time(22), time(1, 30), "America/New_York")
    first, again = utc("2026-11-01T05:30"), utc("2026-11-01T06:10")  # 01:30 at -4, 01:10 at -5
    assert held_until(utc("2026-11-01T05:29"), quiet) == first
    assert held_until(first, quiet) is None
    assert held_until(again, quiet) is None


def test_an_end_that_the_spring_skips_is_as_much_later() -> None:
    quiet = Quiet(time(22), time(2, 30), "America/New_York")
    assert held_until(utc("2026-03-08T06:00"), quiet) == utc("2026-03-08T07:30")  # 03:30 at -4


def test_without_quiet_hours_nothing_is_held() -> None:
    assert held_until(utc("2026-01-02T03:00"), quiet_hours(None, None, "UTC")) is None


@pytest.mark.parametrize(("start", "end"), [(time(22), None), (None, time(7)), (time(7), time(7))])
def test_half_or_empty_quiet_hours_are_refused(start: time | None, end: time | None) -> None:
    with pytest.raises(BadQuietHours):
        quiet_hours(start, end, "UTC")


@pytest.mark.parametrize(
    "name",
    [
        *("", "Mars/Base", "../../etc/passwd", "/etc/passwd", "Asia", "A" * 65, "Asia/\0", "asia/seoul"),
        *("localtime", "Factory", "posixrules", "right/Asia/Seoul", "posix/Asia/Seoul", "Asia/Seoul\n"),
    ],
)
def test_a_zone_that_nobody_lives_in_is_refused(name: str) -> None:
    with pytest.raises(NoSuchZone):
        zone_named(name)
