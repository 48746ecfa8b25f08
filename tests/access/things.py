"""What the ids of the table stand for: each is made afresh, put into the tables beside the services."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from hirehub.kernel.db import access
from tests.support.people import PASSWORD, People, Person
from tests.support.scenes import Scene, scene

FILE: Final = b'--part\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n--part--\r\n'
WORDS: Final[Mapping[str, tuple[bytes, Mapping[str, str]]]] = {
    "FILE": (FILE, {"content-type": "multipart/form-data; boundary=part"}),
    "AFAR": (b'{"query": "{ __typename }"}', {"host": "elsewhere.example"}),
}
"""Bodies that are no JSON, or go with other headers."""


@dataclass
class Stores:
    """The databases of the services, for the administrator."""

    here: People
    stack: ExitStack
    open: dict[str, "psycopg.Connection[tuple[Any, ...]]"] = field(default_factory=dict)

    def of(self, service: str) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection to the database of a service."""
        if service not in self.open:
            connection = psycopg.connect(access.dsn(self.here.settings, service, "admin"), autocommit=True)
            self.open[service] = self.stack.enter_context(connection)
        return self.open[service]

    def put(self, service: str, statement: str, *params: object) -> str:
        """Runs a statement; the first value that it returns."""
        row = self.of(service).execute(statement.encode(), params).fetchone()
        assert row is not None
        return str(row[0])


@dataclass
class Situation:
    """A scene, who asks in it, and what was made for that."""

    stores: Stores
    there: Scene
    role: str

    @property
    def who(self) -> Person:
        """The caller."""
        return self.there.roles[self.role]

    def make(self, name: str, said: str) -> str:
        """The value of a thing in braces; KeyError for one that nobody has said how to make."""
        return THINGS[name](self, said)


@contextmanager
def stores(here: People) -> Iterator[Stores]:
    """The databases, until the end of the block."""
    with ExitStack() as stack:
        yield Stores(here, stack)


def situations(stores: Stores, roles: Sequence[str], *, alone: bool) -> Iterator[Situation]:
    """A scene in which each role is about to ask: one for all, or each its own where one would disturb the next."""
    there = None
    for role in roles:
        there = there if there and not alone else scene(stores.here, stores.of("user"))
        yield Situation(stores, there, role)


def _user(now: Situation, said: str) -> str:
    return now.there.roles[said].user_id


def _job(now: Situation, said: str) -> str:
    if said == "matched":
        return _match(now, "job_id")
    statement = (
        "INSERT INTO jobs (company_id, title, description, status, posted_at)"
        " VALUES (%s, 'Cook', 'Cooks.', %s, CASE WHEN %s = 'draft' THEN NULL ELSE now() END) RETURNING id"
    )
    return now.stores.put("job", statement, now.there.company_id, said, said)


def _resume(now: Situation, said: str) -> str:
    """A resume that was read, with a file: of the owner, of the caller where that is a person, sent to the company."""
    if said == "matched":
        return _match(now, "resume_id")
    whose = (now.who if said == "caller" and now.who.user_id else now.there.roles["owner"]).user_id
    statement = (
        "INSERT INTO resumes (user_id, status, original_file_url, original_file_name, file_type, file_bytes)"
        " VALUES (%s, 'ready', %s, 'a.txt', 'txt', 5) RETURNING id"
    )
    key = f"original/{whose}/file.txt"
    place = now.stores.here.settings.data_dir / "files" / "resumes" / key
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"Cook.")
    resume_id = now.stores.put("resume", statement, whose, key)
    if said == "sent":
        _application(now, "submitted", resume_id)
    return resume_id


def _application(now: Situation, said: str, resume_id: str | None = None) -> str:
    held = "'rejected', now() + interval '1 hour', gen_random_uuid()" if said == "pending" else "NULL, NULL, NULL"
    statement = (
        "INSERT INTO applications (job_id, user_id, resume_id, company_id, job_title, status, pending_status,"
        " pending_until, pending_by)"
        f" VALUES (gen_random_uuid(), %s, coalesce(%s::uuid, gen_random_uuid()), %s, 'Cook', %s, {held}) RETURNING id"
    )
    state = "reviewing" if said == "pending" else said
    owner = now.there.roles["owner"].user_id
    return now.stores.put("apply", statement, owner, resume_id, now.there.company_id, state)


def _match(now: Situation, said: str) -> str:
    """A match of the owner's resume and a post of the company: its id, or that of one of the two."""
    said = said if said in ("job_id", "resume_id") else "id"
    statement = (
        "WITH known AS (INSERT INTO post (job_id, company_id) VALUES (gen_random_uuid(), %s) RETURNING *)"
        " INSERT INTO matches"
        " (job_id, resume_id, user_id, company_id, rank, job_version, resume_version, calculated_at)"
        f" SELECT job_id, gen_random_uuid(), %s, company_id, 0, 1, 1, now() FROM known RETURNING {said}"
    )
    return now.stores.put("match", statement, now.there.company_id, _user(now, "owner"))


def _interview(now: Situation, said: str) -> str:
    statement = (
        "INSERT INTO interviews (application_id, interview_type, scheduled_at, duration_minutes)"
        " VALUES (%s, 'phone', now() + interval '1 day', 30) RETURNING id"
    )
    return now.stores.put("apply", statement, _application(now, said or "reviewing"))


def _moment(now: Situation, _said: str) -> str:
    """A moment ahead of the databases' clock."""
    return now.stores.put("apply", "SELECT to_char(now() + interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SSOF:00')")


def _notification(now: Situation, said: str) -> str:
    statement = (
        "INSERT INTO notifications (user_id, channel, event_type, dedupe_key, title, content, data, status)"
        " VALUES (%s, 'in_app', 'match.recommended', gen_random_uuid(), 'News', 'News.', '{}', 'delivered')"
        " RETURNING id"
    )
    return now.stores.put("notification", statement, _user(now, said))


def _device(now: Situation, said: str) -> str:
    statement = (
        "INSERT INTO device_tokens (user_id, device_type, token) VALUES (%s, 'web', gen_random_uuid()) RETURNING id"
    )
    return now.stores.put("notification", statement, _user(now, said))


def _template(now: Situation, _said: str) -> str:
    return now.stores.put("notification", "SELECT id FROM notification_templates ORDER BY name LIMIT 1")


THINGS: Final[Mapping[str, Callable[[Situation, str], str]]] = {
    "application_id": _application,
    "company_id": lambda now, _: now.there.company_id,
    "device_id": _device,
    "interview_id": _interview,
    "job_id": _job,
    "match_id": _match,
    "moment": _moment,
    "name": lambda _now, _: "swagger-ui.css",
    "notification_id": _notification,
    "password": lambda _now, _: PASSWORD,
    "resume_id": _resume,
    "scheduled_at": _moment,
    "template_id": _template,
    "token": lambda now, _: now.there.invitation,
    "user_id": _user,
}
