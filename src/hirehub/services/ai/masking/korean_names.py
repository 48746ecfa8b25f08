"""Korean names: announced by a word, borne with a title, or so name-like that a surname and particles suffice.

A name that is found once is taken out wherever it stands in the text. Bearers of public offices and stage roles,
of whom texts speak as of things, stay unless a word announces them.
"""

import re
from collections.abc import Iterator
from typing import Final

from hirehub.services.ai.masking.finding import Finding, Kind
from hirehub.services.ai.masking.korean_words import Words, load

_RUN: Final = re.compile(r"(?<![가-힣A-Za-z0-9])[가-힣]{2,12}")
_TITLE: Final = (
    r"(?:사원|주임|대리|과장|차장|부장|팀장|실장|본부장|센터장|이사|상무|전무|사장|부사장|대표|회장"
    r"|선임|책임|수석|매니저|프로|연구원|교수|박사|석사|선생|강사"
    r"|고객|환자|학생|수강생|회원|직원|인턴|디자이너|엔지니어|개발자|컨설턴트|변호사|회계사|세무사|간호사"
    r"|의사|전문의|원장|소장|기사|기자|작가|담당|PM|PL|PO|CTO|CEO"
    r"|님|씨|군|양|여사|어르신|귀하|올림|드림|배상)"
)
_TITLE_BEHIND: Final = re.compile(
    rf" ?(?:{_TITLE}(?:님|께서|에게|으로부터|로부터|은|는|이|가|을|를|의|와|과|도|께|한테|이며|입니다)?(?![가-힣]))"
)
_HONORIFIC: Final = re.compile(r"(?:님|씨|양|군)(?:께서|에게|께|은|는|이|가|을|를|의|와|과|도)?(?![가-힣])")
_TITLE_BEFORE: Final = re.compile(
    r"(?:고객|환자|담당자?|팀장|과장|대리|차장|부장|사원|주임|교수|박사|대표(?:이사)?|이사|원장"
    r"|남편|아내|배우자|부친|모친|아버지|어머니|아들|딸|자녀|형|누나|동생"
    r"|작성자|상담[원사]|기사|피해자|피의자|피고인|원고|피고|본인|[가-힣A-Z]{1,8}팀"
    r"|(?:총무|인사|영업|기획|개발|재무|마케팅|생산|관리|홍보|법무|연구|품질|디자인|구매|운영)부"
    r"|저는|제 이름은|이름은|성명은|라는|작가|기자) $"
)
_PUBLIC: Final = re.compile(
    r" ?(?:전 ?)?(?:국무총리|부총리|총리|대통령|장관|차관|국회의원|의원|도지사|지사|시장|군수"
    r"|구청장|교육감|대법관|검찰총장|총장|당대표|원내대표|감독|코치|선수|장군|대왕|왕|배우|가수|아나운서)"
)
_PARTICLE: Final = re.compile(
    r"(?:이?라고|이?라는|이?란|이?랑|이며|이고|입니다|이다|에게서|에게|한테|께서|으로|로|은|는"
    r"|이가|이는|이의|이를|이|가|을|를|의|와|과|도|만)?(?![가-힣])"
)
_AGED: Final = re.compile(r" ?\((?:만 ?)?\d{2}(?:세)?[),·]| ?\((?:남|여)[성자]?[),·]")
_ENDINGS: Final = frozenset("은이도가의로한하만과인된할는을를")
"""Last syllables that a word's particle or ending has too."""
_VERBS: Final = frozenset("하한된할")
"""Last syllables that are a verb's before a particle too."""
_CALLED: Final = re.compile(
    r"(?<![가-힣A-Za-z\d])[가-힣](?= ?씨(?:는|가|를|의|와|도|에게|로부터|측)?(?![가-힣])|[가-힣]?모 ?(?:씨|\(\d\d))"
)
_LABEL: Final = re.compile(
    r"(?:^|(?<=[\n|,(/\[\]>*·•:\-] )|(?<=[\n|,(/\[\]>*·•\t])|(?<=  )|(?<=\d\. )|(?<=\d\) ))[ \t]{0,8}"
    r"((?:[가-힣A-Za-z/&]{1,12} ){0,3}?[가-힣A-Za-z/&]{1,12}"
    r"(?: {1,6}[가-힣]){0,3}) {0,4}"
    r"(?:\([^()\n]{1,10}\) ?)?[:：|] {0,6}"
)
_PERSON_LABEL: Final = re.compile(
    r"(?:성명|이름|명의|(?:고객|회원|보호자|여행자|조합원|예금주|환자|학생|대표자|담당자|투숙객|승객"
    r"|직원|수험생|참가자|대리인|신청인)명?|[가-힣]*(?:자|인|원"
    r"|님|장|생|관|주|의|분)(?:명|성명|이름)?"
    r"|보내는분|받는분|참석|불참|수신|발신|참조|멘토|멘티|대표|담당|부|모|부친|모친|배우자|지도교수"
    r"|교수|팀장|[gG]uest[nN]ame|[nN]ame|NAME|PM|QA)$"
)
_NAMED: Final = re.compile(r"(?:성명|이름|[자객원]명|[nN]ame|NAME)$")
_NO_PERSON: Final = re.compile(
    r"(?:회사|상호|장소|품목|제목|부서|학과|전공|학교|업체|기관|업종|종목|지역|소속|직책|직위|직급"
    r"|상품|제품|과목|과정|기간|주소|지|회의|분야|직무|기술|내용|사유"
    r"|방법|여부|상태|종류|유형|용도|목적|요청사항|비고|특이사항|결과)(?:명)?$"
)
_ITEM: Final = re.compile(r"((?:[가-힣] ){1,3}[가-힣](?![가-힣])|[가-힣]{2,6})")
_AFTER_ITEM: Final = re.compile(
    rf" ?(?:\([^()\n]{{0,40}}\))?(?: ?{_TITLE}(?:님)?(?![가-힣]))?(?: ?\([^()\n]{{0,60}}\))?(?: ?[,/·、&] ?| 및 | - )"
)
_ITEM_END: Final = re.compile(
    rf"(?= ?(?:$|[\n,(/|·\[<]|- )|  )|(?={_HONORIFIC.pattern})|(?= {_TITLE}(?:님)?(?![가-힣]))|"
    rf"(?= [가-힣]{{2,8}}(?:$|[\n,(/]))"
)
_MOST_ITEMS: Final = 60


