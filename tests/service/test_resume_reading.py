"""From an uploaded file to a resume that its owner can read: text, masked, parsed, told of."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from hirehub.kernel.calls import Calls
from hirehub.kernel.db import open_database
from hirehub.kernel.errors import Broken
from hirehub.kernel.settings import Settings
from hirehub.runtime.clients import ResumeFilesOverHttp
from hirehub.services.ai.settings import ResumeSettings
from hirehub.services.ai.worker import ResumeWorker
from tests.service.test_resume_uploads import upload
from tests.support import documents as made
from tests.support.bus import until
from tests.support.people import NOBODY, People, Person
from tests.support.platform import execute, platform, rows
from tests.support.shared import shared_dir

SECRET = "applicant@example.com"
RESUME = f"""Contact
E-mail: {SECRET}
Phone: 010-5550-0123

Experience
Backend engineer, Lumen Works
2019.03 ~ 2021.02
Built services with Python, PostgreSQL and Kubernetes.

Education
Bachelor, Computer Science
2013.03 - 2019.02

Skills
Python, PostgreSQL, Kubernetes, Go
"""
SERVICES = ("user", "resume", "ai.worker")


async def ended(here: People, who: Person, path: str) -> dict[str, Any]:
    """The resume, once the work on it has ended."""

    async def seen() -> dict[str, Any]:
        found: dict[str, Any] = (await here.ask("GET", path, who=who)).json
        return found

    return await until(seen, lambda found: found["status"] != "processing")


async def test_a_resume_is_read_masked_and_parsed_and_nobody_keeps_what_was_masked(resume_db: Settings) -> None:
    async with platform(resume_db, *SERVICES) as here:
        who = await here.sign_up()
        path = f"/resumes/{(await upload(here, who, RESUME.encode())).json['id']}"
        found = await ended(here, who, path)
        jobs = (await here.ask("GET", f"{path}/experiences", who=who)).json["items"]
        skills = (await here.ask("GET", f"{path}/skills", who=who)).json["items"]
        told = await until(
            lambda: asyncio.to_thread(
                rows, resume_db, "bus", "SELECT body->>'status' FROM fact WHERE topic = 'resume.processed'"
            ),
            bool,
        )
    assert (found["status"], found["status_reason"]) == ("ready", None)
    assert SECRET not in json.dumps(found)
    assert "[email]" in found["masked_content"]
    assert [(job["start_date"], job["end_date"]) for job in jobs] == [("2019-03-01", "2021-02-01")]
    assert {"Python", "PostgreSQL", "Kubernetes", "Go"} <= {skill["skill_name"] for skill in skills}
    assert told == [("ready",)]
    for service in ("resume", "ai", "bus"):
        assert not _holding(resume_db, service, SECRET)
    assert found["ai_summary"].startswith("Latest position: Backend engineer; the jobs listed cover 2 years.")
    logged = rows(resume_db, "ai", "SELECT task_type, status, processing_time_ms >= 0 FROM ai_tasks ORDER BY 1 DESC")
    assert logged[:3] == [(step, "completed", True) for step in ("summary", "pii_masking", "parsing")]


@pytest.mark.parametrize(
    ("content", "reason", "told"),
    [
        (b"%PDF-1.7\nnothing", "document_damaged", ("The file is damaged.", "파일이 손상되었습니다.")),
        (b" \n ", "document_empty", ("It holds no text.", "글자가 없는 파일입니다.")),
    ],
)
async def test_a_file_that_cannot_be_read_ends_with_a_reason_and_the_next_is_read(
    resume_db: Settings, content: bytes, reason: str, told: tuple[str, str]
) -> None:
    async with platform(resume_db, *SERVICES) as here:
        who = await here.sign_up()
        broken, sound = await upload(here, who, content), await upload(here, who, RESUME.encode())
        failed = await ended(here, who, f"/resumes/{broken.json['id']}")
        read = await ended(here, who, f"/resumes/{sound.json['id']}")
        korean = await here.ask("GET", f"/resumes/{broken.json['id']}", who=who, accept_language="ko")
        events = await here.ask("GET", f"/resumes/{broken.json['id']}/events", who=who, accept_language="ko")
    assert (failed["status"], failed["status_reason"]) == ("error", reason)
    assert (failed["status_message"], read["status_message"]) == (told[0], None)
    assert korean.json["status_message"] == told[1]
    assert json.loads(events.body.split(b"data: ")[1])["status_message"] == told[1]
    assert read["status"] == "ready"


async def test_a_file_that_is_lost_is_an_error_that_the_log_of_the_work_shows(
    resume_db: Settings,
) -> None:
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        path = f"/resumes/{(await upload(here, who, RESUME.encode())).json['id']}"
    shutil.rmtree(resume_db.data_dir / "files" / "resumes" / "original" / who.user_id)
    async with platform(resume_db, *SERVICES) as here:
        found = await ended(here, who, path)
        original = await here.ask("GET", f"{path}/original", who=who)
    assert (original.status, original.json["code"]) == (404, "no_such_file")
    assert (found["status"], found["status_reason"]) == ("error", "no_such_file")
    logged = rows(resume_db, "ai", "SELECT task_type, status, error_message FROM ai_tasks WHERE source_type = 'resume'")
    assert logged == [("pii_masking", "failed", "no_such_file")]


async def test_a_file_that_takes_long_holds_no_end_and_is_read_by_the_next(resume_db: Settings) -> None:
    slow = made.pdf([[(20.0, 780.0 - 5 * line, "word " * 12) for line in range(150)]] * 30, size=4)
    async with platform(resume_db, *SERVICES) as here:
        who = await here.sign_up()
        path = f"/resumes/{(await upload(here, who, slow)).json['id']}"
        (reader,) = await until(lambda: asyncio.to_thread(_readers), bool)
        os.kill(int(reader), signal.SIGSTOP)
        began = time.monotonic()
    await until(lambda: asyncio.to_thread(_readers), lambda left: not left)
    took = time.monotonic() - began
    async with platform(resume_db, *SERVICES) as here:
        assert (await ended(here, who, path))["status"] == "ready"
    assert took < ResumeSettings().seconds / 2


def _readers() -> list[str]:
    """The processes that read a file now."""
    kept = subprocess.run(["pgrep", "-f", "-P", str(os.getpid()), "resume_work"], capture_output=True, text=True)
    parents = ",".join(kept.stdout.split())
    found = subprocess.run(["pgrep", "-P", parents], capture_output=True, text=True) if parents else kept
    return found.stdout.split()


async def test_real_files_are_read(resume_db: Settings) -> None:
    folder = shared_dir() / "data" / "resumes"
    paths = [*sorted((folder / "pdf").glob("*.pdf"))[:2], *sorted((folder / "docx").glob("*.docx"))[:2]]
    async with platform(resume_db, *SERVICES) as here:
        who = await here.sign_up()
        sent = [await upload(here, who, path.read_bytes()) for path in paths]
        found = [await ended(here, who, f"/resumes/{answer.json['id']}") for answer in sent]
    assert [(one["status"], one["status_reason"]) for one in found] == [("ready", None)] * 4
    assert all(len(one["masked_content"]) > 300 for one in found)


async def test_work_waits_while_nobody_has_said_where_the_other_service_is(resume_db: Settings) -> None:
    statement = "INSERT INTO resume_work (resume_id, user_id) SELECT id, id FROM gen_random_uuid() AS id"
    execute(resume_db, "ai", statement)
    calls = Calls(resume_db)
    async with await open_database(resume_db, "ai") as db:
        worker = ResumeWorker(db, ResumeFilesOverHttp(calls), ResumeSettings())
        assert await worker.work_one()
        assert not await worker.work_one()
    assert rows(resume_db, "ai", "SELECT attempts, due_at > now() FROM resume_work") == [(1, True)]


async def test_what_was_read_may_be_larger_than_other_bodies(resume_db: Settings) -> None:
    most = resume_db.http.max_body
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        path = f"/resumes/{(await upload(here, who, RESUME.encode())).json['id']}"
        outcome = {"status": "ready", "masked_content": "가" * most}
        read = await here.ask("PUT", path, outcome, who=here.a_service())
        chunk = {"text": "가" * 1_000, "vector": [1 / 3] * 1_536}
        kept = await here.ask("PUT", f"{path}/chunks", {"chunks": [chunk] * 64}, who=here.a_service())
        others = [await here.ask("PUT", path, {"masked_content": "a" * most}, who=one) for one in (who, NOBODY)]
        huge = [
            await here.ask("PUT", f"{path}/chunks", content, who=here.a_service())
            for content in (b'{"chunks": [{"text": "a", "vector": [%s]}]}' % value for value in (b"1e76", b"NaN"))
        ]
    assert (read.status, kept.status) == (200, 200)
    assert [one.status for one in huge] == [422, 422]
    assert [(one.status, one.json["code"]) for one in others] == [(413, "body_too_large")] * 2


class Refused:
    """Files of a service that refuses to hear what was read: a fault that no later attempt mends."""

    def __init__(self) -> None:
        self.told: list[object] = []

    async def original(self, _resume_id: UUID) -> bytes:
        """The same file for all."""
        return RESUME.encode()

    async def finish(self, _resume_id: UUID, outcome: Mapping[str, object]) -> bool:
        """Takes errors alone."""
        if outcome["status"] != "error":
            raise Broken("The service resume answered 422 to ai.")
        self.told.append(outcome["reason"])
        return True


async def test_a_fault_is_told_after_a_few_attempts_not_after_minutes(resume_db: Settings) -> None:
    execute(resume_db, "ai", "INSERT INTO resume_work (resume_id, user_id) SELECT id, id FROM gen_random_uuid() AS id")
    files, settings, tried = Refused(), ResumeSettings(backoff=0.001), 0
    async with await open_database(resume_db, "ai") as db:
        worker = ResumeWorker(db, files, settings)
        while not files.told:
            tried += await worker.work_one()
            await asyncio.sleep(0.01)
    assert (files.told, tried, settings.attempts) == (["broken"], 3, 8)


def _holding(settings: Settings, service: str, value: str) -> list[str]:
    """The tables of a service in whose rows the value stands."""
    tables = rows(settings, service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [
        str(name)
        for (name,) in tables
        if rows(settings, service, f"SELECT 1 FROM {name} AS t WHERE t::text LIKE %s LIMIT 1", f"%{value}%")
    ]
