"""Languages that a person speaks or a post wants, by their names with a level or a test."""

import re

from hirehub.services.ai.parsing.model import SpokenLanguage
from hirehub.services.ai.parsing.pages import Pages
from hirehub.services.ai.parsing.places import Places
from hirehub.services.ai.parsing.sections import Section

NAMES = {
    "English": r"english|영어",
    "Korean": r"korean|한국어",
    "Japanese": r"japanese|일본어|일어",
    "Chinese": r"chinese|mandarin|cantonese|중국어",
    "Spanish": r"spanish|스페인어",
    "French": r"french|프랑스어|불어",
    "German": r"german|독일어|독어",
    "Russian": r"russian|러시아어",
    "Vietnamese": r"vietnamese|베트남어",
    "Thai": r"\bthai|태국어",
    "Indonesian": r"indonesian|인도네시아어",
    "Arabic": r"arabic|아랍어",
    "Italian": r"italian|이탈리아어",
    "Portuguese": r"portuguese|포르투갈어",
    "Hindi": r"hindi|힌디어",
    "Ukrainian": r"ukrainian|우크라이나어",
    "Polish": r"polish|폴란드어",
}
TESTS = {
    "English": re.compile(
        r"(?:TOEIC|토익)(?:\s*(?:speaking|스피킹))?\s*[:：(]?\s*(?:\d{3}|[A-Z]{2}\d?|lv\.?\s?\d)"
        r"|(?:(?<![A-Za-z])OPIC|오픽)\s*[:：(]?\s*(?:I[ML]\d?|IH|AL)(?![A-Za-z])"
        r"|(?:TOEFL|토플)\s*[:：(]?\s*\d{2,3}|IELTS\s*[:：(]?\s*\d(?:\.\d)?|(?:TEPS|텝스)\s*[:：(]?\s*\d{3}",
        re.IGNORECASE,
    ),
    "Japanese": re.compile(r"JLPT\s*[:：(]?\s*N?[1-5]|JPT\s*[:：(]?\s*\d{3}", re.IGNORECASE),
    "Chinese": re.compile(r"(?:新)?HSK\s*[:：(]?\s*[1-6]급?", re.IGNORECASE),
}
_LEVEL = (
    r"native|fluent|proficient|bilingual|advanced|upper[- ]intermediate|pre[- ]intermediate|intermediate"
    r"|conversational|basic"
    r"|beginner|elementary|professional|mother tongue|[ABC][12]|원어민|비즈니스|유창|능통|고급|중급|초급|일상\s?회화"
    r"|회화\s?가능"
    r"|상급"
    r"|[상중하](?![가-힣])"
)
_NAME = re.compile(
    rf"(?<![A-Za-z가-힣])(?:{'|'.join(f'(?P<{name}>{words})' for name, words in NAMES.items())})(?![a-z])",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?P<level>{_LEVEL})\s+(?:in\s+|level\s+)?$", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?:\s*(?:[-–—:：(/,]|level|수준|능력|실력|회화|language)\s*){{0,3}}\s*(?P<level>{_LEVEL})(?![A-Za-z])",
    re.IGNORECASE,
)
_REACH = 40


def find_languages(pages: Pages, sections: list[Section]) -> list[SpokenLanguage]:
    """Languages with a level or a test anywhere, and every one of a section of languages."""
    places = Places((one.start, one.end) for one in sections if one.kind == "languages")
    best: dict[str, tuple[int, int, str | None]] = {}
    text = pages.text
    for match in _NAME.finditer(text):
        name = str(match.lastgroup)
        after = _AFTER.match(text, match.end(), match.end() + _REACH)
        before = _BEFORE.search(text[max(match.start() - _REACH, 0) : match.start()])
        stated = after or before
        inside = places.hold(match.start(), match.start() + 1)
        known = best.get(name)
        if (stated or inside) and (known is None or (known[2] is None and stated)):
            end = after.end() if after else match.end()
            best[name] = match.start(), end, stated["level"] if stated else None
    for name, test in TESTS.items():
        if taken := test.search(text):
            best[name] = taken.start(), taken.end(), taken[0]
    return [
        SpokenLanguage(name, level.strip(" (:") if level else None, pages.spans(start, end))
        for name, (start, end, level) in sorted(best.items(), key=lambda one: one[1][:2])
    ]
