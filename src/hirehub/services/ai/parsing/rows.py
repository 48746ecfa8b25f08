"""What was read, as rows of the service `resume`: lines of its lengths, months as days."""

from typing import Any

from hirehub.kernel.letters import is_visible
from hirehub.services.ai.parsing.model import Education, Experience, Month


def experience_row(one: Experience) -> dict[str, Any]:
    """A job as the service `resume` keeps it."""
    start, end = (one.period.start, one.period.end) if one.period else (None, None)
    return {
        "company_name": _line(one.company, 200),
        "position": _line(one.position, 100),
        "start_date": _day(start),
        "end_date": _last(start, end),
        "is_current": bool(one.period and one.period.is_current),
        "description": one.description[:50_000] or None,
    }


def education_row(one: Education) -> dict[str, Any]:
    """A time at a school as the service `resume` keeps it."""
    ordered = not (one.start and one.end) or one.start <= one.end
    return {
        "school_name": _line(one.school, 200),
        "degree": _line(one.degree, 100),
        "major": _line(one.major, 100),
        "start_date": _day(one.start) if ordered else None,
        "end_date": _last(one.start, one.end) if ordered else None,
        "is_current": one.is_current,
    }


def _last(start: Month | None, end: Month | None) -> str | None:
    """The last month of a period whose end is the first month behind it."""
    return _day(Month.of(end.number - 1)) if end and (start is None or end.number > start.number) else _day(end)


def _line(text: str | None, largest: int) -> str | None:
    """A line of text as the service `resume` takes it."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text or "").split())[:largest]
    return line if is_visible(line) else None


def _day(month: Month | None) -> str | None:
    return None if month is None else f"{month.year:04d}-{month.month:02d}-01"
