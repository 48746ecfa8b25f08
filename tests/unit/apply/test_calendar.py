"""The calendar file: lines that every reader takes, and times that are right in every zone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hirehub.services.apply.domain.calendar import Meeting, escaped, folded, written

MEETING = Meeting(
    id=UUID(int=1),
    kind="onsite",
    title="Cook",
    begin=datetime(2027, 3, 1, 1, 0, tzinfo=UTC),
    minutes=90,
    time_zone="Asia/Seoul",
    location="서울특별시 중구 세종대로 110, 3층; 왼쪽 문으로 들어와서 안내 데스크에 말씀해 주세요",
    company_id=UUID(int=2),
    user_id=UUID(int=3),
    changed_at=datetime(2027, 2, 1, 12, 30, 15, 999, tzinfo=UTC),
    sequence=4,
    cancelled=False,
)


def values(meeting: Meeting) -> dict[str, str]:
    """The file's lines by name, put together again as a reader does."""
    text = written(meeting).decode().replace("\r\n ", "")
    return dict(line.split(":", 1) for line in text.split("\r\n") if line and not line.startswith(("BEGIN", "END")))


def test_the_summary_is_in_the_language_that_is_asked_for() -> None:
    assert "SUMMARY:면접: Cook" in written(MEETING, "ko").decode()
    assert "SUMMARY:Interview: Cook" in written(MEETING, "fr").decode()


def plain(text: str) -> str:
    """A TEXT value as a reader takes it."""
    found, letters = "", iter(text)
    for letter in letters:
        meant = next(letters) if letter == "\\" else letter
        found += "\n" if letter == "\\" and meant in "nN" else meant
    return found


def test_a_file_says_what_when_where_and_to_whom() -> None:
    assert values(MEETING) == {
        "VERSION": "2.0",
        "PRODID": "-//hirehub//apply//EN",
        "CALSCALE": "GREGORIAN",
        "METHOD": "REQUEST",
        "UID": "00000000-0000-0000-0000-000000000001@hirehub",
        "SEQUENCE": "4",
        "DTSTAMP": "20270201T123015Z",
        "DTSTART": "20270301T010000Z",
        "DTEND": "20270301T023000Z",
        "SUMMARY": "Interview: Cook",
        "DESCRIPTION": "2027-03-01 10:00 (Asia/Seoul)",
        "LOCATION": str(MEETING.location).replace(",", "\\,").replace(";", "\\;"),
        "ORGANIZER": "urn:uuid:00000000-0000-0000-0000-000000000002",
        "ATTENDEE;ROLE=REQ-PARTICIPANT": "urn:uuid:00000000-0000-0000-0000-000000000003",
        "STATUS": "CONFIRMED",
    }


def test_a_cancelled_interview_is_the_end_of_the_same_event() -> None:
    ended = values(replace(MEETING, cancelled=True, sequence=5))
    assert (ended["METHOD"], ended["STATUS"], ended["SEQUENCE"]) == ("CANCEL", "CANCELLED", "5")
    assert ended["UID"] == values(MEETING)["UID"]


@pytest.mark.parametrize(
    ("zone", "local", "begin", "end", "shown"),
    [
        ("America/New_York", "2027-03-14T01:30", "20270314T063000Z", "20270314T073000Z", "2027-03-14 01:30"),
        ("America/New_York", "2027-03-14T03:30", "20270314T073000Z", "20270314T083000Z", "2027-03-14 03:30"),
        ("Europe/Berlin", "2027-10-31T01:30", "20271030T233000Z", "20271031T003000Z", "2027-10-31 01:30"),
        ("Australia/Lord_Howe", "2027-07-01T09:00", "20270630T223000Z", "20270630T233000Z", "2027-07-01 09:00"),
        ("Asia/Kathmandu", "2027-07-01T09:00", "20270701T031500Z", "20270701T041500Z", "2027-07-01 09:00"),
    ],
)
def test_times_are_right_in_zones_and_across_changes_of_the_clocks(
    zone: str, local: str, begin: str, end: str, shown: str
) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    found = values(replace(MEETING, begin=at, minutes=60, time_zone=zone))
    assert (found["DTSTART"], found["DTEND"]) == (begin, end)
    assert found["DESCRIPTION"] == f"{shown} ({zone})"


def test_the_hour_that_comes_twice_is_two_moments() -> None:
    first = datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    starts = [values(replace(MEETING, begin=first.replace(fold=fold)))["DTSTART"] for fold in (0, 1)]
    assert starts == ["20271031T003000Z", "20271031T013000Z"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n,;\\:"), max_size=300))
def test_any_text_comes_back_out_of_lines_of_75_bytes(text: str) -> None:
    line = f"LOCATION:{escaped(text)}"
    rows = folded(line).split(b"\r\n")
    assert rows[-1] == b""
    assert all(len(row) <= 75 for row in rows)
    assert all(row.startswith(b" ") for row in rows[1:-1])
    together = rows[0] + b"".join(row[1:] for row in rows[1:-1])
    assert plain(together.decode().removeprefix("LOCATION:")) == text
    assert "".join(row.decode() for row in rows)  # no letter is cut in two


def test_the_same_interview_gives_the_same_bytes_whatever_its_moments_zone() -> None:
    elsewhere = replace(MEETING, begin=MEETING.begin.astimezone(ZoneInfo("America/Lima")))
    assert written(elsewhere) == written(MEETING)
    assert written(replace(MEETING, begin=MEETING.begin + timedelta(seconds=1))) != written(MEETING)
