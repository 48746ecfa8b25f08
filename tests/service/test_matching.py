"""A resume and a post that are held against each other: when, with which numbers, and what is told of it."""

import asyncio
from typing import Any

from hirehub.contracts.match import MatchCalculated
from hirehub.kernel.settings import Settings
from tests.service.test_resume_reading import RESUME, ended
from tests.service.test_resume_uploads import upload
from tests.support.bus import until
from tests.support.people import People, Person
from tests.support.platform import platform, rows
from tests.support.scenes import scene

SERVICES = ("user", "job", "resume", "ai.worker")
POST = {
    "title": "Backend engineer",
    "requirements": "Requirements\n- 2 years of experience with Python\n- PostgreSQL\nPreferred\n- Kubernetes",
    "description": "You build services.",
}


def told(settings: Settings) -> list[MatchCalculated]:
    """The scores that were told, in their order."""
    found = rows(settings, "bus", "SELECT body::text FROM fact WHERE topic = 'match.calculated' ORDER BY position")
    return [MatchCalculated.model_validate_json(str(one[0])) for one in found]


async def tellings(settings: Settings, number: int) -> list[MatchCalculated]:
    """The scores, once so many were told."""
    return await until(lambda: asyncio.to_thread(told, settings), lambda found: len(found) >= number)


async def matched(settings: Settings, posts: int) -> None:
    """Waits until so many posts are known, and nothing waits to be matched."""
    statement = "SELECT (SELECT count(*) FROM job_profile), (SELECT count(*) FROM match_work)"
    await until(lambda: asyncio.to_thread(rows, settings, "ai", statement), lambda found: found == [(posts, 0)])


async def opened(here: People, who: Person, company_id: str, **changes: Any) -> str:
    """An open post."""
    made = await here.ask("POST", "/jobs", {"company_id": company_id, **POST, **changes}, who=who)
    published = await here.ask("POST", f"/jobs/{made.json['id']}/publish", None, who=who)
    assert published.status == 200, published.json
    return str(made.json["id"])


async def test_a_resume_that_comes_and_a_post_that_comes_are_matched_with_reasons(matching_db: Settings) -> None:
    async with platform(matching_db, *SERVICES) as here:
        there = scene(here)
        boss, seeker = there.roles["primary"], there.roles["owner"]
        first = await opened(here, boss, there.company_id)
        await matched(matching_db, 1)
        resume_id = (await upload(here, seeker, RESUME.encode())).json["id"]
        await ended(here, seeker, f"/resumes/{resume_id}")
        (one,) = await tellings(matching_db, 1)
        second = await opened(here, boss, there.company_id, title="Cook", requirements="Rust and Go.")
        await tellings(matching_db, 2)
    assert (str(one.job_id), str(one.resume_id), str(one.user_id)) == (first, resume_id, seeker.user_id)
    assert (str(one.company_id), one.language) == (there.company_id, "en")
    assert one.scores.skill == 100
    assert one.scores.culture is None
    assert one.scores.overall is not None
    assert one.scores.low is not None
    assert one.scores.low < one.scores.overall
    python = next(piece for piece in one.evidence if piece.subject == "Python")
    assert (python.rule, python.words, python.post[0].field) == ("skill_named", "Python", "requirements")
    assert python.resume
    assert python.resume[0].page == 1
    assert "2년" in one.reasoning.ko
    later = told(matching_db)[1]
    assert str(later.job_id) == second
    assert later.scores.skill is not None
    assert later.scores.skill < 100
    steps = rows(matching_db, "ai", "SELECT DISTINCT source_type, task_type, status FROM ai_tasks")
    assert {("resume", "matching", "completed"), ("job", "matching", "completed")} <= set(steps)


async def test_what_an_owner_changes_is_matched_anew_and_what_a_company_closes_is_not(matching_db: Settings) -> None:
    async with platform(matching_db, *SERVICES) as here:
        there = scene(here)
        boss, seeker = there.roles["primary"], there.roles["owner"]
        job_id = await opened(here, boss, there.company_id)
        await matched(matching_db, 1)
        resume_id = (await upload(here, seeker, RESUME.encode())).json["id"]
        await ended(here, seeker, f"/resumes/{resume_id}")
        (before,) = await tellings(matching_db, 1)
        await here.ask("PUT", f"/resumes/{resume_id}/skills", {"skills": [{"skill_name": "파이썬"}]}, who=seeker)
        changed = (await tellings(matching_db, 2))[1]
        await here.ask("PATCH", f"/jobs/{job_id}", {"salary_min": 1}, who=boss, if_match="*")
        await here.ask("PUT", f"/jobs/{job_id}/skills", {"skills": [{"name": "Rust"}]}, who=boss)
        asked = (await tellings(matching_db, 3))[2]
        await here.ask("POST", f"/jobs/{job_id}/close", None, who=boss)
        await until(
            lambda: asyncio.to_thread(rows, matching_db, "ai", "SELECT is_open FROM job_profile"),
            lambda found: found == [(False,)],
        )
        await here.ask("PUT", f"/resumes/{resume_id}/skills", {"skills": [{"skill_name": "Rust"}]}, who=seeker)
        await until(
            lambda: asyncio.to_thread(rows, matching_db, "ai", "SELECT skill FROM resume_skill WHERE weight = 100"),
            lambda found: found == [("Rust",)],
        )
        await matched(matching_db, 1)
    assert before.scores.skill == 100
    assert changed.resume_version > before.resume_version
    assert changed.scores.skill is not None
    assert changed.scores.skill < 100
    assert next(piece for piece in changed.evidence if piece.subject == "Python").rule == "skill_named"
    assert asked.job_version > changed.job_version
    assert any(piece.post and piece.post[0].field == "skills" for piece in asked.evidence)
    assert len(told(matching_db)) == 3, "a salary changes no score, and a closed post has none"


async def test_a_post_and_a_resume_that_come_at_once_find_each_other(matching_db: Settings) -> None:
    """Each time, whichever is read first: every post is told with the resume as it is in the end."""
    async with platform(matching_db, *SERVICES) as here:
        there = scene(here)
        boss, seeker = there.roles["primary"], there.roles["owner"]
        resume_id = (await upload(here, seeker, RESUME.encode())).json["id"]
        await ended(here, seeker, f"/resumes/{resume_id}")
        jobs = []
        for number in range(6):
            skills = {"skills": [{"skill_name": name} for name in ("Python", "PostgreSQL")[: 1 + number % 2]]}
            job_id, _ = await asyncio.gather(
                opened(here, boss, there.company_id),
                here.ask("PUT", f"/resumes/{resume_id}/skills", skills, who=seeker),
            )
            jobs.append(job_id)
        await matched(matching_db, len(jobs))
        ((newest,),) = rows(matching_db, "ai", "SELECT facts_hash FROM resume_profile")
        found = await until(
            lambda: asyncio.to_thread(told, matching_db),
            lambda found: {str(one.job_id) for one in found if one.replay.resume == newest} == set(jobs),
        )
    in_the_end = [one for one in found if one.replay.resume == newest]
    assert {str(one.resume_id) for one in in_the_end} == {resume_id}
    assert len({one.scores.skill for one in in_the_end}) == 1, "six posts that say the same"
