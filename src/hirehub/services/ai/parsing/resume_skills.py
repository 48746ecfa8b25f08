"""The skills of a resume, each with every place that shows it, and the proficiency or the years stated beside it."""

import re
from itertools import pairwise

from hirehub.services.ai.parsing.model import Proficiency, ResumeSkill
from hirehub.services.ai.parsing.pages import Pages
from hirehub.services.ai.skills.finder import Finder, Found

_LEVELS: tuple[tuple[Proficiency, str], ...] = (
    ("expert", r"experts?|전문가|최상"),
    ("advanced", r"advanced|proficient|fluent|숙련|능숙|고급|상급|상(?![가-힣])"),
    ("intermediate", r"intermediate|working knowledge|중급|보통|중(?![가-힣])"),
    ("beginner", r"beginner|basic|novice|elementary|초급|기초|입문|하(?![가-힣])"),
)
_LEVEL = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _LEVELS), re.IGNORECASE)
_BEHIND = re.compile(rf"^\s*(?:[(:\-–—\[/]|사용|활용|역량)?\s*(?:{_LEVEL.pattern})(?![A-Za-z])", re.IGNORECASE)
_YEARS_BEHIND = re.compile(
    r"^\s*[(:\-–—\[]?\s*(\d{1,2})\s*\+?\s*(?:년(?!부터|도|에|생|형|식|산)|years?|yrs?)(?!\s*(?:ago|전|\d{1,2}\s*월))",
    re.IGNORECASE,
)
_YEARS_BEFORE = re.compile(
    r"(\d{1,2})\s*\+?\s*(?:years?|yrs?)\.?\s*(?:of\s+)?(?:hands-on\s+|professional\s+|work(?:ing)?\s+)?(?:experience\s+)?"
    r"(?:in|with|of|using)?\s*$",
    re.IGNORECASE,
)
_BESIDE = 40
_MOST_YEARS = 60
"""Nobody has used anything for longer; it is a year of the last century, or a slip."""

MOST = 10_000
"""So many mentions of skills are kept of one resume: each is told, kept and compared, and no resume has a tenth."""


def find_resume_skills(pages: Pages, finder: Finder) -> list[ResumeSkill]:
    """The skills by the place where each is named first."""
    found = finder.find(pages.text)[:MOST]
    places: dict[str, list[Found]] = {}
    stated: dict[str, tuple[Proficiency | None, int | None]] = {}
    bounds = [*found, None]
    for one, following in pairwise(bounds):
        if one is None:
            continue
        places.setdefault(one.skill, []).append(one)
        stop = following.start if following is not None else len(pages.text)
        proficiency, years = _stated(pages.text, one, stop)
        known = stated.get(one.skill, (None, None))
        stated[one.skill] = (known[0] or proficiency, known[1] if known[1] is not None else years)
    return [
        ResumeSkill(name, *stated[name], tuple(span for one in all_ for span in pages.spans(one.start, one.end)))
        for name, all_ in places.items()
    ]


def _stated(text: str, found: Found, stop: int) -> tuple[Proficiency | None, int | None]:
    """Proficiency and years beside one mention: behind it up to the next skill, the years also right before it."""
    behind = text[found.end : min(stop, found.end + _BESIDE)].partition("\n")[0]
    before = text[max(found.start - 60, 0) : found.start].rpartition("\n")[2]
    level = _BEHIND.match(behind)
    proficiency = next((name for name, _ in _LEVELS if level and level[name]), None)
    years = _YEARS_BEHIND.match(behind) or _YEARS_BEFORE.search(before)
    return proficiency, int(years[1]) if years and int(years[1]) <= _MOST_YEARS else None
