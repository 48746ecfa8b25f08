"""Other rules or weights: everything is read and matched anew behind all other work, and once."""

import asyncio
from uuid import UUID

import pytest

from hirehub.kernel.db import Database, open_database
from hirehub.kernel.settings import Settings
from hirehub.runtime.replay import replay
from hirehub.services.ai.matching.rules import renew, rules
from hirehub.services.ai.profiles.values import Profile, Source, to_json
from hirehub.services.ai.scoring.model import PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.versions import digest
from hirehub.services.ai.store import match_work, profiles
from tests.service.test_matching import SERVICES, matched, opened, told
from tests.service.test_resume_reading import RESUME, ended
from tests.service.test_resume_uploads import upload
from tests.support.bus import until
from tests.support.platform import platform, rows
from tests.support.scenes import scene

OTHER = Weights(70, 20, 10)
STORED = (
    "SELECT id, (score_breakdown->'weights'->>'skill')::int, skill_score, experience_score, overall_score"
    " FROM matches ORDER BY job_id"
)
RECOMMENDED = "SELECT body->>'job_id' FROM fact WHERE topic = 'match.recommended'"


async def stored(settings: Settings, skill: int) -> list[tuple[object, ...]]:
    """The two matches, once both were made with that weight of the skills."""
    return await until(
        lambda: asyncio.to_thread(rows, settings, "match", STORED),
        lambda found: [one[1] for one in found] == [skill] * 2,
    )


async def test_other_weights_change_what_is_stored_without_an_edit_and_nobody_hears_of_it_twice(
    match_db: Settings, matching_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_AI__MODEL__NAME", "none")
    async with platform(match_db, *SERVICES, "match") as here:
        there = scene(here)
        boss, seeker = there.roles["primary"], there.roles["owner"]
        resume_id = (await upload(here, seeker, RESUME.encode())).json["id"]
        await ended(here, seeker, f"/resumes/{resume_id}")
        await opened(here, boss, there.company_id)
        await opened(here, boss, there.company_id, requirements="10 years of experience with Python and Rust.")
        before = await stored(match_db, 50)
        recommended = await until(lambda: asyncio.to_thread(rows, match_db, "bus", RECOMMENDED), bool)
    for part in ("skill", "experience", "culture"):
        monkeypatch.setenv(f"HIREHUB_AI__MATCHING__WEIGHTS__{part.upper()}", str(getattr(OTHER, part)))
    async with platform(match_db, *SERVICES, "match"):
        after = await stored(match_db, 70)
        await matched(match_db, 2)
    assert [(one[0], one[2:4]) for one in after] == [(one[0], one[2:4]) for one in before], "the parts as they were"
    assert after[1][4] != before[1][4]
    again = [await replay(match_db, UUID(str(one[0]))) for one in after]
    assert [(one.same, one.same_code) for one in again] == [(True, True)] * 2
    done = "SELECT (SELECT count(*) FROM ai_tasks), (SELECT count(*) FROM match_work)"
    was, facts = rows(match_db, "ai", done), told(match_db)
    async with platform(match_db, *SERVICES, "match"), await open_database(match_db, "ai") as db:
        await renew(db, OTHER)
        assert rows(match_db, "ai", done) == was
    assert told(match_db) == facts
    assert rows(match_db, "bus", RECOMMENDED) == recommended


async def test_what_is_outdated_is_read_behind_all_that_is_new_and_paired_when_everything_is_read(
    matching_db: Settings,
) -> None:
    post, closed, resume, current, new = (UUID(int=number) for number in range(1, 6))
    outdated: list[tuple[Source, UUID]] = [("job", post), ("job", closed), ("resume", resume)]
    async with await open_database(matching_db, "ai") as db:
        for source, one in outdated:
            await keep(db, source, one, rules="0" * 64)
        await keep(db, "resume", current, rules=rules(OTHER))
        async with db.transaction() as tx:
            await profiles.close(tx, closed, 2)
        await renew(db, OTHER)
        await renew(db, OTHER)
        async with db.transaction() as tx:
            await match_work.ask(tx, "job", [new], match_work.POST)
        order = []
        for _ in range(6):
            async with db.transaction() as tx:
                waiting = await match_work.claim(tx)
                assert waiting is not None
                order.append((waiting.source_id, waiting.profiled))
                await (match_work.done if waiting.profiled else match_work.profiled)(tx, waiting)
    assert order == [(new, False), (new, True), (post, False), (resume, False), (post, True), (resume, True)]
    assert rows(matching_db, "ai", "SELECT 1 FROM match_work") == []


async def keep(db: Database, source: Source, one: UUID, *, rules: str) -> None:
    """Keeps a profile, as if those rules had made it."""
    facts = PostFacts() if source == "job" else ResumeFacts()
    own = Profile(one, UUID(int=9), 1, facts, {}, "en", "text")
    hashes = {"facts_hash": digest(facts), "text_hash": "0" * 64, "rules": rules}
    async with db.transaction() as tx:
        await profiles.put(tx, source, own, facts=to_json(facts), **hashes)


async def test_pairs_that_still_wait_when_everything_is_read_again_are_worked_once(matching_db: Settings) -> None:
    async with await open_database(matching_db, "ai") as db:
        async with db.transaction() as tx:
            source_id = await tx.fetch_value("SELECT gen_random_uuid()")
        for _ in range(3):
            async with db.transaction() as tx:
                await match_work.ask(tx, "job", [source_id], match_work.AGAIN)
            async with db.transaction() as tx:
                waiting = await match_work.claim(tx)
                assert waiting is not None
                assert not waiting.profiled, "what is read anew comes before pairs"
                await match_work.profiled(tx, waiting)
    assert rows(matching_db, "ai", "SELECT priority, profiled FROM match_work") == [(match_work.LAST, True)]
