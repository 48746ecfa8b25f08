"""Dates and periods in running text, Korean and English, in months.

A period is half-open. A year alone stands for its middle, so that 2019-2021 are 24 months and jobs that touch do not
overlap. Day and month that could be exchanged (03/04/2019) give the year alone. A year of two digits needs its
apostrophe, its 년 or the name of its month; bare (19.03) it counts in a range whose other end is as bare or now.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hirehub.services.ai.parsing.model import Month, Period
from hirehub.services.ai.parsing.places import Places

EARLIEST = 1950
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12, "봄": 3, "여름": 6, "가을": 9, "겨울": 12}
_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_Y = r"(?:19|20)\d\d"
_APOSTROPHE = "'’‘`´"
_MOMENT = (
    rf"(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]{_Y}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_NAME}\.?(?:\s+\d{{1,2}},)?(?:[\-–/]|,?\s*)(?:of\s+)?[{_APOSTROPHE}]?"
    rf"(?:{_Y}|\d\d)(?!\d)"
    rf"|{_Y},?[ \t]*{_NAME}(?![a-z])\.?(?:[ \t]+\d{{1,2}}(?!\d))?(?!,?[ \t]*{_Y})"
    rf"|(?:spring|summer|fall|autumn|winter),?\s+{_Y}"
    rf"|{_Y}\s*년?\s*(?:봄|여름|가을|겨울|상반기|하반기)"
    rf"|\d{{1,2}}\s?[/.\-]\s?{_Y}(?!\d)"
    rf"|(?:{_Y}|[{_APOSTROPHE}]\d\d)\s*(?:년|[.\-/])\s*\d{{1,2}}(?!\d)"
    rf"(?:\s*월|(?:\s*[.\-/]\s*\d{{1,2}}(?!\d)))?(?:\s*\d{{1,2}}\s*일)?\.?"
    rf"|\d\d\s?년\s*\d{{1,2}}\s?월(?:\s*\d{{1,2}}\s*일)?"
    rf"|{_Y}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?(?!\d)"
    rf"|(?:{_Y}|[{_APOSTROPHE}]\d\d)(?:\s*년)?)"
)
_NOW = (
    r"(?:[(\[]?\s*(?:present|current(?:ly)?|now|today|ongoing|to\s+date|till\s+date"
    r"|현\s?재|현직|근무\s*중|재직\s*중|재직|재학\s*중|재학|진행\s*중|진행중))"
)
_DASH = r"(?:\s*(?:[~\-\u2010-\u2015\u2212〜∼～→]|to|until|till|thru|through|부터|에서)\s*)"
_FREE = rf"(?=[\d{_APOSTROPHE}a-zA-Z])(?<![\w{_APOSTROPHE}])(?<!\d[\-./])"
"""What stands in front of a date is no part of a word or of a longer number."""

_RANGE = re.compile(
    rf"{_FREE}(?:from\s+|since\s+)?(?P<start>{_MOMENT}|{_NAME}\.?){_DASH}(?P<end>{_MOMENT}|{_NOW}|(?=\s*(?:\n|$|\()))",
    re.IGNORECASE,
)
_ONE_YEAR = re.compile(
    rf"{_FREE}(?P<start>{_MOMENT})\s*(?:[~\-–〜∼～]\s*(?P<month>\d{{1,2}})\s?월"
    rf"|[~〜∼～]\s*(?P<bare>0[1-9]|1[0-2])(?![\w/\-]|\.\d))",
    re.IGNORECASE,
)
"""A range that names its year once: 2019년 3월 ~ 12월, 2019.03~08."""

_ONE_YEAR_HAS = re.compile(r"[~〜∼～]|\d\s?월")

_BARE = r"\d\d\s?[./]\s?\d\d(?:\s?[./]\s?\d\d)?(?![\d./]*\d)"
_BARE_RANGE = re.compile(
    rf"(?=\d\d\s?[./]){_FREE}(?<![A-Za-z][ \t])(?<!버전[ \t])(?<!우분투[ \t])(?P<start>{_BARE})\.?\s*[~\-–—〜∼～→]\s*"
    rf"(?P<end>{_BARE}|{_NOW})(?!\s?(?:[%\w]|LTS))",
    re.IGNORECASE,
)
"""A range of two digits a year. Not behind a Latin word: Ubuntu 18.04 - 20.04 are versions."""

_SINCE = re.compile(
    rf"{_FREE}(?:since\s+(?P<start>{_MOMENT})|(?P<start2>{_MOMENT})\s*(?:부터|이후|입사))",
    re.IGNORECASE,
)
_SINGLE = re.compile(rf"{_FREE}{_MOMENT}(?![\w%])", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?:(?P<ky>\d{1,2})\s*년\s*(?:(?P<km>\d{1,2})\s*개월)?|(?P<m>\d{1,3})\s*개월"
    r"|(?P<ey>\d{1,2})\s*(?:years?|yrs?)\.?(?:,?\s*(?:and\s+)?(?P<em>\d{1,2})\s*(?:months?|mos?))?|(?P<o>\d{1,3})\s*(?:months?|mos?)\b)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Moment:
    """A date as written: the months that it may mean, the first and the last; a season is three, a year twelve."""

    first: int
    last: int

    @property
    def is_year(self) -> bool:
        """Whether only the year is known."""
        return self.last - self.first == 11

    @property
    def begin(self) -> int:
        """The month that a period beginning here begins with."""
        return self.first + 6 if self.is_year else self.first

    @property
    def after(self) -> int:
        """The first month behind a period that ends here."""
        return self.first + 6 if self.is_year else self.last + 1


@dataclass(frozen=True)
class Dated:
    """A period and where it stands."""

    period: Period
    start: int
    end: int


def read_moment(words: str, today: dt.date) -> Moment | None:
    """The date in words of one of the known forms; None when it lies before 1950 or after the next years."""
    low = words.lower().strip()
    numbers = [int(one) for one in _DIGITS.findall(low)]
    year = _year(low, today)
    if year is None or not EARLIEST <= year <= today.year + 6:
        return None
    january = year * 12
    for season, first in _SEASONS.items():
        if season in low:
            return Moment(january + first - 1, january + first + 1)
    if "반기" in low:
        half = 6 if "하반기" in low else 0
        return Moment(january + half, january + half + 5)
    month = _month(low, numbers, year)
    if month is None:
        return Moment(january, january + 11)
    return Moment(january + month - 1, january + month - 1) if 1 <= month <= 12 else None


def _year(low: str, today: dt.date) -> int | None:
    full = re.search(_Y, low)
    if full:
        return int(full[0])
    apostrophe = re.search(rf"[{_APOSTROPHE}](\d\d)|(\d\d)\s?년", low)
    named = re.fullmatch(rf".*?{_NAME}\.?(?:\s+\d{{1,2}},)?(?:[\-–/]|,?\s*)(?:of\s+)?(\d\d)", low)
    found = apostrophe or named
    if found is None:
        return None
    short = int(next(one for one in found.groups() if one))
    return 2000 + short if short <= today.year % 100 + 6 else 1900 + short


def _month(low: str, numbers: list[int], year: int) -> int | None:
    """The month beside the year: 1 to 12, another number when it is none, None when there is none or it is in doubt."""
    name = re.search(_NAME, low)
    if name:
        return _MONTHS.index(name[0][:3]) + 1
    if len(numbers) == 1:
        whole = numbers[0] // 100 if numbers[0] > 999_999 else numbers[0]
        return whole % 100 if whole > 9999 else None
    if len(numbers) == 3 and numbers[2] == year:
        first, second = numbers[:2]
        if first == second:
            return first
        if (first > 12) != (second > 12):
            return min(first, second)
        return None
    rest = numbers[1:] if numbers[0] == year or numbers[0] == year % 100 else numbers[:1]
    return rest[0] if rest else None


def find_periods(text: str, today: dt.date) -> list[Dated]:
    """Every period of the text, in order. One that ends before it begins is no period."""
    found: list[Dated] = []
    for pattern, read in ((_RANGE, _period), (_ONE_YEAR, _period_of_one_year), (_BARE_RANGE, _bare_period)):
        if pattern is _ONE_YEAR and not _ONE_YEAR_HAS.search(text):
            continue
        taken = Places((one.start, one.end) for one in found)
        for match in pattern.finditer(text):
            period = None if taken.touch(match.start(), match.end()) else read(match, today)
            if period is not None:
                found.append(Dated(period, match.start(), match.end()))
    taken = Places((one.start, one.end) for one in found)
    for match in _SINCE.finditer(text):
        words = match["start"] or match["start2"]
        moment = read_moment(words, today)
        if moment and not taken.touch(match.start(), match.end()):
            period = Period(Month.of(moment.begin), None, is_current=True, exact=not moment.is_year)
            if moment.begin <= _number(today):
                found.append(Dated(period, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _period(match: re.Match[str], today: dt.date) -> Period | None:
    first, last = match["start"], match["end"]
    now = _is_now(last)
    end = read_moment(last, today) if last and not now else None
    start = read_moment(first, today)
    if start is None and end is not None and re.fullmatch(rf"{_NAME}\.?", first.strip(), re.IGNORECASE):
        month = _MONTHS.index(first.strip().lower()[:3])
        start = Moment(end.first // 12 * 12 + month, end.first // 12 * 12 + month)
    if last and not now and end is None:
        return None
    return _between(start, end, today, is_current=now)


def _period_of_one_year(match: re.Match[str], today: dt.date) -> Period | None:
    start = read_moment(match["start"], today)
    month = int(match["month"] or match["bare"])
    if start is None or start.is_year or not 1 <= month <= 12:
        return None
    last = start.first // 12 * 12 + month - 1
    return _between(start, Moment(last, last), today, is_current=False)


def _bare_period(match: re.Match[str], today: dt.date) -> Period | None:
    """Korean: 19.03 is March 2019. With slashes the month comes first: 03/19, unless it cannot."""
    start = _bare_moment(match["start"], today)
    if _is_now(match["end"]):
        return _between(start, None, today, is_current=True)
    end = _bare_moment(match["end"], today)
    return None if end is None else _between(start, end, today, is_current=False)


def _bare_moment(words: str, today: dt.date) -> Moment | None:
    numbers = _DIGITS.findall(words)
    if len(numbers) == 2 and "/" in words and 1 <= int(numbers[0]) <= 12:
        numbers.reverse()
    return read_moment(f"'{numbers[0]}.{numbers[1]}", today)


def _is_now(words: str) -> bool:
    return re.fullmatch(_NOW, words.strip(), re.IGNORECASE) is not None


def _between(start: Moment | None, end: Moment | None, today: dt.date, *, is_current: bool) -> Period | None:
    """From `start` to `end`, which may be unsaid; None when it begins in the future or ends before it begins."""
    if start is None or start.begin > _number(today) or (end is not None and end.after <= start.begin):
        return None
    after = None if end is None else Month.of(end.after)
    exact = not (start.is_year or (end is not None and end.is_year))
    return Period(Month.of(start.begin), after, is_current=is_current, exact=exact)


def find_moments(text: str, today: dt.date) -> Iterator[tuple[Moment, int, int]]:
    """Every single date of the text and its place."""
    for match in _SINGLE.finditer(text):
        moment = read_moment(match[0], today)
        if moment is not None:
            yield moment, match.start(), match.end()


def find_length(text: str) -> int | None:
    """The first length of time of the text in months: 4년 2개월, 3 years; None without one."""
    match = _LENGTH.search(text)
    if match is None:
        return None
    years = int(match["ky"] or match["ey"] or 0)
    return years * 12 + int(match["km"] or match["em"] or match["m"] or match["o"] or 0)


def _number(today: dt.date) -> int:
    return today.year * 12 + today.month - 1


def months_of(periods: list[Period], today: dt.date) -> int | None:
    """Months that the periods cover, each month once, up to the end of today's; None when none has both ends."""
    edges = []
    for period in periods:
        last = _number(today) + 1
        if period.end is not None:
            last = min(period.end.number, last)
        elif not period.is_current:
            continue
        if period.start.number < last:
            edges.append((period.start.number, last))
    if not edges:
        return None
    covered, reached = 0, -1
    for start, end in sorted(edges):
        covered += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return covered
