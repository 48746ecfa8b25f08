"""One more skill on a side of real pairs: what somebody lacks never lifts, what is asked and named never harms."""

import dataclasses
import datetime as dt

import pyarrow.parquet as pq
import pytest

from hirehub.services.ai.parsing.model import PostPart, Span
from hirehub.services.ai.parsing.posts import parse_post
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.scoring.facts import post_facts, resume_facts
from hirehub.services.ai.scoring.model import PostFacts, ResumeFacts, SkillFact, Weights
from hirehub.services.ai.scoring.scorer import numbers
from hirehub.services.ai.skills.taxonomy import load_taxonomy
from tests.support.shared import shared_dir

TODAY = dt.date(2024, 6, 15)
ADDED = {"Marketing": "Marketing", "SQL": "SQL", "ecommerce": "E-commerce", "Nursing": "Nursing", "Java": "Java"}


def post(row: dict[str, str], more: str = "") -> PostFacts:
    """The facts of a row, its requirements with one more line."""
    parts: dict[PostPart, str] = {
        "title": row["title"],
        "description": row["description"],
        "required": f"{row['requirements']}\n{more}",
    }
    return post_facts(parse_post(parts), parts)


@pytest.fixture(scope="module")
def resumes() -> list[ResumeFacts]:
    """Facts of real resumes."""
    rows = pq.read_table(shared_dir() / "data" / "resumes" / "livecareer.parquet", columns=["text"]).to_pylist()[::50]
    pages = [[(1, row["text"])] for row in rows]
    return [resume_facts(parse_resume(one, today=TODAY), one, today=TODAY) for one in pages]


@pytest.fixture(scope="module")
def posts() -> list[dict[str, str]]:
    """Real posts with requirements of their own."""
    rows = pq.read_table(shared_dir() / "data" / "jobs" / "en.parquet").to_pylist()
    return [row for row in rows if row["requirements"] and row["description"]][::30]


def known(resume: ResumeFacts) -> set[str]:
    """The skills that a resume names or implies."""
    return {name for one in resume.skills for name in (one.name, *load_taxonomy().implied(one.name))}


def test_a_required_skill_that_somebody_lacks_never_raises_their_score(
    resumes: list[ResumeFacts], posts: list[dict[str, str]]
) -> None:
    raised, told = [], 0
    for row in posts:
        before = post(row)
        for words, name in ADDED.items():
            after = post(row, f"- {words}")
            for one in resumes:
                if name in known(one) or name in {skill.name for skill in before.skills}:
                    continue
                was, now = (numbers(one, facts, Weights()).overall for facts in (before, after))
                told += 1
                if was is not None and (now is None or now > was):
                    raised.append((row["title"], words, was, now))
    assert raised == []
    assert told > 500


def test_naming_a_skill_that_the_post_asks_for_never_lowers_a_score(
    resumes: list[ResumeFacts], posts: list[dict[str, str]]
) -> None:
    for facts in map(post, posts):
        for one in (one for one in resumes if one.skills):
            was = numbers(one, facts, Weights()).overall
            held = {skill.name for skill in one.skills}
            for asked in [skill for skill in facts.skills if skill.name not in held][:5]:
                more = SkillFact(asked.name, (Span(1, 0, 1),), listed=True)
                now = numbers(dataclasses.replace(one, skills=(*one.skills, more)), facts, Weights()).overall
                assert was is None or (now is not None and now >= was), (asked.name, was, now)
