"""The service `match` for tests: its database, and facts told to it, at once or over the bus."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

import pytest

from hirehub.contracts.job import JobUpdated
from hirehub.contracts.match import MatchCalculated
from hirehub.contracts.resume import ResumeRemoved
from hirehub.contracts.user import UserRemoved
from hirehub.kernel.bus import Fact, Handler
from hirehub.kernel.bus.postgres import PostgresTransport
from hirehub.kernel.cache import MemoryCache
from hirehub.kernel.db import Database, open_database
from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.match.caching import Kept
from hirehub.services.match.handlers import handlers
from hirehub.services.match.module import MODULE
from hirehub.services.match.settings import MatchSettings
from tests.support.platform import empty, execute, rows

T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)
BY_ROLE = "UPDATE topic_right SET may_tell = true WHERE role = 'hirehub_match' AND topic = %s"


@pytest.fixture(scope="session")
def match_database(apply_database: Settings) -> Settings:
    """The databases of `match`, of `apply` and `job`, and of the bus, migrated once."""
    upgrade_all(apply_database, [MODULE])
    return apply_database


@pytest.fixture
def match_alone(match_database: Settings) -> Settings:
    """The same, the one of `match` emptied: for what needs no people and no bus."""
    empty(match_database, "match")
    return match_database


@pytest.fixture
def match_db(match_database: Settings, apply_db: Settings) -> Settings:
    """The same, emptied, beside an empty database of `user`."""
    empty(match_database, "match")
    return match_database


@dataclass(frozen=True)
class Pair:
    """A post of a company and a resume of a person; what `ai` tells of them."""

    job_id: UUID = field(default_factory=uuid4)
    resume_id: UUID = field(default_factory=uuid4)
    user_id: UUID = field(default_factory=uuid4)
    company_id: UUID = field(default_factory=uuid4)

    def calculated(
        self,
        overall: str | None = "80.00",
        low: str | None = "same",
        high: str | None = "same",
        *,
        versions: tuple[int, int] = (1, 1),
        minute: int = 0,
        title: str | None = None,
        **parts: str | None,
    ) -> Fact:
        """A result; `versions` are the post's and the resume's. Without a range that is the overall score alone."""
        scores = {
            "overall": overall,
            "low": overall if low == "same" else low,
            "high": overall if high == "same" else high,
            "skill": overall,
            "experience": None,
            "culture": None,
            **parts,
        }
        body = {
            **{name: str(value) for name, value in vars(self).items()},
            "scores": scores,
            "job_version": versions[0],
            "resume_version": versions[1],
            "calculated_at": T0 + timedelta(minutes=minute),
            "language": "ko",
            "reasoning": {"ko": f"근거 {minute}.", "en": f"Reason {minute}."},
            "evidence": [EVIDENCE],
            "weights": {"skill": 50, "experience": 35, "culture": 15},
            "replay": {name: letter * 64 for name, letter in zip(REPLAY, "abcd", strict=True)},
            "job_title": title,
        }
        return Fact.of(MatchCalculated.model_validate(body), source="ai")

    def post(self, status: str, title: str | None = None) -> Fact:
        """The post is in another state."""
        told = {"updated_fields": ["status"], "status": status, "job_title": title}
        body = {"job_id": self.job_id, "company_id": self.company_id, **told}
        return Fact.of(JobUpdated.model_validate(body), source="job")

    def resume_removed(self) -> Fact:
        """The resume is gone."""
        return Fact.of(ResumeRemoved(resume_id=self.resume_id, user_id=self.user_id), source="resume")

    def user_removed(self) -> Fact:
        """The person is gone."""
        return Fact.of(UserRemoved(user_id=self.user_id), source="user")


REPLAY = ("resume", "job", "weights", "code")
EVIDENCE: dict[str, Any] = {
    "part": "skill",
    "rule": "skill_named",
    "subject": "Python",
    "weight": 2,
    "share": "1.0000",
    "words": "Python",
    "post": [{"field": "requirements", "start": 0, "end": 6}],
    "resume": [{"page": 1, "start": 10, "end": 16}],
    "detail": [0],
}


@dataclass
class Desk:
    """The database with the handlers of the service, without a bus."""

    settings: Settings
    db: Database
    working: Mapping[str, Handler]

    async def hear(self, *facts: Fact) -> None:
        """Works facts as the subscriber does: those of a topic that come together in one transaction."""
        for topic, some in groupby(facts, key=lambda fact: fact.topic):
            async with self.db.transaction() as tx:
                await self.working[topic](tx, list(some))

    def rows(self, statement: str, *params: object) -> list[tuple[object, ...]]:
        """What stands in the tables."""
        return rows(self.settings, "match", statement, *params)

    def told(self) -> list[tuple[object, ...]]:
        """What was recommended: whom, what, the score, in that order."""
        columns = "body->>'user_id', body->>'job_id', body->>'score'"
        return self.rows(f"SELECT {columns} FROM outbox WHERE topic = 'match.recommended' ORDER BY seq")


@asynccontextmanager
async def desk(settings: Settings, own: MatchSettings | None = None) -> AsyncIterator[Desk]:
    """The service's handlers over its database."""
    async with await open_database(settings, "match") as db:
        yield Desk(settings, db, handlers(own or MatchSettings(), Kept(MemoryCache(1_000_000), 60)))


async def tell(settings: Settings, facts: Sequence[Fact]) -> None:
    """Puts facts into the log as other services would, whose roles the test's bus does not have."""
    for topic in {fact.topic for fact in facts}:
        execute(settings, "bus", BY_ROLE, topic)
    transport = await PostgresTransport.open(settings, "match")
    await transport.append(facts)
    await transport.close()
