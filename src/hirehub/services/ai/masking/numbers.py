"""Numbers that a state, a bank or an employer gave a person, told by shape, check digit and the words before them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from ipaddress import ip_address
from typing import Final

from hirehub.services.ai.masking.finding import Finding, Kind

_BEFORE: Final = 40
"""Characters of the same line in which the word for a number is looked for."""
_RESIDENT: Final = re.compile(r"(?<![\d-])(\d{6})( {0,2}- {0,2}| {1,2}|)([0-9])([\d*xX●]{6})(?![\d-])")
_SPACED: Final = re.compile(r"(?<![\d-])(?:\d ){5}\d ?- ?(?:\d ){6}\d(?![\d-])")
_FRONT: Final = re.compile(r"주민(?:등록)? ?번호[^\n\d\ue000]{0,10}(\d{6})(?![\d-])")
_LABELLED: Final = re.compile(
    r"(?i:주민(?:등록)? ?번호|외국인(?:등록)? ?번호|국내거소(?:신고)? ?번호"
    r"|\bRRN\b|resident(?: registration)? (?:number|no\.?))"
    r"[^\n\d\ue000]{0,12}(?P<number>(?:19|20)?\d{2}[ .]?\d{2}[ .]?\d{2}\s{0,2}[-._/~]?\s{0,2}"
    r"[\dOo*xX●○](?:[ -]?[\dOo*xX●○]){0,6})(?![\w*●○-])"
)
"""Behind the word for it a number may be spaced, masked, wrongly parted or misread: whatever looks like one is one."""
_BACK: Final = re.compile(r"뒷 ?(?:자리|번호)[^\n\d\ue000]{0,6}(\d(?:[ -]?[\d*xX●○]){6})(?![\w*●○-])")
_SOCIAL: Final = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])")
_PASSPORT: Final = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d{7,8}|[A-Z]\d{3}[A-Z]\d{4})(?![A-Za-z0-9])")
_PASSPORT_LABELLED: Final = re.compile(r"(?i:passport)[^\n\ue000]{0,20}?[:#]? ?\b([A-Z0-9]{6,9})\b")
_REGION: Final = r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)"
_LICENCE: Final = re.compile(
    rf"(?<![\d-])(?:{_REGION} ?)?\d{{2}}[- ]\d{{2}}[- ]\d{{6}}[- ]\d{{2}}(?![\d-])"
    rf"|{_REGION} ?\d{{2}}-\d{{6}}-\d{{2}}(?![\d-])"
)
_LICENCE_LABELLED: Final = re.compile(
    r"(?i:driver'?s? ?licen[cs]e|driving licen[cs]e)(?i: number| no\.?| #)?(?: is|:)? ?#?([A-Z0-9]*\d[A-Z0-9-]{4,18})\b"
)
_CARD: Final = re.compile(r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])")
_CARD_SHAPE: Final = re.compile(
    r"(?<![\d*-])\d[\d*]{3}([- ])[\d*]{4}\1[\d*]{4}\1[\d*]{4}(?![\d*-])|(?<!\d)3[47]\d\d([- ])\d{6}\2\d{5}(?!\d)"
)
_CARD_WORD: Final = re.compile(r"카드|card|visa|master|amex", re.IGNORECASE)
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_ACCOUNT: Final = re.compile(r"(?<![\d-])(?:\d{2,6}-\d{2,6}-\d{2,8}(?:-\d{1,4})?|\d{10,14})(?![\d-])")
_ACCOUNT_WORD: Final = re.compile(
    r"계좌|통장|입금|예금|송금|은행|농협|새마을금고|우체국|신협|수협|카카오뱅크|토스뱅크|\bbank|\baccount",
    re.IGNORECASE,
)
_NO_ACCOUNT: Final = re.compile(r"고객센터|대표번호|전화|승인|운송장|송장|접수번호|주문번호|등록번호", re.IGNORECASE)
_BUSINESS: Final = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{5}(?![\d-])")
_NETWORK: Final = re.compile(
    r"(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d|/\d)"
)
_NETWORK_6: Final = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{1,4}(?![\w:])")
_VERSION: Final = re.compile(r"(?:version|ver\.?|버전|v)[ :]*$", re.IGNORECASE)
_PRODUCT: Final = re.compile(
    r"(?:[A-Za-z]*[a-z][A-Z][A-Za-z]*|Oracle|Java|Chrome|Firefox|Tomcat|Redis|Docker|Linux|Windows|Android) $"
)
"""A product before its version; private addresses are those of computers all the same."""
_PRIVATE: Final = re.compile(r"10\.|192\.168\.|172\.")
_NO_ADDRESS: Final = re.compile(r"(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|255\.255\.\d+\.\d+)$")
_MEMBER: Final = re.compile(
    r"(?:학 ?번|사 ?번|사원 ?번호|직원 ?번호|군번|교번|employee (?:id|no\.?|number)|student (?:id|no\.?|number))"
    r" ?[:#]? ?((?:[A-Z]{1,5}-?)?\d[\d-]{3,14}\d)(?![\d-])",
    re.IGNORECASE,
)
_VEHICLE: Final = re.compile(r"(?<![\d가-힣])\d{2,3} ?[가-마거-머버-저고-조구-주하허호배] ?\d{4}(?![\d가-힣])")
_VEHICLE_WORD: Final = re.compile(r"차량|차 ?번호|번호판|자동차")
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def find(text: str) -> Iterator[Finding]:
    """Every personal number; a line's words decide where the shape alone is not enough."""
    yield from _residents(text)
    yield from _licences(text)
    yield from _cards(text)
    yield from _accounts(text)
    for match in _SOCIAL.finditer(text):
        yield Finding(*match.span(), Kind.SOCIAL)
    yield from _passports(text)
    yield from _networks(text)
    for match in _MEMBER.finditer(text):
        yield Finding(*match.span(1), Kind.MEMBER)
    for match in _VEHICLE.finditer(text):
        if _VEHICLE_WORD.search(before(text, match.start())):
            yield Finding(*match.span(), Kind.VEHICLE)


