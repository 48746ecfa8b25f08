"""Scores: exact, explained, the same on every run; what is unknown stays unknown and lifts nobody."""

import dataclasses
import datetime as dt
import hashlib
import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hirehub.services.ai.parsing.model import PostPart, PostSpan, Span
from hirehub.services.ai.parsing.posts import parse_post
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.scoring.facts import post_facts, resume_facts
from hirehub.services.ai.scoring.model import (
    PARTS,
    AskedSkill,
    BadWeights,
    JobFact,
    Match,
    Part,
    PostFacts,
    ResumeFacts,
    SkillFact,
    Stated,
    Wanted,
    WantedYears,
    Weights,
)
from hirehub.services.ai.scoring.ranking import bounds, overall, rank_key
from hirehub.services.ai.scoring.scorer import rounded, score
from tests.support.shared import ROOT

TODAY = dt.date(2024, 6, 15)
Row = TypeVar("Row")
AT = (Span(1, 0, 4),)
HERE = PostSpan("required", 0, 4)


def asked(name: str, *, preferred: bool = False) -> AskedSkill:
    """A skill that a post asks for."""
    return AskedSkill(name, preferred, name, (HERE,))


def match(resume: ResumeFacts, post: PostFacts, weights: Weights | None = None) -> Match:
    """The score with the usual weights, in English."""
    return score(resume, post, weights or Weights(), language="en")


def matched(text: str, parts: dict[PostPart, str]) -> Match:
    """The score of a resume's text and a post's parts."""
    pages = [(1, text)]
    resume = resume_facts(parse_resume(pages, today=TODAY), pages, today=TODAY)
    return match(resume, post_facts(parse_post(parts), parts))


def test_a_required_skill_weighs_three_times_a_preferred_one() -> None:
    post = PostFacts(skills=(asked("Java"), asked("Docker", preferred=True)))

    assert match(ResumeFacts(skills=(SkillFact("Java", AT),)), post).skill == Decimal("75.00")
    assert match(ResumeFacts(skills=(SkillFact("Docker", AT),)), post).skill == Decimal("25.00")


def test_an_implied_skill_counts_as_much_as_the_relation_says() -> None:
    found = match(ResumeFacts(skills=(SkillFact("Spring Boot", AT),)), PostFacts(skills=(asked("Java"),)))

    assert found.skill == Decimal("76.00")
    assert (found.evidence[0].rule, found.evidence[0].spans) == ("skill_implied", AT)


def test_a_part_without_data_on_a_side_is_unknown_and_gives_a_range() -> None:
    found = match(ResumeFacts(), PostFacts(skills=(asked("Java"),)))

    assert (found.skill, found.experience, found.culture, found.overall) == (None, None, None, None)
    assert (found.low, found.high) == (Decimal("0.00"), Decimal("100.00"))


def test_the_mean_is_of_the_known_parts_and_the_range_of_all() -> None:
    found = match(ResumeFacts(skills=(SkillFact("Java", AT),)), PostFacts(skills=(asked("Java"),)))

    assert found.overall == Decimal("100.00")
    assert (found.low, found.high) == (Decimal("50.00"), Decimal("100.00"))


def test_years_count_up_to_what_is_asked() -> None:
    post = PostFacts(years=WantedYears(3, "3년 이상", HERE))

    assert match(ResumeFacts(jobs=(JobFact(0, 12, (), AT),)), post).experience == Decimal("33.33")
    assert match(ResumeFacts(jobs=(JobFact(0, 120, (), AT),)), post).experience == Decimal("100.00")
    assert match(ResumeFacts(stated_months=18), post).experience == Decimal("50.00")


def test_relevance_is_the_share_of_months_in_jobs_with_the_skills() -> None:
    jobs = (JobFact(0, 30, ("Java",), AT), JobFact(30, 40, (), AT))

    found = match(ResumeFacts(jobs=jobs), PostFacts(skills=(asked("Java"),)))

    assert found.experience == Decimal("75.00")


