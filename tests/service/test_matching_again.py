"""A match that cannot be made now: it waits for the service that does not answer, and its failure can be seen."""

import asyncio
import datetime as dt
from uuid import uuid4

import pytest

from hirehub.contracts.resume import ResumeRemoved, ResumeText
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import migrate, open_database
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.ai import forgetting
from hirehub.services.ai.matching.rules import renew
from hirehub.services.ai.module import MODULE as AI
from hirehub.services.ai.profiles.resumes import resume_profile
from hirehub.services.ai.profiles.values import to_json
from hirehub.services.ai.scoring.model import Weights
from hirehub.services.ai.store import match_work, profiles, tasks
from hirehub.services.ai.store.tasks import Step
from tests.service.test_matching import SERVICES, matched, opened, tellings
from tests.service.test_resume_reading import RESUME, ended
from tests.service.test_resume_uploads import upload
from tests.support.bus import until
from tests.support.platform import execute, platform, rows
from tests.support.scenes import scene


async def test_a_change_waits_for_the_service_that_is_down_and_is_matched_when_it_is_back(
    matching_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("MODEL__NAME", "none"), ("MATCHING__ATTEMPTS", "2"), ("MATCHING__BACKOFF", "0.02")):
        monkeypatch.setenv(f"HIREHUB_AI__{name}", value)
    monkeypatch.setenv("HIREHUB_AI__MATCHING__POLL", "0.05")
    async with platform(matching_db, *SERVICES) as here:
        there = scene(here)
        seeker = there.roles["owner"]
        job_id = await opened(here, there.roles["primary"], there.company_id)
        resume_id = (await upload(here, seeker, RESUME.encode())).json["id"]
        await ended(here, seeker, f"/resumes/{resume_id}")
        (before,) = await tellings(matching_db, 1)
    async with platform(matching_db, "user", "job", "resume") as here:
        skills = {"skills": [{"skill_name": "Python"}]}
        await here.ask("PUT", f"/resumes/{resume_id}/skills", skills, who=seeker)
        facts = "SELECT 1 FROM fact WHERE topic = 'resume.updated'"
        await until(lambda: asyncio.to_thread(rows, matching_db, "bus", facts), bool)
    async with platform(matching_db, "user", "job", "ai.api", "ai.worker") as here:
        waiting = "SELECT attempts FROM match_work WHERE attempts > 2"
        await until(lambda: asyncio.to_thread(rows, matching_db, "ai", waiting), bool)
        query = f"source_type=resume&source_id={resume_id}&task_type=matching&status=failed"
        failed = (await here.ask("GET", f"/ai/tasks?{query}", who=there.roles["admin"])).json["items"]
    execute(matching_db, "ai", "UPDATE match_work SET due_at = now()")
    async with platform(matching_db, *SERVICES):
        after = (await tellings(matching_db, 2))[1]
    assert [(one["error_message"], one["output_data"]) for one in failed] == [("service_unavailable", {})]
    assert (str(after.job_id), str(after.resume_id)) == (job_id, resume_id)
    assert before.scores.skill == 100
    assert after.scores.skill is not None
    assert after.scores.skill < 100


async def test_a_resume_that_breaks_its_work_is_told_and_holds_up_no_other(
    matching_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("MODEL__NAME", "none"), ("MATCHING__ATTEMPTS", "2"), ("MATCHING__BACKOFF", "0.02")):
        monkeypatch.setenv(f"HIREHUB_AI__{name}", value)
    monkeypatch.setenv("HIREHUB_AI__MATCHING__POLL", "0.05")
    async with platform(matching_db, *SERVICES) as here:
        there = scene(here)
        seeker = there.roles["owner"]
        await opened(here, there.roles["primary"], there.company_id)
        bad, good = [(await upload(here, seeker, RESUME.encode())).json["id"] for _ in range(2)]
        for one in (bad, good):
            await ended(here, seeker, f"/resumes/{one}")
        await tellings(matching_db, 2)
        broken = {"status": "ready", "masked_content": "x", "parsed_content": {"skills": "none that can be read"}}
        await here.ask("PUT", f"/resumes/{bad}", broken, who=here.a_service())
        for one in (bad, good):
            await here.ask("PUT", f"/resumes/{one}/skills", {"skills": [{"skill_name": "Go"}]}, who=seeker)
        told = await tellings(matching_db, 3)
        failed = "SELECT source_id::text, error_message FROM ai_tasks WHERE status = 'failed'"
        seen = await until(lambda: asyncio.to_thread(rows, matching_db, "ai", failed), bool)
        left = "SELECT 1 FROM match_work"
        await until(lambda: asyncio.to_thread(rows, matching_db, "ai", left), lambda found: not found)
        execute(matching_db, "ai", "UPDATE resume_profile SET rules = NULL")
        async with await open_database(matching_db, "ai") as db:
            for _ in range(2):
                await renew(db, Weights())
                await until(lambda: asyncio.to_thread(rows, matching_db, "ai", left), lambda found: not found)
        assert rows(matching_db, "ai", failed) == [(bad, "unforeseen")] * 2, "what breaks is not asked for each hour"
    assert seen == [(bad, "unforeseen")]
    assert str(told[-1].resume_id) == good


