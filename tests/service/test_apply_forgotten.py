"""Applicants who are forgotten: no company writes another word about one, however close it comes to the end."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.apply.domain.applications import ApplicantGone
from hirehub.services.apply.usecases import applications, forgetting
from tests.support.applying import Hiring, hiring
from tests.support.bus import until
from tests.support.platform import rows

SOON = (datetime.now(UTC) + timedelta(days=7)).isoformat()
WORD = "zq-word-of-the-company"
SAID = "SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%%' || %s || '%%'"
TABLES = ("applications", "application_events", "interviews", "idempotency_key", "outbox")


async def set_up(there: Hiring) -> tuple[str, str, str]:
    """An application with a note, an interview that was held, and one that is ahead."""
    application_id = await there.brought("reviewing")
    path, body = f"/{application_id}/interviews", {"interview_type": "onsite", "scheduled_at": SOON}
    held, ahead = [(await there.post(path, body, there.member)).json["id"] for _ in range(2)]
    await changed(there, held, {"status": "completed"})
    return application_id, held, ahead


async def changed(there: Hiring, interview_id: str, body: object) -> Any:
    """The answer to a change by the company."""
    return await there.here.ask("PATCH", f"/interviews/{interview_id}", body, who=there.member, **{"if-match": "*"})


def said(settings: Settings) -> set[str]:
    """The tables in which the word stands."""
    return {table for table in TABLES if rows(settings, "apply", SAID.format(table=table), WORD) != [(0,)]}


async def test_nobody_writes_about_somebody_who_is_forgotten(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        application_id, held, ahead = await set_up(there)
        note, once = {"note": WORD}, {"idempotency-key": "once"}
        before = await there.post(f"/{application_id}/events", note, there.member, **once)
        known = said(apply_db)
        assert (await there.here.ask("DELETE", "/users/me", who=there.seeker)).status == 204

        async def status() -> str:
            return str((await there.state(application_id))["status"])

        await until(status, lambda found: found == "withdrawn")
        interview = {"interview_type": "onsite", "scheduled_at": SOON, "location": WORD}
        bulk = {"ids": [application_id], "to_status": "rejected", "note": WORD}
        answers = [
            await there.post(f"/{application_id}/events", note, there.member),
            await there.post(f"/{application_id}/events", note, there.member, **once),
            await changed(there, held, {"feedback": WORD}),
            await changed(there, ahead, {"feedback": WORD, "location": WORD}),
            await there.decided(application_id, "rejected", note=WORD),
            await there.post(f"/{application_id}/interviews", interview, there.member, **once),
        ]
        many = await there.post("/bulk-status", bulk, there.member)
        language = {"accept-language": "ko"}
        korean = await there.post(f"/{application_id}/events", note, there.member, **language)
        read = await there.here.ask("GET", f"/interviews/{held}", who=there.member)
        after = said(apply_db)
    assert (before.status, known) == (201, {"application_events", "idempotency_key"})
    refusals = [(answer.status, answer.json["code"]) for answer in answers]
    assert refusals == [(409, "applicant_gone")] * 4 + [(409, "wrong_application_state")] * 2
    assert (many.json["items"][0]["done"], read.status, read.json["feedback"]) == (False, 200, None)
    assert "탈퇴" in korean.json["detail"]
    assert after == set()


async def test_a_note_that_meets_the_end_is_erased_or_refused(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        ids = [await there.applied(await there.here.sign_up()) for _ in range(2)]
        first, second = [(UUID(one), UUID((await there.state(one))["user_id"])) for one in ids]
    async with await open_database(apply_db, "apply") as db:

        async def forgotten(user_id: UUID) -> None:
            async with db.transaction() as tx:
                await forgetting.forget(tx, [user_id])

        async def noted(application_id: UUID) -> None:
            async with db.transaction() as tx:
                await applications.note(tx, application_id, person=uuid4(), text=WORD)

        async with db.transaction() as tx:
            await applications.note(tx, first[0], person=uuid4(), text=WORD)
            end = await begun(forgotten(first[1]))
        await end
        async with db.transaction() as tx:
            await forgetting.forget(tx, [second[1]])
            late = await begun(noted(second[0]))
        with pytest.raises(ApplicantGone):
            await late
    payloads = rows(apply_db, "apply", "SELECT payload FROM application_events WHERE event_type = 'feedback_added'")
    assert payloads == [({"erased": True},)]
    assert said(apply_db) == set()


async def begun(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """The work as a task that waits for a lock."""
    task = asyncio.create_task(work)
    assert not (await asyncio.wait([task], timeout=0.3))[0]
    return task
