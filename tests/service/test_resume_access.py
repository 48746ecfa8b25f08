"""Who may do what with resumes: every route against every kind of caller, and no route without its row."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import pytest

from hirehub.contracts.user import UserType
from hirehub.kernel.settings import Settings
from tests.service.test_resume_uploads import PDF, upload
from tests.support.people import People
from tests.support.platform import execute, platform, rows
from tests.support.scenes import scene

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")
FORM: Final = b'--part\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n--part--\r\n'


@dataclass(frozen=True)
class Row:
    """A route's answers by role, in the order of ROLES, about a resume of `owner`, sent to the company of `member` and
    `primary`.
    """

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
    Row("GET /api/v1/resumes/{resume_id}", "              401 404 200 404 200 200 404 200"),
    Row("PATCH /api/v1/resumes/{resume_id}", "            401 404 200 404 404 404 404 404", {"title": "Mine"}),
    Row("PUT /api/v1/resumes/{resume_id}", "              401 403 403 403 403 403 403 200", {"status": "ready"}),
    Row("DELETE /api/v1/resumes/{resume_id}", "           401 404 204 404 404 404 404 404"),
    Row("POST /api/v1/resumes/{resume_id}/primary", "     401 404 200 404 404 404 404 404"),
    Row("GET /api/v1/resumes/{resume_id}/original", "     401 404 404 404 404 404 404 404"),
    Row("GET /api/v1/resumes/{resume_id}/events", "       401 404 200 404 404 404 404 200"),
    Row("GET /api/v1/resumes/{resume_id}/experiences", "  401 404 200 404 200 200 404 200"),
    Row("PUT /api/v1/resumes/{resume_id}/experiences", "  401 404 200 404 404 404 404 404", {"experiences": []}),
    Row("GET /api/v1/resumes/{resume_id}/skills", "       401 404 200 404 200 200 404 200"),
    Row("PUT /api/v1/resumes/{resume_id}/skills", "       401 404 200 404 404 404 404 404", {"skills": []}),
    Row("GET /api/v1/resumes/{resume_id}/educations", "   401 404 200 404 200 200 404 200"),
    Row("PUT /api/v1/resumes/{resume_id}/educations", "   401 404 200 404 404 404 404 404", {"educations": []}),
)


@pytest.mark.parametrize("row", TABLE, ids=[row.route for row in TABLE])
async def test_a_route_answers_each_kind_of_caller_as_the_table_says(
    resume_db: Settings, apply_db: Settings, row: Row
) -> None:
    method, _, pattern = row.route.partition(" ")
    found = {}
    async with platform(resume_db, "user", "resume", "apply") as here:
        there = scene(here)
        for role in ROLES:
            resume_id = resume(here, there.roles["owner"].user_id)
            sent(here, resume_id, there.roles["owner"].user_id, there.company_id)
            path = pattern.format(resume_id=resume_id)
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


async def test_the_file_goes_to_a_company_that_it_was_sent_to_until_that_is_withdrawn(
    resume_db: Settings, apply_db: Settings, cheap: None
) -> None:
    async with platform(resume_db, "user", "resume", "apply") as here:
        who, member, stranger = [
            await here.sign_up(kind) for kind in (UserType.JOBSEEKER, UserType.COMPANY, UserType.COMPANY)
        ]
        company_id = await here.company(member)
        await here.company(stranger)
        path = f"/resumes/{(await upload(here, who, PDF, name='Person.pdf')).json['id']}"
        early = await here.ask("GET", f"{path}/original", who=member)
        sent(here, path.rpartition("/")[2], who.user_id, company_id)
        given = await here.ask("GET", f"{path}/original", who=member)
        seen = await here.ask("GET", path, who=member)
        foreign = await here.ask("GET", f"{path}/original", who=stranger)
        execute(apply_db, "apply", "UPDATE applications SET status = 'withdrawn'")
        late = [await here.ask("GET", path + more, who=member) for more in ("", "/original", "/skills")]
    assert (early.status, early.json["code"]) == (404, "no_such_resume")
    assert (given.status, given.body) == (200, PDF)
    assert (seen.status, seen.json["original_file_name"]) == (200, None)
    assert [foreign.status, *(one.status for one in late)] == [404, 404, 404, 404]


async def test_companies_learn_nothing_while_the_service_that_knows_does_not_answer(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        there = scene(here)
        ids = [resume(here, there.roles["owner"].user_id), str(uuid4())]
        answers = [await here.ask("GET", f"/resumes/{one}", who=there.roles["member"]) for one in ids]
    assert [(one.status, one.json["code"]) for one in answers] == [(503, "service_unavailable")] * 2
    assert all(one.json["hint"] for one in answers)


def sent(here: People, resume_id: str, user_id: str, company_id: str) -> None:
    """An application with the resume at the company, put into the table."""
    statement = (
        "INSERT INTO applications (job_id, user_id, resume_id, company_id, job_title)"
        " VALUES (gen_random_uuid(), %s, %s, %s, 'Cook')"
    )
    execute(here.settings, "apply", statement, user_id, resume_id, company_id)


def resume(here: People, user_id: str) -> str:
    """A resume that was read, put into the table; it has no file."""
    statement = "INSERT INTO resumes (user_id, status) VALUES (%s, 'ready')"
    execute(here.settings, "resume", statement, user_id)
    ((resume_id,),) = rows(here.settings, "resume", "SELECT id FROM resumes ORDER BY created_at DESC LIMIT 1")
    return str(resume_id)
