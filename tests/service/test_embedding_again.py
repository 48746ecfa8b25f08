"""Another model: what another one has made serves until it is made anew, and nobody is told a score for that."""

import asyncio
from pathlib import Path

import pytest

from hirehub.kernel.settings import Settings
from tests.service.test_matching import SERVICES, opened, tellings, told
from tests.service.test_resume_reading import RESUME, ended
from tests.service.test_resume_uploads import upload
from tests.support.bus import until
from tests.support.models import HIDDEN, endpoint, small_model
from tests.support.platform import platform, rows
from tests.support.scenes import scene

WIDER = 12
KEPT = (
    ("ai", "job_profile"),
    ("ai", "resume_profile"),
    ("ai", "job_embeddings"),
    ("resume", "resume_embeddings"),
)


def floats(settings: Settings) -> dict[str, set[object]]:
    """How many floats the vectors of each table have; None stands for a row without one."""
    return {
        table: {one for (one,) in rows(settings, service, f"SELECT vector_dims(embedding) FROM {table}")}
        for service, table in KEPT
    }


async def remade(settings: Settings, dimension: int) -> None:
    """Waits until all vectors have so many floats, and nothing waits any more."""
    await until(
        lambda: asyncio.to_thread(floats, settings),
        lambda found: set(map(frozenset, found.values())) == {frozenset([dimension])},
    )
    await until(lambda: asyncio.to_thread(rows, settings, "ai", "SELECT 1 FROM match_work"), lambda found: not found)


async def test_vectors_follow_the_model_and_what_was_told_stays(
    matching_db: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_AI__MODEL__NAME", "none")
    async with platform(matching_db, *SERVICES) as here:
        there = scene(here)
        boss, seeker = there.roles["primary"], there.roles["owner"]
        job_id = await opened(here, boss, there.company_id)
        resume_id = (await upload(here, seeker, RESUME.encode())).json["id"]
        await ended(here, seeker, f"/resumes/{resume_id}")
        await tellings(matching_db, 1)
        assert floats(matching_db) == {
            "job_profile": {None},
            "resume_profile": {None},
            "job_embeddings": set(),
            "resume_embeddings": set(),
        }
    monkeypatch.setenv("HIREHUB_AI__MODEL__NAME", str(small_model(tmp_path / "first")))
    async with platform(matching_db, *SERVICES):
        await remade(matching_db, HIDDEN)
    assert len(told(matching_db)) == 1
    with endpoint(WIDER) as served:
        monkeypatch.setenv("HIREHUB_AI__MODEL__NAME", "second")
        monkeypatch.setenv("HIREHUB_AI__MODEL__URL", served.url)
        monkeypatch.setenv("HIREHUB_AI__MODEL__DIMENSION", str(WIDER))
        monkeypatch.setenv("HIREHUB_AI__MODEL__ATTEMPTS", "1")
        served.answers += [(503, {}, {})] * 100
        async with platform(matching_db, *SERVICES, "ai.api") as here:
            later = await opened(here, boss, there.company_id, title="Data engineer")
            assert str((await tellings(matching_db, 2))[1].job_id) == later
            await here.ask("PATCH", f"/jobs/{job_id}", {"description": "Go and Rust."}, who=boss, if_match="*")
            assert str((await tellings(matching_db, 3))[2].job_id) == job_id
            assert floats(matching_db)["resume_profile"] == {HIDDEN}, (
                "the old one serves as long as there is no new one"
            )
            assert floats(matching_db)["job_profile"] == {None}, "a vector of another text serves no more"
            steps = await here.ask("GET", "/ai/tasks?task_type=embedding&status=failed", who=here.a_service())
        assert {one["error_message"] for one in steps.json["items"]} == {"model_unavailable"}
        served.answers.clear()
        async with platform(matching_db, *SERVICES):
            await remade(matching_db, WIDER)
    assert len(told(matching_db)) == 3
