"""Sections of a resume and its schools: what a job holds inside it, headings of several words, names of schools."""

import datetime as dt

import pytest

from hirehub.services.ai.parsing.model import Resume
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.parsing.rows import education_row
from hirehub.services.ai.parsing.titles import SCHOOL, is_gap

TODAY = dt.date(2024, 6, 15)


def read(text: str) -> Resume:
    """The text as one page, read on a fixed day."""
    return parse_resume([(1, text)], today=TODAY)


@pytest.mark.parametrize(
    "inside",
    [
        "사용기술: Java, Spring",
        "- 사용기술: Java",
        "기술스택:\n- Java",
        "주요성과\n- Java 전환",
        "주요 프로젝트\n- 2017.03 ~ 2017.09 Java 전환",
        "Technologies: Java",
        "Tools: Java, Git",
        "언어: Java",
        "Achievements:\n- moved to Java",
    ],
)
def test_a_heading_inside_a_job_ends_no_section(inside: str) -> None:
    text = f"경력사항\n네이버 | 개발자 | 2017.01 ~ 2018.12\n{inside}\n카카오 | 개발자 | 2019.01 ~ 2020.12\n"
    found = read(text + "학력\n서울대 컴퓨터공학과 2010.03 ~ 2014.02\n")

    assert found.months == 48
    assert [one.company for one in found.experiences if one.position] == ["네이버", "카카오"]
    assert [one.name for one in found.skills if one.name == "Java"] == ["Java"]
    assert [kind for kind, _ in found.sections] == ["experience", "education"]


@pytest.mark.parametrize(
    ("tail", "kinds"),
    [
        ("기술스택\nJava, Python", ["experience", "skills"]),
        ("프로젝트\n예약 | 개발자 | 2018.01 ~ 2018.03", ["experience", "projects"]),
        ("\nSkills: Java", ["experience", "skills"]),
        ("Projects\nShop\nTechnologies: Java\n\nMaps", ["experience", "projects"]),
    ],
)
def test_a_section_behind_the_last_job_is_one(tail: str, kinds: list[str]) -> None:
    found = read(f"경력\n네이버 | 개발자 | 2017.01 ~ 2018.12\n{tail}\n")

    assert [kind for kind, _ in found.sections] == kinds
    assert len(found.experiences) == 1


@pytest.mark.parametrize(
    "heading",
    [
        *("EDUCATION & CERTIFICATIONS", "Education Details", "EDUCATIONAL QUALIFICATION", "Studies", "학력 및 자격"),
        *("Academic Qualifications", "Certifications and Education", "학력 사항"),
    ],
)
def test_a_heading_of_schools_is_one_in_other_words(heading: str) -> None:
    found = read(f"{heading}\nMIT 2010 - 2014\n")

    assert [kind for kind, _ in found.sections] == ["education"]
    assert [one.school for one in found.educations] == ["MIT"]
    assert found.experiences == ()


@pytest.mark.parametrize(
    "line", ["2010 - 2014\tEXPERIENCE", "2019.03 ~ 2019.08 인턴", "Education Coordinator", "Research and Development"]
)
def test_a_line_with_a_period_or_a_position_is_no_heading(line: str) -> None:
    assert read(f"{line}\n").sections == ()


@pytest.mark.parametrize(
    ("line", "school", "major"),
    [
        ("BSc, Leeds University 2010 - 2014", "Leeds University", None),
        ("B.Tech in Computer Science, IIT Madras 2010 - 2014", "IIT Madras", "Computer Science"),
        ("Bachelor of Science in Biology from Leeds University", "Leeds University", "Biology"),
        ("2014 Oregon State University", "Oregon State University", None),
        ("2010.03 ~ 2014.02 KAIST 전산학과", "KAIST", "전산학과"),
        ("이화여대 | 경제학과 | 2010.03 ~ 2014.02", "이화여대", "경제학과"),
        ("Some Academy (SA)", "Some Academy (SA)", None),
    ],
)
def test_a_school_has_its_name_alone_and_its_field(line: str, school: str, major: str | None) -> None:
    (found,) = read(f"Education\n{line}\n").educations

    assert (found.school, found.major) == (school, major)


def test_a_row_of_a_school_ends_in_its_last_month() -> None:
    (found,) = read("학력\n서울대학교 2009.03 ~ 2015.02\n").educations
    row = education_row(found)

    assert (row["start_date"], row["end_date"]) == ("2009-03-01", "2015-02-01")


@pytest.mark.parametrize(
    "name",
    [
        "서울대",
        "연세대",
        "이화여대",
        "포항공대",
        "육군사관학교",
        "전문대",
        "카이스트",
        "POSTECH",
        "GIST",
        "MIT",
        "IIT Delhi",
    ],
)
def test_a_school_is_known_by_its_short_name(name: str) -> None:
    assert SCHOOL.search(f"{name} 컴퓨터공학과")


@pytest.mark.parametrize(
    "words", ["현대 자동차", "서울대병원", "시대", "매출 확대", "the gist of it", "주야 교대", "군부대"]
)
def test_other_words_are_no_school(words: str) -> None:
    assert SCHOOL.search(words) is None


def test_a_position_about_leaves_is_no_gap() -> None:
    assert is_gap("육아휴직")
    assert not is_gap("Parental leave coordinator")
