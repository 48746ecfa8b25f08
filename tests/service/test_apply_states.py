"""The table of states over HTTP: every pair of states, asked for by everybody who could, and what comes of it."""

from itertools import product

import psycopg

from hirehub.contracts.user import UserType
from hirehub.kernel.db import access
from hirehub.kernel.settings import Settings
from tests.support.applying import ARROWS, Hiring, hiring, post
from tests.support.bus import until
from tests.support.platform import rows

APPLICANTS = {"accepted", "withdrawn"}


def expected(begin: str, end: str, actor: str) -> int:
    """The status of the answer, by the table and by who decides what."""
    if actor in ("other", "stranger"):
        return 404
    decides = "jobseeker" if end in APPLICANTS else "company"
    if actor in ("admin", "service") or (end != "submitted" and actor != decides):
        return 403
    return 200 if end in ARROWS[begin] else 409


async def test_every_pair_of_states_is_as_the_table_says_for_everybody(
    apply_db: Settings, at_once: None, cheap: None
) -> None:
    """`stranger` is a member of another company, `other` another job seeker."""
    look = "SELECT status, (SELECT count(*) FROM application_events) FROM applications"
    wrong = []
    async with hiring(apply_db) as there:
        application_id = await there.brought("reviewing")
        actors = {
            "jobseeker": there.seeker,
            "company": there.member,
            "admin": await there.here.admin(),
            "service": there.here.a_service(),
            "other": await there.here.sign_up(),
            "stranger": await there.here.sign_up(UserType.COMPANY),
        }
        await there.here.company(actors["stranger"])
        with psycopg.connect(access.dsn(apply_db, "apply", "admin"), autocommit=True) as db:
            for begin, end, (name, who) in product(ARROWS, ARROWS, actors.items()):
                db.execute("UPDATE applications SET status = %s", (begin,))
                before = db.execute(look).fetchone()
                answer = await there.decided(application_id, end, who)
                after = db.execute(look).fetchone()
                if answer.status != expected(begin, end, name):
                    wrong.append((begin, end, name, answer.status))
                assert before is not None
                if answer.status != 200:
                    assert after == before
                    continue
                assert after == (end, before[1] + 1)
                last = (await there.history(application_id))[-1]
                assert (last["from_status"], last["to_status"], last["actor_type"]) == (begin, end, name)
    assert wrong == []


async def test_the_whole_way_is_written_and_told(apply_db: Settings, at_once: None, cheap: None) -> None:
    async with hiring(apply_db) as there:
        application_id = await there.brought("accepted")
        steps = [(one["from_status"], one["to_status"]) for one in await there.history(application_id)]

        async def told() -> list[tuple[object, ...]]:
            return rows(
                apply_db,
                "bus",
                "SELECT topic, body->>'from_status', body->>'to_status', body->>'company_id', body->>'job_title'"
                " FROM fact WHERE key = %s ORDER BY position",
                application_id,
            )

        facts = await until(told, lambda found: len(found) == 6)
        about = (there.company_id, "Cook")

        async def counted() -> int:
            return int((await there.here.ask("GET", f"/jobs/{there.job_id}", who=there.member)).json["applies_count"])

        await until(counted, lambda found: found == 1)
    way = ["submitted", "reviewing", "interview_scheduled", "interview_completed", "offered", "accepted"]
    assert steps == list(zip([None, *way], way, strict=False))
    assert facts == [
        ("application.submitted", None, None, *about),
        *(("application.status_changed", begin, end, *about) for begin, end in steps[1:]),
    ]


async def test_many_change_at_once_and_each_is_told_what_became_of_it(
    apply_db: Settings, at_once: None, cheap: None
) -> None:
    async with hiring(apply_db) as there:
        seekers = [await there.here.sign_up() for _ in range(3)]
        fresh, also, gone = [await there.applied(who) for who in seekers]
        await there.decided(gone, "withdrawn", seekers[2])
        foreign = await elsewhere(there)
        unknown = "00000000-0000-7000-8000-000000000000"
        ids = [fresh, gone, foreign, unknown, also, fresh]
        body = {"ids": ids, "to_status": "reviewing", "note": "All good."}
        answer = await there.post("/bulk-status", body, there.member, **{"accept-language": "ko"})
        histories = [len(await there.history(one)) for one in (fresh, also, gone)]
        too_many = await there.post("/bulk-status", {"ids": [unknown] * 101, "to_status": "reviewing"}, there.member)
        by_admin = await there.post("/bulk-status", body, await there.here.admin())
    found = {one["id"]: (one["done"], one["status"], one["code"]) for one in answer.json["items"]}
    assert [one["id"] for one in answer.json["items"]] == ids[:-1]
    assert found == {
        fresh: (True, "reviewing", None),
        also: (True, "reviewing", None),
        gone: (False, None, "wrong_application_state"),
        foreign: (False, None, "no_such_application"),
        unknown: (False, None, "no_such_application"),
    }
    assert next(one["detail"] for one in answer.json["items"] if one["id"] == gone).endswith("할 수 없는 일입니다.")
    assert histories == [2, 2, 2]
    assert too_many.status == 422
    assert {one["code"] for one in by_admin.json["items"]} == {"forbidden", "no_such_application"}


async def elsewhere(there: Hiring) -> str:
    """An application at another company."""
    other = await there.here.sign_up(UserType.COMPANY)
    job_id = post(there.here, await there.here.company(other))
    return await there.applied(there.seeker, job_id)
