"""When scheduled jobs are due."""

from datetime import UTC, datetime, timedelta

import pytest

from hirehub.kernel.settings import InvalidSettings
from hirehub.services.vectors.domain.cron import Due, due, latest_time, next_time, valid

DAILY = "0 2 * * *"
NOW = datetime(2026, 3, 10, 14, 30, tzinfo=UTC)
TWO = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def verdict(*, last: datetime | None, now: datetime = NOW, began: datetime = NOW, catch_up: bool = True) -> Due:
    return due(DAILY, last=last, now=now, began=began, catch_up=catch_up)


def test_a_job_never_looked_at_before_has_missed_nothing() -> None:
    assert verdict(last=None) is Due.FIRST


def test_a_job_begun_since_its_last_time_is_not_due() -> None:
    assert verdict(last=TWO) is Due.NOT_YET
    assert verdict(last=TWO + timedelta(seconds=3)) is Due.NOT_YET


def test_a_time_that_came_while_the_process_ran_is_due_at_that_moment() -> None:
    began = TWO - timedelta(hours=1)
    last = TWO - timedelta(days=1)
    assert verdict(last=last, now=TWO - timedelta(seconds=1), began=began, catch_up=False) is Due.NOT_YET
    assert verdict(last=last, now=TWO, began=began, catch_up=False) is Due.NOW


def test_a_time_missed_while_nothing_ran_is_made_up_for_where_that_is_wanted() -> None:
    last = TWO - timedelta(days=3)
    assert verdict(last=last, catch_up=True) is Due.NOW
    assert verdict(last=last, catch_up=False) is Due.MISSED


def test_many_missed_times_are_one_run() -> None:
    last = TWO - timedelta(days=30)
    assert verdict(last=last) is Due.NOW
    assert verdict(last=NOW) is Due.NOT_YET


def test_times_are_those_of_the_expression_in_utc() -> None:
    assert latest_time(DAILY, NOW) == TWO
    assert latest_time(DAILY, TWO) == TWO
    assert next_time(DAILY, NOW) == TWO + timedelta(days=1)


@pytest.mark.parametrize("cron", ["", "daily", "61 * * * *", "0 0 31 2 *", "* * *"])
def test_what_is_no_cron_expression_is_refused_by_the_name_of_its_setting(cron: str) -> None:
    with pytest.raises(InvalidSettings, match="HIREHUB_VECTORS__RECRUIT__CRON"):
        valid(cron, "HIREHUB_VECTORS__RECRUIT__CRON")
    assert valid(DAILY, "X") == DAILY
