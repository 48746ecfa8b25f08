"""Who may do what with posts: every route of the service against every kind of caller, and no route without its row."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from hirehub.kernel.settings import Settings
from tests.support.people import People
from tests.support.platform import execute, platform, rows
from tests.support.scenes import scene

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")
BODY: Final = {"title": "Cook", "description": "Cooks."}


@dataclass(frozen=True)
class Row:
    """A route's answers by role, in the order of ROLES, about a post in that state of the members' company."""

    route: str
    status: str
    answers: str
    body: Any = None

    @property
    def expected(self) -> dict[str, int]:
        """The status for each role."""
        return dict(zip(ROLES, (int(word) for word in self.answers.split()), strict=True))


TABLE: Final = (
    #                                                        anon othr ownr strg memb prim admn serv
    Row("POST /api/v1/jobs", "open", "                       401 403 403 403 201 201 201 201", BODY),
    Row("GET /api/v1/jobs", "open", "                        200 200 200 200 200 200 200 200"),
    Row("GET /api/v1/jobs?status=draft&company_id=", "open", "403 403 403 403 200 200 200 200"),
    Row("GET /api/v1/jobs?status=draft", "open", "           403 403 403 403 403 403 403 403"),
    Row("GET /api/v1/jobs/{job_id}", "draft", "              404 404 404 404 200 200 200 200"),
    Row("GET /api/v1/jobs/{job_id}", "open", "               200 200 200 200 200 200 200 200"),
    Row("GET /api/v1/jobs/{job_id}", "closed", "             200 200 200 200 200 200 200 200"),
    Row("PATCH /api/v1/jobs/{job_id}", "draft", "            401 404 404 404 200 200 200 200", {"title": "Chef"}),
    Row("PATCH /api/v1/jobs/{job_id}", "open", "             401 403 403 403 200 200 200 200", {"title": "Chef"}),
    Row("DELETE /api/v1/jobs/{job_id}", "draft", "           401 404 404 404 204 204 204 204"),
    Row("DELETE /api/v1/jobs/{job_id}", "open", "            401 403 403 403 409 409 409 409"),
    Row("POST /api/v1/jobs/{job_id}/publish", "draft", "     401 404 404 404 200 200 200 200"),
    Row("POST /api/v1/jobs/{job_id}/close", "open", "        401 403 403 403 200 200 200 200"),
    Row("POST /api/v1/jobs/{job_id}/reopen", "closed", "     401 403 403 403 200 200 200 200"),
    Row("GET /api/v1/jobs/{job_id}/skills", "draft", "       404 404 404 404 200 200 200 200"),
    Row("GET /api/v1/jobs/{job_id}/skills", "open", "        200 200 200 200 200 200 200 200"),
    Row("PUT /api/v1/jobs/{job_id}/skills", "draft", "       401 404 404 404 200 200 200 200", {"skills": []}),
    Row("PUT /api/v1/jobs/{job_id}/skills", "open", "        401 403 403 403 200 200 200 200", {"skills": []}),
    Row("GET /api/v1/skills", "open", "                      200 200 200 200 200 200 200 200"),
)


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.route} {row.status}" for row in TABLE])
async def test_a_route_answers_each_kind_of_caller_as_the_table_says(job_db: Settings, row: Row) -> None:
    method, _, pattern = row.route.partition(" ")
    found = {}
    async with platform(job_db, "user", "job") as here:
        there = scene(here)
        for role in ROLES:
            path = pattern.format(job_id=post(here, there.company_id, row.status))
            path += there.company_id if path.endswith("=") else ""
            body = {**row.body, "company_id": there.company_id} if row.body is BODY else row.body
            answer = await here.ask(method, path, body, who=there.roles[role], if_match="*")
            found[role] = answer.status
            if answer.status in (401, 403, 404):
                assert answer.headers["content-type"] == "application/problem+json"
    assert found == row.expected


async def test_the_table_names_every_route_and_no_other(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        described = here.api.openapi()["paths"].items()
    known = {
        f"{method.upper()} {path}"
        for path, methods in described
        for method, told in methods.items()
        if {"jobs", "skills"} & set(told["tags"])
    }
    assert known == {row.route.partition("?")[0] for row in TABLE}


def post(here: People, company_id: str, status: str) -> str:
    """A post of the company, put into the table."""
    execute(
        here.settings,
        "job",
        "INSERT INTO jobs (company_id, title, description, status, posted_at)"
        " VALUES (%s, 'Cook', 'Cooks.', %s, CASE WHEN %s = 'draft' THEN NULL ELSE now() END)",
        company_id,
        status,
        status,
    )
    ((job_id,),) = rows(here.settings, "job", "SELECT id FROM jobs ORDER BY created_at DESC LIMIT 1")
    return str(job_id)
