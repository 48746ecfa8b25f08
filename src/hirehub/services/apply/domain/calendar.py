"""An interview as a calendar file (RFC 5545), for mail programs to take in as an invitation (iTIP, RFC 5546).

Times are written in UTC: a reader's calendar shows them right in every zone, on both sides of a change of the clocks,
whatever it knows of zones. The same interview gives the same bytes in a language. The file names nobody: organizer and
attendee are the ids of the company and of the person.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

_FOLD: Final = 75
"""Bytes of a line, without its end."""

_WORDS: Final = {
    "en": {
        "phone": "Phone interview",
        "video": "Video interview",
        "onsite": "Interview",
        "assignment": "Assignment",
    },
    "ko": {"phone": "전화 면접", "video": "화상 면접", "onsite": "면접", "assignment": "과제"},
}


@dataclass(frozen=True)
class Meeting:
    """What a calendar shows of an interview. `sequence` rises with each change."""

    id: UUID
    kind: str
    title: str
    begin: datetime
    minutes: int
    time_zone: str
    location: str | None
    company_id: UUID
    user_id: UUID
    changed_at: datetime
    sequence: int
    cancelled: bool

    @property
    def method(self) -> str:
        """What the file asks its reader to do."""
        return "CANCEL" if self.cancelled else "REQUEST"


def written(meeting: Meeting, language: str = "en") -> bytes:
    """The file; in English where there are no words of the language."""
    words = _WORDS.get(language, _WORDS["en"])
    local = meeting.begin.astimezone(ZoneInfo(meeting.time_zone))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//hirehub//apply//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{meeting.method}",
        "BEGIN:VEVENT",
        f"UID:{meeting.id}@hirehub",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{_utc(meeting.changed_at)}",
        f"DTSTART:{_utc(meeting.begin)}",
        f"DTEND:{_utc(meeting.begin + timedelta(minutes=meeting.minutes))}",
        f"SUMMARY:{escaped(f'{words[meeting.kind]}: {meeting.title}')}",
        f"DESCRIPTION:{escaped(f'{local:%Y-%m-%d %H:%M} ({meeting.time_zone})')}",
        *([f"LOCATION:{escaped(meeting.location)}"] if meeting.location else []),
        f"ORGANIZER:urn:uuid:{meeting.company_id}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT:urn:uuid:{meeting.user_id}",
        f"STATUS:{'CANCELLED' if meeting.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """A value of the type TEXT."""
    found = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return found.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> bytes:
    """A line with its end, broken where it is longer than 75 bytes, never inside a letter."""
    rows, row = [], b""
    for letter in line:
        piece = letter.encode()
        if len(row) + len(piece) > _FOLD:
            rows.append(row)
            row = b" "
        row += piece
    return b"".join(part + b"\r\n" for part in (*rows, row))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
