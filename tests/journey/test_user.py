"""Accounts as a process of their own, as an operator runs it: `hirehub serve user` and `hirehub user create-admin`."""

import email
import email.policy
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import hirehub
from tests.support.product import Product, product_settings, running

PASSWORD = "correct horse battery"
ADMIN = "another good password"
PERSON, CHIEF = "person@example.com", "chief@example.com"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Settings of a product that says all that it can."""
    return product_settings(tmp_path / "data", HIREHUB_LOG__LEVEL="debug", HIREHUB_USER__MAIL_PAUSE="0.2")


@pytest.fixture
def served(env: dict[str, str], tmp_path: Path) -> Iterator[Product]:
    """The service by itself."""
    with running(["serve", "user"], env, tmp_path / "user") as product:
        yield product


def ask(product: Product, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    """Status and content of an answer."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{product.document['http']}{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            content = answer.read()
            return answer.status, json.loads(content) if content.startswith((b"{", b"[")) else content
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def last_mail(folder: Path, subject: str) -> str:
    """The text of the kept mail with that subject, once it has left."""
    for _ in range(100):
        for path in sorted(folder.glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if message["Subject"] == subject:
                assert path.stat().st_mode & 0o077 == 0
                return str(message.get_content())
        time.sleep(0.1)
    raise AssertionError(f"no mail {subject!r} was kept")


def test_people_come_in_and_an_administrator_finds_them(served: Product, env: dict[str, str], tmp_path: Path) -> None:
    body = {"email": PERSON, "password": PASSWORD}
    assert ask(served, "POST", "/api/v1/auth/sign-up", {**body, "user_type": "jobseeker"})[0] == 202
    _, tokens = ask(served, "POST", "/api/v1/auth/log-in", body)
    status, me = ask(served, "GET", "/api/v1/users/me", token=tokens["access_token"])
    assert (status, me["email"]) == (200, PERSON)
    assert ask(served, "POST", "/api/v1/auth/password-reset", {"email": PERSON})[0] == 202
    secret = last_mail(tmp_path / "data" / "mail", "Choose another password").rpartition("Token: ")[2].strip()
    assert ask(served, "POST", "/api/v1/auth/password", {"token": secret, "password": PASSWORD + "!"})[0] == 204
    assert ask(served, "POST", "/api/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]})[0] == 401

    made = hirehub("user", "create-admin", CHIEF, "--json", env=env, text=f"{ADMIN}\n")
    again = hirehub("user", "create-admin", CHIEF.upper(), env=env, text=f"{ADMIN}\n")
    weak = hirehub("user", "create-admin", "other@example.com", env=env, text="short\n")
    assert (made.code, again.code, weak.code) == (0, 4, 2), (made.err, again.err, weak.err)
    _, chief = ask(served, "POST", "/api/v1/auth/log-in", {"email": CHIEF, "password": ADMIN})
    _, found = ask(served, "GET", f"/api/v1/admin/users?email={PERSON}", token=chief["access_token"])
    assert [user["id"] for user in found["items"]] == [me["id"]]

    said = served.said() + made.out + made.err + again.err
    assert "http_request" in said
    hidden = (PASSWORD, ADMIN, PERSON, CHIEF, secret, tokens["access_token"], tokens["refresh_token"])
    assert [word for word in hidden if word in said] == []


def test_its_key_is_its_owner_s_alone_and_outlives_the_process(env: dict[str, str], tmp_path: Path) -> None:
    found = []
    for number in range(2):
        with running(["serve", "user"], env, tmp_path / f"user{number}") as product:
            found.append(ask(product, "GET", "/.well-known/jwks.json"))
    key = tmp_path / "data" / "secrets" / "token-key.pem"
    assert found[0] == found[1]
    assert found[0][1]["keys"][0]["crv"] == "P-256"
    assert "d" not in found[0][1]["keys"][0]
    assert key.stat().st_mode & 0o077 == 0


def test_the_api_describes_itself_without_a_network(served: Product) -> None:
    status, described = ask(served, "GET", "/api/v1/openapi.json")
    _, page = ask(served, "GET", "/api/docs")
    assert status == 200
    assert "/api/v1/users/me" in described["paths"]
    assert b"/api/docs/swagger-ui-bundle.js" in page
    assert b"//" not in page.replace(b"<!", b"")
    assert b"SwaggerUIBundle" in ask(served, "GET", "/api/docs/swagger-ui-bundle.js")[1]
