"""Addresses: Korean ones by road name or lot number, English ones by house number and street, others after a word.

A district alone is no address, and a place of work in a job post is nobody's.
"""

import re
from collections.abc import Iterator
from typing import Final

from hirehub.services.ai.masking.cells import GAP, HARD, START
from hirehub.services.ai.masking.finding import Finding, Kind
from hirehub.services.ai.masking.numbers import before

_PROVINCE: Final = (
    r"(?:(?:서울|부산|대구|인천|광주|대전|울산|세종)(?:특별자치시|특별시|광역시|시)?"
    r"|(?:경기|강원|충청[남북]|충[남북]|전라[남북]|전[남북]|경상[남북]|경[남북]|제주)(?:특별자치도|도)?)"
)
_DISTRICT: Final = r"(?:[가-힣]{1,4}(?:시|군|구))"
_TOWN: Final = r"(?:[가-힣]{1,5}(?:읍|면))"
_NUMBER: Final = r"(?:지하 ?)?\d{1,4}(?:-\d{1,4})?(?:번지)?(?![\d년월일%])"
_ROAD: Final = rf"[가-힣A-Za-z0-9·.]{{1,14}}(?:대로|(?<!으)로|길)(?: ?\d{{1,4}}(?:번)?[가나다라]?길)? ?{_NUMBER}"
_LOT: Final = rf"[가-힣]{{1,6}}\d{{0,2}}(?:동|가|리) ?(?:산 ?)?{_NUMBER}"
_FLATS: Final = (
    r"[가-힣]{1,6}\d{0,2}(?:동|가|리),? [가-힣A-Za-z0-9]{2,14} ?(?:[가-힣A-Za-z0-9]{1,10} )?"
    r"\d{1,4}(?:동 ?\d{1,4}호|호|-\d{3,4}(?![\d-]))"
)
"""A building's units behind a quarter, without the number of a lot."""
_KOREAN: Final = re.compile(
    rf"(?:\(?\d{{5}}\)? ?)?(?<![가-힣])(?:{_PROVINCE} ?(?:{_DISTRICT} ?){{0,2}}|(?:{_DISTRICT} ){{1,2}})"
    rf"(?:{_TOWN} ?)?(?:{_ROAD}|{_LOT}|{_FLATS})"
)
_UNIT: Final = re.compile(
    r"(?: ?\([가-힣0-9, ]{2,30}\))?(?:,? [^\n,()\ue000]{0,30}?)?,? ?(?:[A-Za-z]?-?\d{1,5}|[가-힣]"
    r"|[A-Za-z])-?(?:동|호|층|호실|단지)(?![가-힣0-9])|,? \d{1,4}-\d{1,5}(?![\d-])|,? ?\([가-힣0-9, ]{2,30}\)"
)
_LABEL: Final = (
    r"(?:(?:현 ?)?주 {0,4}소|거주 ?지|자택|본적|등록기준지|배송지|소재지|출발지|도착지|사는 ?곳|수령지)(?:지)?"
)
_KOREAN_LABEL: Final = re.compile(rf"{_LABEL}{HARD}([^\n\t\ue000]{{4,120}})")
_KOREAN_CELL: Final = re.compile(rf"{START}{_LABEL}{GAP}([^\n\t|\ue000]{{4,120}})")
_PLACE: Final = re.compile(rf"{_PROVINCE}|{_DISTRICT}")
_PLACES: Final = re.compile(
    rf"(?:\(?\d{{5}}\)? ?)?(?:{_PROVINCE} ?)?(?:{_DISTRICT} ?){{0,2}}{_TOWN}?(?<=[가-힣])"
    r" ?[가-힣A-Za-z0-9·.]{1,12}(?:동|읍|면|리|가|로|길)(?![가-힣])"
)
_UNITS: Final = re.compile(r"\d ?(?:동|호|층|번지|길|로)|[동리가로길] ?\d")
_WORKPLACE: Final = re.compile(r"근무 ?(?:지|장소|위치|지역)|회사 ?(?:위치|주소)|본사|오시는 ?길|면접 ?장소|찾아오시는")
_POSTCODE: Final = re.compile(r"(?:우편 ?번호) ?:? ?(\d{3}-?\d{2,3})(?!\d)")
_ROMANISED: Final = re.compile(
    r"(?:\b\w{1,4}F, )?(?:[A-Z][\w' ]{2,40}, )?\b\d{1,5}(?:-\d{1,4})?,? [A-Z][\w-]*-(?:daero|ro"
    r"|gil)\b(?: \d{1,4}(?:beon)?-gil)?(?:,? ?\n? *[A-Z][A-Za-z]+(?:-(?:gu|si|do|dong|gun|eup"
    r"|myeon))?){0,5}(?:,? \d{5})?(?:, (?:Republic of )?Korea)?"
)
_SUFFIX: Final = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Circle|Cir|Way|Place|Pl"
    r"|Terrace|Ter|Parkway|Pkwy|Highway|Hwy|Square|Sq|Trail|Crescent)"
)
_FLAT: Final = r"(?:,? {0,2}\n? {0,4}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|#)\.? ?#? ?[A-Za-z0-9-]{1,6})"
_CITY: Final = (
    r"(?:,? {0,2}\n? {0,4}[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3},? {0,2}(?:[A-Z]{2}"
    r"|[A-Z][a-z]+)?,? {0,2}\d{5}(?:-\d{4})?)"
)
_STREET: Final = re.compile(
    rf"(?<![\w/.$-])\d{{1,6}}[A-Za-z]?,? {{1,2}}(?:[NSEW]{{1,2}}\.? )?(?:\d{{1,3}}(?:st|nd|rd|th) "
    rf"(?!Place)|(?!(?:{_SUFFIX})\b)[A-Z][\w.'-]* ){{1,4}}{_SUFFIX}\b\.?"
    rf"(?: [NSEW]{{1,2}}\b)?{_FLAT}?{_CITY}?"
)
_NO_STREET: Final = re.compile(r"\d{1,2} Mile R(?:oa)?d|\d+ (?:Python|Java|Ruby|Perl|Unix|Linux|Agile|Toyota) Way")
"""Roads that have a number in their name, and ways of working."""
_BOX: Final = re.compile(rf"\bP\.? ?O\.? ?Box \d{{1,6}}{_CITY}?", re.IGNORECASE)
_CITY_ZIP: Final = re.compile(r"\b[A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2}, {0,2}[A-Z]{2},? {1,2}\d{5}(?:-\d{4})?(?!\d)")
_ZIP: Final = re.compile(
    r"\b(?:zip(?: ?code)?|post(?:al)? ?code)(?: is|:)? ?([A-Z0-9][A-Z0-9 -]{2,8}\d[A-Z]{0,2})\b", re.IGNORECASE
)
_QUOTED: Final = r"[ >?|]{0,5}"
"""What stands before a line of a quoted message."""
_BLOCK: Final = re.compile(
    rf"(?<![\w,.$-])\d{{1,6}}(?: \d{{1,6}})? [^\n\d?!:;]{{2,40}}(?: \d{{1,5}})?\.?,? {{0,3}}\n?{_QUOTED}"
    r"(?:Apt\.|Apt|Apartment|Suite|Unit|Flat) ?\d{1,5}\w?"
    rf"(?:,?(?: |\n{_QUOTED})[^\W\d][^\n\d?!:;]{{1,40}}){{0,3}}(?: |\n{_QUOTED})?(?:\d{{4,5}}(?!\d))?",
    re.IGNORECASE,
)
_MILITARY: Final = re.compile(
    r"(?:\b(?:PSC|Unit|CMR) \d{3,5},? Box \d{1,5}|\bUS(?:S|NS|CGC|NV) [A-Z]\w+),?\s{1,2}(?:APO|FPO|DPO),? A[AEP] \d{5}"
)
_YEAR: Final = re.compile(r"(?:19[5-9]|20[0-2])\d [^\d]*$")
"""A year before capitalised words is no house."""
_LIVES: Final = re.compile(
    r"\b(?:live[sd]? (?:at|in)|address(?: is| to|:)|sent? to|new one to|deliver(?:ed)? to|ship"
    r"(?:ped)? to|taxi to|located at|resid(?:es|ing|e) at|mov(?:ed|ing) to)"
    r" (\d{1,6} [^\n?!;\ue000]{5,90}?|[A-Z][\w' ]{2,40} \d{1,5}(?:[^\n?!;.\ue000]{0,60})?)(?=[?!;\n]|\. |\.?$)",
    re.IGNORECASE,
)
_ENGLISH_LABEL: Final = re.compile(
    r"(?:^|(?<=[\n|•·]))[ \t]*(?:(?:home|mailing|current|permanent|residential|street"
    r"|postal) )?address ?: {0,4}((?=[^\n]*\d)[^\n\ue000|•]{6,120}?)(?= *(?:\n|$|\||•| (?:phone|tel"
    r"|e-?mail|mobile)\b))",
    re.IGNORECASE,
)


