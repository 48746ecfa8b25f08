"""The service `user` as the runtime composes it, over real HTTP, and people who use it; none of them is real."""

import asyncio
import email
import email.policy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from fastapi import FastAPI

from hirehub.contracts.user import UserType
from hirehub.kernel.cache import CachePort, MemoryCache
from hirehub.kernel.clock import SystemClock
from hirehub.kernel.db import access, open_database
from hirehub.kernel.http import HttpServer, create_app
from hirehub.kernel.module import PartContext
from hirehub.kernel.settings import Settings
from hirehub.runtime.api import add_routes
from hirehub.services.user.api import part
from hirehub.services.user.api.deps import UserService
from hirehub.services.user.usecases.accounts import make_admin
from tests.support.web import Answer, ask

PASSWORD = "correct horse battery"
_JSON = {"content-type": "application/json"}
_numbers = count(1)


def address() -> str:
    """An address that nobody has yet."""
    return f"person{next(_numbers)}@example.com"


@dataclass
class Person:
    """Somebody with an account, or nobody: without tokens."""

    email: str = ""
    user_id: str = ""
    access_token: str = ""
    refresh_token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What shows who asks."""
        return {"authorization": f"Bearer {self.access_token}"} if self.access_token else {}


NOBODY = Person()


@dataclass
class People:
    """The running service."""

    http: HttpServer
    service: UserService
    settings: Settings
    api: FastAPI = field(repr=False)
    paths: tuple[str, ...] = ()
    """What answers beside the API: probes, and what parts have mounted."""

    async def ask(self, method: str, path: str, body: object = None, *, who: Person = NOBODY, **headers: str) -> Answer:
        """The answer to a request; a path without /api or / before it stands below /api/v1."""
        whole = path if path.startswith(("/api", "/.well-known", "/health", *self.paths)) else f"/api/v1{path}"
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return await ask(self.http, method, whole, content, **(_JSON | who.headers | headers))

    async def sign_up(self, user_type: UserType = UserType.JOBSEEKER, email_address: str = "") -> Person:
        """A new account, logged in."""
        person = Person(email_address or address())
        body = {"email": person.email, "password": PASSWORD, "user_type": user_type}
        assert (await self.ask("POST", "/auth/sign-up", body)).status == 202
        return await self.log_in(person)

    async def log_in(self, person: Person, password: str = PASSWORD) -> Person:
        """The same person with a session of its own."""
        answer = await self.ask("POST", "/auth/log-in", {"email": person.email, "password": password})
        assert answer.status == 200, answer.body
        found = Person(person.email, "", answer.json["access_token"], answer.json["refresh_token"])
        found.user_id = (await self.ask("GET", "/users/me", who=found)).json["id"]
        return found

    async def admin(self) -> Person:
        """An administrator, logged in."""
        person = Person(address())
        async with await open_database(self.settings, "user") as db, db.transaction() as tx:
            await make_admin(tx, email=person.email, password_hash=await self.service.passwords.hash(PASSWORD))
        return await self.log_in(person)

    def a_service(self) -> Person:
        """Another of our services."""
        return Person(access_token=self.service.signer.for_service("job"))

    async def company(self, who: Person) -> str:
        """The id of a new company of that person."""
        answer = await self.ask("POST", "/companies", {"name": "Lumen"}, who=who)
        assert answer.status == 201, answer.body
        return str(answer.json["id"])

    async def joined(self, company_id: str, primary: Person, **more: object) -> Person:
        """A new member of the company, invited by its primary member."""
        person = await self.sign_up(UserType.COMPANY)
        path = f"/companies/{company_id}/members"
        assert (await self.ask("POST", path, {"email": person.email, **more}, who=primary)).status == 201
        token = await self.token_for(person.email)
        assert (await self.ask("POST", f"/invitations/{token}", who=person)).status == 201
        return person

    async def mails(self, to: str) -> list[tuple[str, str]]:
        """Subject and text of the mails that left for an address, in their order, once none waits any more."""
        while await self.service.mailer.send_one():
            pass
        found = []
        for path in sorted(Path(self.settings.data_dir / "mail").glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if message["To"] == to:
                found.append((str(message["Subject"]), str(message.get_content())))
        return found

    async def token_for(self, to: str) -> str:
        """The token of the last mail to an address."""
        *_, (_, text) = await self.mails(to)
        return text.rpartition("Token: ")[2].strip()

    def rows(self, statement: str, *params: object) -> list[tuple[Any, ...]]:
        """What the service's own role reads in the database."""
        with psycopg.connect(access.dsn(self.settings, "user")) as connection:
            return connection.execute(statement.encode(), params).fetchall()

    def execute(self, statement: str, *params: object) -> None:
        """Changes rows beside the service."""
        with psycopg.connect(access.dsn(self.settings, "user")) as connection:
            connection.execute(statement.encode(), params)


@asynccontextmanager
async def people(
    settings: Settings, *, background: bool = False, cache: CachePort | None = None
) -> AsyncIterator[People]:
    """The service on a free port; its own settings come from the environment.

    With `background` mails leave by themselves, else when a test asks for them.
    """
    cache = cache or MemoryCache(8_388_608)
    built = await part.build(PartContext(settings, SystemClock(), cache))
    tasks = [asyncio.ensure_future(work.run()) for work in built.background] if background else []
    routes = tuple(built.routes)
    service = routes[0].provides[UserService]
    assert isinstance(service, UserService)
    try:
        app = create_app("hirehub", settings=settings.http, checks=built.checks, korean=routes[0].korean)
        add_routes(app, routes, settings, cache)
        async with HttpServer(app, host="127.0.0.1", port=0, grace=1) as http:
            yield People(http, service, settings, app.api)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert built.close is not None
        await built.close()