def find(text: str) -> Iterator[Finding]:
    """Every name that the rules are sure of, and every other place where it stands."""
    words = load()
    found = dict(_labelled(text, words))
    public: set[str] = set()
    bare: dict[tuple[int, int], str] = {}
    for match in _RUN.finditer(text):
        for name, sure in _candidates(match.group(), words):
            end = match.start() + len(name)
            if _PUBLIC.match(text, end):
                public.add(name)
            elif _announced(text, match.start(), end, sure):
                found[match.start(), end] = name
            elif sure and _stands(text, end):
                bare[match.start(), end] = name
            else:
                continue
            break
    for match in _CALLED.finditer(text):
        if match.group() in words.common and match.group() != "모":
            yield Finding(*match.span(), Kind.NAME)
    known = set(found.values()) - public | {name for _place, name in _labelled(text, words)}
    for place, name in {**bare, **found}.items():
        if name in known or name not in public:
            yield Finding(*place, Kind.NAME)
    yield from _again(text, known)


def _stands(text: str, end: int) -> bool:
    """Whether a convincing name may end here: before a particle, a blank or a stop."""
    if text[end - 1] in _VERBS:
        return False
    behind = _PARTICLE.match(text, end)
    return behind is not None and (bool(behind.group()) or text[end - 1] not in _ENDINGS)


def _again(text: str, names: set[str]) -> Iterator[Finding]:
    """Every other place of names that were found; two syllables are too often a part of a word."""
    long = sorted((name for name in names if len(name.replace(" ", "")) > 2), key=lambda name: (-len(name), name))
    if long:
        for match in re.finditer(rf"(?<![가-힣])(?:{'|'.join(map(re.escape, long))})(?={_TAIL})", text):
            yield Finding(*match.span(), Kind.NAME)


_TAIL: Final = rf"{_PARTICLE.pattern}|{_HONORIFIC.pattern}|{_TITLE}"


