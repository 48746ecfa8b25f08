"""A resume's text as values: sections first, then what stands in them."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from hirehub.services.ai.parsing.dates import find_periods, months_of
from hirehub.services.ai.parsing.educations import find_educations
from hirehub.services.ai.parsing.experiences import find_experiences
from hirehub.services.ai.parsing.languages import find_languages
from hirehub.services.ai.parsing.model import Education, Experience, Resume, Span
from hirehub.services.ai.parsing.pages import Pages, unbounded
from hirehub.services.ai.parsing.resume_skills import find_resume_skills
from hirehub.services.ai.parsing.sections import find_sections
from hirehub.services.ai.parsing.wishes import find_wishes
from hirehub.services.ai.skills.finder import Finder, load_finder

_STATED = re.compile(
    r"(?:총\s*경력|경력\s*기간|총\s*근무\s*기간|경력)\s*[:：(]?\s*(?:약\s*)?(?:총\s*)?(?P<ky>\d{1,2})\s*년\s*(?:(?P<km>\d{1,2})\s*개월)?(?!\s*(?:제|도|이내|전))"
    r"|(?P<ky2>\d{1,2})\s*년\s*(?:차\b|이상의?\s*(?:경력|경험)|(?:간의?\s*)?(?:경력|실무\s*경험))"
    r"|(?:over|more than|about|around|almost|nearly)?\s*(?P<ey>\d{1,2}(?:\.5)?)\s*\+?\s*(?:years?"
    r"|yrs?)['’]?\.?\s*(?:plus\s*)?(?:of\s+)?"
    r"(?:[A-Za-z/&-]+\s+){0,4}?(?:experience|background|career)(?!\s+(?:with|using)\b)",
    re.IGNORECASE,
)
_MOST_YEARS = 60
_SECTIONS = 200
"""So many headings are told of."""


def parse_resume(pages: Sequence[tuple[int, str]], *, today: dt.date, finder: Finder | None = None) -> Resume:
    """What the pages (number, text) say, the present being `today`. TextTooLong beyond two million letters."""
    whole = Pages(pages)
    dated = find_periods(whole.text, today)
    sections = find_sections(whole, dated)
    experiences = find_experiences(whole, sections, dated)
    stated = _stated(whole)
    form, remote, place = find_wishes(whole)
    return Resume(
        experiences=tuple(_job(one) for one in experiences),
        skills=tuple(find_resume_skills(whole, finder or load_finder())),
        educations=tuple(_study(one) for one in find_educations(whole, sections, today)),
        languages=tuple(find_languages(whole, sections)),
        sections=tuple((one.kind, span) for one in sections[:_SECTIONS] for span in whole.spans(*one.heading)[:1]),
        months=months_of([one.period for one in experiences if one.period], today),
        stated_months=stated[0] if stated else None,
        stated_span=stated[1] if stated else None,
        work_form=form,
        remote=remote,
        place=place,
    )


def _job(one: Experience) -> Experience:
    """A job in the words of the text that came."""
    company, position = (word and unbounded(word) for word in (one.company, one.position))
    return replace(one, company=company, position=position, description=unbounded(one.description))


def _study(one: Education) -> Education:
    """A time at a school in the words of the text that came."""
    return replace(one, school=one.school and unbounded(one.school), major=one.major and unbounded(one.major))


def _stated(pages: Pages) -> tuple[int, Span] | None:
    """The most experience that the text states in so many words, in months."""
    best: tuple[int, Span] | None = None
    for match in _STATED.finditer(pages.text):
        years = match["ky"] or match["ky2"] or match["ey"]
        whole, _, half = years.partition(".")
        months = int(whole) * 12 + (6 if half else 0) + int(match["km"] or 0)
        if 0 < months <= _MOST_YEARS * 12 and (best is None or months > best[0]):
            best = months, pages.spans(match.start(), match.end())[0]
    return best
