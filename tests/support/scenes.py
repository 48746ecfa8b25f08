"""A scene for tests of who may do what: a company, its people, and others, put into tables; tokens signed as always."""

from dataclasses import dataclass
from uuid import UUID

import psycopg

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Principal
from hirehub.kernel.db import access
from hirehub.kernel.ids import uuid7
from hirehub.services.user.domain.secrets import new_token
from tests.support.people import NOBODY, People, Person, address


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


def scene(here: People) -> Scene:
    """A new scene beside all others."""
    with psycopg.connect(access.dsn(here.settings, "user")) as db:
        roles = {"anonymous": NOBODY}
        for role, kind in (
            ("other", UserType.JOBSEEKER),
            ("owner", UserType.JOBSEEKER),
            ("stranger", UserType.COMPANY),
            ("member", UserType.COMPANY),
            ("primary", UserType.COMPANY),
            ("admin", UserType.ADMIN),
        ):
            roles[role] = _person(db, here, kind)
        ours, theirs = uuid7(), uuid7()
        for company, people in ((ours, {"primary": True, "member": False}), (theirs, {"stranger": True})):
            db.execute("INSERT INTO companies (id, name) VALUES (%s, 'Lumen')", (company,))
            for role, primary in people.items():
                values = (uuid7(), roles[role].user_id, company, primary)
                db.execute(
                    "INSERT INTO company_members (id, user_id, company_id, is_primary) VALUES (%s, %s, %s, %s)", values
                )
        token = _invitation(db, ours, roles["stranger"].email)
    return Scene({**roles, "service": here.a_service()}, str(ours), token)


def _person(db: "psycopg.Connection[tuple[object, ...]]", here: People, kind: UserType) -> Person:
    user_id, session_id, email = uuid7(), uuid7(), address()
    db.execute(
        "INSERT INTO users (id, cognito_sub, email, user_type) VALUES (%s, %s, %s, %s)",
        (user_id, f"hirehub:{user_id}", email, kind),
    )
    db.execute(
        "INSERT INTO user_session (id, user_id, expires_at) VALUES (%s, %s, now() + interval '1 hour')",
        (session_id, user_id),
    )
    if kind is UserType.JOBSEEKER:
        db.execute("INSERT INTO jobseeker_profiles (id, user_id) VALUES (%s, %s)", (uuid7(), user_id))
    principal = Principal(str(user_id), user_id, kind, session_id=session_id)
    return Person(email, str(user_id), here.service.signer.sign(principal))


def _invitation(db: "psycopg.Connection[tuple[object, ...]]", company: UUID, email: str) -> str:
    token, token_hash = new_token()
    token_id = uuid7()
    db.execute(
        "INSERT INTO mail_token (id, purpose, email, token_hash, expires_at)"
        " VALUES (%s, 'invite', %s, %s, now() + interval '1 hour')",
        (token_id, email, token_hash),
    )
    db.execute(
        "INSERT INTO invitation (id, company_id, email, token_id) VALUES (%s, %s, %s, %s)",
        (uuid7(), company, email, token_id),
    )
    return token
