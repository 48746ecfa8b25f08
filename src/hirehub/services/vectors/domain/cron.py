"""When a scheduled job is due: cron expressions in UTC, and what becomes of a time that was missed."""

from datetime import datetime, timedelta
from enum import StrEnum

from croniter import croniter
from croniter.croniter import CroniterError

from hirehub.kernel.settings import InvalidSettings


class Due(StrEnum):
    """What to do about a job now."""

    NOT_YET = "not yet"
    NOW = "now"
    FIRST = "first"
    """It was never looked at before: nothing was missed, its time is still to come."""
    MISSED = "missed"
    """Its time passed while nothing ran, and missed runs are not made up for."""


def valid(cron: str, setting: str) -> str:
    """The expression; InvalidSettings that names the setting where it is none, or names no day that exists."""
    try:
        croniter(cron, datetime(2024, 1, 1)).get_next(datetime)  # noqa: DTZ001 - any moment will do
    except (CroniterError, ValueError, KeyError, AttributeError):
        raise InvalidSettings(
            f"{setting}: {cron!r} is no cron expression",
            hint='Use five fields, minute first, in UTC: "0 2 * * *" is daily at two.',
        ) from None
    return cron


def due(cron: str, *, last: datetime | None, now: datetime, began: datetime, catch_up: bool) -> Due:
    """Whether the job is due at `now`, given when it last began and when this process began (aware, UTC)."""
    if last is None:
        return Due.FIRST
    latest = latest_time(cron, now)
    if last >= latest:
        return Due.NOT_YET
    if latest < began and not catch_up:
        return Due.MISSED
    return Due.NOW


def latest_time(cron: str, now: datetime) -> datetime:
    """The last time of the expression that is not after `now`."""
    found: datetime = croniter(cron, now.replace(microsecond=0) + timedelta(seconds=1)).get_prev(datetime)
    return found


def next_time(cron: str, now: datetime) -> datetime:
    """The first time of the expression after `now`."""
    found: datetime = croniter(cron, now).get_next(datetime)
    return found
