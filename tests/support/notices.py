"""The service `notification` for tests: its database, facts told to it, its sender, and addresses that it asks for."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID, uuid4

import psycopg
import pytest

from hirehub.contracts.match import MatchRecommended
from hirehub.contracts.resume import ResumeProcessed
from hirehub.kernel.bus import Fact
from hirehub.kernel.bus.postgres import PostgresTransport
from hirehub.kernel.clock import Clock, SystemClock
from hirehub.kernel.db import Database, access, open_database
from hirehub.kernel.ids import uuid7
from hirehub.kernel.mail.smtp import SmtpMail
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import MailSettings, Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.services.notification.handlers import handlers
from hirehub.services.notification.migrations import seed_4
from hirehub.services.notification.migrations.seed_1 import REFERENCE
from hirehub.services.notification.module import MODULE
from hirehub.services.notification.settings import DigestSettings, NotificationSettings, SendingSettings
from hirehub.services.notification.usecases.sending import Sender
from tests.support.platform import empty, execute
from tests.support.platform import rows as rows_of
from tests.support.postgres import LEAN
from tests.support.smtp import MailServer, mail_server

NOW = NotificationSettings(digest=DigestSettings(window=0.0), sending=SendingSettings(backoff=60.0, attempts=3))
"""Settings under which nothing waits for company."""

_AS_NEW = """
UPDATE notification_templates SET subject_template = %s, body_template = %s, is_active = true, version = 1
 WHERE name = %s AND version > 1
"""


@pytest.fixture(scope="session")
def notification_database(cluster_server: EmbeddedPostgres) -> Settings:
    """The databases of `notification` and of the bus, migrated once."""
    settings = Settings(data_dir=cluster_server.layout.data_dir, database=LEAN)
    upgrade_all(settings, [MODULE])
    return settings


@pytest.fixture
def notification_db(notification_database: Settings, user_db: Settings) -> Iterator[Settings]:
    """The same, emptied but for the templates of the start, beside an empty database of `user`."""
    for service in ("notification", "bus"):
        empty(notification_database, service)
    yield notification_database
    with psycopg.connect(access.dsn(notification_database, "notification", "admin"), autocommit=True) as connection:
        own = [(row[4], row[5], row[0]) for row in seed_4.rows()]
        reference = [(subject, body, name) for name, _, _, subject, body in REFERENCE]
        connection.cursor().executemany(_AS_NEW, [*own, *reference])


def submitted(company_id: UUID | str | None, title: str | None = "Cook", user_id: UUID | str | None = None) -> Fact:
    """Somebody has applied at a company."""
    who = user_id or uuid4()
    return _of_application("application.submitted", company_id=company_id, user_id=who, job_title=title)


def changed(user_id: UUID | str, title: str | None = "Cook", company: str | None = None) -> Fact:
    """A job seeker's application is under review."""
    status = {"from_status": "submitted", "to_status": "reviewing"}
    return _of_application(
        "application.status_changed", user_id=user_id, job_title=title, company_name=company, **status
    )


def answered(company_id: UUID | str, user_id: UUID | str, answer: str = "accepted", interviews: int = 0) -> Fact:
    """How an application at a company ends, and how many interviews fall with it."""
    status = {
        "from_status": "offered",
        "to_status": answer,
        "cancelled_interviews": [str(uuid4()) for _ in range(interviews)],
    }
    said = {"user_id": user_id, "company_id": company_id, "job_title": "Cook"}
    return _of_application("application.status_changed", **said, **status)


def scheduled(user_id: UUID | str, at: datetime, **more: object) -> Fact:
    """A job seeker's interview has its time."""
    said = {"interview_id": uuid4(), "scheduled_at": at.isoformat(), "job_title": "Cook", **more}
    return _of_application("interview.scheduled", user_id=user_id, **said)


