"""Who may do what with applications: every route against every kind of caller, and no route without its row."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from hirehub.kernel.settings import Settings
from tests.support.applying import Resumes, post
from tests.support.platform import execute, platform, rows
from tests.support.scenes import Scene, scene

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")
"""`owner` is the applicant; `member` and `primary` are of the company that he applies to."""

APPLICATION: Final = "/api/v1/applications/{application_id}"
INTERVIEW: Final = "/api/v1/interviews/{interview_id}"
SENT: Final = "/api/v1/sent-resumes/{resume_id}/companies/{company_id}"
SCHEDULE: Final = {"interview_type": "phone", "scheduled_at": "SOON"}


@dataclass(frozen=True)
class Row:
    """A route's answers by role, in the order of ROLES, about an application in that state."""

    route: str
    status: str
    answers: str
    body: Any = None

    @property
    def expected(self) -> dict[str, int]:
        """The status for each role."""
        return dict(zip(ROLES, (int(word) for word in self.answers.split()), strict=True))


def _to(status: str) -> dict[str, str]:
    return {"to_status": status}


TABLE: Final = (
    #                                                                  anon othr ownr strg memb prim admn serv
    Row("POST /api/v1/applications", "reviewing", "                    401 201 201 403 403 403 403 403", "APPLY"),
    Row("GET /api/v1/applications", "reviewing", "                     401 200 200 422 422 422 200 200"),
    Row("GET /api/v1/applications?company_id=", "reviewing", "         401 200 200 403 200 200 200 200"),
    Row(f"GET {APPLICATION}", "reviewing", "                           401 404 200 404 200 200 200 200"),
    Row(
        f"POST {APPLICATION}/status",
        "submitted",
        "                   401 404 403 404 200 200 403 403",
        _to("reviewing"),
    ),
    Row(
        f"POST {APPLICATION}/status", "reviewing", "                   401 404 403 404 200 200 403 403", _to("rejected")
    ),
    Row(
        f"POST {APPLICATION}/status",
        "reviewing",
        "                   401 404 200 404 403 403 403 403",
        _to("withdrawn"),
    ),
    Row(
        f"POST {APPLICATION}/status", "offered", "                     401 404 200 404 403 403 403 403", _to("accepted")
    ),
    Row(f"DELETE {APPLICATION}/pending-status", "reviewing", "         401 404 403 404 409 409 403 403"),
    Row(f"DELETE {APPLICATION}/pending-status", "pending", "           401 404 403 404 204 204 403 403"),
    Row("POST /api/v1/applications/bulk-status", "reviewing", "        401 200 200 200 200 200 200 200", "BULK"),
    Row(f"GET {APPLICATION}/events", "reviewing", "                    401 404 200 404 200 200 200 200"),
    Row(
        f"POST {APPLICATION}/events", "reviewing", "                   401 404 403 404 201 201 403 403", {"note": "Hm."}
    ),
    Row(f"GET {APPLICATION}/interviews", "reviewing", "                401 404 200 404 200 200 200 200"),
    Row(f"POST {APPLICATION}/interviews", "reviewing", "               401 404 403 404 201 201 403 403", SCHEDULE),
    Row(f"GET {INTERVIEW}", "reviewing", "                             401 404 200 404 200 200 200 200"),
    Row(
        f"PATCH {INTERVIEW}",
        "reviewing",
        "                           401 404 403 404 200 200 403 403",
        {"feedback": "Hm."},
    ),
    Row(f"GET {SENT}", "reviewing", "                                  401 403 403 403 403 403 403 200"),
    Row(f"GET {SENT}", "withdrawn", "                                  401 403 403 403 403 403 403 404"),
    Row(f"GET {INTERVIEW}/calendar.ics", "reviewing", "                401 404 200 404 200 200 200 200"),
)


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.route} {row.status} {row.body}" for row in TABLE])
async def test_a_route_answers_each_kind_of_caller_as_the_table_says(apply_db: Settings, row: Row) -> None:
    method, _, pattern = row.route.partition(" ")
    resumes, found = Resumes(), {}
    async with platform(apply_db, "user", "job", "apply", beside={"resume": resumes.part()}) as here:
        there = scene(here)
        job_id = post(here, there.company_id)
        for role in ROLES:
            who = there.roles[role]
            ids = prepared(apply_db, there, row.status)
            path = pattern.format(**ids)
            path += there.company_id if path.endswith("=") else ""
            body = row.body
            if body == "APPLY":
                body = {"job_id": job_id, "resume_id": resumes.of(who) if who.user_id else ids["application_id"]}
            elif body == "BULK":
                body = {"ids": [ids["application_id"]], "to_status": "interview_scheduled"}
            elif body is SCHEDULE:
                body = {**SCHEDULE, "scheduled_at": soon(apply_db)}
            answer = await here.ask(method, path, body, who=who, if_match="*")
            found[role] = answer.status
            if answer.status in (401, 403, 404):
                assert answer.headers["content-type"] == "application/problem+json"
            if row.body == "BULK" and role in ("member", "primary"):
                assert answer.json["items"][0]["done"]
            elif row.body == "BULK" and role != "anonymous":
                assert not answer.json["items"][0]["done"]
    assert found == row.expected


async def test_the_table_names_every_route_and_no_other(apply_db: Settings) -> None:
    async with platform(apply_db, "user", "job", "apply") as here:
        described = here.api.openapi()["paths"].items()
    known = {
        f"{method.upper()} {path}"
        for path, methods in described
        for method, told in methods.items()
        if {"applications", "interviews"} & set(told["tags"])
    }
    assert known == {row.route.partition("?")[0] for row in TABLE}


def prepared(settings: Settings, there: Scene, status: str) -> dict[str, str]:
    """The ids of an application of `owner` for a post of its own, put into the tables, and of an interview."""
    held = "'rejected', now() + interval '1 hour', gen_random_uuid()" if status == "pending" else "NULL, NULL, NULL"
    execute(
        settings,
        "apply",
        "INSERT INTO applications (job_id, user_id, resume_id, company_id, job_title, status, pending_status,"
        " pending_until, pending_by)"
        f" VALUES (gen_random_uuid(), %s, gen_random_uuid(), %s, 'Cook', %s, {held})",
        there.roles["owner"].user_id,
        there.company_id,
        "reviewing" if status == "pending" else status,
    )
    statement = "SELECT id, resume_id FROM applications ORDER BY applied_at DESC LIMIT 1"
    ((application_id, resume_id),) = rows(settings, "apply", statement)
    execute(
        settings,
        "apply",
        "INSERT INTO interviews (application_id, interview_type, scheduled_at, duration_minutes)"
        " VALUES (%s, 'phone', now() + interval '1 day', 30)",
        application_id,
    )
    ((interview_id,),) = rows(settings, "apply", "SELECT id FROM interviews ORDER BY created_at DESC LIMIT 1")
    ids = {"application_id": application_id, "interview_id": interview_id, "resume_id": resume_id}
    return {**{name: str(one) for name, one in ids.items()}, "company_id": there.company_id}


def soon(settings: Settings) -> str:
    """A moment ahead of the database's clock."""
    ((moment,),) = rows(settings, "apply", "SELECT to_json(now() + interval '1 day')")
    return str(moment)
