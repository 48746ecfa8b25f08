"""Routes of a part in the one API of a process: who calls them, what they find, and how they are refused.

The part here keeps no accounts, as most services do: tokens are believed until they end.
"""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.dependencies import Caller, require
from hirehub.kernel.auth.keys import signing_key
from hirehub.kernel.auth.tokens import Signer
from hirehub.kernel.cache import MemoryCache
from hirehub.kernel.errors import Broken, Missing
from hirehub.kernel.http import HttpApp, create_app
from hirehub.kernel.http.limits import Limited
from hirehub.kernel.http.routes import provided
from hirehub.kernel.module import Routes
from hirehub.kernel.settings import HttpSettings, Settings
from hirehub.runtime.api import add_routes
from tests.support.issuer import running_issuer
from tests.support.web import ask, running

ID = UUID("0190a5a0-0000-7000-8000-000000000001")


class Things:
    """What the part's routes stand on."""

    name = "things"


class NoSuchThing(Missing):
    """There is no such thing."""

    code = "no_such_thing"


class Thing(BaseModel):
    """A thing."""

    name: str


router = APIRouter(prefix="/api/v1/things")


@router.get("/mine")
async def mine(who: Caller) -> dict[str, str]:
    return {"subject": who.subject}


@router.get("/companies")
async def companies(who: Annotated[Principal, Depends(require("company", service=True))]) -> dict[str, str]:
    return {"subject": who.subject}


@router.post("")
async def make(request: Request, thing: Thing, limits: Limited) -> dict[str, str]:
    await limits.of_client("things", "2/60")
    return {"name": thing.name, "kept_by": provided(request, Things).name}


@router.get("/{name}")
async def read(name: str) -> None:
    raise NoSuchThing("There is no such thing.", hint="Make one.")


def an_app(settings: Settings, *more: Routes) -> HttpApp:
    """The application with the part's routes."""
    korean = {"no_such_thing": "그런 것이 없습니다."}
    app = create_app("test", settings=HttpSettings(max_body=1000), korean=korean)
    add_routes(app, (Routes(router, {Things: Things()}, korean), *more), settings, MemoryCache(1_000_000))
    return app


def bearer(settings: Settings, principal: Principal | None = None) -> dict[str, str]:
    """The header of a principal, or of a service."""
    signer = Signer(settings.auth, signing_key(settings))
    token = signer.for_service("match") if principal is None else signer.sign(principal)
    return {"authorization": f"Bearer {token}"}


async def test_a_caller_is_who_the_token_says_and_only_the_types_that_may_are_let_in(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    seeker = bearer(settings, Principal(str(ID), ID, "jobseeker", session_id=ID))
    company = bearer(settings, Principal(str(ID), ID, "company", session_id=ID))
    async with running(an_app(settings)) as server:
        own = await ask(server, "GET", "/api/v1/things/mine", b"", **seeker)
        found = [
            (await ask(server, "GET", "/api/v1/things/companies", b"", **headers)).status
            for headers in ({}, seeker, company, bearer(settings))
        ]
        refused = await ask(server, "GET", "/api/v1/things/companies", b"", **seeker)
        nobody = await ask(server, "GET", "/api/v1/things/companies", accept_language="ko")
    assert own.json == {"subject": str(ID)}
    assert own.headers["cache-control"] == "no-store"
    assert found == [401, 403, 200, 200]
    assert refused.headers["www-authenticate"] == 'Bearer realm="hirehub", error="insufficient_scope"'
    assert nobody.headers["www-authenticate"] == 'Bearer realm="hirehub"'
    assert (nobody.json["title"], nobody.json["code"]) == ("인증 필요", "unauthenticated")


async def test_without_accounts_beside_it_an_issuer_s_token_must_be_exchanged_first(tmp_path: Path) -> None:
    async with running_issuer() as issuer:
        settings = Settings(data_dir=tmp_path, auth=issuer.settings)
        async with running(an_app(settings)) as server:
            headers = {"authorization": f"Bearer {issuer.token()}"}
            answer = await ask(server, "GET", "/api/v1/things/mine", b"", **headers)
    assert answer.status == 401
    assert "exchanged" in answer.json["detail"]


async def test_a_process_with_another_key_takes_no_token_of_ours(tmp_path: Path) -> None:
    ours, theirs = Settings(data_dir=tmp_path / "ours"), Settings(data_dir=tmp_path / "theirs")
    async with running(an_app(theirs)) as server:
        assert (await ask(server, "GET", "/api/v1/things/mine", b"", **bearer(ours))).status == 401


@pytest.mark.parametrize(
    ("language", "detail", "hint"),
    [
        ("en", "There is no such thing.", "Make one."),
        ("ko", "그런 것이 없습니다.", None),
        ("fr", "There is no such thing.", "Make one."),
    ],
)
async def test_an_error_speaks_the_caller_s_language(
    tmp_path: Path, language: str, detail: str, hint: str | None
) -> None:
    async with running(an_app(Settings(data_dir=tmp_path))) as server:
        answer = await ask(server, "GET", "/api/v1/things/one", accept_language=language)
    assert (answer.status, answer.json["detail"], answer.json.get("hint")) == (404, detail, hint)
    assert answer.headers["content-language"] == ("ko" if language == "ko" else "en")


async def test_fields_and_bounds_are_told_in_korean_too(tmp_path: Path) -> None:
    headers = {"content-type": "application/json", "accept_language": "ko"}
    async with running(an_app(Settings(data_dir=tmp_path))) as server:
        lacking = await ask(server, "POST", "/api/v1/things", b"{}", **headers)
        large = await ask(server, "POST", "/api/v1/things", b"x" * 1001, **headers)
    assert [(field["pointer"], field["message"]) for field in lacking.json["errors"]] == [
        ("/body/name", "필수 항목입니다.")
    ]
    assert (large.status, large.json["detail"]) == (413, "요청 본문이 너무 큽니다.")


async def test_a_route_finds_its_part_s_own_and_the_limits_of_the_process(tmp_path: Path) -> None:
    async with running(an_app(Settings(data_dir=tmp_path))) as server:
        headers = {"content-type": "application/json"}
        answers = [await ask(server, "POST", "/api/v1/things", b'{"name": "a"}', **headers) for _ in range(3)]
    assert answers[0].json == {"name": "a", "kept_by": "things"}
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) in range(1, 61)


async def test_the_description_names_every_route_and_how_errors_look(tmp_path: Path) -> None:
    async with running(an_app(Settings(data_dir=tmp_path))) as server:
        described = (await ask(server, "GET", "/api/v1/openapi.json")).json
    assert set(described["paths"]) == {
        "/api/v1/things",
        *(f"/api/v1/things/{end}" for end in ("mine", "companies", "{name}")),
    }
    mine = described["paths"]["/api/v1/things/mine"]["get"]
    assert mine["security"] == [{"token": []}]
    assert "**Who may call it:** " in mine["description"]
    assert mine["responses"].keys() >= {"200", "401", "403", "500", "503"}
    problem = described["components"]["responses"]["Forbidden"]
    assert set(problem["content"]) == {"application/problem+json"}
    assert described["paths"]["/api/v1/things"]["post"]["responses"]["429"] == {
        "$ref": "#/components/responses/TooOften"
    }


def test_two_parts_that_provide_the_same_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="Things"):
        an_app(Settings(data_dir=tmp_path), Routes(APIRouter(), {Things: Things()}))