def businesses(text: str) -> Iterator[Finding]:
    """Registration numbers of businesses: personal only in a text that names a person, as that of a sole trader."""
    for match in _BUSINESS.finditer(text):
        if businesslike(match.group()) or "사업자" in before(text, match.start()):
            yield Finding(*match.span(), Kind.BUSINESS)


def before(text: str, place: int, most: int = _BEFORE) -> str:
    """The line up to a place, as far as it is looked at."""
    return text[max(text.rfind("\n", 0, place) + 1, place - most) : place]


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of a card number."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def residentlike(digits: str) -> bool:
    """Whether 13 digits end in the check digit of a resident number; those given out since October 2020 have none."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return (11 - total % 11) % 10 == int(digits[12]) or (13 - total % 11) % 10 == int(digits[12])


def businesslike(number: str) -> bool:
    """Whether ten digits end in the check digit of a business number."""
    digits = [int(character) for character in number if character.isdigit()]
    total = sum(digit * weight for digit, weight in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=False))
    return (10 - (total + digits[8] * 5 // 10) % 10) % 10 == digits[9]


def is_iban(text: str) -> bool:
    """Whether an account number passes the check of ISO 13616."""
    plain = text.replace(" ", "")
    return 15 <= len(plain) <= 34 and int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def _is_day(six: str) -> bool:
    """Whether six digits are a day, of whatever century."""
    try:
        date(2000 + int(six[:2]), int(six[2:4]), int(six[4:6]))
    except ValueError:
        return False
    return True


def _residents(text: str) -> Iterator[Finding]:
    for match in _RESIDENT.finditer(text):
        front, between, code, rest = match.groups()
        words = before(text, match.start())
        if "법인" in words or "사업자" in words or not _is_day(front):
            continue
        labelled = "주민" in words or "외국인" in words or "등록번호" in words
        checked = rest.isdigit() and residentlike(front + code + rest)
        dashed = "-" in between and code in "12345678"
        if labelled or dashed or (checked and code in "12345678"):
            yield Finding(*match.span(), Kind.FOREIGNER if code in "5678" else Kind.RESIDENT)
    for match in _SPACED.finditer(text):
        if _is_day(match.group().replace(" ", "")[:6]):
            yield Finding(*match.span(), Kind.RESIDENT)
    for match in _LABELLED.finditer(text):
        kind = Kind.FOREIGNER if match.group()[0] in "외국" else Kind.RESIDENT
        yield Finding(*match.span("number"), kind)
    for match in _FRONT.finditer(text):
        yield Finding(*match.span(1), Kind.RESIDENT)
    for match in _BACK.finditer(text):
        if "주민" in before(text, match.start(), 2 * _BEFORE):
            yield Finding(*match.span(1), Kind.RESIDENT)


def _licences(text: str) -> Iterator[Finding]:
    for match in _LICENCE.finditer(text):
        yield Finding(*match.span(), Kind.LICENCE)
    for match in _LICENCE_LABELLED.finditer(text):
        yield Finding(*match.span(1), Kind.LICENCE)


def _cards(text: str) -> Iterator[Finding]:
    for match in _CARD_SHAPE.finditer(text):
        line = before(text, match.start())
        digits = re.sub(r"\D", "", match.group())
        if _CARD_WORD.search(line) or (digits[0] in "34569" and "*" not in match.group() and luhn(digits)):
            yield Finding(*match.span(), Kind.CARD)
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        worded = _CARD_WORD.search(before(text, match.start())) is not None
        if (digits[0] in "3456" or worded) and luhn(digits) and len(set(digits)) > 1:
            yield Finding(*match.span(), Kind.CARD)


def _accounts(text: str) -> Iterator[Finding]:
    for match in _IBAN.finditer(text):
        if is_iban(match.group()):
            yield Finding(*match.span(), Kind.ACCOUNT)
    for match in _ACCOUNT.finditer(text):
        words = before(text, match.start())
        if _ACCOUNT_WORD.search(words) and not _NO_ACCOUNT.search(words) and not match.group().startswith("01"):
            yield Finding(*match.span(), Kind.ACCOUNT)


def _passports(text: str) -> Iterator[Finding]:
    for match in _PASSPORT_LABELLED.finditer(text):
        if any(character.isdigit() for character in match.group(1)):
            yield Finding(*match.span(1), Kind.PASSPORT)
    if "여권" in text or "passport" in text.lower():
        for match in _PASSPORT.finditer(text):
            yield Finding(*match.span(), Kind.PASSPORT)


def _networks(text: str) -> Iterator[Finding]:
    for match in _NETWORK_6.finditer(text):
        with suppress(ValueError):
            ip_address(match.group())
            yield Finding(*match.span(), Kind.NETWORK)
    for match in _NETWORK.finditer(text):
        line = before(text, match.start())
        version = _VERSION.search(line) or (_PRODUCT.search(line) and not _PRIVATE.match(match.group()))
        if not _NO_ADDRESS.match(match.group()) and not version:
            yield Finding(*match.span(), Kind.NETWORK)