def find(text: str, cells: str) -> Iterator[Finding]:
    """Every address with a house, lot or postal number, and what stands behind the word address (of `cells`)."""
    yield from _labelled(cells)
    for match in _KOREAN.finditer(text):
        if not _WORKPLACE.search(before(text, match.start())):
            yield Finding(match.start(), _end(text, match.end()), Kind.ADDRESS)
    for pattern in (_ROMANISED, _MILITARY, _BLOCK, _STREET, _BOX, _CITY_ZIP):
        for match in pattern.finditer(text):
            if not _YEAR.match(match.group()) and not _NO_STREET.fullmatch(match.group()):
                yield Finding(*match.span(), Kind.ADDRESS)
    for pattern in (_LIVES, _ZIP, _POSTCODE):
        for match in pattern.finditer(text):
            yield Finding(*match.span(1), Kind.ADDRESS)


def _labelled(text: str) -> Iterator[Finding]:
    """What stands behind the word for an address."""
    for match in _KOREAN_LABEL.finditer(text):
        value = match.group(1).rstrip()
        if _WORKPLACE.search(before(text, match.start())):
            continue
        if _PLACE.match(value.lstrip("(0123456789) ")) or _UNITS.search(value):
            yield Finding(match.start(1), match.start(1) + len(value), Kind.ADDRESS)
    for match in _KOREAN_CELL.finditer(text):
        value = match.group(1).rstrip()
        if _PLACES.match(value) and not _WORKPLACE.search(before(text, match.start())):
            yield Finding(match.start(1), match.start(1) + len(value), Kind.ADDRESS)
    for match in _ENGLISH_LABEL.finditer(text):
        yield Finding(*match.span(1), Kind.ADDRESS)


def _end(text: str, end: int) -> int:
    """Where an address ends whose road or lot ends here: behind its building, floor and unit."""
    for _ in range(4):
        match = _UNIT.match(text, end)
        if match is None:
            break
        end = match.end()
    return end
