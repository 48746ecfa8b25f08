"""Vectors on their way from `ai` to `vectors`: none is lost, none holds up another, none of another model is sent."""

from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest

from hirehub.contracts.vectors import Wanted
from hirehub.kernel.db import Database, open_database
from hirehub.kernel.errors import Unavailable
from hirehub.kernel.settings import GrpcSettings, Settings
from hirehub.services.ai.fresh import FreshRow, FreshRows, Sent
from hirehub.services.ai.parsing.model import PostSpan, Span
from hirehub.services.ai.profiles.values import Profile, Source, to_json
from hirehub.services.ai.scoring.model import AskedSkill, JobFact, PostFacts, ResumeFacts, SkillFact, WantedYears
from hirehub.services.ai.scoring.versions import digest
from hirehub.services.ai.sending import FreshSender
from hirehub.services.ai.settings import FreshSettings
from hirehub.services.ai.store import fresh, profiles
from tests.support.batch import batch_server
from tests.support.platform import rows
from tests.support.streams import entity, stored
from tests.support.vectors_db import VectorsDb

MODEL = "all-MiniLM-L6-v2"
WANTED = {name: Wanted(MODEL, 384) for name in ("recruit", "candidate")}
HERE = PostSpan("required", 0, 1)
POST = PostFacts(
    skills=(
        AskedSkill("Communication", False, "", (HERE,)),
        AskedSkill("Kotlin", True, "", (HERE,)),
        AskedSkill("Rust", False, "", (HERE,)),
    ),
    years=WantedYears(4, "", HERE),
)
RESUME = ResumeFacts(
    skills=(SkillFact("Rust", (Span(1, 0, 1),)), SkillFact("Go", ())),
    jobs=(JobFact(0, 30, (), ()), JobFact(20, 40, (), ())),
)


async def keep(db: Database, source: Source, number: int, model: str = f"{MODEL}@1a2b") -> None:
    """Keeps a profile with a vector, and lets it wait to be sent, as matching does."""
    facts = POST if source == "job" else RESUME
    own = Profile(entity(number), UUID(int=9), 1, facts, {"Rust": 6}, "en", "text")
    unit = np.eye(1, 384, number)[0].tolist()
    hashes = {"facts_hash": digest(facts), "text_hash": "0" * 64, "rules": "1" * 64}
    async with db.transaction() as tx:
        await profiles.put(tx, source, own, facts=to_json(facts), **hashes)
        await profiles.put_vector(tx, source, own.id, model, unit)
        await fresh.ask(tx, source, own.id)


def waiting(settings: Settings) -> list[UUID]:
    """Those that wait to be sent."""
    return [UUID(str(row[0])) for row in rows(settings, "ai", "SELECT source_id FROM fresh_vector ORDER BY source_id")]


async def test_open_posts_and_resumes_are_sent_without_a_name(
    resume_db: Settings, vectors_database: Database, vectors_db: VectorsDb
) -> None:
    async with await open_database(resume_db, "ai") as db, batch_server(vectors_database, vectors_db) as server:
        for number in (1, 2, 3):
            await keep(db, "job", number)
        await keep(db, "resume", 4)
        await keep(db, "resume", 5, "other@1a2b")
        async with db.transaction() as tx:
            await profiles.close(tx, entity(2), 2)
            await profiles.forget(tx, "job", [entity(3)])
        sender = FreshSender(db, FreshRows(server.target, GrpcSettings()), WANTED, FreshSettings())
        assert [await sender.send_some(), await sender.send_some()] == [True, False]
    posts, people = await stored(vectors_database), await stored(vectors_database, "candidate")
    assert [row[:5] for row in posts] == [(entity(1), "-", 4, None, "Rust")]
    assert [row[:4] for row in people] == [(entity(4), "-", ["Rust", "Go"], 3)]
    assert waiting(resume_db) == [entity(5)], "one of another model waits for a change of the model"


async def test_posts_that_read_alike_are_sent_once_each(
    resume_db: Settings, vectors_database: Database, vectors_db: VectorsDb
) -> None:
    async with await open_database(resume_db, "ai") as db, batch_server(vectors_database, vectors_db) as server:
        for number in range(1, 8):
            await keep(db, "job", number)
        alike = [entity(number) for number in range(1, 8)]
        async with db.read() as tx:
            assert sorted(row.id for row in await fresh.rows(tx, "job", alike, WANTED["recruit"])) == alike
        sender = FreshSender(db, FreshRows(server.target, GrpcSettings()), WANTED, FreshSettings())
        assert await sender.send_some()
    assert len(await stored(vectors_database)) == 7


async def test_what_is_not_taken_waits_and_what_changes_meanwhile_is_sent_again(
    resume_db: Settings, vectors_database: Database, vectors_db: VectorsDb
) -> None:
    class Meanwhile(FreshRows):
        """Another change comes while rows are on their way."""

        async def send(self, domain: str, rows: list[FreshRow]) -> Sent:  # type: ignore[override]
            await keep(db, "job", 1)
            return await super().send(domain, rows)

    async with await open_database(resume_db, "ai") as db, batch_server(vectors_database, vectors_db) as server:
        await keep(db, "job", 1)
        nobody = FreshSender(db, FreshRows("127.0.0.1:9", GrpcSettings(deadline=1)), WANTED, FreshSettings())
        with pytest.raises(Unavailable):
            await nobody.send_some()
        busy = FreshSender(db, Meanwhile(server.target, GrpcSettings()), WANTED, FreshSettings())
        before = datetime.now(UTC)
        assert await busy.send_some()
        assert waiting(resume_db) == [entity(1)]
        sender = FreshSender(db, FreshRows(server.target, GrpcSettings()), WANTED, FreshSettings())
        assert [await sender.send_some(), await sender.send_some()] == [True, False]
    assert waiting(resume_db) == []
    (post,) = await stored(vectors_database)
    assert post[5] > before
