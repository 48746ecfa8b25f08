"""The routes of `ai`: who may ask, vectors of texts from the own model, the log in pages."""

from typing import Final

import numpy as np
import pytest

from hirehub.kernel.ids import uuid7
from hirehub.kernel.settings import Settings
from tests.support.platform import execute, platform
from tests.support.scenes import scene

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")
TABLE: Final = {
    #                             anon othr ownr strg memb prim admn serv
    "POST /api/v1/ai/embeddings": "401 403 403 403 403 403 403 200",
    "GET /api/v1/ai/tasks": "      401 403 403 403 403 403 200 200",
}


async def test_routes_answer_each_kind_of_caller_as_the_table_says(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "ai.api") as here:
        there = scene(here)
        for route, answers in TABLE.items():
            method, _, path = route.partition(" ")
            body = {"texts": ["nurse"]} if method == "POST" else None
            found = {role: (await here.ask(method, path, body, who=there.roles[role])).status for role in ROLES}
            assert found == dict(zip(ROLES, map(int, answers.split()), strict=True)), route
        described = here.api.openapi()["paths"].items()
    known = {f"{how.upper()} {path}" for path, told in described for how, one in told.items() if "ai" in one["tags"]}
    assert known == set(TABLE)


async def test_texts_become_vectors_that_say_what_is_alike(resume_db: Settings) -> None:
    texts = ["Registered nurse on an intensive care ward", "Nursing, ICU", "C++ engineer for game engines"]
    async with platform(resume_db, "user", "ai.api") as here:
        service = here.a_service()
        answer = await here.ask("POST", "/api/v1/ai/embeddings", {"texts": texts}, who=service)
        refused = [
            (await here.ask("POST", "/api/v1/ai/embeddings", {"texts": bad}, who=service)).status
            for bad in ([], ["x"] * 65, ["x" * 8193], [1])
        ]
    told = answer.json
    nurse, icu, engineer = np.array([one["embedding"] for one in told["items"]])
    assert (told["model"].partition("@")[0], told["dimension"]) == ("all-MiniLM-L6-v2", 384)
    assert nurse @ icu > 0.5 > nurse @ engineer
    assert abs(nurse @ nurse - 1) < 1e-5
    assert refused == [422, 422, 422, 422]


async def test_the_log_is_listed_newest_first_in_pages_and_by_filter(resume_db: Settings) -> None:
    resume = uuid7()
    for number in range(5):
        execute(
            resume_db,
            "ai",
            "INSERT INTO ai_tasks (task_type, source_type, source_id, status, processing_time_ms, created_at)"
            " VALUES (%s, 'resume', %s, %s, %s, now() - %s * interval '1 minute')",
            "parsing" if number % 2 else "pii_masking",
            resume if number < 3 else uuid7(),
            "failed" if number == 4 else "completed",
            number,
            number,
        )
    async with platform(resume_db, "user", "ai.api") as here:
        admin = scene(here).roles["admin"]

        async def listed(query: str) -> list[int]:
            times, cursor = [], ""
            while True:
                page = (await here.ask("GET", f"/api/v1/ai/tasks?{query}{cursor}", who=admin)).json
                times += [one["processing_time_ms"] for one in page["items"]]
                if page["next_cursor"] is None:
                    return times
                cursor = f"&cursor={page['next_cursor']}"

        assert await listed("limit=2") == [0, 1, 2, 3, 4]
        assert await listed(f"source_type=resume&source_id={resume}") == [0, 1, 2]
        assert await listed("task_type=parsing&limit=1") == [1, 3]
        assert await listed("status=failed") == [4]
        assert await listed("source_type=job") == []
        assert (await here.ask("GET", "/api/v1/ai/tasks?status=odd", who=admin)).status == 422
        assert (await here.ask("GET", "/api/v1/ai/tasks?cursor=odd", who=admin)).status == 422


async def test_without_a_model_the_rest_works_on(resume_db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_AI__MODEL__NAME", "none")
    async with platform(resume_db, "user", "ai.api") as here:
        service = here.a_service()
        answer = await here.ask(
            "POST", "/api/v1/ai/embeddings", {"texts": ["nurse"]}, who=service, accept_language="ko"
        )
        assert (answer.status, answer.json["code"]) == (404, "no_model")
        assert "모델" in answer.json["detail"]
        assert (await here.ask("GET", "/api/v1/ai/tasks", who=service)).status == 200
