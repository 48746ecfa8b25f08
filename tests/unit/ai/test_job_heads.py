"""Jobs of a resume by the ways their heads are laid out: no job takes the head of the next one."""

import datetime as dt

import pytest

from hirehub.services.ai.parsing.resumes import parse_resume

TODAY = dt.date(2024, 6, 15)
Job = tuple[str | None, str | None]


def jobs(text: str) -> tuple[list[Job], int | None]:
    """Company and position of every job of the text, and the months of all."""
    found = parse_resume([(1, text)], today=TODAY)
    return [(one.company, one.position) for one in found.experiences], found.months


@pytest.mark.parametrize(
    "head",
    [
        "Developer, Acme Inc{}\nJan 2015 - Feb 2019",
        "Developer, Acme Co., Ltd{}\nJan 2015 - Feb 2019",
        "Acme Inc{}\nDeveloper\nJan 2015 - Feb 2019",
        "Jan 2015 - Feb 2019\nDeveloper, Acme Inc{}",
        "Jan 2015 - Feb 2019\nAcme Inc{}\nDeveloper",
    ],
)
def test_the_stop_behind_the_form_of_a_company_changes_nothing(head: str) -> None:
    with_stop, without = (jobs(f"EXPERIENCE\n{head.format(stop)}\nBuilt payment services.") for stop in (".", ""))
    ((company, position),), months = with_stop
    assert with_stop == without
    assert (str(company)[:4], position, months) == ("Acme", "Developer", 50)


@pytest.mark.parametrize(
    ("lines", "found", "months"),
    [
        (
            "2017.01 ~ 2018.12 네이버 사원\n2019.01 ~ 2020.12 카카오 대리\n2021.01 ~ 현재 토스 과장",
            [(None, "네이버 사원"), (None, "카카오 대리"), (None, "토스 과장")],
            90,
        ),
        (
            "2017.01 ~ 2018.12\t네이버\t사원\n2019.01 ~ 2020.12\t카카오\t대리",
            [("네이버", "사원"), ("카카오", "대리")],
            48,
        ),
        (
            "Google (2015 - 2017)\nNetflix (2017 - 2019)\nStripe (2019 - Present)",
            [("Google", None), ("Netflix", None), ("Stripe", None)],
            108,
        ),
        (
            "2015 - 2017 Google Developer\n2017 - 2019 Netflix Engineer",
            [(None, "Google Developer"), (None, "Netflix Engineer")],
            48,
        ),
        (
            "Google\nSoftware Engineer\nJan 2015 - Dec 2016\nLondon\n\nNetflix\nSenior Engineer\nJan 2017 - Dec 2018",
            [("Google", "Software Engineer"), ("Netflix", "Senior Engineer")],
            48,
        ),
        (
            "네이버\n백엔드 개발자\n2017.01 ~ 2018.12\n결제 API 개발 및 운영\n카카오\n백엔드 개발자\n2019.01 ~ 2020.12",
            [("네이버", "백엔드 개발자"), ("카카오", "백엔드 개발자")],
            48,
        ),
        (
            "2017.01 ~ 2018.12\n네이버\n사원\n결제\n2019.01 ~ 2020.12\n카카오\n대리",
            [("네이버", "사원"), ("카카오", "대리")],
            48,
        ),
        (
            (
                "회사명: 네이버\n근무기간: 2017.01 ~ 2018.12\n직급: 사원\n업무: 검색\n\n"
                "회사명: 카카오\n근무기간: 2019.01 ~ 2020.12\n직급: 대리"
            ),
            [("네이버", "사원"), ("카카오", "대리")],
            48,
        ),
        (
            (
                "회사: 네이버\n부서: 검색\n직급: 사원\n기간: 2017.01 ~ 2018.12\n"
                "회사: 카카오\n부서: 지도\n직급: 대리\n기간: 2019.01 ~ 2020.12"
            ),
            [("네이버", "사원"), ("카카오", "대리")],
            48,
        ),
    ],
)
def test_each_job_keeps_its_own_head(lines: str, found: list[Job], months: int) -> None:
    assert jobs(f"경력사항\n{lines}\n") == (found, months)


@pytest.mark.parametrize(
    "gap",
    [
        "2016.03 ~ 2019.02 육아휴직 및 경력단절",
        "Career break (maternity leave), Mar 2016 - Feb 2019",
        "Sabbatical\nMar 2016 - Feb 2019",
        "Mar 2016 - Feb 2019\nParental leave",
        "서울대 컴퓨터공학과 졸업 2016.03 ~ 2019.02",
        "BSc Computer Science, University of Leeds 2016 - 2018",
    ],
)
def test_a_gap_or_a_school_is_no_job_and_takes_none(gap: str) -> None:
    lines = f"2013.01 ~ 2015.12 | 네이버 | 개발자\n{gap}\nGoogle\nEngineer\n2019.03 ~ 2020.02\n"

    assert jobs(f"경력\n{lines}") == ([("네이버", "개발자"), ("Google", "Engineer")], 48)
