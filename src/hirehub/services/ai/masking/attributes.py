"""Birth date, age, gender, marital status and nationality: where a word says that it is one, or in a row of them."""

import re
from collections.abc import Iterator
from typing import Final

from hirehub.services.ai.masking.cells import END, GAP, START
from hirehub.services.ai.masking.finding import BARRIER, Finding, Kind

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
    rf"(?:(?: ?\([^()\n\ue000]{{1,12}}\))?(?: is| was)? ?[:|-]? {{0,4}}|{GAP})({_DAY})(?!\d)",
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
_AGED: Final = re.compile(
    rf"{START}(?i:나 ?이|연 ?령|age){GAP}((?:만 ?)?[1-9]\d(?: ?세| ?살| years(?: old)?)?){END}",
)
_SEX: Final = r"(?:남성|여성|남자|여자|남|여|male|female|man|woman|non-binary)"
_WED: Final = r"(?:미혼|기혼|이혼|사별|재혼|결혼|독신|single|(?:un)?married|divorced|widowed|separated)"
_GENDER_WORD: Final = r"(?:성 ?별|\b(?:gender|sex))"
_NO_CHOICE: Final = rf"(?! ?[/,·] ?{_SEX})"
_GENDER: Final = re.compile(
    rf"{_GENDER_WORD} {{0,3}}[:|] {{0,4}}({_SEX}|[MF])(?![A-Za-z가-힣]){_NO_CHOICE}"
    rf"|{START}{_GENDER_WORD}{GAP}({_SEX}|[MF]){END}{_NO_CHOICE}",
    re.IGNORECASE,
)
_MARITAL_WORD: Final = r"(?:결혼 ?여부|혼인 ?(?:여부|상태|관계)|결혼 ?상태|\b(?:marital|civil) status)"
_MARITAL: Final = re.compile(
    rf"{_MARITAL_WORD} {{0,3}}[:|] {{0,4}}([가-힣]{{2,3}}|[A-Za-z]{{4,10}})|{_MARITAL_WORD}{GAP}({_WED}){END}",
    re.IGNORECASE,
)
_COUNTRY: Final = r"(?:United |South |North |New |Republic of )?[A-Z][a-z]+(?:, Republic(?: of)?)?"
_STATES: Final = (
    r"(?:대한민국|한국|중국|미국|일본|베트남|인도|인도네시아|필리핀|몽골|러시아|영국|프랑스|독일|캐나다|호주|태국|네팔"
    r"|우즈베키스탄|카자흐스탄|캄보디아|미얀마|스리랑카|방글라데시|파키스탄|대만|홍콩|싱가포르|말레이시아"
    r"|(?:Republic of |South |North )?Korea|[A-Z][a-z]{1,12}(?:ean|ian|can|ese|ish|ani|ino)|French|German|Dutch"
    r"|Swiss|Thai|United (?:States|Kingdom)(?: of America)?|USA?|UK|China|Japan|Vietnam|India|Canada|Australia)"
)
_NATIONALITY_WORD: Final = r"(?:(?<![가-힣])국 ?적|\b(?:[Nn]ationality|NATIONALITY|[Cc]itizenship))"
_NATIONALITY: Final = re.compile(
    rf"{_NATIONALITY_WORD} {{0,3}}[:|] {{0,4}}([가-힣]{{2,8}}|{_COUNTRY})(?!\w)"
    rf"|{_NATIONALITY_WORD}{GAP}({_STATES}){END}"
)
_CELL: Final = (
    rf"(?:(?P<gender>{_SEX})|(?P<marital_status>{_WED})|(?P<age>(?:만 ?)?[1-9]\d ?세)"
    rf"|(?P<birth_date>(?:19|20)\d\d ?[-./] ?\d{{1,2}} ?[-./] ?\d{{1,2}}\.?"
    rf"|(?:19|20)?\d\d년 ?(?:\d{{1,2}}월 ?\d{{1,2}}일|생))"
    r"|병역필|군필|미필|면제|병역특례|military service completed)(?![\w가-힣])"
)
_PART: Final = r" ?[/|,·()] ?"
_ONE: Final = re.compile(_CELL, re.IGNORECASE)
_BARE: Final = re.sub(r"\?P<\w+>", "?:", _CELL)
_ROW: Final = re.compile(rf"(?<![\w가-힣.-]){_BARE}(?:{_PART}{_BARE}){{1,7}}", re.IGNORECASE)
"""Two or more of them side by side, as `34세 / 남 / 미혼`."""
_NAMED: Final = re.compile(rf"(?<={BARRIER}) ?\(({_SEX})\)")


def find(text: str) -> Iterator[Finding]:
    """Every labelled attribute of a person; dates without such a word are left, as are those of employment."""
    for match in _BIRTH.finditer(text):
        yield Finding(*match.span(1), Kind.BIRTH)
    for match in _BORN.finditer(text):
        yield Finding(*match.span(1 if match.group(1) else 2), Kind.BIRTH)
    yield from _rows(text)
    for match in _AGED.finditer(text):
        yield Finding(*match.span(1), Kind.AGE)
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
            yield Finding(*match.span(1 if match.group(1) else 2), kind)


def _rows(text: str) -> Iterator[Finding]:
    """Words of several kinds side by side; two of one kind are a choice that a form offers."""
    for row in _ROW.finditer(text):
        cells = list(_ONE.finditer(text, row.start(), row.end()))
        kinds = [cell.lastgroup for cell in cells]
        if len(set(kinds)) == len(kinds) and ("gender" in kinds or "marital_status" in kinds):
            for cell in cells:
                if cell.lastgroup is not None:
                    yield Finding(*cell.span(), Kind(cell.lastgroup))
    for match in _NAMED.finditer(text):
        yield Finding(*match.span(1), Kind.GENDER)
