"""Whatever is sent to the routes of the service, it is refused or taken, and never a fault of ours."""

import json
from typing import Any, Final

import pytest

from hirehub.kernel.settings import Settings
from tests.access.table import filled, table
from tests.support.people import PASSWORD, people
from tests.support.scenes import scene

pytestmark = pytest.mark.usefixtures("cheap")

ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    2**63,
    1e308,
    "",
    " ",
    "\u0000",
    "\ud800",
    "\u202e\U0001f600",
    "ꟊ@EXAMPLE.com",
    "İ@example.com",
    "a" * 30_000,
    "2e0190a5-a000-7000-8000-000000000001",
    [],
    ["\u0000"],
    ["a"] * 200,
    {},
)
BODIES: Final = (b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"a":1e999}', b"null", b'"text"', b"[1]", b'{"":""}')
WORDS: Final = ("%00", "%ff", "%ed%a0%80", "..%2f..", "a" * 65, "0190a5a0-0000-7000-8000-00000000000g")
WITH_BODY: Final[dict[str, dict[str, Any]]] = {
    line.route: json.loads(filled(line.body, lambda *_: PASSWORD))
    for line in table()
    if line.service == "user" and line.body
}
FIELDS: Final = {
    "POST /api/v1/companies": ("name", "business_number", "company_size", "logo_url", "description"),
    "PATCH /api/v1/profiles/me": ("name", "phone", "experience_years", "desired_salary_min", "skills"),
    "PATCH /api/v1/users/me": ("email", "password"),
}


@pytest.mark.parametrize("route", WITH_BODY)
async def test_no_body_is_a_fault_of_ours(user_db: Settings, route: str) -> None:
    method, _, pattern = route.partition(" ")
    good = WITH_BODY[route]
    fields = {*good, *FIELDS.get(route, ())}
    bodies = [*BODIES, *(json.dumps({**good, name: odd}).encode() for name in sorted(fields) for odd in ODD)]
    async with people(user_db) as here:
        there = scene(here)
        whose = "owner" if "profiles" in route else "primary"
        faults, statuses = [], set()
        for body in bodies:
            answer = await here.ask(method, there.path(pattern), body, who=there.roles[whose], if_match="*")
            statuses.add(answer.status)
            if answer.status >= 500:
                faults.append(body[:200])
    assert faults == []
    assert 422 in statuses


@pytest.mark.parametrize("word", WORDS)
async def test_no_address_is_a_fault_of_ours(user_db: Settings, word: str) -> None:
    async with people(user_db) as here:
        there = scene(here)
        admin, primary = there.roles["admin"], there.roles["primary"]
        asked = [
            ("GET", f"/companies/{word}", primary),
            ("GET", f"/companies?cursor={word}", primary),
            ("GET", f"/companies/{there.company_id}/members?limit={word}", primary),
            ("POST", f"/invitations/{word}", primary),
            ("DELETE", f"/companies/{there.company_id}/members/{word}", primary),
            ("GET", f"/admin/users?email={word}&status={word}", admin),
            ("GET", f"/admin/users/{word}", admin),
        ]
        statuses = [(await here.ask(method, path, who=who)).status for method, path, who in asked]
    assert {status for status in statuses if not 400 <= status < 500} == set()


@pytest.mark.parametrize(
    "shown",
    [
        "Bearer",
        "Bearer " + "a" * 9000,
        "Bearer \x80\xff",
        "Basic YTpi",
        "Bearer e30.e30.",
        "Bearer bnVsbA.bnVsbA.bnVsbA",
        "Bearer eyJhbGciOiJFUzI1NiJ9.W10.AAAA",
        "Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6W119.eyJpc3MiOlsxXX0.AAAA",
    ],
)
async def test_what_is_no_token_is_nobody(user_db: Settings, shown: str) -> None:
    async with people(user_db) as here:
        answer = await here.ask("GET", "/users/me", authorization=shown)
    assert answer.status == 401


@pytest.mark.parametrize("value", ['"x"', 'W/"1"', '"' + "9" * 190 + '"', "\x80", "*, *", "1"])
async def test_an_odd_if_match_matches_nothing(user_db: Settings, value: str) -> None:
    async with people(user_db) as here:
        there = scene(here)
        body = {"current_password": "x", "name": "A"}
        for path in ("/profiles/me", "/users/me"):
            answer = await here.ask("PATCH", path, body, who=there.roles["owner"], if_match=value)
            assert 400 <= answer.status < 500
