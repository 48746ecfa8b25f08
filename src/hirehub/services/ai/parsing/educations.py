"""Times at schools: each mention of a school takes the degree, the field and the dates that stand nearest to it."""

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise

from hirehub.services.ai.parsing.dates import find_moments, find_periods
from hirehub.services.ai.parsing.model import Education, Month
from hirehub.services.ai.parsing.pages import Line, Pages
from hirehub.services.ai.parsing.sections import Section
from hirehub.services.ai.parsing.titles import SCHOOL, degree_of, is_study, major_of

MOST = 30
_REACH = 7
"""A degree or a date farther from its school than so many lines belongs to another."""

_PIECES = re.compile(r"[|,:\t]| - | from |\s[–—]\s")
_EDGE = " \t.;-–—~•*·"
_STUDYING = ("재학", "휴학", "수료예정", "currently enrolled", "in progress", "expected")


@dataclass
class _Entry:
    lines: list[Line]
    school: Line | None


def find_educations(pages: Pages, sections: list[Section], today: dt.date) -> list[Education]:
    """The educations in the order of the text: of the sections of education, else lines with a school and a degree."""
    places = [one for one in sections if one.kind == "education"]
    found: list[Education] = []
    if places:
        for place in places:
            lines = [line for line in pages.lines(place.start, place.end) if line.words]
            found.extend(_education(pages, entry, today) for entry in _entries(lines))
    else:
        short = (line for line in pages.lines() if len(line.words) <= 160)
        named = (
            line for line in short if (SCHOOL.search(line.words) and degree_of(line.words)) or is_study(line.words)
        )
        found.extend(_education(pages, _Entry([line], line), today) for line in named)
    kept = [one for one in found if one.school or one.degree]
    return kept[:MOST]


def _entries(lines: list[Line]) -> list[_Entry]:
    """Groups of lines, one a school; without schools one a degree."""
    schools = [place for place, line in enumerate(lines) if len(line.words) <= 160 and SCHOOL.search(line.words)]
    if not schools:
        degrees = [place for place, line in enumerate(lines) if len(line.words) <= 160 and degree_of(line.words)]
        bounds = [*degrees, len(lines)]
        return [
            _Entry(lines[start : min(end, start + _REACH)], None)
            for start, end in zip(degrees, bounds[1:], strict=True)
        ]
    cuts = _cuts(lines, schools)
    return [
        _Entry(lines[max(start, school - _REACH) : min(end, school + _REACH)], lines[school])
        for school, start, end in zip(schools, cuts, [*cuts[1:], len(lines)], strict=True)
    ]


def _cuts(lines: list[Line], schools: list[int]) -> list[int]:
    """Where each school's lines begin: with the degree above it when degrees stand above, else with itself."""
    first = schools[0]
    lead = next((first - place for place in range(first) if degree_of(lines[place].words)), first)
    return [0, *(max(school - lead, before + 1) if lead else school for before, school in pairwise(schools))]


def _education(pages: Pages, entry: _Entry, today: dt.date) -> Education:
    start, end = entry.lines[0].start, entry.lines[-1].end
    words = pages.text[start:end]
    begun, done, current = _dates(words, today)
    own = entry.school.words if entry.school else ""
    school = None
    if entry.school:
        school = _school(own, today)
    lines = [own, *(line.words for line in entry.lines if line is not entry.school)]
    return Education(
        school=school,
        degree=next(
            (found for line in lines[1:] + lines[:1] if (found := degree_of(line)) and found != "high school"), None
        )
        or next((found for line in lines if (found := degree_of(line))), None),
        major=next((found for line in lines if (found := major_of(line))), None),
        start=begun,
        end=done,
        is_current=current or any(word in words.lower() for word in _STUDYING),
        spans=pages.spans(start, end),
    )


def _school(line: str, today: dt.date) -> str:
    """The name of the school in its line, without dates."""
    places = [(one.start, one.end) for one in find_periods(line, today)]
    places += [(start, end) for _, start, end in find_moments(line, today)]
    for start, end in places:
        line = line[:start] + "\t" * (end - start) + line[end:]
    pieces = [piece.strip(_EDGE).lstrip(")] ").rstrip("([ ") for piece in _PIECES.split(line)]
    school = next((piece for piece in pieces if SCHOOL.search(piece)), line.strip())[:120]
    named = SCHOOL.search(school)
    return named[0] if named is not None and any("가" <= letter <= "힣" for letter in school) else school


def _dates(words: str, today: dt.date) -> tuple[Month | None, Month | None, bool]:
    """Begin, the first month behind the end, and whether it goes on. A single date is the end."""
    periods = find_periods(words, today)
    if periods:
        one = periods[0].period
        return one.start, one.end, one.is_current
    for moment, _, _ in find_moments(words, today):
        return None, Month.of(moment.last + 1), False
    return None, None, False