def _candidates(run: str, words: Words) -> Iterator[tuple[str, bool]]:
    """How a run of Hangul may begin with a name, and whether the name alone convinces."""
    if run[:2] in words.double:
        for size in (4, 3):
            if len(run) >= size and run[size - 1] in words.last:
                yield run[:size], size == 4 and run[2:4] in words.given
    surname = run[0]
    if surname not in words.common or run[:3] in words.words or run[:4] in words.words:
        return
    if len(run) >= 3 and run[1] in words.first and run[2] in words.last:
        yield run[:3], _convinces(run[:3], words)
    if len(run) >= 2 and run[1] in words.last and run[:2] not in words.words:
        yield run[:2], False


def _convinces(name: str, words: Words) -> bool:
    """Whether a surname and two syllables are hardly anything but a name."""
    given = name[1:]
    if name[0] in words.plain and given[0] in words.first and given[1] in words.last:
        return True
    return given in words.given or (given[0] in words.strong_first and given[1] in words.strong_last)


def _announced(text: str, start: int, end: int, sure: bool) -> bool:
    """Whether the words around a candidate say that it is a person."""
    first = max(start - 20, 0)
    line = text[max(text.rfind("\n", first, start) + 1, first) : start]
    before = _TITLE_BEFORE.search(line) is not None
    if end - start == 2:
        return False
    if _AGED.match(text, end):
        return True
    if text[end - 1] in _ENDINGS and not sure:
        return False
    if sure:
        return before or _TITLE_BEHIND.match(text, end) is not None
    ends = _PARTICLE.match(text, end) is not None
    return (before and ends) or _TITLE_BEHIND.match(text, end) is not None or _HONORIFIC.match(text, end) is not None


def _labelled(text: str, words: Words) -> Iterator[tuple[tuple[int, int], str]]:
    """The names behind a word and a colon: all of them for a word that announces persons, else the convincing."""
    for match in _LABEL.finditer(text):
        label = match.group(1).replace(" ", "")
        if _bulleted(text, match.start(1), label, words):
            yield match.span(1), label
        person = _PERSON_LABEL.search(label) is not None
        if not person and _NO_PERSON.search(label):
            continue
        at = match.end()
        for _ in range(_MOST_ITEMS):
            item = _item(text, at, words, person=person, exact=_NAMED.search(label) is not None)
            if item is None:
                break
            yield (item[0], item[1]), text[item[0] : item[1]]
            behind = _AFTER_ITEM.match(text, item[1])
            if behind is None:
                break
            at = behind.end()


def _bulleted(text: str, place: int, label: str, words: Words) -> bool:
    """Whether what stands before a colon in a list is itself a name."""
    line = text[max(0, place - 4) : place]
    rare = label[0] in words.common or label[0] in words.rare
    return len(label) == 3 and rare and line.rstrip(" \t").endswith(("-", "*", "•", "·")) and _convinces(label, words)


def _item(text: str, at: int, words: Words, *, person: bool, exact: bool) -> tuple[int, int] | None:
    """Where one name of a list begins and ends, if it is one."""
    match = _ITEM.match(text, at)
    if match is None:
        return None
    name = match.group(1).replace(" ", "")
    team = re.compile(r"[가-힣A-Z]{1,10}(?:팀|부|실|과|처) ").match(text, at)
    if team is not None:
        inner = _item(text, team.end(), words, person=person, exact=exact)
        if inner is not None:
            return inner
    for size in range(min(len(name), 5), 1, -1):
        end = match.end() if " " in match.group(1) else match.start() + size
        if not _ITEM_END.match(text, end) or not _is_name(name[:size], words, person=person, exact=exact):
            continue
        return match.start(), end
    return None


def _is_name(name: str, words: Words, *, person: bool, exact: bool) -> bool:
    """Whether a word that stands alone is a name, given what announces it."""
    if not exact and (name in words.words or name[:3] in words.words):
        return False
    if name[:2] in words.double and len(name) in {3, 4}:
        return True
    surnames = words.common | words.rare if person else words.common
    if name[0] not in surnames or not 2 <= len(name) <= 4:
        return False
    if len(name) == 3:
        return name[1] in words.first and name[2] in words.last
    return exact and len(name) == 2 and name[1] in words.last and name[0] in words.common
