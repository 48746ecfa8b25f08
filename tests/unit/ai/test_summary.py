"""The summary of a resume: what was read, in a few sentences, and nothing else."""

import datetime as dt

import pytest

from hirehub.services.ai.parsing.model import Resume
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.profiles.positions import plain_position
from hirehub.services.ai.profiles.summary import summary
from hirehub.services.ai.resume_reading import read_resume
from hirehub.services.ai.scoring.facts import resume_facts
from hirehub.services.ai.scoring.model import Language, ResumeFacts
from hirehub.services.ai.text.limits import Limits

TODAY = dt.date(2026, 11, 21)
ENGLISH = """Experience
Backend engineer, Lumen Works
2024.03 ~ Present
Built services with Python, PostgreSQL and Kubernetes.

Trainee, Lumen Works
2022.01 ~ 2022.12
Communication with customers. Python.

Education
Bachelor, Rust College
2018.03 - 2021.02

Skills
Communication, Python, PostgreSQL, Kubernetes, Docker, Redis, Kafka, Terraform, Linux, Git

Languages
English (fluent), Japanese (JLPT N2)

Preferred work type: full-time
Preferred location: Seoul
"""
KOREAN = """경력사항
루멘웍스 | 백엔드 개발자
2019.03 ~ 2021.05
파이썬과 PostgreSQL 로 서비스를 개발했습니다. 파이썬 테스트를 작성했습니다.

학력
예시대학교 컴퓨터공학과
2013.03 - 2019.02

기술
Python, PostgreSQL, Docker

언어
영어 (TOEIC 900)

희망근무형태: 정규직
희망지역: 서울
"""


def of(text: str, language: Language) -> str | None:
    """The summary of a text of one page."""
    read = parse_resume([(1, text)], today=TODAY)
    return summary(read, resume_facts(read, [(1, text)], today=TODAY), language, today=TODAY)


def test_an_english_resume_is_told_in_three_sentences() -> None:
    assert of(ENGLISH, "en") == (
        "Current position: Backend engineer; the jobs listed cover 3 years 9 months up to 2026-11."
        " Main skills: Python, PostgreSQL, Kubernetes, Back-end Development, Docker, Redis, Kafka, Terraform."
        " Languages: English (fluent), Japanese (JLPT N2); wishes: full-time, Seoul."
    )


def test_a_korean_resume_is_told_in_korean() -> None:
    assert of(KOREAN, "ko") == (
        "최근 직위: 백엔드 개발자; 기재된 경력 2년 3개월."
        " 주요 기술: Python, PostgreSQL, Back-end Development, Docker."
        " 언어: 영어 (TOEIC 900); 희망 조건: 정규직, 서울."
    )


def test_what_was_not_read_is_not_told() -> None:
    assert of("A line that says nothing of work.", "en") is None
    assert summary(Resume(), ResumeFacts(), "ko", today=TODAY) is None
    assert of("Skills\nPython", "en") == "Main skills: Python."
    assert of("Total: 5 years of experience", "en") == "The resume states 5 years of experience."
    assert of("Experience\nNurse, Lumen Hospital\n2019 - 2020\n", "en") == (
        "Latest position: Nurse; the jobs listed cover about 1 year. Main skills: Nursing."
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Google Software Engineer", "Software Engineer"),
        ("Example Person, Nurse", "Nurse"),
        ("Engineer at Lumen Works", "Engineer"),
        ("Lumen Works Sales Manager", "Sales Manager"),
        ("Sr. .NET Developer / Team Lead (Backend)", "Sr. .NET Developer/Team Lead"),
        ("삼성전자 백엔드 개발자", "백엔드 개발자"),
        ("[이름] 마케팅팀 대리", "마케팅팀 대리"),
        ("Business Development", None),
        ("Lumen Works", None),
    ],
)
def test_a_position_is_told_without_who_and_where(line: str, said: str | None) -> None:
    assert plain_position(line, ["Lumen Works"]) == said


def test_reading_a_file_ends_with_its_summary_and_logs_the_step() -> None:
    read = read_resume(KOREAN.encode(), today=TODAY, limits=Limits())
    assert read.outcome["ai_summary"] == of(read.outcome["masked_content"], "ko")
    assert [step.task_type for step in read.steps] == ["pii_masking", "parsing", "summary"]
    assert dict(read.steps[-1].output) == {"letters": len(read.outcome["ai_summary"])}
    for name in ("루멘웍스", "예시대학교"):
        assert name not in read.outcome["ai_summary"]
