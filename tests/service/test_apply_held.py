"""Rejections that are held: seen by the company alone, taken back, told when their time is over, fallen away."""

import asyncio

import pytest

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.apply.usecases import applications
from tests.support.applying import Hiring, hiring
from tests.support.bus import until
from tests.support.platform import execute, rows

OVER = "UPDATE applications SET pending_until = now() - interval '1 second' WHERE pending_until IS NOT NULL"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that looks often for what is over."""
    monkeypatch.setenv("HIREHUB_APPLY__HOLD_INTERVAL", "0.1")


async def facts(settings: Settings, application_id: str) -> list[tuple[object, ...]]:
    return await asyncio.to_thread(
        rows, settings, "bus", "SELECT body->>'to_status' FROM fact WHERE key = %s ORDER BY position", application_id
    )


async def rejected(there: Hiring) -> str:
    """The id of an application whose rejection is held."""
    application_id = await there.brought("reviewing")
    answer = await there.decided(application_id, "rejected")
    assert (answer.status, answer.json["status"], answer.json["pending_status"]) == (200, "reviewing", "rejected")
    return application_id


async def test_a_held_rejection_is_the_companys_alone_until_its_time_is_over(
    apply_db: Settings, impatient: None, cheap: None
) -> None:
    async with hiring(apply_db) as there:
        before = await there.state(await there.brought("reviewing"), there.seeker)
        application_id = before["id"]
        await there.decided(application_id, "rejected", note="Too few years.")
        again = await there.decided(application_id, "rejected")
        company = await there.state(application_id)
        admin = await there.here.admin()
        seeker, onlooker = [await there.state(application_id, who) for who in (there.seeker, admin)]
        waiting = await there.history(application_id)
        execute(apply_db, "apply", OVER)

        async def status() -> str:
            return str((await there.state(application_id, there.seeker))["status"])

        await until(status, lambda found: found == "rejected")
        told = await until(lambda: facts(apply_db, application_id), lambda found: len(found) == 3)
        after = await there.state(application_id)
        last = (await there.history(application_id))[-1]
    assert (company["pending_status"], again.json["code"]) == ("rejected", "already_pending")
    assert seeker == before == onlooker
    assert [one["to_status"] for one in waiting] == ["submitted", "reviewing"]
    assert told == [(None,), ("reviewing",), ("rejected",)]
    assert (after["pending_status"], after["pending_until"]) == (None, None)
    assert (last["actor_id"], last["actor_type"]) == (there.member.user_id, "company")
    assert last["payload"] == {"note": "Too few years."}


async def test_it_is_held_for_an_hour_unless_the_setting_says_otherwise(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        await rejected(there)
    ((seconds,),) = rows(apply_db, "apply", "SELECT extract(epoch FROM pending_until - now())::int FROM applications")
    assert isinstance(seconds, int)
    assert 3_500 < seconds <= 3_600


async def test_it_is_taken_back_by_one_call_and_nobody_ever_hears_of_it(
    apply_db: Settings, impatient: None, cheap: None
) -> None:
    async with hiring(apply_db) as there:
        application_id = await rejected(there)
        path = f"/applications/{application_id}/pending-status"
        foreign = await there.here.ask("DELETE", path, who=there.seeker)
        back = await there.here.ask("DELETE", path, who=there.member)
        twice = await there.here.ask("DELETE", path, who=there.member)
        state = await there.state(application_id)
        await there.decided(application_id, "interview_scheduled")
        told = await until(lambda: facts(apply_db, application_id), lambda found: len(found) == 3)
    assert (foreign.status, back.status, twice.json["code"]) == (403, 204, "nothing_pending")
    assert (state["status"], state["pending_status"]) == ("reviewing", None)
    assert told == [(None,), ("reviewing",), ("interview_scheduled",)]


async def test_it_falls_away_when_the_state_changes_meanwhile(apply_db: Settings, impatient: None, cheap: None) -> None:
    async with hiring(apply_db) as there:
        withdrawn = await rejected(there)
        gone = await there.decided(withdrawn, "withdrawn", there.seeker)
        execute(apply_db, "apply", OVER)
        await asyncio.sleep(0.5)
        after = await there.state(withdrawn)
        last = (await there.history(withdrawn))[-1]
    assert gone.json["status"] == "withdrawn"
    assert (after["status"], after["pending_status"]) == ("withdrawn", None)
    assert last["to_status"] == "withdrawn"


async def test_several_processes_share_what_is_over_and_each_comes_once(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        ids = [await there.applied(await there.here.sign_up()) for _ in range(12)]
        body = {"ids": ids, "to_status": "rejected"}
        held = await there.post("/bulk-status", body, there.member)
        assert {one["pending_status"] for one in held.json["items"]} == {"rejected"}
    execute(apply_db, "apply", OVER)
    async with await open_database(apply_db, "apply") as db:

        async def one() -> int:
            async with db.transaction() as tx:
                found = await applications.release(tx, most=5)
                await asyncio.sleep(0.1)
                return found

        counts = await asyncio.gather(*(one() for _ in range(4)))
    events = rows(
        apply_db, "apply", "SELECT application_id::text FROM application_events WHERE to_status = 'rejected' ORDER BY 1"
    )
    assert sum(counts) == 12
    assert max(counts) <= 5
    assert events == [(one,) for one in sorted(ids)]
