"""Names in the cells of forms: behind a word for a name up to the end, in Hangul, Latin letters or hanja."""

import re
from collections.abc import Iterator
from typing import Final

from hirehub.services.ai.masking.cells import END, GAP, HARD, START
from hirehub.services.ai.masking.english_words import NAME, WORD, no_names, plain
from hirehub.services.ai.masking.english_words import load as load_english
from hirehub.services.ai.masking.finding import BARRIER, Finding, Kind
from hirehub.services.ai.masking.korean_words import Words, load

_LABEL: Final = (
    r"(?:(?:영문|한글|국문|한문|한자)? ?\(?(?:성 {0,4}명|이 {0,4}름)\)?|(?i:(?:(?:full|legal|english|korean"
    r"|applicant|candidate)(?:'s)? )?name))"
)
_ALPHABET: Final = r"(?:(?:영문|영어)명?|한문|한자)"
_ENGLISH: Final = re.compile(rf"{START}(?:{_LABEL}|{_ALPHABET}){GAP}({WORD}, {NAME}|{NAME}){END}")
_HANGUL: Final = re.compile(rf"{START}{_LABEL}{HARD}([가-힣]{{1,6}}(?: [가-힣]{{1,6}}){{0,3}}){END}")
_SHORT: Final = re.compile(rf"{START}{_LABEL}{GAP}([가-힣]{{1,2}} ?[가-힣]{{1,2}}){END}")
_BESIDE: Final = re.compile(rf"(?<={BARRIER}) ?[(/|,·] ?({WORD}(?: {WORD}){{1,2}})(?:(?=\))|{END})")
"""A name in Latin letters beside what was masked: the same person's, where it bears a Korean surname."""
_HANJA: Final = re.compile(
    rf"(?:(?:{START}(?:{_LABEL}|한문|한자)|(?<=[ \t])한[문자]){GAP}|(?<={BARRIER}) {{0,2}}\(? ?)"
    rf"([\u4e00-\u9fff](?: ?[\u4e00-\u9fff]){{1,3}})(?:(?=\))|{END})"
)
_NO_NAME: Final = re.compile(
    r"생년|성별|연락|나이|연령|주소|메일|국적|영문|한글|한문|한자|전화|휴대|핸드|전공|학교|기간|직책|직위|직급|부서|소속|관계|학력"
    r"|비고|사진|이름|성명|번호|분야|구분|학과|경력|자격|회사|서비스|시스템|프로|관리|개발|플랫폼|제품|상품|모델|팀$"
)
"""Labels of the next cell, and things that have names too."""
_MOST_HEAD: Final = 600
"""Where the first name of a form stands."""


def find(text: str) -> Iterator[Finding]:
    """Every name that fills its cell; `text` has its tabs."""
    words = load()
    for match in _ENGLISH.finditer(text):
        if 2 <= len(match.group(1).split()) <= 4 and not no_names(match.group(1)):
            yield Finding(*match.span(1), Kind.NAME)
    for match in _BESIDE.finditer(text):
        parts = [plain(part) for part in match.group(1).split()]
        if not {parts[0], parts[-1]}.isdisjoint(load_english().surnames) and not no_names(match.group(1)):
            yield Finding(*match.span(1), Kind.NAME)
    for match in _HANGUL.finditer(text):
        if _is_foreign(match.group(1), words) and match.start() < _MOST_HEAD:
            yield Finding(*match.span(1), Kind.NAME)
    for match in _SHORT.finditer(text):
        if _is_korean(match.group(1), words):
            yield Finding(*match.span(1), Kind.NAME)
    for match in _HANJA.finditer(text):
        yield Finding(*match.span(1), Kind.NAME)


def _is_foreign(value: str, words: Words) -> bool:
    """Whether several words of Hangul may be a name that was written by its sound."""
    parts = value.split()
    return len(parts) > 1 and not _NO_NAME.search(value) and not any(part[:3] in words.words for part in parts)


def _is_korean(value: str, words: Words) -> bool:
    """Whether two to four syllables are a surname and a given name, blank between or not."""
    name = value.replace(" ", "")
    if not 2 <= len(name) <= 4 or _NO_NAME.search(value) or name in words.words:
        return False
    given = name[2:] if name[:2] in words.double and len(name) > 2 else name[1:]
    if given == name[1:] and name[0] not in words.common | words.rare:
        return False
    return len(given) < 3 and given[0] in words.first | words.last and given[-1] in words.last