def test_culture_compares_only_what_both_state() -> None:
    resume = ResumeFacts(work_form=Stated("full-time", AT), remote=Stated("remote", AT))
    post = PostFacts(remote=Wanted("hybrid", "주 2회 재택", HERE), place=Wanted("서울", "서울", HERE))

    found = match(resume, post)

    assert found.culture == Decimal("50.00")
    assert [one.rule for one in found.evidence] == ["remote"]


@pytest.mark.parametrize("weights", [(0, 0, 0), (-1, 2, 3), (1, 2, 1001)])
def test_weights_that_make_no_mean_are_refused(weights: tuple[int, int, int]) -> None:
    with pytest.raises(BadWeights):
        Weights(*weights)


def test_rounding_is_half_to_even() -> None:
    assert rounded(Fraction(5, 100_000)) == Decimal("0.00")
    assert rounded(Fraction(15, 100_000)) == Decimal("0.02")
    assert str(rounded(Fraction(1))) == "100.00"


TEXT = """이름: {name}
성별: {gender}
나이: {age}
결혼 여부: {marital}

경력
가나소프트 | 백엔드 개발자 | {first}
Java와 Spring Boot로 개발
다라테크 | 개발자 | {second}
Python 개발

학력
{school} 컴퓨터공학과 학사 2010.03 ~ 2015.02

기술
Java, Python, Docker
"""
POST: dict[PostPart, str] = {
    "title": "백엔드 개발자",
    "required": "Java, Docker 경력 3년 이상",
    "preferred": "Kubernetes",
}
PLAIN = {
    "name": "홍길동",
    "gender": "남",
    "age": "35",
    "marital": "미혼",
    "school": "가나대학교",
    "first": "2020.01 ~ 2022.12",
    "second": "2018.01 ~ 2019.12",
}


@pytest.mark.parametrize(
    "change",
    [
        {"name": "자바"},
        {"name": "Scala Docker"},
        {"gender": "여"},
        {"age": "58"},
        {"marital": "기혼"},
        {"school": "도커대학교"},
        {"school": "Kubernetes University"},
        {"second": "2008.01 ~ 2009.12"},
    ],
)
def test_who_somebody_is_where_they_studied_and_gaps_change_no_number(change: dict[str, str]) -> None:
    one, other = (matched(TEXT.format(**words), POST) for words in (PLAIN, PLAIN | change))

    assert one.overall is not None
    assert (one.skill, one.experience, one.culture, one.overall, one.rank, one.reasoning) == (
        other.skill,
        other.experience,
        other.culture,
        other.overall,
        other.rank,
        other.reasoning,
    )


def test_what_goes_in_has_no_field_for_a_person() -> None:
    fields = {field.name for kind in (ResumeFacts, SkillFact, JobFact, Stated) for field in dataclasses.fields(kind)}

    assert fields == {
        *("skills", "jobs", "stated_months", "stated_spans", "work_form", "remote", "place", "languages"),
        *("name", "spans", "start", "end", "value"),
        *("role", "work", "headline", "listed"),
    }


def test_the_reasoning_names_skills_and_numbers_in_both_languages() -> None:
    pages = [(1, TEXT.format(**PLAIN))]
    resume = resume_facts(parse_resume(pages, today=TODAY), pages, today=TODAY)
    post = post_facts(parse_post(POST), POST)
    korean = score(resume, post, Weights(), language="ko")
    english = score(resume, post, Weights(), language="en")

    assert "요구 경력 3년, 이력서의 경력 5년." in korean.reasoning
    assert "Asked: 3 years; the resume shows 5 years." in english.reasoning
    assert "Not found in the resume: Kubernetes." in english.reasoning
    assert "홍길동" not in korean.reasoning + english.reasoning
    assert (korean.overall, korean.versions) == (english.overall, english.versions)


