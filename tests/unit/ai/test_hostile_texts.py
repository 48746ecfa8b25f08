"""Texts made to be slow: each rule looks at so much and no more, so that a text twice as long takes twice as long."""

import datetime as dt
import time
from uuid import UUID

import pytest

from hirehub.contracts.resume import ResumeText
from hirehub.services.ai.parsing.posts import parse_post
from hirehub.services.ai.parsing.resume_skills import MOST
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.profiles.resumes import resume_profile
from hirehub.services.ai.scoring.facts import resume_facts
from hirehub.services.ai.scoring.model import ResumeFacts

LETTERS = 50_000
SECONDS = 10.0
"""Several times what the slowest takes: only a rule that walks its text over and over takes longer."""

UNITS = [
    *(
        " ",
        "\n",
        "\u00a0",
        "1",
        "a",
        "가",
        "(",
        "\0",
        "\udc80",
        "자바",
        "개발",
        "java ",
        "Go, ",
        "데이터 ",
        "2019-",
        "2019 ",
        "3년 ",
        "1년",
    ),
    *(
        "since ",
        "May ",
        "English ",
        "회사: ",
        "- ",
        "2019 ~ ",
        "자격요건\n",
        "희망 근무지 ",
        "experience ",
        "5 years of ",
    ),
    *("2019.03 ~ 2020.02\n", "경력\n2019.03 ~ 2020.02\n", "Education\nA University\n", "2019" + " " * 500 + "년"),
    *("경력\n2019.01 ~ 2020.01 개발자\n사용기술: Java\n", "19.03 ~ ", "경력\n2019.01 ~ 2020.01 " + "가" * 49_000),
]


@pytest.mark.parametrize("unit", UNITS, ids=[ascii(unit[:12]) for unit in UNITS])
def test_a_text_that_repeats_itself_is_read_in_time(unit: str) -> None:
    text = unit * (LETTERS // len(unit))
    began = time.perf_counter()

    parse_resume([(1, text)], today=dt.date(2024, 6, 15))
    parse_post({"title": text[:500], "description": text})

    assert time.perf_counter() - began < SECONDS


@pytest.mark.parametrize(
    ("bars", "words"),
    [("name: x\n", "Java, "), ("Languages\nx\n", "English "), ("2019.03 ~ 2020.01 ", "since 2019 ")],
)
def test_many_places_are_asked_about_many_in_time(bars: str, words: str) -> None:
    half = 150_000
    pages = [(1, bars * (half // len(bars)) + words * (half // len(words)))]
    today = dt.date(2024, 6, 15)
    began = time.perf_counter()

    resume_facts(parse_resume(pages, today=today), pages, today=today)

    assert time.perf_counter() - began < SECONDS


def test_long_blanks_come_back_as_blanks() -> None:
    text = (
        f"경력\n2019.01 ~ 2020.02 백엔드 개발자\nJava{' ' * 60}Spring\n학력\n가나대학교 컴퓨터공학{' ' * 60}전공 학사\n"
    )

    read = parse_resume([(1, text)], today=dt.date(2024, 6, 15))

    assert read.experiences[0].description == f"Java{' ' * 60}Spring"
    assert "\0" not in repr(read)
    assert r"\x00" not in repr(read)


def test_a_resume_that_names_skills_alone_keeps_so_many_mentions() -> None:
    read = parse_resume([(1, "R, C, Go, Java, " * 10_000)], today=dt.date(2024, 6, 15))

    assert {one.name for one in read.skills} == {"R", "C", "Go", "Java"}
    assert sum(len(one.spans) for one in read.skills) == MOST


def test_what_an_owner_enters_over_and_over_is_compared_in_time() -> None:
    entry = {"position": "Cook", "start_date": "2019-03-01", "end_date": None, "is_current": True, "company_name": None}
    entries = [{**entry, "description": "Java, " * 300 + str(number)} for number in range(200)]
    skills = [{"skill_name": "Java"}]
    text = ResumeText(UUID(int=1), UUID(int=2), 1, "ready", "", {}, entries, skills)
    began = time.perf_counter()

    facts = resume_profile(text, today=dt.date(2024, 6, 15)).facts

    assert isinstance(facts, ResumeFacts)
    assert len(facts.jobs) == 200
    assert time.perf_counter() - began < SECONDS