def recommended(user_id: UUID | str, title: str | None = "Cook") -> Fact:
    """A post fits a job seeker."""
    body = {"user_id": user_id, "job_id": uuid4(), "score": "87.50", "job_title": title}
    return Fact.of(MatchRecommended.model_validate(body), source="match")


def processed(user_id: UUID | str, reason: str | None = None) -> Fact:
    """The work on a job seeker's resume has ended."""
    body = {"resume_id": uuid4(), "user_id": user_id, "status": "error" if reason else "ready", "reason": reason}
    return Fact.of(ResumeProcessed.model_validate(body), source="ai")


def _of_application(topic: str, **said: object) -> Fact:
    """A fact as it travels, with what it may say beside its ids; what is None it does not say."""
    whole = {"application_id": uuid4(), "job_id": uuid4(), "resume_id": uuid4(), **said}
    said = {name: value for name, value in whole.items() if value is not None}
    body = {name: value if isinstance(value, list) else str(value) for name, value in said.items()}
    return Fact(uuid7(), topic, str(whole["application_id"]), "apply", datetime.now(UTC), json.dumps(body))


async def hear(db: Database, *facts: Fact, own: NotificationSettings = NOW) -> None:
    """Works facts as the subscriber does, a transaction a topic."""
    for topic, some in groupby(facts, key=lambda fact: fact.topic):
        async with db.transaction() as tx:
            await handlers(own)[topic](tx, list(some))


async def tell(settings: Settings, facts: Sequence[Fact]) -> None:
    """Puts facts into the log as other services would, whose roles the test's bus does not have."""
    for topic in {fact.topic for fact in facts}:
        statement = "UPDATE topic_right SET may_tell = true WHERE role = 'hirehub_notification' AND topic = %s"
        execute(settings, "bus", statement, topic)
    transport = await PostgresTransport.open(settings, "notification")
    await transport.append(facts)
    await transport.close()


@dataclass
class Book:
    """Addresses as the service `user` would answer them: the port's plain twin."""

    known: Mapping[UUID, str] = field(default_factory=dict)

    async def of(self, user_id: UUID) -> str | None:
        """See Addresses.of."""
        await asyncio.sleep(0)
        return self.known.get(user_id)


@dataclass
class Office:
    """A sender with its database and a real mail server."""

    settings: Settings
    db: Database
    server: MailServer
    user_id: UUID
    clock: Clock
    own: NotificationSettings

    @property
    def sender(self) -> Sender:
        """A new sender, as another process would have it."""
        mail = SmtpMail(MailSettings(host="127.0.0.1", port=self.server.port, tls="none"))
        book = Book({self.user_id: "person@example.com"})
        return Sender(self.db, mail, book, self.own, self.clock, mail_leaves=True)

    async def send_all(self) -> int:
        """Sends until nothing is due; how many turns that took."""
        sender, turns = self.sender, 0
        while await sender.send_one():
            turns += 1
        return turns

    def rows(self, columns: str, where: str = "true") -> list[tuple[object, ...]]:
        """What stands in the table of notifications, by channel."""
        return rows_of(self.settings, "notification", f"SELECT {columns} FROM notifications WHERE {where} ORDER BY id")

    def execute(self, statement: str, *params: object) -> None:
        """Changes rows beside the service."""
        execute(self.settings, "notification", statement, *params)

    def choose(self, **values: object) -> None:
        """The person's settings."""
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        statement = f"INSERT INTO user_notification_settings (user_id, {names}) VALUES (%s, {marks})"
        self.execute(statement, self.user_id, *values.values())

    def due(self) -> None:
        """Lets everything that waits be due."""
        self.execute("UPDATE notifications SET due_at = now() WHERE status = 'pending'")


@asynccontextmanager
async def office(
    settings: Settings, *, clock: Clock | None = None, own: NotificationSettings = NOW
) -> AsyncIterator[Office]:
    """A sender at work for one person."""
    async with mail_server() as server, await open_database(settings, "notification") as db:
        yield Office(settings, db, server, uuid4(), clock or SystemClock(), own)