def test_the_reasoning_says_nothing_twice_and_every_word_in_its_language() -> None:
    wanted = WantedYears(0, "0", HERE), Wanted("서울", "Seoul", HERE), (Wanted("English", "English", HERE),)
    title: PostPart = "title"
    forms = ("softwar", "develop", "application", "server", "data")
    work = tuple((form, "백엔드", 1, title, 0, 3) for form in forms)
    post = PostFacts(years=wanted[0], place=wanted[1], languages=wanted[2], work=work)
    own = tuple((row[0], 1, 1, 0, 4) for row in work)
    resume = ResumeFacts(jobs=(JobFact(0, 13, (), AT),), place=Stated("서울", AT), languages=(), work=own)
    resume = dataclasses.replace(resume, languages=(Stated("English", AT),))
    korean = score(resume, post, Weights(), language="ko").reasoning
    english = score(resume, post, Weights(), language="en").reasoning

    assert korean.count("백엔드") == 1
    assert "경력을 요구하지 않는 공고이며, 이력서의 경력은 1년 1개월입니다." in korean
    assert "언어 영어: 이력서에 있습니다." in korean
    assert "asks for no years of work; the resume shows 1 year 1 month." in english
    assert "Place: the post says Seoul, the resume wishes Seoul." in english


def test_the_reasoning_says_why_a_count_of_skills_is_not_the_score() -> None:
    parts: dict[PostPart, str] = {"title": "Python developer", "required": "Python, Kubernetes"}
    pages = [(1, "Experience\nDeveloper | 2019.01 ~ 2022.12\nBuilt servers in Python\n\nSkills\nPython\n")]
    resume = resume_facts(parse_resume(pages, today=TODAY), pages, today=TODAY)
    titled = post_facts(parse_post(parts), parts)
    alike = PostFacts(skills=(asked("Python"), asked("Kubernetes")))
    common = PostFacts(skills=(asked("Python"), asked("Communication")))
    told = [score(resume, post, Weights(), language="en") for post in (titled, alike, common)]
    korean = score(resume, titled, Weights(), language="ko").reasoning

    assert told[0].skill is not None
    assert told[0].skill > 70
    assert "The resume shows 1 of 2 required skills. Most weight, being in the title: Python." in told[0].reasoning
    assert "필수 기술 2개 중 1개가 이력서에 있습니다. 제목에 있어 가장 크게 셈하는 기술: Python." in korean
    assert (told[1].skill, "weight" in told[1].reasoning) == (Decimal("50.00"), False)
    assert "1 of 2 required skills. Most weight: Python." in told[2].reasoning


def test_the_same_texts_give_the_same_match_in_every_process() -> None:
    script = (
        "from tests.unit.ai.test_scores import *\n"
        "import hashlib\n"
        "print(hashlib.sha256(repr(matched(TEXT.format(**PLAIN), POST)).encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
            cwd=ROOT,
        ).stdout
        for seed in ("1", "2")
    }

    assert told == {hashlib.sha256(repr(matched(TEXT.format(**PLAIN), POST)).encode()).hexdigest() + "\n"}


def test_every_change_of_what_a_score_depends_on_changes_its_hash() -> None:
    resume, post = ResumeFacts(skills=(SkillFact("Java", AT),)), PostFacts(skills=(asked("Java"),))
    one = match(resume, post).versions

    assert match(dataclasses.replace(resume, stated_months=1), post).versions.resume != one.resume
    assert match(resume, dataclasses.replace(post, skills=())).versions.post != one.post
    assert match(resume, post, Weights(1, 1, 1)).versions.weights != one.weights
    assert match(resume, post).versions == one


