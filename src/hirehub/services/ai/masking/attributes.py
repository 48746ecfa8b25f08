"""Birth date, age, gender, marital status and nationality: only where a word says that it is one."""

import re
from collections.abc import Iterator
from typing import Final

from hirehub.services.ai.masking.finding import Finding, Kind

_MONTHS: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY: Final = (
    r"(?:(?:19|20)?\d{2} ?년 ?\d{1,2} ?월(?: ?\d{1,2} ?일)?|(?:19"
    r"|20)\d{2} ?[-./] ?\d{1,2} ?[-./] ?\d{1,2}\.?|\d{1,2} ?[-./] ?\d{1,2} ?[-./] ?(?:19|20)?\d{2}"
    rf"|\d{{2}}[-./]\d{{1,2}}[-./]\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTHS},? (?:19"
    rf"|20)\d{{2}}|{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}}"
    r"|(?:19|20)\d{6}|\d{6}|(?:19|20)\d{2} ?년(?:생)?|(?:19|20)\d{2})"
)
_BIRTH: Final = re.compile(
    r"(?:생 ?년 ?월 ?일|출생 ?(?:일자?|연도|년도)?|생일|(?:date|place and date) of birth|birth ?(?:date|day)"
    r"|\bd\.?o\.?b\b\.?|\bborn(?: on| in)?)"
    rf"(?: ?\([^()\n\ue000]{{1,12}}\))?(?: is| was)? ?[:|-]? {{0,4}}({_DAY})(?!\d)",
    re.IGNORECASE,
)
_BORN: Final = re.compile(rf"(?<![\d-])((?:19|20)?\d{{2}} ?년 ?생)(?![가-힣])|({_DAY}) ?(?:출생|생)(?![가-힣])")
_AGE: Final = re.compile(
    r"(?:(?<![가-힣])나이|연령|\bage)(?: ?\([^()\n]{1,6}\))? ?[:|] {0,4}((?:만 ?)?\d{1,2}(?: ?세)?)(?![\d가-힣~-])"
    r"|(?:\bage[d]? (?:of )?)(\d{2})(?![\d%-])(?= ?[,.)\n]|$)",
    re.IGNORECASE,
)
_YEARS_OLD: Final = re.compile(
    r"(?<![\d.-])((?:만 ?)?\d{1,2} ?세)(?= ?[),.\n]|$| ?/| ?남| ?여)|(?<![\d.-])(1[5-9]|[2-9]\d)(?= ?"
    r"(?:years?[- ]old|y/o|yrs? old|-years?-old))(?! ?years?[- ]old (?:compan|firm|start))",
    re.IGNORECASE,
)
_AGE_RANGE: Final = re.compile(r"[~-] ?$|이상|이하|미만|부터|까지|대상|정년")
_LEAST: Final = re.compile(r"(?:at least|to|till|until|than|over|under|every) $")
_GENDER: Final = re.compile(
    r"(?:성 ?별|\b(?:gender|sex)) {0,3}[:|] {0,4}(남성?자?|여성?자?"
    r"|male|female|man|woman|non-binary|[MF])(?![A-Za-z가-힣])",
    re.IGNORECASE,
)
_MARITAL: Final = re.compile(
    r"(?:결혼 ?여부|혼인 ?(?:여부|상태|관계)|결혼 ?상태|\bmarital status"
    r"|\bcivil status) {0,3}[:|] {0,4}([가-힣]{2,3}"
    r"|[A-Za-z]{4,10})",
    re.IGNORECASE,
)
_COUNTRY: Final = r"(?:United |South |North |New |Republic of )?[A-Z][a-z]+(?:, Republic(?: of)?)?"
_NATIONALITY: Final = re.compile(
    r"(?:(?<![가-힣])국 ?적|\b(?:[Nn]ationality|NATIONALITY|[Cc]itizenship))"
    rf" {{0,3}}[:|] {{0,4}}([가-힣]{{2,8}}|{_COUNTRY})(?!\w)"
)


def find(text: str) -> Iterator[Finding]:
    """Every labelled attribute of a person; dates without such a word are left, as are those of employment."""
    for match in _BIRTH.finditer(text):
        yield Finding(*match.span(1), Kind.BIRTH)
    for match in _BORN.finditer(text):
        yield Finding(*match.span(1 if match.group(1) else 2), Kind.BIRTH)
    for match in _AGE.finditer(text):
        yield Finding(*match.span(1 if match.group(1) else 2), Kind.AGE)
    for match in _YEARS_OLD.finditer(text):
        group = 1 if match.group(1) else 2
        if _LEAST.search(text, max(0, match.start() - 12), match.start()):
            continue
        around = text[max(0, match.start() - 2) : match.start()] + "|" + text[match.end() : match.end() + 5]
        if not _AGE_RANGE.search(around):
            yield Finding(*match.span(group), Kind.AGE)
    for pattern, kind in (
        (_GENDER, Kind.GENDER),
        (_MARITAL, Kind.MARITAL),
        (_NATIONALITY, Kind.NATIONALITY),
    ):
        for match in pattern.finditer(text):
            yield Finding(*match.span(1), kind)
