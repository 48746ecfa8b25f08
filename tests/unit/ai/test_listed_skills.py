"""A skill that a job's text shows counts whole, one that is only named a little less; a list of all counts little."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hirehub.services.ai.parsing.model import PostSpan, Span
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.scoring.facts import resume_facts
from hirehub.services.ai.scoring.model import AskedSkill, Match, PostFacts, ResumeFacts, SkillFact, Weights
from hirehub.services.ai.scoring.scorer import numbers, score
from hirehub.services.ai.skills.taxonomy import load_taxonomy

TODAY = dt.date(2024, 6, 15)
AT = (Span(1, 0, 4),)
POST = PostFacts(
    skills=tuple(AskedSkill(name, False, name, (PostSpan("required", 0, 4),)) for name in ("Python", "Docker"))
)
ALL = ", ".join(sorted(load_taxonomy().skills))


def facts(text: str) -> ResumeFacts:
    """The facts of a resume's text."""
    pages = [(1, text)]
    return resume_facts(parse_resume(pages, today=TODAY), pages, today=TODAY)


def match(text: str) -> Match:
    """The score of a text, in English."""
    return score(facts(text), POST, Weights(), language="en")


def job(done: str) -> str:
    """The section of one job."""
    return f"Experience\n01/2018 - 12/2022\nDeveloper | Example Company\n{done}\n"


def test_a_skill_that_is_only_named_counts_three_quarters_and_the_words_say_so() -> None:
    found = match(f"Skills\nDocker, Python\n{job('Services with Python.')}")
    rules = {one.subject: one.rule for one in found.evidence}

    assert (rules["Python"], rules["Docker"]) == ("skill_named", "skill_listed")
    assert found.skill == Decimal("87.50")
    assert "The resume shows 2 of 2 required skills." in found.reasoning
    assert "Named, but in no text of a job or project, so counted at 75%: Docker." in found.reasoning


def test_a_listed_skill_that_another_in_a_job_implies_says_which() -> None:
    text = f"Skills\nPython\n{job('Services with Django.')}"
    found = next(one for one in match(text).evidence if one.subject == "Python")

    assert (found.rule, found.detail, found.share > Fraction(3, 4)) == ("skill_implied", (0, "Django"), True)
    assert [text[span.start : span.end] for span in found.spans] == ["Django"]


def test_projects_show_skills_too() -> None:
    named = {one.name: one.listed for one in facts("Skills\nDocker\n\nProjects\nAn image of Python.\n").skills}

    assert named == {"Docker": True, "Python": False}


def test_who_lists_every_skill_or_writes_them_into_a_job_is_behind_who_shows_what_is_asked() -> None:
    honest = numbers(facts(job("Services with Python in Docker.")), POST, Weights())
    lists = numbers(facts(f"Skills\n{ALL}\n{job('Various tasks.')}"), POST, Weights())
    stuffs = numbers(facts(job(ALL)), POST, Weights())

    assert honest.skill == 100
    for other in (lists, stuffs):
        assert other.skill is not None
        assert other.skill < 40
        assert honest.rank < other.rank


@given(st.lists(st.sampled_from(sorted(load_taxonomy().skills)), unique=True, max_size=30), st.booleans())
def test_naming_a_few_more_skills_or_showing_one_never_lowers_a_score(names: list[str], shown: bool) -> None:
    one = ResumeFacts(skills=(SkillFact("Python", AT, listed=True),))
    more = tuple(SkillFact(name, AT, listed=True) for name in names if name != "Python")
    other = ResumeFacts(skills=(SkillFact("Python", AT, listed=not shown), *more))

    assert numbers(other, POST, Weights()).rank <= numbers(one, POST, Weights()).rank
