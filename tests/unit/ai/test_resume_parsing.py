"""Resumes as values: dates, sections, jobs, schools, skills, languages, and their places in the text."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hirehub.services.ai.parsing.dates import find_length, find_periods, months_of
from hirehub.services.ai.parsing.model import Month, Period, Resume, Span
from hirehub.services.ai.parsing.pages import MOST_LETTERS, Pages, TextTooLong
from hirehub.services.ai.parsing.resumes import parse_resume

TODAY = dt.date(2024, 6, 15)
KOREAN = """이력서
희망 근무지: 서울
희망 근무형태: 정규직, 재택근무

경력사항
(주)가나소프트 | 백엔드 개발자 | 2019.03 ~ 현재
- 스프링 부트로 주문 서비스를 개발

다라테크 / 사원
2016년 1월 - 2019년 2월 (3년 2개월)
PHP 개발

학력
마바대학교 컴퓨터공학과 학사  2010.03 ~ 2015.02

기술
Java (상), Python (3년), Kubernetes

어학
영어 - 비즈니스
"""
ENGLISH = """Summary
Backend engineer with 6 years of experience.

Experience
Senior Engineer, Example Systems Inc
Mar 2019 – Present
Built services with Go and Kubernetes.

Developer at Sample Labs
01/2016 - 02/2019
Maintained Java code.

Education
Bachelor of Science in Computer Science, Example University, 2015

Skills: Python - advanced, 4 years of Docker
"""


def places(found: Resume) -> list[Span]:
    """Every place that a resume's values name."""
    found_places = [span for one in found.experiences for span in one.spans]
    found_places += [span for one in found.educations for span in one.spans]
    found_places += [span for one in found.skills for span in one.spans]
    return found_places + [span for one in found.languages for span in one.spans]


def read(text: str) -> Resume:
    """The text as one page, read on a fixed day."""
    return parse_resume([(1, text)], today=TODAY)


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("2019.03 ~ 현재", 64),
        ("2019년 3월 - 2021년 2월", 24),
        ("2019년 3월부터 2021년 2월까지", 24),
        ("Mar 2019 – Present", 64),
        ("October 2011\nto\nAugust 2015", 47),
        ("03/2019 to 02/2021", 24),
        ("2019-2021", 24),
        ("'19.03 ~ '21.02", 24),
        ("201903~202102", 24),
        ("2019-03-01 ~ 2021-02-28", 24),
        ("03/15/2019 - 04/20/2020", 14),
        ("Mar - Dec 2019", 10),
        ("Summer 2018 - Fall 2019", 18),
        ("2019년 상반기 ~ 2020년 하반기", 24),
        ("since May 2020", 50),
        ("2019.03 - 2019.03", 1),
        ("Mar-2019 to Feb-2021", 24),
        ("Mar-19 – Feb-21", 24),
        ("2019 Mar - 2021 Feb", 24),
        ("2019, March - 2021, February", 24),
        ("\u201819.03 ~ \u201821.02", 24),
        ("`19.03 ~ `21.02", 24),
        ("19.03 ~ 21.02", 24),
        ("네이버 19.03.01 ~ 21.02.28", 24),
        ("19년 3월 ~ 21년 2월", 24),
        ("19.03~현재", 64),
        ("03/19 - 12/20", 22),
        ("2019.03 ~ (현재)", 64),
        ("2019.03 ~ 현직", 64),
        ("2019.03 ~ 현 재", 64),
        ("2019.03 ~ 근무중", 64),
        ("2019년 03월 ~ 12월", 10),
        ("2019.03~08", 6),
        ("20190301~20210228", 24),
        ("2019.03 → 2021.02", 24),
    ],
)
def test_a_period_is_read_in_months(words: str, months: int) -> None:
    (found,) = find_periods(words, TODAY)

    assert months_of([found.period], TODAY) == months


@pytest.mark.parametrize(
    "words",
    [
        *("2021-03 - 2019-02", "call 010-2019-2021", "2019.13 ~ 2020.14", "2035.01 ~ 2036.02", "1.5 to 2.5 million"),
        *("2019", "19.03", "Ubuntu 18.04 ~ 20.04", "Python 3.10 - 3.12", "10.05 ~ 12.11%", "192.168.10.10 - 12.12.1.1"),
    ],
)
def test_what_is_no_period_is_absent(words: str) -> None:
    assert find_periods(words, TODAY) == []


def test_a_day_and_a_month_that_could_be_exchanged_give_the_year_alone() -> None:
    (found,) = find_periods("03/04/2019 - 05/06/2020", TODAY)

    assert not found.period.exact
    assert months_of([found.period], TODAY) == 12


def test_an_end_that_is_not_said_counts_nothing() -> None:
    (found,) = find_periods("2019.03 ~\n", TODAY)

    assert found.period == Period(Month(2019, 3), None, is_current=False)
    assert months_of([found.period], TODAY) is None


