"""The years of experience that a post asks for.

Read from the title first, then from what is required; what is preferred asks for nothing. Durations of other things (a
degree of 4 years, 10 years of the company, the last 3 years) are told apart by the words around them.
"""

import re

from hirehub.services.ai.parsing.model import AskedYears, PostPart, PostSpan

_N = r"(?P<n>\d{1,2})"
_M = r"(?P<m>\d{1,2})"
_TO = r"\s*(?:년차?|years?|yrs?)?\s*(?:[~\-\u2010-\u2015〜∼～]|to|에서|부터)\s*(?:최대\s*)?"
_ASKS = re.compile(
    rf"{_N}{_TO}{_M}\s*\+?\s*(?:년|years?|yrs?)(?:\s*차)?(?P<less>\s*(?:이하|미만|까지))?"
    rf"|(?P<n2>\d{{1,2}})\s*년\s*(?:차\s*)?(?:정도\s*)?(?P<k>이상|이하|미만|이내|\+|↑|차|내외|전후|의|정도|업무|경력|경험|실무|~)?"
    rf"|(?P<n3>\d{{1,2}})\s*(?:\(\d{{1,2}}\)\s*)?(?P<plus>\+|plus|or\s+more)?\s*(?:or\s+more\s+)?(?:years?|yrs?)\b",
    re.IGNORECASE,
)
_SPELLED = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_WORDS = re.compile(rf"\b({'|'.join(_SPELLED)})\s*(?:\(\d{{1,2}}\))?\s*\+?\s*(?:years?|yrs?)\b", re.IGNORECASE)
_NO_WORK = re.compile(
    r"근속|재직\s*시|졸업|학위|년제|유효|최근|설립|창립|업력|이내|계약\s*기간|보증|만\s*\d+\s*세|군필|수습|years?\s+(?:old|of\s+age|ago)|age\s+of"
    r"|years?\s+(?:college|university|degree)|last\s+\d|past\s+\d|next\s+\d|over\s+the",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"경력|경험|업무|실무|연차|년차|근무|종사|개발|운영|이상|experience|background|work|minimum|at\s+least",
    re.IGNORECASE,
)
_OF = re.compile(r"\s*(?:of|in|with)\s+[A-Za-z]", re.IGNORECASE)
_LEVEL = re.compile(r"(?:주니어|시니어|신입|junior|senior|mid(?:dle)?)\s*[(\[:]?\s*$", re.IGNORECASE)
_LEAST = re.compile(r"(?:최소|at\s+least|min\.?)\s*$", re.IGNORECASE)
_BEGINNER = re.compile(r"신입|경력\s*무관|무관|entry[- ]level|no\s+experience|new\s+grad", re.IGNORECASE)
_BEGINNER_ASKED = re.compile(
    r"신입\s*(?:및|/|·|,|또는|or|~|-|&|\+)\s*경력|신입\s*(?:또는|및|or)\s*\d|경력\s*(?:및|/|·|,|또는)\s*신입|경력\s*:?\s*무관|신입\s*(?:가능|지원|도|사원|환영|채용|모집)"
    r"|\(신입\)|entry[- ]level|no\s+(?:prior\s+)?experience\s+(?:is\s+)?(?:needed|required|necessary)",
    re.IGNORECASE,
)
_MOST = 30


def find_years(part: PostPart, text: str) -> AskedYears | None:
    """The least and the most years that this part of a post asks for; None where it says nothing."""
    found = [one for line in _lines(text) if (one := _of_line(part, text, *line)) is not None]
    general = [one for one in found if re.search(r"경력|experience|년차|연차", _line_of(text, one), re.IGNORECASE)]
    beginner = _BEGINNER_ASKED.search(text)
    asked = (general or found)[:1]
    if beginner and (not asked or re.search(r"신입", _line_of(text, asked[0]))):
        most = asked[0].most if asked else None
        return AskedYears(0, most, PostSpan(part, beginner.start(), beginner.end()))
    return asked[0] if asked else None


def _lines(text: str) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for line in text.split("\n"):
        bounds.append((start, start + len(line)))
        start += len(line) + 1
    return bounds


def _line_of(text: str, asked: AskedYears) -> str:
    start = text.rfind("\n", 0, asked.span.start) + 1
    end = text.find("\n", asked.span.end)
    return text[start : end if end >= 0 else len(text)]


def _of_line(part: PostPart, text: str, start: int, end: int) -> AskedYears | None:
    """The first demand of one line."""
    works = _WORK.search(text, start, end) is not None
    for match in _ASKS.finditer(text, start, end):
        around = text[max(match.start() - 14, start) : min(match.end() + 12, end)]
        if _NO_WORK.search(around) or not (part == "title" or works or _ranges(text, match, end)):
            continue
        asked = _asked(match)
        if asked is not None:
            return AskedYears(*asked, PostSpan(part, match.start(), match.end()))
    spelled = _WORDS.search(text, start, end)
    if spelled and works:
        return AskedYears(_SPELLED[spelled[1].lower()], None, PostSpan(part, spelled.start(), spelled.end()))
    return None


def _ranges(text: str, match: re.Match[str], end: int) -> bool:
    """Whether a length is plainly asked without a word of work: at least so much, or a range of a thing or level."""
    before = text[max(match.start() - 12, 0) : match.start()].rpartition("\n")[2]
    if _LEAST.search(before):
        return True
    return match["n"] is not None and bool(_OF.match(text, match.end(), end) or _LEVEL.search(before))


def _asked(match: re.Match[str]) -> tuple[int | None, int | None] | None:
    if match["n"] is not None:
        least, most = int(match["n"]), int(match["m"])
        return (least, most) if least <= most <= _MOST else None
    years = int(match["n2"] or match["n3"])
    if years > _MOST:
        return None
    if match["k"] in {"이하", "미만"}:
        return None, years
    return years, None
