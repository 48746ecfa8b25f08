"""A resume as matching knows it: what was read in it, as its owner has left it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from hirehub.contracts.resume import ResumeText
from hirehub.services.ai.masking.mask import is_korean
from hirehub.services.ai.parsing.model import Resume
from hirehub.services.ai.parsing.rows import experience_row
from hirehub.services.ai.profiles.values import Profile, read_resume_values
from hirehub.services.ai.scoring.facts import barred_spans, resume_facts
from hirehub.services.ai.scoring.model import JobFact, ResumeFacts, SkillFact
from hirehub.services.ai.skills.finder import load_finder
from hirehub.services.ai.skills.taxonomy import Taxonomy, load_taxonomy

_ENTRY: Final = ("company_name", "position", "start_date", "end_date", "is_current", "description")
Pages = Sequence[tuple[int, str]]


def resume_profile(resume: ResumeText, *, today: dt.date) -> Profile:
    """A resume's profile; a job under way lasts until `today`."""
    taxonomy = load_taxonomy()
    parsed = read_resume_values(resume.parsed_content)
    pages = pages_of(resume)
    facts = _owned(resume, parsed, resume_facts(parsed, pages, today=today), taxonomy, today)
    text = work_text(parsed, pages)
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


def _owned(resume: ResumeText, parsed: Resume, read: ResumeFacts, taxonomy: Taxonomy, today: dt.date) -> ResumeFacts:
    """The facts, with the skills and jobs that the owner has left or entered."""
    return replace(
        read,
        skills=tuple(_skills(resume, parsed, read, taxonomy)),
        jobs=tuple(sorted(_jobs(resume, parsed, read, today), key=lambda job: (job.start, job.end, job.spans))),
    )


def _skills(resume: ResumeText, parsed: Resume, read: ResumeFacts, taxonomy: Taxonomy) -> Iterator[SkillFact]:
    """In the order of the text, then what was entered: a skill without a place.

    What stands only where no comparison may look is none of either.
    """
    known = (taxonomy.named(str(one["skill_name"])) for one in resume.skills)
    left = {skill.name for skill in known if skill is not None}
    yield from (one for one in read.skills if one.name in left)
    yield from (SkillFact(name, ()) for name in sorted(left - {one.name for one in parsed.skills}))


def _jobs(resume: ResumeText, parsed: Resume, read: ResumeFacts, today: dt.date) -> Iterator[JobFact]:
    """Jobs as they were read where the owner has left them so; others by their dates and their words."""
    by_spans = {one.spans: one for one in read.jobs}
    as_read = {_key(experience_row(one)): one.spans for one in parsed.experiences}
    present = today.year * 12 + today.month
    for entry in resume.experiences:
        spans = as_read.get(_key(entry))
        if spans is not None:
            if (job := by_spans.get(spans)) is not None:
                yield job
        elif (entered := _entered(entry, present)) is not None:
            yield entered


def _key(entry: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(entry.get(name) for name in _ENTRY)


def _entered(entry: Mapping[str, Any], present: int) -> JobFact | None:
    """A job whose begin and end are known; its last month counts."""
    if not entry.get("start_date") or not (entry.get("end_date") or entry.get("is_current")):
        return None
    start = _month(entry["start_date"])
    end = min(_month(entry["end_date"]) + 1 if entry.get("end_date") else present, present)
    words = f"{entry.get('position') or ''}\n{entry.get('description') or ''}"
    skills = tuple(sorted({one.skill for one in load_finder().find(words)}))
    return JobFact(start, end, skills, ()) if start < end else None


def _month(day: str) -> int:
    year, month = day.split("-")[:2]
    return int(year) * 12 + int(month) - 1


def _held(facts: ResumeFacts, taxonomy: Taxonomy) -> dict[str, int]:
    """What the resume has in percent: 100 by name, less by what another of its skills implies."""
    held: dict[str, int] = {}
    for skill in facts.skills:
        held[skill.name] = 100
    for skill in facts.skills:
        for name, share in taxonomy.implied(skill.name).items():
            held[name] = max(held.get(name, 0), int(share * 100))
    return held
