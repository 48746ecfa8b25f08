"""Who may do what with resumes: every route against every kind of caller, and no route without its row."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from hirehub.kernel.settings import Settings
from tests.support.people import People
from tests.support.platform import execute, platform, rows
from tests.support.scenes import scene

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")
FORM: Final = b'--part\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n--part--\r\n'


@dataclass(frozen=True)
class Row:
    """A route's answers by role, in the order of ROLES, about a resume of `owner`."""

    route: str
    answers: str
    body: Any = None

    @property
    def expected(self) -> dict[str, int]:
        """The status for each role."""
        return dict(zip(ROLES, (int(word) for word in self.answers.split()), strict=True))


TABLE: Final = (
    #                                                     anon othr ownr strg memb prim admn serv
    Row("POST /api/v1/resumes", "                         401 201 201 403 403 403 403 403", FORM),
    Row("GET /api/v1/resumes", "                          401 200 200 403 403 403 403 403"),
    Row("GET /api/v1/resumes/{resume_id}", "              401 404 200 404 404 404 404 200"),
    Row("PATCH /api/v1/resumes/{resume_id}", "            401 404 200 404 404 404 404 404", {"title": "Mine"}),
    Row("PUT /api/v1/resumes/{resume_id}", "              401 403 403 403 403 403 403 200", {"status": "ready"}),
    Row("DELETE /api/v1/resumes/{resume_id}", "           401 404 204 404 404 404 404 404"),
    Row("POST /api/v1/resumes/{resume_id}/primary", "     401 404 200 404 404 404 404 404"),
    Row("GET /api/v1/resumes/{resume_id}/original", "     401 404 404 404 404 404 404 404"),
    Row("GET /api/v1/resumes/{resume_id}/events", "       401 404 200 404 404 404 404 200"),
    Row("GET /api/v1/resumes/{resume_id}/experiences", "  401 404 200 404 404 404 404 200"),
    Row("PUT /api/v1/resumes/{resume_id}/chunks", "       401 403 403 403 403 403 403 200", {"chunks": []}),
    Row("PUT /api/v1/resumes/{resume_id}/experiences", "  401 404 200 404 404 404 404 404", {"experiences": []}),
    Row("GET /api/v1/resumes/{resume_id}/skills", "       401 404 200 404 404 404 404 200"),
    Row("PUT /api/v1/resumes/{resume_id}/skills", "       401 404 200 404 404 404 404 404", {"skills": []}),
    Row("GET /api/v1/resumes/{resume_id}/educations", "   401 404 200 404 404 404 404 200"),
    Row("PUT /api/v1/resumes/{resume_id}/educations", "   401 404 200 404 404 404 404 404", {"educations": []}),
)


@pytest.mark.parametrize("row", TABLE, ids=[row.route for row in TABLE])
async def test_a_route_answers_each_kind_of_caller_as_the_table_says(resume_db: Settings, row: Row) -> None:
    method, _, pattern = row.route.partition(" ")
    found = {}
    async with platform(resume_db, "user", "resume") as here:
        there = scene(here)
        for role in ROLES:
            path = pattern.format(resume_id=resume(here, there.roles["owner"].user_id))
            headers = {"if_match": "*"}
            if row.body is FORM:
                headers["content-type"] = "multipart/form-data; boundary=part"
            answer = await here.ask(method, path, row.body, who=there.roles[role], **headers)
            found[role] = answer.status
            if answer.status in (401, 403, 404):
                assert answer.headers["content-type"] == "application/problem+json"
    assert found == row.expected


async def test_the_table_names_every_route_and_no_other(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        described = here.api.openapi()["paths"].items()
    known = {
        f"{method.upper()} {path}"
        for path, methods in described
        for method, told in methods.items()
        if "resumes" in told["tags"]
    }
    assert known == {row.route for row in TABLE}


def resume(here: People, user_id: str) -> str:
    """A resume that was read, put into the table; it has no file."""
    statement = "INSERT INTO resumes (user_id, status) VALUES (%s, 'ready')"
    execute(here.settings, "resume", statement, user_id)
    ((resume_id,),) = rows(here.settings, "resume", "SELECT id FROM resumes ORDER BY created_at DESC LIMIT 1")
    return str(resume_id)
