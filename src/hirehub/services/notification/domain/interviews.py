"""An interview in words: when, on whose clock, how long, and where."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from hirehub.services.notification.domain.quiet import NoSuchZone, found

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_KINDS: Final = {
    "phone": ("전화 면접", "by telephone"),
    "video": ("화상 면접", "by video call"),
    "onsite": ("대면 면접", "on site"),
    "assignment": ("과제 전형", "an assignment"),
}
_UNITS: Final = ((1440, "일", "day"), (60, "시간", "hour"), (1, "분", "minute"))


def moment(at: datetime, language: str, zone: str) -> str:
    """A moment on the person's clock, with the clock's name."""
    local = at.astimezone(found(zone))
    if language == "ko":
        return f"{local.year}년 {local.month}월 {local.day}일 {local:%H:%M} ({zone})"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} ({zone})"


def when(body: Mapping[str, Any], language: str, zone: str) -> str:
    """The time of an interview on the person's clock, then on the one it was set by where that differs; its length."""
    at = datetime.fromisoformat(body["scheduled_at"])
    words = [moment(at, language, zone)]
    if (there := body.get("time_zone")) is not None and _differ(at, zone, str(there)):
        words.append(moment(at, language, str(there)))
    clocks = " / ".join(words)
    minutes = body.get("duration_minutes")
    return clocks if minutes is None else f"{clocks}, {_length(int(minutes), language)}"


def where(body: Mapping[str, Any], language: str) -> str | None:
    """How an interview is held, and where if one goes there; None where the fact says neither.

    A place is told without the links in it, and only of an interview that one goes to: a link to a call may let in
    whoever has it, and a number to call may be the person's own.
    """
    place, kind = body.get("location"), _KINDS.get(str(body.get("interview_type")))
    words = " ".join(word for word in str(place or "").split() if not _is_link(word))
    if kind is None:
        return words or None
    own = kind[0 if language == "ko" else 1]
    return f"{own}, {words}" if words and body.get("interview_type") == "onsite" else own


def _is_link(word: str) -> bool:
    return "://" in word or word.casefold().startswith("www.")


def _differ(at: datetime, zone: str, other: str) -> bool:
    """Whether clocks in the two zones show different times then."""
    try:
        return at.astimezone(found(zone)).utcoffset() != at.astimezone(found(other)).utcoffset()
    except NoSuchZone:
        return False


def _length(minutes: int, language: str) -> str:
    parts = []
    for size, korean, english in _UNITS:
        count, minutes = divmod(minutes, size)
        if count:
            parts.append(f"{count}{korean}" if language == "ko" else f"{count} {english}{'s' if count > 1 else ''}")
    return " ".join(parts)
