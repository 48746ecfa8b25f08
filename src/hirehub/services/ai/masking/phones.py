"""Phone numbers: Korean ones by their shape, American ones by theirs, others after a word or a plus sign."""

import re
from collections.abc import Iterator
from typing import Final

from hirehub.services.ai.masking.finding import Finding, Kind
from hirehub.services.ai.masking.numbers import before

_SEP: Final = r" ?[-.)] ?| |"
_LEFT: Final = r"(?<![\w*.-])"
_RIGHT: Final = r"(?![\d*]|-\d)"
_MOBILE: Final = re.compile(
    rf"(?:(?<![\d*.-])|(?<=[A-Za-z]))(?:\(?(?:\+|00)?82\)?[- .]?\(?0?\)?|0)1[016789]\)?(?:{_SEP})[\d*]{{3,4}}"
    rf"(?:{_SEP})[\d*]{{4}}{_RIGHT}"
)
_BREAK: Final = r"(?: ?\n)? ?- ?(?:\n ?)?"
_MOBILE_ODD: Final = re.compile(
    r"(?<![\w*./-])01[016789](?: ?[/·ㆍ•_] ?\d{3,4} ?[/·ㆍ•_] ?\d{4}"
    rf"|{_BREAK}\d{{3,4}}{_BREAK}\d{{4}})(?![\w*]|-\d)"
    r"|(?<![\w*./-])[0Oo][1Il][0Oo][-. ](?=[OoIl]{0,2}\d)[\dOoIl]{3,4}[-. ](?=[OoIl]{0,2}\d)[\dOoIl]{4}(?![\w*]|-\d)"
    r"|(?<![\w*./-])(?<!\d )0 1 [016789](?: ?-)?(?: \d){3,4}(?: ?-)?(?: \d){4}(?![\w*]| ?-? ?\d)"
)
"""Parted by other signs, broken over a line, misread, or with a blank behind each digit."""
_LANDLINE: Final = re.compile(
    rf"(?<![\d*.-])(?:\(?\+?82\)?[- .]?\(?0?\)?(?:2|[3-6][1-5]|70)|\(?0(?:2|[3-6][1-5]|70|50[2-8])\)?)"
    rf"(?: ?[-.)] ?| )[\d*]{{3,4}}(?: ?[-.] ?| )[\d*]{{4}}{_RIGHT}"
)
_JOINED: Final = re.compile(rf"(?<![\d*.-])0(?:2|[3-6][1-5]|70)\d{{7,8}}{_RIGHT}")
_SERVICE: Final = re.compile(
    r"고객 ?센터|대표 ?번호|대표 ?전화|콜 ?센터|수신자 ?부담|ARS|[가-힣]센터 ?:|팩스|민원", re.IGNORECASE
)
_SPOKEN: Final = re.compile(
    r"[공영]일[공영일육칠팔구][- .,]{0,2}[공영일이삼사오육칠팔구]{3,4}[- .,]{0,2}[공영일이삼사오육칠팔구]{4}"
)
_OF_THINGS: Final = re.compile(
    r"(?:\b(?:serial|part|model|order|invoice|ticket|sku|item|product)|품번|일련 ?번호|시리얼|주문 ?번호|운송장)"
    r"\W{0,3}(?:(?:no|number|num|id|번호)\b)?\W{0,3}$",
    re.IGNORECASE,
)
_EXTENSION: Final = r"(?: ?(?:x|ext\.?|extension) ?\d{1,6})?"
_AMERICAN: Final = re.compile(
    rf"{_LEFT}(?![01]\d\d \d{{3}} )"
    rf"(?:\+?1[-. ]?)?(?:\(\d{{3}}\) ?|\d{{3}}[-. /])\d{{3}}[-. ]\d{{4}}{_EXTENSION}(?![\w]|-\d)",
    re.IGNORECASE,
)
_INTERNATIONAL: Final = re.compile(
    rf"(?<![\w+])(?:\+|00[ -])[1-9](?:[ .()-]{{0,2}}\d){{7,13}}{_EXTENSION}(?![\d-])", re.IGNORECASE
)
_WORD: Final = (
    r"(?:tel(?:ephone)?|phones?|mobile|cell(?:ular| phone)?|fax|desk|office|home|work|direct|whatsapp|contact|ph"
    r"|전화|휴대폰|핸드폰|휴대전화|연락처|전 화|핸 드 폰|연 락 처|자택|비상연락망)"
)
_WORDED: Final = re.compile(
    rf"(?<![A-Za-z]){_WORD}\.?(?: (?:no\.?|number|num|#))?(?:번호)?(?: is| at)? ?[:.#-]? ?(\+?\(?\d"
    rf"(?:[ .()/*-]{{0,2}}[\d*]){{6,14}}{_EXTENSION})(?![\d-])",
    re.IGNORECASE,
)
_CALL: Final = re.compile(
    r"\b(?:call|reach|text|dial|phone)(?: me| us| him| her)? (?:at|on) (\+?\(?\d(?:[ .()/-]{0,2}\d){6,14})(?![\d-])",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    rf"(?<![\w+.-])(\+?\(?\d(?:[ .()-]{{0,2}}\d){{5,14}}{_EXTENSION}) ?[-(] ?(?:office|fax|mobile|home"
    rf"|cell|work|tel)\b",
    re.IGNORECASE,
)
_NO_NUMBER: Final = re.compile(
    r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}"
    r"|(?:\d{1,2}[/.])?(?:19|20)\d\d ?[-~/] ?(?:\d{1,2}[/.])?(?:19|20)\d\d"
    r"|1[5-9]\d\d-|080"
)
"""Dates, spans of years, and numbers of service desks."""


def find(text: str) -> Iterator[Finding]:
    """Every phone number; numbers of service desks are nobody's."""
    for pattern in (_MOBILE, _MOBILE_ODD):
        for match in pattern.finditer(text):
            yield Finding(*match.span(), Kind.PHONE)
    for pattern in (_LANDLINE, _JOINED, _SPOKEN, _AMERICAN, _INTERNATIONAL):
        for match in pattern.finditer(text):
            line = before(text, match.start())
            if not _SERVICE.search(line) and not _OF_THINGS.search(line):
                yield Finding(*match.span(), Kind.PHONE)
    for pattern in (_WORDED, _CALL, _BEHIND):
        for match in pattern.finditer(text):
            if not _NO_NUMBER.match(match.group(1)):
                yield Finding(*match.span(1), Kind.PHONE)
