"""Who may do what: every route of the service against every kind of caller, and no route without its row."""

from dataclasses import dataclass
from typing import Any, Final

import pytest
from fastapi.routing import iter_route_contexts

from hirehub.kernel.settings import Settings
from tests.support.people import PASSWORD, People, people
from tests.support.scenes import scene

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")
ANYBODY: Final = {"/api/docs", "/api/docs/start.js", "/api/docs/{name}", "/api/v1/openapi.json"}
"""Addresses outside the table: they describe the API and show nobody's data."""


@dataclass(frozen=True)
class Row:
    """A route's answers by role, in the order of ROLES, to a request that is well-formed."""

    route: str
    answers: str
    body: Any = None

    @property
    def expected(self) -> dict[str, int]:
        """The status for each role."""
        return dict(zip(ROLES, (int(word) for word in self.answers.split()), strict=True))


TOKEN: Final = {"token": "unknown"}
TABLE: Final = (
    #                                          anon othr ownr strg memb prim admn serv
    Row("GET /.well-known/jwks.json", "         200 200 200 200 200 200 200 200"),
    Row(
        "POST /api/v1/auth/sign-up",
        "                                       202 202 202 202 202 202 202 202",
        {"email": "new@example.com", "password": PASSWORD, "user_type": "company"},
    ),
    Row("POST /api/v1/auth/confirm", "          422 422 422 422 422 422 422 422", {**TOKEN, "password": PASSWORD}),
    Row(
        "POST /api/v1/auth/log-in",
        "                                       401 401 401 401 401 401 401 401",
        {"email": "nobody@example.com", "password": PASSWORD},
    ),
    Row("POST /api/v1/auth/exchange", "         401 409 409 409 409 409 409 409"),
    Row("POST /api/v1/auth/refresh", "          401 401 401 401 401 401 401 401", {"refresh_token": "unknown"}),
    Row("POST /api/v1/auth/log-out", "          401 204 204 204 204 204 204 204"),
    Row("POST /api/v1/auth/log-out-everywhere", "401 204 204 204 204 204 204 403"),
    Row(
        "POST /api/v1/auth/password-reset",
        "                                       202 202 202 202 202 202 202 202",
        {"email": "nobody@example.com"},
    ),
    Row("POST /api/v1/auth/password", "         422 422 422 422 422 422 422 422", {**TOKEN, "password": PASSWORD}),
    Row("GET /api/v1/users/me", "               401 200 200 200 200 200 200 403"),
    Row(
        "PATCH /api/v1/users/me",
        "                                       401 422 422 422 422 422 422 403",
        {"current_password": "not this one"},
    ),
    Row("DELETE /api/v1/users/me", "            401 204 204 204 204 409 204 403"),
    Row("GET /api/v1/users/{user_id}/address", "401 403 403 403 403 403 403 200"),
    Row("GET /api/v1/users/{user_id}/companies", "401 403 403 403 403 403 403 200"),
    Row("GET /api/v1/profiles/me", "            401 200 200 403 403 403 403 403"),
    Row("PATCH /api/v1/profiles/me", "          401 200 200 403 403 403 403 403", {"experience_years": 3}),
    Row("POST /api/v1/companies", "             401 403 403 201 201 201 403 403", {"name": "Second"}),
    Row("GET /api/v1/companies", "              401 200 200 200 200 200 200 200"),
    Row("GET /api/v1/companies/{company_id}", " 401 200 200 200 200 200 200 200"),
    Row("PATCH /api/v1/companies/{company_id}", "401 403 403 403 403 200 403 403", {"industry": "Light"}),
    Row("GET /api/v1/companies/{company_id}/members", "401 403 403 403 200 200 200 200"),
    Row(
        "POST /api/v1/companies/{company_id}/members",
        "                                       401 403 403 403 403 201 403 403",
        {"email": "invited@example.com"},
    ),
    Row("GET /api/v1/companies/{company_id}/members/{user_id}", "401 403 403 403 200 200 200 200"),
    Row(
        "PATCH /api/v1/companies/{company_id}/members/{user_id}",
        "                                       401 403 403 403 200 200 403 403",
        {"position": "Recruiter"},
    ),
    Row(
        "DELETE /api/v1/companies/{company_id}/members/{user_id}",
        "                                       401 403 403 403 204 204 403 403",
    ),
    Row("POST /api/v1/invitations/{token}", "   401 403 403 201 404 404 403 403"),
    Row("GET /api/v1/admin/users", "            401 403 403 403 403 403 200 403"),
    Row("GET /api/v1/admin/users/{user_id}", "  401 403 403 403 403 403 200 403"),
    Row("POST /api/v1/admin/users/{user_id}/suspend", "401 403 403 403 403 403 200 403"),
    Row("POST /api/v1/admin/users/{user_id}/reinstate", "401 403 403 403 403 403 200 403"),
)


@pytest.mark.parametrize("row", TABLE, ids=[row.route for row in TABLE])
async def test_a_route_answers_each_kind_of_caller_as_the_table_says(user_db: Settings, cheap: None, row: Row) -> None:
    method, _, pattern = row.route.partition(" ")
    found = {}
    async with people(user_db) as here:
        for role in ROLES:
            there = scene(here)
            answer = await here.ask(method, there.path(pattern), row.body, who=there.roles[role], if_match="*")
            found[role] = answer.status
            if answer.status in (401, 403):
                assert answer.headers["content-type"] == "application/problem+json"
            if answer.status == 403:
                assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
            if answer.status == 401:
                assert answer.headers["www-authenticate"].startswith("Bearer")
    assert found == row.expected


@pytest.mark.parametrize("role", ["owner", "primary", "admin"])
async def test_no_route_needs_two_connections_at_once(user_db: Settings, cheap: None, role: str) -> None:
    """Else requests that hold one each would wait for each other."""
    narrow = user_db.database.model_copy(update={"pool_size": 1, "connect_timeout": 2.0})
    found = {}
    async with people(user_db.model_copy(update={"database": narrow})) as here:
        for row in TABLE:
            method, _, pattern = row.route.partition(" ")
            there = scene(here)
            answer = await here.ask(method, there.path(pattern), row.body, who=there.roles[role], if_match="*")
            found[row.route] = answer.status
    assert found == {row.route: row.expected[role] for row in TABLE}


async def test_the_table_names_every_route_and_no_other(user_db: Settings, cheap: None) -> None:
    async with people(user_db) as here:
        known = {
            f"{method.upper()} {path}" for path, methods in here.api.openapi()["paths"].items() for method in methods
        }
        assert known == {row.route for row in TABLE}
        names = [what["operationId"] for methods in here.api.openapi()["paths"].values() for what in methods.values()]
        assert _hidden(here) == ANYBODY
        assert len(set(names)) == len(names) == len(TABLE)
        assert "users_read_me" in names


def _hidden(here: People) -> set[str]:
    """Paths that are served but not described."""
    served = {str(context.path) for context in iter_route_contexts(here.api.routes)}
    assert "/api/v1/users/me" in served, "the walk finds described routes too"
    return served - set(here.api.openapi()["paths"])