async def test_a_resume_that_is_removed_takes_nothing_of_another_that_says_the_same(
    matching_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_AI__MODEL__NAME", "none")
    async with platform(matching_db, *SERVICES) as here:
        there = scene(here)
        seeker = there.roles["owner"]
        await opened(here, there.roles["primary"], there.company_id)
        first, second = [(await upload(here, seeker, RESUME.encode())).json["id"] for _ in range(2)]
        for one in (first, second):
            await ended(here, seeker, f"/resumes/{one}")
        await tellings(matching_db, 2)
        await here.ask("DELETE", f"/resumes/{first}", who=seeker)
        left = "SELECT resume_id::text, facts_hash FROM resume_profile"
        ((of, facts_hash),) = await until(
            lambda: asyncio.to_thread(rows, matching_db, "ai", left), lambda has: len(has) == 1
        )
    kept = "SELECT source_id::text, hash FROM scored_facts WHERE source_type = 'resume'"
    assert rows(matching_db, "ai", kept) == [(second, facts_hash)]
    assert of == second


async def test_a_resume_that_is_forgotten_while_it_is_worked_leaves_nothing(matching_db: Settings) -> None:
    text = ResumeText(uuid4(), uuid4(), 1, "ready", "Python", {})
    own = resume_profile(text, today=dt.date(2024, 6, 15))
    async with await open_database(matching_db, "ai") as db:
        async with db.transaction() as tx:
            await match_work.ask(tx, "resume", [own.id], match_work.RESUME)

        async def forget() -> None:
            async with db.transaction() as tx:
                await forgetting.forget(
                    tx, [Fact.of(ResumeRemoved(resume_id=own.id, user_id=own.owner_id), source="resume")]
                )

        async with db.transaction() as tx:
            working = await match_work.claim(tx)
            ended = asyncio.create_task(forget())
            await asyncio.sleep(0.3)
            hashes = {"facts_hash": "0" * 64, "text_hash": "1" * 64, "rules": "2" * 64}
            await profiles.put(tx, "resume", own, facts=to_json(own.facts), **hashes)
            await tasks.log(tx, "resume", own.id, [Step("matching", 1, {})])
        await ended
    for table in ("resume_profile", "scored_facts", "ai_tasks", "match_work"):
        assert rows(matching_db, "ai", f"SELECT count(*) FROM {table}") == [(0,)], table
    assert working is not None


async def test_posts_of_before_are_read_again_after_an_upgrade_and_have_a_title_beside_what_they_had(
    matching_db: Settings,
) -> None:
    async with platform(matching_db, *SERVICES) as here:
        there = scene(here)
        await opened(here, there.roles["primary"], there.company_id)
        await matched(matching_db, 1)
        before = rows(matching_db, "ai", "SELECT job_id, version, facts_hash, model FROM job_profile")
    migrate.downgrade(matching_db, AI, "0006")
    upgrade_all(matching_db, [AI])
    assert rows(matching_db, "ai", "SELECT title FROM job_profile") == [(None,)]
    async with platform(matching_db, *SERVICES):
        await matched(matching_db, 1)
    assert rows(matching_db, "ai", "SELECT title FROM job_profile") == [("Backend engineer",)]
    assert rows(matching_db, "ai", "SELECT job_id, version, facts_hash, model FROM job_profile") == before
