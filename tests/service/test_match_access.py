"""Who may do what with matches: every route against every kind of caller, and no route without its row."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from hirehub.kernel.settings import Settings
from tests.support.matching import Pair, desk
from tests.support.people import People
from tests.support.platform import platform, rows
from tests.support.scenes import Scene, scene

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")
"""`owner` is the owner of the resume; `member` and `primary` are of the company whose post it is held against."""

MATCH: Final = "/api/v1/matches/{match_id}"
SAY: Final = f"POST {MATCH}/feedback"
LIST: Final = "GET /api/v1/matches?"


@dataclass(frozen=True)
class Row:
    """A route's answers by role, in the order of ROLES."""

    route: str
    answers: str
    body: Any = None

    @property
    def expected(self) -> dict[str, int]:
        """The status for each role."""
        return dict(zip(ROLES, (int(word) for word in self.answers.split()), strict=True))


def _says(word: str) -> dict[str, str]:
    return {"feedback_type": word}


TABLE: Final = (
    #                                                               anon othr ownr strg memb prim admn serv
    Row(f"{LIST}", "                                                401 422 422 422 422 422 422 422"),
    Row(f"{LIST}job_id={{job_id}}", "                               401 403 403 404 200 200 200 200"),
    Row(f"{LIST}job_id={{job_id}}&recommended=true&min_score=1", "  401 403 403 404 200 200 200 200"),
    Row(f"{LIST}resume_id={{resume_id}}", "                         401 404 200 403 403 403 200 200"),
    Row(f"{LIST}job_id={{job_id}}&resume_id={{resume_id}}", "       401 404 200 404 200 200 200 200"),
    Row(f"{LIST}job_id={{unknown}}", "                              401 403 403 200 200 200 200 200"),
    Row(f"{LIST}resume_id={{unknown}}", "                           401 200 200 403 403 403 200 200"),
    Row(f"GET {MATCH}", "                                           401 404 200 404 200 200 200 200"),
    Row("GET /api/v1/matches/{unknown}", "                          401 404 404 404 404 404 404 404"),
    Row(SAY, "                   401 404 201 404 201 201 403 403", _says("helpful")),
    Row(
        f"POST {MATCH}/feedback",
        "                                 401 404 201 404 201 201 403 403",
        _says("not_helpful"),
    ),
    Row(SAY, "                   401 404 403 404 201 201 403 403", _says("hired")),
    Row(
        f"POST {MATCH}/feedback", "                                 401 404 403 404 201 201 403 403", _says("rejected")
    ),
    Row(SAY, "                   401 422 422 422 422 422 422 422", _says("nice")),
    Row(f"GET {MATCH}/feedback", "                                  401 404 200 404 200 200 403 403"),
    Row("GET /api/v1/recommendations", "                            401 200 200 403 403 403 403 403"),
)


async def test_each_route_answers_each_kind_of_caller_as_the_table_says(match_db: Settings) -> None:
    async with platform(match_db, "user", "match") as here:
        there = scene(here)
        ids = await put(here, there)
        for row in TABLE:
            found = await walk(here, there, row, ids)
            assert (row.route, row.body, found) == (row.route, row.body, row.expected)
        described = here.api.openapi()["paths"].items()
        refused = await here.ask("GET", "/matches", who=there.roles["member"], **{"accept-language": "ko"})
        others = await here.ask("GET", "/recommendations", who=there.roles["other"])
    assert refused.json["code"] == "which_matches"
    assert refused.json["detail"] == "어느 공고나 이력서의 매칭 결과인지 알려 주세요."
    assert others.json == {"items": [], "next_cursor": None}
    routes = {
        f"{method.upper()} {path}"
        for path, methods in described
        for method, told in methods.items()
        if "matches" in told["tags"]
    }
    assert routes == {row.route.partition("?")[0] for row in TABLE if "unknown" not in row.route}


async def walk(here: People, there: Scene, row: Row, ids: dict[str, str]) -> dict[str, int]:
    """The status of a route for each role; twice each, as the second answer may come out of the cache."""
    method, _, pattern = row.route.partition(" ")
    found: dict[str, int] = {}
    for role in ROLES:
        for _ in range(2):
            answer = await here.ask(method, pattern.format(**ids), row.body, who=there.roles[role])
            assert found.setdefault(role, answer.status) == answer.status
        if answer.status in (401, 403, 404):
            assert answer.headers["content-type"] == "application/problem+json"
        elif "items" in answer.json and role in ("owner", "member") and "unknown" not in row.route:
            assert [one["id"] for one in answer.json["items"]] == [ids["match_id"]]
    return found


async def put(here: People, there: Scene) -> dict[str, str]:
    """A match of `owner` with a post of the company."""
    pair = Pair(user_id=UUID(there.roles["owner"].user_id), company_id=UUID(there.company_id))
    async with desk(here.settings) as working:
        await working.hear(pair.calculated())
    ((match_id,),) = rows(here.settings, "match", "SELECT id FROM matches")
    ids = {"match_id": match_id, "job_id": pair.job_id, "resume_id": pair.resume_id, "unknown": Pair().job_id}
    return {name: str(value) for name, value in ids.items()}