SKILLS = st.sampled_from(["Java", "Spring Boot", "Docker", "Kubernetes", "Excel", "Communication", "Marketing"])
MONTHS = st.integers(0, 400)
JOBS = st.builds(
    lambda start, length, names: JobFact(start, start + length, tuple(sorted(names)), AT),
    MONTHS,
    st.integers(1, 200),
    st.frozensets(SKILLS, max_size=3),
)
RESUMES = st.builds(
    ResumeFacts,
    skills=st.lists(SKILLS, unique=True).map(lambda names: tuple(SkillFact(name, AT) for name in names)),
    jobs=st.lists(JOBS, max_size=4).map(tuple),
    remote=st.none() | st.sampled_from(["remote", "hybrid", "onsite"]).map(lambda value: Stated(value, AT)),
)
POSTS = st.builds(
    PostFacts,
    skills=st.lists(st.tuples(SKILLS, st.booleans()), unique_by=lambda one: one[0]).map(
        lambda rows: tuple(asked(name, preferred=preferred) for name, preferred in rows)
    ),
    years=st.none() | st.integers(0, 20).map(lambda least: WantedYears(least, "", HERE)),
    remote=st.none() | st.sampled_from(["remote", "hybrid", "onsite"]).map(lambda value: Wanted(value, "", HERE)),
)
WEIGHTS = st.builds(Weights, st.integers(1, 1000), st.integers(0, 1000), st.integers(0, 1000))
SHARES = st.fractions(0, 1, max_denominator=1000)


@given(RESUMES, POSTS, WEIGHTS)
def test_a_score_lies_in_its_range_and_between_0_and_100(
    resume: ResumeFacts, post: PostFacts, weights: Weights
) -> None:
    found = match(resume, post, weights)

    assert Decimal(0) <= found.low <= found.high <= Decimal(100)
    if found.overall is not None:
        assert found.low <= found.overall <= found.high
    for part in (found.skill, found.experience, found.culture, found.overall):
        assert part is None or (0 <= part <= 100 and part.as_tuple().exponent == -2)


@given(RESUMES, POSTS, st.randoms(use_true_random=False))
def test_order_changes_no_number(resume: ResumeFacts, post: PostFacts, dice: Random) -> None:
    def mixed(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(dice.sample(rows, len(rows)))

    other = dataclasses.replace(resume, skills=mixed(resume.skills), jobs=mixed(resume.jobs))
    one, two = match(resume, post), match(other, dataclasses.replace(post, skills=mixed(post.skills)))

    assert (one.skill, one.experience, one.overall, one.rank) == (two.skill, two.experience, two.overall, two.rank)


@given(RESUMES, POSTS, SKILLS)
def test_one_more_skill_never_lowers_a_part(resume: ResumeFacts, post: PostFacts, name: str) -> None:
    if not resume.skills or name in {skill.name for skill in resume.skills}:
        return
    more = dataclasses.replace(resume, skills=(*resume.skills, SkillFact(name, AT)))
    before, after = match(resume, post).skill, match(more, post).skill

    assert before is None or (after is not None and after >= before)


@given(st.tuples(SHARES, SHARES, SHARES), WEIGHTS, st.sets(st.sampled_from(PARTS), min_size=1))
def test_forgetting_a_part_never_raises_a_rank(
    shares: tuple[Fraction, Fraction, Fraction], weights: Weights, forgotten: set[Part]
) -> None:
    known: dict[Part, Fraction | None] = dict(zip(PARTS, shares, strict=True))
    less = {part: None if part in forgotten else value for part, value in known.items()}

    if any(weights.of(part) for part in forgotten):
        assert rank_key(known, weights) < rank_key(less, weights)
    else:
        assert rank_key(known, weights) == rank_key(less, weights)


@given(st.tuples(*[st.none() | SHARES] * 3), WEIGHTS)
def test_the_range_holds_whatever_is_unknown(
    shares: tuple[Fraction | None, Fraction | None, Fraction | None], weights: Weights
) -> None:
    parts: dict[Part, Fraction | None] = dict(zip(PARTS, shares, strict=True))
    low, high = bounds(parts, weights)

    for filler in (Fraction(0), Fraction(1, 3), Fraction(1)):
        whole = overall({part: filler if value is None else value for part, value in parts.items()}, weights)
        assert whole is not None
        assert low <= whole <= high
