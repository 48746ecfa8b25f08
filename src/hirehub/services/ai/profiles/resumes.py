"""A resume as matching knows it: what was read in it, as its owner has left it.

What the owner has entered by hand stands on a page 0 of its own, so that the same rules read it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from hirehub.contracts.resume import ResumeText
from hirehub.services.ai.masking.mask import is_korean
from hirehub.services.ai.parsing.model import Experience, Month, Period, Resume, ResumeSkill, Span
from hirehub.services.ai.parsing.resume_skills import MOST
from hirehub.services.ai.parsing.rows import experience_row
from hirehub.services.ai.profiles.values import Profile, read_resume_values
from hirehub.services.ai.scoring.facts import resume_facts
from hirehub.services.ai.scoring.model import ResumeFacts
from hirehub.services.ai.scoring.persons import barred_spans
from hirehub.services.ai.skills.finder import load_finder
from hirehub.services.ai.skills.taxonomy import Taxonomy, load_taxonomy

ENTERED: Final = 0
"""The page of what was entered by hand."""
_ENTRY: Final = ("company_name", "position", "start_date", "end_date", "is_current", "description")
Pages = Sequence[tuple[int, str]]


def resume_profile(resume: ResumeText, *, today: dt.date) -> Profile:
    """A resume's profile; a job under way lasts until `today`."""
    taxonomy = load_taxonomy()
    parsed = read_resume_values(resume.parsed_content)
    pages = pages_of(resume)
    left, entered = _as_left(resume, parsed, taxonomy)
    facts = resume_facts(left, [(ENTERED, entered), *pages], today=today)
    text = "\n".join(part for part in (entered, work_text(parsed, pages)) if part)
    return Profile(
        id=resume.id,
        owner_id=resume.user_id,
        version=resume.version,
        facts=facts,
        skills=_held(facts, taxonomy),
        language="ko" if is_korean(text) else "en",
        text=text,
    )


def pages_of(resume: ResumeText) -> Pages:
    """The pages of the masked text by number, the first being 1."""
    text = resume.masked_content
    starts = [int(start) for start in resume.parsed_content.get("page_starts", [0])]
    return [
        (number, text[one : max(one, after - 1)])
        for number, (one, after) in enumerate(pairwise([*starts, len(text) + 1]), 1)
    ]


def work_text(parsed: Resume, pages: Pages) -> str:
    """The text without educations and lines of personal details: what a vector may be made of."""
    barred = barred_spans(parsed, pages)
    kept = []
    for number, text in pages:
        at = 0
        for span in sorted(one for one in barred if one.page == number):
            kept.append(text[at : max(at, span.start)])
            at = max(at, span.end)
        kept.append(text[at:])
    return "\n".join(" ".join(line.split()) for piece in kept for line in piece.split("\n") if line.strip())


def _as_left(resume: ResumeText, parsed: Resume, taxonomy: Taxonomy) -> tuple[Resume, str]:
    """What was read, without what the owner has taken out and with what was entered; and the page of that."""
    counts = Counter(_key(entry) for entry in resume.experiences)
    kept = []
    for one in parsed.experiences:
        key = _key(experience_row(one))
        if counts[key]:
            counts[key] -= 1
            kept.append(one)
    page = _Page()
    new = [page.job(dict(zip(_ENTRY, key, strict=True))) for key in sorted(counts.elements(), key=repr)]
    skills = tuple(_skills(resume, parsed, taxonomy, page))
    jobs = (*kept, *(job for job in new if job is not None))
    return replace(parsed, experiences=jobs, skills=skills), page.text


def _key(entry: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(entry.get(name) for name in _ENTRY)


class _Page:
    """What was entered, put one below the other."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, words: str) -> tuple[Span, ...]:
        """Adds words; where they stand."""
        start = len(self.text)
        self.text += f"{words}\n"
        return (Span(ENTERED, start, start + len(words)),) if words else ()

    def job(self, entry: Mapping[str, Any]) -> Experience | None:
        """A job whose begin is known, and its end or that it goes on; its last month counts."""
        if not entry["start_date"] or not (entry["end_date"] or entry["is_current"]):
            return None
        end = None if not entry["end_date"] else Month.of(_month(entry["end_date"]).number + 1)
        position, described = entry["position"] or "", entry["description"] or ""
        period = Period(_month(entry["start_date"]), end, is_current=end is None)
        spans = self.put("\n".join(part for part in (position, described) if part))
        return Experience(entry["company_name"], position or None, period, None, described, spans)


def _month(day: str) -> Month:
    year, month = day.split("-")[:2]
    return Month(int(year), int(month))


def _skills(resume: ResumeText, parsed: Resume, taxonomy: Taxonomy, page: _Page) -> Iterator[ResumeSkill]:
    """Those that the owner has left, in the order of the text, then those that were entered."""
    known = (taxonomy.named(str(one["skill_name"])) for one in resume.skills)
    left = {skill.name for skill in known if skill is not None}
    read = {one.name: one for one in parsed.skills}
    own = {name: [*page.put(name)] for name in sorted(left - read.keys())}
    for found in load_finder().find(page.text)[:MOST]:
        own.setdefault(found.skill, []).append(Span(ENTERED, found.start, found.end))
    for name, one in read.items():
        if name in left:
            yield replace(one, spans=(*one.spans, *own.get(name, ())))
    yield from (
        ResumeSkill(name, None, None, tuple(dict.fromkeys(spans)))
        for name, spans in own.items()
        if name in left and name not in read
    )


def _held(facts: ResumeFacts, taxonomy: Taxonomy) -> dict[str, int]:
    """What the resume has in percent: 100 by name, less by what another of its skills implies."""
    held: dict[str, int] = {}
    for skill in facts.skills:
        held[skill.name] = 100
    for skill in facts.skills:
        for name, share in taxonomy.implied(skill.name).items():
            held[name] = max(held.get(name, 0), int(share * 100))
    return held
