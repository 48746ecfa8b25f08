"""A scene for tests of who may do what: a company, its people, and others, put into tables; tokens signed as always."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Principal
from hirehub.kernel.db import access
from hirehub.kernel.ids import uuid7
from hirehub.services.user.domain.secrets import new_token
from tests.support.people import NOBODY, People, Person, address

Connection = psycopg.Connection[tuple[Any, ...]]

_KINDS: Final = {
    "other": UserType.JOBSEEKER,
    "owner": UserType.JOBSEEKER,
    "stranger": UserType.COMPANY,
    "member": UserType.COMPANY,
    "primary": UserType.COMPANY,
    "admin": UserType.ADMIN,
}


@dataclass(frozen=True)
class Scene:
    """Who is there, by role. `stranger` is the primary member of another company, and is invited to this one."""

    roles: dict[str, Person]
    company_id: str
    invitation: str

    def path(self, pattern: str) -> str:
        """A route's path about the things of this scene."""
        whose = "owner" if pattern.startswith("/api/v1/admin") else "member"
        values = {"company_id": self.company_id, "user_id": self.roles[whose].user_id, "token": self.invitation}
        return pattern.format(**values)


def scene(here: People, known: Connection | None = None) -> Scene:
    """A new scene beside all others, put there by a connection that is known, or by one of its own."""
    with nullcontext(known) if known else psycopg.connect(access.dsn(here.settings, "user")) as db, db.transaction():
        roles = {"anonymous": NOBODY, **_people(db, here), "service": here.a_service()}
        ours, theirs = uuid7(), uuid7()
        _insert(db, "companies", "id, name", [(ours, "Lumen"), (theirs, "Lumen")])
        places = [("primary", ours, True), ("member", ours, False), ("stranger", theirs, True)]
        members = [(uuid7(), roles[role].user_id, company, primary) for role, company, primary in places]
        _insert(db, "company_members", "id, user_id, company_id, is_primary", members)
        token = _invitation(db, ours, roles["stranger"].email)
    return Scene(roles, str(ours), token)


def _people(db: Connection, here: People) -> dict[str, Person]:
    """Everybody who has an account, with a session and, as a job seeker, a profile."""
    found, users, sessions, profiles = {}, [], [], []
    for role, kind in _KINDS.items():
        user_id, session_id, email = uuid7(), uuid7(), address()
        users.append((user_id, f"hirehub:{user_id}", email, kind))
        sessions.append((session_id, user_id, datetime.now(UTC) + timedelta(hours=1)))
        if kind is UserType.JOBSEEKER:
            profiles.append((uuid7(), user_id))
        principal = Principal(str(user_id), user_id, kind, session_id=session_id)
        found[role] = Person(email, str(user_id), here.service.signer.sign(principal))
    _insert(db, "users", "id, cognito_sub, email, user_type", users)
    _insert(db, "user_session", "id, user_id, expires_at", sessions)
    _insert(db, "jobseeker_profiles", "id, user_id", profiles)
    return found


def _invitation(db: Connection, company: UUID, email: str) -> str:
    token, token_hash = new_token()
    token_id, until = uuid7(), datetime.now(UTC) + timedelta(hours=1)
    told = [(token_id, "invite", email, token_hash, until)]
    _insert(db, "mail_token", "id, purpose, email, token_hash, expires_at", told)
    _insert(db, "invitation", "id, company_id, email, token_id", [(uuid7(), company, email, token_id)])
    return token


def _insert(db: Connection, table: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    """All rows by one statement."""
    marks = ", ".join(["%s"] * len(rows[0]))
    values = ", ".join([f"({marks})"] * len(rows))
    db.execute(f"INSERT INTO {table} ({columns}) VALUES {values}".encode(), [one for row in rows for one in row])
