"""A resume in two or three sentences, Korean or English: positions, time worked, skills, languages, wishes.

Only words of closed lists and numbers are said, and only what was read: no name of a person, a school or a company
can come through, and what is not known is left out.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hirehub.services.ai.parsing.model import Experience, Resume
from hirehub.services.ai.profiles.positions import plain_position
from hirehub.services.ai.scoring.model import Language, ResumeFacts
from hirehub.services.ai.scoring.wording import SAID, duration
from hirehub.services.ai.skills.taxonomy import Taxonomy, load_taxonomy

_POSITIONS: Final = 2
_SKILLS: Final = 8
_LANGUAGES: Final = 5

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "ko": {
        "current": "현재 직위: {names}",
        "latest": "최근 직위: {names}",
        "worked": "기재된 경력 {about}{time}",
        "until": "기재된 경력 {about}{time} ({year}년 {month}월 기준)",
        "stated": "이력서에 적힌 총 경력 {time}",
        "about": "약 ",
        "skills": "주요 기술: {names}",
        "languages": "언어: {names}",
        "wishes": "희망 조건: {names}",
    },
    "en": {
        "current": "current position: {names}",
        "latest": "latest position: {names}",
        "worked": "the jobs listed cover {about}{time}",
        "until": "the jobs listed cover {about}{time} up to {year}-{month:02d}",
        "stated": "the resume states {time} of experience",
        "about": "about ",
        "skills": "main skills: {names}",
        "languages": "languages: {names}",
        "wishes": "wishes: {names}",
    },
}


def summary(read: Resume, facts: ResumeFacts, language: Language, *, today: dt.date) -> str | None:
    """What was read in a few sentences, None where that is nothing.

    `facts` are those of the same resume: what is a skill there stands in no school's name. A job under way lasts until
    `today`, which is said.
    """
    words, said = _WORDS[language], SAID[language]
    skills = _skills(facts, load_taxonomy())
    sentences = [
        [*_worked(read, language, today)],
        [words["skills"].format(names=", ".join(skills))] if skills else [],
        [*_stated(read, words, said)],
    ]
    told = ["; ".join(clauses) for clauses in sentences if clauses]
    return " ".join(f"{one[0].upper()}{one[1:]}." for one in told) or None


def _stated(read: Resume, words: Mapping[str, str], said: Mapping[str, str]) -> Iterator[str]:
    """The languages with what is said of each, and the wishes."""
    spoken = [(said.get(one.name, one.name), one.level) for one in read.languages[:_LANGUAGES]]
    if spoken:
        names = ", ".join(f"{name} ({level})" if level else name for name, level in spoken)
        yield words["languages"].format(names=names)
    wishes = [said.get(one.value, one.value) for one in (read.work_form, read.remote, read.place) if one is not None]
    if wishes:
        yield words["wishes"].format(names=", ".join(wishes))


def _worked(read: Resume, language: Language, today: dt.date) -> Iterator[str]:
    """The latest positions, and how long the jobs lasted: as dated, else as the resume states it."""
    words = _WORDS[language]
    current = [one for one in read.experiences if one.period is not None and one.period.is_current]
    latest = sorted((one for one in read.experiences if one.period is not None), key=_ended, reverse=True)
    positions = _positions(current or latest[:1], read)
    if positions:
        yield words["current" if current else "latest"].format(names=", ".join(positions))
    if read.months:
        inexact = any(one.period is not None and not one.period.exact for one in read.experiences)
        time, about = duration(read.months, language), words["about"] if inexact else ""
        key = "until" if current else "worked"
        yield words[key].format(time=time, about=about, year=today.year, month=today.month)
    elif read.stated_months:
        yield words["stated"].format(time=duration(read.stated_months, language))


def _ended(one: Experience) -> int:
    """The month in which a job has ended, its first one where that is all that is known."""
    assert one.period is not None  # noqa: S101 - asked for by who calls
    return (one.period.end or one.period.start).number


def _positions(jobs: Sequence[Experience], read: Resume) -> list[str]:
    """Their positions, each once."""
    names = {one.company for one in read.experiences if one.company}
    names |= {one.school for one in read.educations if one.school}
    found = [plain_position(one.position, names) for one in jobs if one.position]
    return list(dict.fromkeys(one for one in found if one))[:_POSITIONS]


def _skills(facts: ResumeFacts, taxonomy: Taxonomy) -> list[str]:
    """The skills that are shown most, those that everybody has last; languages are said by themselves."""

    def order(place: int) -> tuple[bool, int, int]:
        skill = taxonomy.skills.get(facts.skills[place].name)
        is_common = skill is not None and (skill.common or skill.category == "soft")
        return is_common, -len(facts.skills[place].spans), place

    names = [facts.skills[place].name for place in sorted(range(len(facts.skills)), key=order)]
    spoken = {name for name, skill in taxonomy.skills.items() if skill.category == "spoken"}
    return [name for name in names if name not in spoken][:_SKILLS]
