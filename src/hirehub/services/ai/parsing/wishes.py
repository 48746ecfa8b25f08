"""Work form, remote work and place: the words for them, and what a resume wishes where it says so."""

import re

from hirehub.services.ai.parsing.model import Remote, Wish, WorkForm
from hirehub.services.ai.parsing.pages import Pages

FORMS: tuple[tuple[WorkForm, re.Pattern[str]], ...] = (
    (
        "intern",
        re.compile(
            r"인턴(?:십|쉽)?(?:\s*\(|\s*$|\s*채용|\s*모집|\s*직)|체험형|채용\s?연계형|\binternship\b", re.IGNORECASE
        ),
    ),
    (
        "contract",
        re.compile(
            r"계약직|기간제|촉탁직|위촉직|\bcontract(?:\s+(?:position|role|to hire|job))|\bfixed[- ]term\b",
            re.IGNORECASE,
        ),
    ),
    ("freelance", re.compile(r"프리랜서|\bfreelance\b", re.IGNORECASE)),
    ("part-time", re.compile(r"아르바이트|파트\s?타임|시간제|\bpart[- ]time\b", re.IGNORECASE)),
    ("full-time", re.compile(r"정규직|\bfull[- ]time\b|\bpermanent\b", re.IGNORECASE)),
)
REMOTE: tuple[tuple[Remote, re.Pattern[str]], ...] = (
    (
        "hybrid",
        re.compile(
            r"하이브리드\s*(?:근무|워크)|(?:주|월)\s*\d\s*(?:회|일)\s*(?:이상\s*)?(?:재택|원격|리모트)|부분\s*재택|재택\s*병행"
            r"|\bhybrid\s+(?:work|working|role|model|remote|schedule|position)\b|\bpartly remote\b",
            re.IGNORECASE,
        ),
    ),
    (
        "remote",
        re.compile(
            r"(?:전면|풀|완전|100%|상시)\s*(?:재택|원격|리모트)|(?:재택|원격|리모트)\s*(?:근무|워크)|\b(?:fully|100%)\s+remote\b"
            r"|\bremote(?:ly)?\s+(?:work|working|position|role|job|only|first)\b|\bwork(?:ing)?\s+(?:remotely|from\s+home)\b|\btelecommut",
            re.IGNORECASE,
        ),
    ),
    (
        "onsite",
        re.compile(r"(?:사무실|상시)\s*출근|출근\s*근무|\bon[- ]?site\s+(?:work|position|role|only)\b", re.IGNORECASE),
    ),
)
_REGIONS = (
    "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|충청북|충청남|전북|전남|전라북|전라남"
    "|경북|경남|경상북|경상남|제주|판교"
)
_LONG = {
    "충청북": "충북",
    "충청남": "충남",
    "전라북": "전북",
    "전라남": "전남",
    "경상북": "경북",
    "경상남": "경남",
    "판교": "경기",
}
_ENGLISH = {
    "seoul": "서울",
    "busan": "부산",
    "daegu": "대구",
    "incheon": "인천",
    "gwangju": "광주",
    "daejeon": "대전",
    "ulsan": "울산",
    "sejong": "세종",
    "gyeonggi": "경기",
    "pangyo": "경기",
    "seongnam": "경기",
    "suwon": "경기",
    "jeju": "제주",
}
_REGION = re.compile(
    rf"(?<![가-힣])(?:{_REGIONS})(?=\s|시|도|특별|광역|\W|[가-힣]{{1,4}}[시군구]|$)|\b(?:{'|'.join(_ENGLISH)})\b",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"(?:희망\s*(?P<what>근무지|근무지역|지역|근무형태|고용형태|근무\s*조건|근무)|desired\s+(?P<en>location|employment|work)|preferred\s+(?P<en2>location|work)"
    r"|looking\s+for(?:\s+a)?)\s*(?:type|form|arrangement)?\s*[:：\-]?\s*(?P<value>[^\n]{1,60})",
    re.IGNORECASE,
)


_NOT_BEFORE = re.compile(r"(?:\b(?:no|not|isn['’]?t|non)\b[\s-]*(?:an?\b\s*)?)$", re.IGNORECASE)
_NOT_BEHIND = re.compile(
    r"[^.,;·\n/()]{0,8}?(?:불가|없음|없습니다|없다|아님|아닙니다|아니|안\s?함|안\s?됨|미\s?운영|미\s?시행)"
    r"|\s*(?:work|position|role|is|are)?\s*(?:is|are)?\s*(?:not|isn['’]t|unavailable)\b",
    re.IGNORECASE,
)
_NOT_REACH = 12


def _said(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first place of a pattern that the words beside it in the same clause do not deny."""
    for match in pattern.finditer(text):
        start, end = match.span()
        before = text[max(start - _NOT_REACH, 0) : start]
        if not (_NOT_BEFORE.search(before) or _NOT_BEHIND.match(text, end, end + _NOT_REACH)):
            return match
    return None


def form_in(text: str) -> tuple[WorkForm, int, int] | None:
    """The first work form of the text in the order of how much each says, and its place."""
    for form, pattern in FORMS:
        if match := _said(pattern, text):
            return form, match.start(), match.end()
    return None


def remote_in(text: str) -> tuple[Remote, int, int] | None:
    """Where the work is done as the text states it, and the place of the words."""
    for kind, pattern in REMOTE:
        if match := _said(pattern, text):
            return kind, match.start(), match.end()
    return None


def region_in(text: str) -> tuple[str, int, int] | None:
    """The first region of Korea that the text names, by its short Korean name."""
    match = _REGION.search(text)
    if match is None:
        return None
    word = match[0]
    return _ENGLISH.get(word.lower()) or _LONG.get(word, word), match.start(), match.end()


def find_wishes(pages: Pages) -> tuple[Wish | None, Wish | None, Wish | None]:
    """Work form, remote work and place that the resume asks for in so many words."""
    form = remote = place = None
    for match in _WISH.finditer(pages.text):
        at, value = match.start("value"), match["value"]
        if form is None and (found := form_in(value)):
            form = Wish(found[0], pages.spans(at + found[1], at + found[2]))
        if remote is None and (kind := remote_in(value)):
            remote = Wish(kind[0], pages.spans(at + kind[1], at + kind[2]))
        if place is None and (region := region_in(value)):
            place = Wish(region[0], pages.spans(at + region[1], at + region[2]))
    return form, remote, place