@pytest.mark.parametrize(
    ("words", "months"), [("4년 2개월", 50), ("18개월", 18), ("2 years 3 months", 27), ("none", None)]
)
def test_a_length_is_read_in_months(words: str, months: int | None) -> None:
    assert find_length(words) == months


def test_jobs_that_overlap_count_once() -> None:
    first = Period(Month(2018, 1), Month(2020, 1), is_current=False)
    second = Period(Month(2019, 1), Month(2021, 1), is_current=False)

    assert months_of([first, second, first], TODAY) == 36


def test_a_korean_resume_gives_its_jobs() -> None:
    first, second = read(KOREAN).experiences

    assert (first.company, first.position) == ("가나소프트", "백엔드 개발자")
    assert first.period == Period(Month(2019, 3), None, is_current=True)
    assert "스프링 부트" in first.description
    assert (second.company, second.position, second.months) == ("다라테크", "사원", 38)
    assert read(KOREAN).months == 102


def test_a_korean_resume_gives_school_skills_language_and_wishes() -> None:
    found = read(KOREAN)
    skills = {skill.name: skill for skill in found.skills}
    (school,) = found.educations

    assert (school.school, school.degree, school.major) == ("마바대학교", "bachelor", "컴퓨터공학과")
    assert skills["Java"].proficiency == "advanced"
    assert skills["Python"].years == 3
    assert [(one.name, one.level) for one in found.languages] == [("English", "비즈니스")]
    assert [wish and wish.value for wish in (found.work_form, found.remote, found.place)] == [
        "full-time",
        "remote",
        "서울",
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [("OPIc IH등급", ["English"]), ("오픽: IM2", ["English"]), ("oils of tropical plants", []), ("topical", [])],
)
def test_a_language_test_is_a_word_of_its_own(words: str, found: list[str]) -> None:
    """The name of a test inside another word is no test."""
    assert [one.name for one in read(words).languages] == found


def test_an_english_resume_gives_the_same_kinds_of_values() -> None:
    found = read(ENGLISH)
    first, second = found.experiences
    (school,) = found.educations
    skills = {skill.name: skill for skill in found.skills}

    assert (first.company, first.position) == ("Example Systems Inc", "Senior Engineer")
    assert (second.company, second.position) == ("Sample Labs", "Developer")
    assert (school.school, school.degree, school.major) == ("Example University", "bachelor", "Computer Science")
    assert (skills["Python"].proficiency, skills["Docker"].years) == ("advanced", 4)
    assert (found.months, found.stated_months) == (102, 72)
    assert [kind for kind, _ in found.sections] == ["summary", "experience", "education", "skills"]


@pytest.mark.parametrize("words", ["C++ 98년부터 사용", "C++ 98년 3월 시작", "C++ (99 years)", "C++ 05년도"])
def test_a_year_is_no_count_of_years(words: str) -> None:
    assert [(one.name, one.years) for one in read(f"Skills\n{words}").skills] == [("C++", None)]


def test_headings_without_end_are_told_of_up_to_a_bound() -> None:
    assert len(read("Experience\n2019.01 ~ 2019.02 A\n" * 1_000).sections) == 200


def test_every_place_points_at_its_words_on_its_page() -> None:
    pages = [(3, "Experience\nDeveloper, Sample Labs\n2018.01 ~ 2019.12"), (4, "Python and Docker")]
    found = parse_resume(pages, today=TODAY)
    (span,) = next(skill.spans for skill in found.skills if skill.name == "Docker")

    assert (span.page, pages[1][1][span.start : span.end]) == (4, "Docker")
    assert [one.page for one in found.experiences[0].spans] == [3, 4]


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(TextTooLong):
        Pages([(1, "x" * (MOST_LETTERS + 1))])


@given(st.lists(st.text(max_size=120) | st.sampled_from([KOREAN, ENGLISH]), max_size=4))
def test_any_text_is_read_the_same_twice_with_places_inside_it(texts: list[str]) -> None:
    pages = list(enumerate(texts, 1))
    found = parse_resume(pages, today=TODAY)

    assert found == parse_resume(pages, today=TODAY)
    for span in places(found):
        assert 0 <= span.start < span.end <= len(texts[span.page - 1])


@given(st.integers(2000, 2023), st.integers(1, 12), st.integers(0, 120))
def test_months_of_a_written_period_are_those_between(year: int, month: int, length: int) -> None:
    start = Month(year, month)
    last = Month.of(min(start.number + length, TODAY.year * 12 + TODAY.month - 1))
    words = f"{start.year}.{start.month:02d} ~ {last.year}.{last.month:02d}"

    (found,) = find_periods(words, TODAY)

    assert months_of([found.period], TODAY) == last.number - start.number + 1
