"""A post and a resume as matching knows them: what was read, what their owners have left and entered."""

import datetime as dt
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from hirehub.contracts.job import PostText
from hirehub.contracts.resume import ResumeText
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.parsing.rows import experience_row
from hirehub.services.ai.profiles.posts import post_profile
from hirehub.services.ai.profiles.resumes import resume_profile
from hirehub.services.ai.profiles.values import from_json, to_json
from hirehub.services.ai.scoring.facts import resume_facts
from hirehub.services.ai.scoring.model import ResumeFacts

TODAY = dt.date(2026, 11, 21)
ID = UUID("018f0000-0000-7000-8000-000000000001")
TEXT = """Experience
Backend engineer, Lumen Works
2019.03 ~ 2021.02
Built services with Python and PostgreSQL.

Education
Bachelor, Rust College
2013.03 - 2019.02

Skills
Python, PostgreSQL, Kubernetes
"""


def resume(**changes: Any) -> ResumeText:
    """A resume that was read, and not changed but for that."""
    parsed = parse_resume([(1, TEXT)], today=TODAY)
    made = ResumeText(
        ID,
        ID,
        1,
        "ready",
        TEXT,
        {**asdict(parsed), "page_starts": [0]},
        [experience_row(one) for one in parsed.experiences],
        [{"skill_name": one.name} for one in parsed.skills],
    )
    return replace(made, **changes)


def facts(given: ResumeText) -> ResumeFacts:
    found = resume_profile(given, today=TODAY).facts
    assert isinstance(found, ResumeFacts)
    return found


def test_a_name_of_which_nothing_is_seen_is_none_to_the_service_that_keeps_it() -> None:
    job = replace(parse_resume([(1, TEXT)], today=TODAY).experiences[0], company="\u3164", position="Cook\u202e")
    assert (experience_row(job)["company_name"], experience_row(job)["position"]) == (None, "Cook")


def test_a_resume_that_nobody_changed_is_what_was_read() -> None:
    read = resume_facts(parse_resume([(1, TEXT)], today=TODAY), [(1, TEXT)], today=TODAY)
    assert facts(resume()) == read
    assert from_json("resume", to_json(read)) == read
    assert "Rust" not in {one.name for one in read.skills}
    assert "College" not in resume_profile(resume(), today=TODAY).text


def test_what_the_owner_takes_out_is_gone_and_what_is_entered_counts() -> None:
    entered = {"position": "Data engineer", "start_date": "2021-03-01", "end_date": "2023-02-01", "is_current": False}
    changed = facts(
        resume(
            experiences=[{**entered, "company_name": "Another", "description": "Pipelines with Python and Spark."}],
            skills=[{"skill_name": "파이썬"}, {"skill_name": "Go"}, {"skill_name": "Rust"}],
        )
    )
    assert {one.name for one in changed.skills} == {"Python", "Go"}
    [job] = changed.jobs
    assert (job.end - job.start, job.skills) == (24, ("Python",))
    assert job.role
    places = {one.name: {span.page for span in one.spans} for one in changed.skills}
    assert places == {"Python": {0, 1}, "Go": {0}}


def test_fields_of_a_post_count_for_more_than_its_text() -> None:
    post = PostText(
        ID,
        ID,
        1,
        "open",
        "Engineer",
        requirements="5 years of experience. Python. Remote work.",
        job_type="full-time",
        remote_type="onsite",
        experience_min=2,
        skills=(("파이썬", False), ("Go", True), ("No such skill", True)),
    )
    found = post_profile(post).facts
    assert not isinstance(found, ResumeFacts)
    assert {one.name: one.preferred for one in found.skills} == {"Python": True, "Go": False}
    python = next(one for one in found.skills if one.name == "Python")
    assert (python.words, {span.part for span in python.spans}) == ("파이썬", {"skills", "required"})
    assert found.years is not None
    assert (found.years.least, found.years.words, found.years.span.part) == (2, "2", "experience_min")
    assert found.remote is not None
    assert (found.remote.value, found.remote.span.part) == ("onsite", "remote_type")
    assert from_json("job", to_json(found)) == found
