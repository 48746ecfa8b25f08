"""Applications over HTTP: sent once, with what is one's own, seen by those whom they concern."""

import asyncio
from collections import Counter
from uuid import UUID, uuid4

from hirehub.contracts.user import UserType
from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.apply.handlers import HANDLERS
from hirehub.services.apply.usecases.rebuild import rebuild
from tests.support.applying import WAY, hiring, post
from tests.support.bus import until
from tests.support.matching import Pair
from tests.support.people import Person
from tests.support.platform import execute, platform, rows


async def test_fifty_clicks_at_once_are_one_application(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        body = {"job_id": there.job_id, "resume_id": there.resumes.of(there.seeker)}
        answers = await asyncio.gather(*(there.post("", body, there.seeker) for _ in range(50)))

        async def told() -> list[tuple[object, ...]]:
            return rows(apply_db, "bus", "SELECT key FROM fact WHERE topic = 'application.submitted'")

        facts = await until(told, lambda found: len(found) >= 1)
    assert Counter(answer.status for answer in answers) == {201: 1, 409: 49}
    assert {answer.json["code"] for answer in answers if answer.status == 409} == {"already_applied"}
    made = next(answer.json for answer in answers if answer.status == 201)
    assert rows(apply_db, "apply", "SELECT id::text, status FROM applications") == [(made["id"], "submitted")]
    assert rows(apply_db, "apply", "SELECT from_status, to_status FROM application_events") == [(None, "submitted")]
    assert facts == [(made["id"],)]
    await assert_rebuilt(apply_db, 1)


async def test_who_is_gone_applies_for_nothing_with_a_token_that_still_holds(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        execute(apply_db, "apply", "INSERT INTO tombstone (id) VALUES (%s)", there.seeker.user_id)
        body = {"job_id": there.job_id, "resume_id": there.resumes.of(there.seeker)}
        refused = await there.post("", body, there.seeker)
    assert (refused.status, refused.json["code"]) == (401, "unauthenticated")
    assert rows(apply_db, "apply", "SELECT count(*) FROM applications") == [(0,)]


async def test_fifty_applications_then_fifty_decisions_at_once_end_in_one_state_each(
    apply_db: Settings, at_once: None, cheap: None
) -> None:
    """Five people click ten times each; then each accepts and withdraws while the company rejects."""
    async with hiring(apply_db) as there:
        seekers = [await there.here.sign_up() for _ in range(5)]
        bodies = [{"job_id": there.job_id, "resume_id": there.resumes.of(who)} for who in seekers]
        clicks = [there.post("", body, who) for _ in range(10) for body, who in zip(bodies, seekers, strict=True)]
        sent = await asyncio.gather(*clicks)
        ids = [answer.json["id"] for answer in sent if answer.status == 201]
        for step in WAY[1:-1]:
            await there.post("/bulk-status", {"ids": ids, "to_status": step}, there.member)
        whose = {one: who for who in seekers for one in ids if (await there.state(one))["user_id"] == who.user_id}
        wanted = [
            (one, end) for end in ("accepted", "withdrawn", "rejected", "accepted", "withdrawn") * 2 for one in ids
        ]
        answers = await asyncio.gather(
            *(there.decided(one, end, None if end == "rejected" else whose[one]) for one, end in wanted)
        )
        states = {one: (await there.state(one))["status"] for one in ids}
        histories = {one: await there.history(one) for one in ids}
    assert Counter(answer.status for answer in sent) == {201: 5, 409: 45}
    assert Counter(answer.status for answer in answers) == {200: 5, 409: 45}
    done = [pair for pair, answer in zip(wanted, answers, strict=True) if answer.status == 200]
    assert sorted(done) == sorted(states.items())
    for one, history in histories.items():
        assert [event["to_status"] for event in history] == [*WAY[:-1], states[one]]
        assert [event["number"] for event in history] == list(range(1, 7))
    await assert_rebuilt(apply_db, 5)


async def assert_rebuilt(settings: Settings, count: int) -> None:
    """That the histories alone say every state."""
    async with await open_database(settings, "apply") as db:
        report = await rebuild(db)
    assert (report.applications, report.differences) == (count, ())


async def test_a_key_makes_one_application_of_two_requests_even_when_the_post_has_closed(
    apply_db: Settings, cheap: None
) -> None:
    async with hiring(apply_db) as there:
        body = {"job_id": there.job_id, "resume_id": there.resumes.of(there.seeker)}
        first = await there.post("", body, there.seeker, **{"idempotency-key": "k"})
        await there.here.ask("POST", f"/jobs/{there.job_id}/close", who=there.member)
        again = await there.post("", body, there.seeker, **{"idempotency-key": "k"})
        reused = await there.post("", {**body, "cover_letter": "Hi."}, there.seeker, **{"idempotency-key": "k"})
    assert (first.status, again.status, again.headers["idempotency-replayed"]) == (201, 201, "true")
    assert first.body == again.body
    assert (first.json["match_score"], first.json["job_title"]) == (None, "Cook")
    assert (reused.status, reused.json["code"]) == (422, "idempotency_key_reused")


async def test_only_an_open_post_and_ones_own_resume_will_do(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        own, other = there.resumes.of(there.seeker), there.resumes.of(await there.here.sign_up())
        unread, bad = (there.resumes.of(there.seeker, status) for status in ("processing", "error"))
        closed, draft = (post(there.here, there.company_id, status) for status in ("closed", "draft"))
        tries = {
            "post_not_open": (closed, own),
            "no_such_post": (draft, own),
            "no_such_resume": (there.job_id, other),
            "resume_unreadable": (there.job_id, bad),
        }
        refused = {
            code: await there.post("", {"job_id": job_id, "resume_id": resume_id}, there.seeker)
            for code, (job_id, resume_id) in tries.items()
        }
        unknown = [
            await there.post("", {"job_id": job_id, "resume_id": resume_id}, there.seeker)
            for job_id, resume_id in ((str(uuid4()), own), (there.job_id, str(uuid4())))
        ]
        language = {"accept-language": "ko"}
        korean = await there.post("", {"job_id": closed, "resume_id": own}, there.seeker, **language)
        illegible = await there.post("", {"job_id": there.job_id, "resume_id": bad}, there.seeker, **language)
        none = rows(apply_db, "apply", "SELECT * FROM applications")
        early = await there.post("", {"job_id": there.job_id, "resume_id": unread}, there.seeker)
    assert {code: answer.json["code"] for code, answer in refused.items()} == {code: code for code in tries}
    assert [answer.json["code"] for answer in unknown] == ["no_such_post", "no_such_resume"]
    assert korean.json["detail"] == "마감된 공고입니다."
    assert (illegible.status, illegible.json["detail"]) == (409, "읽지 못한 이력서로는 지원할 수 없습니다.")
    assert (none, early.status) == ([], 201)


async def test_where_nobody_runs_the_service_resume_that_is_said(apply_db: Settings, cheap: None) -> None:
    async with platform(apply_db, "user", "job", "apply") as here:
        company = await here.sign_up(UserType.COMPANY)
        job_id = post(here, await here.company(company))
        body = {"job_id": job_id, "resume_id": str(uuid4())}
        answer = await here.ask("POST", "/applications", body, who=await here.sign_up())
    assert (answer.status, answer.json["code"]) == (503, "service_unavailable")


async def test_everybody_lists_what_concerns_him(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        other = await there.here.sign_up(UserType.COMPANY)
        second = post(there.here, await there.here.company(other))
        seekers = [there.seeker, *[await there.here.sign_up() for _ in range(4)]]
        made = [await there.applied(who) for who in seekers]
        foreign = await there.applied(there.seeker, second)

        async def ids(who: Person, query: str = "") -> list[str]:
            answer = await there.here.ask("GET", f"/applications{query}", who=who)
            assert answer.status == 200, answer.body
            return [item["id"] for item in answer.json["items"]]

        own = await ids(there.seeker)
        of_job = await ids(there.member, f"?job_id={there.job_id}")
        of_company = await ids(there.member, f"?company_id={there.company_id}")
        crossed = await ids(there.member, f"?company_id={there.company_id}&job_id={second}")
        everything = await ids(await there.here.admin())
        first = await there.here.ask("GET", f"/applications?company_id={there.company_id}&limit=3", who=there.member)
        rest = await ids(there.member, f"?company_id={there.company_id}&cursor={first.json['next_cursor']}")
        await there.decided(made[0], "reviewing")
        reviewing = await ids(there.member, f"?job_id={there.job_id}&status=reviewing")
        refused = [
            await there.here.ask("GET", f"/applications{query}", who=there.member)
            for query in ("", f"?job_id={second}", f"?job_id={uuid4()}", f"?job_id={there.job_id}&cursor=WzFd")
        ]
    assert own == [foreign, made[0]]
    assert of_job == of_company == list(reversed(made))
    assert crossed == []
    assert everything == [foreign, *reversed(made)]
    assert [item["id"] for item in first.json["items"]] + rest == list(reversed(made))
    assert reviewing == [made[0]]
    assert [answer.json["code"] for answer in refused] == ["which_applications", "forbidden", "forbidden", "bad_cursor"]


async def test_nobody_applies_after_the_end_of_a_post_that_is_not_closed_yet(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        execute(apply_db, "job", "UPDATE jobs SET expires_at = now() - interval '1 second'")
        late = {"job_id": there.job_id, "resume_id": there.resumes.of(there.seeker)}
        refused = await there.post("", late, there.seeker)
        execute(apply_db, "job", "UPDATE jobs SET expires_at = now() + interval '1 hour'")
        taken = await there.post("", late, there.seeker)
    assert (refused.status, refused.json["code"], taken.status) == (409, "post_not_open", 201)


async def test_a_score_that_comes_after_the_application_is_kept_and_no_other_takes_its_place(
    apply_db: Settings, cheap: None
) -> None:
    async with hiring(apply_db) as there:
        application_id = await there.applied()
        before = await there.state(application_id)
        pair = Pair(UUID(there.job_id), UUID(before["resume_id"]), UUID(there.seeker.user_id))
        scores = []
        async with await open_database(apply_db, "apply") as db:
            for facts in (
                [pair.calculated(None)],
                [pair.calculated("61.50"), Pair().calculated()],
                [pair.calculated()],
            ):
                async with db.transaction() as tx:
                    await HANDLERS["match.calculated"](tx, facts)
                scores.append((await there.state(application_id))["match_score"])
            withdrawn = await there.brought("withdrawn", await there.applied(job_id=post(there.here, there.company_id)))
            ended = await there.state(withdrawn)
            over = Pair(UUID(ended["job_id"]), UUID(ended["resume_id"]), UUID(there.seeker.user_id))
            async with db.transaction() as tx:
                await HANDLERS["match.calculated"](tx, [over.calculated()])
            assert (await there.state(withdrawn))["match_score"] is None
    assert (before["match_score"], scores) == (None, [None, 61.5, 61.5])


async def test_the_applicant_sees_nothing_of_what_the_company_notes(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        application_id = await there.applied()
        await there.decided(application_id, "reviewing", note="Looks able.")
        noted = await there.post(f"/{application_id}/events", {"note": "Call twice."}, there.member)
        await there.decided(application_id, "withdrawn", there.seeker, note="Found another.")
        company = await there.history(application_id)
        seeker = await there.history(application_id, there.seeker)
        short = await there.here.ask("GET", f"/applications/{application_id}/events?limit=2", who=there.seeker)
        path = f"/applications/{application_id}/events?limit=2&cursor={short.json['next_cursor']}"
        rest = await there.here.ask("GET", path, who=there.seeker)
    assert (noted.status, noted.json["event_type"], noted.json["payload"]) == (
        201,
        "feedback_added",
        {"note": "Call twice."},
    )
    assert [one["payload"] for one in company] == [
        None,
        {"note": "Looks able."},
        {"note": "Call twice."},
        {"note": "Found another."},
    ]
    assert [one["payload"] for one in seeker] == [None, None, {"note": "Found another."}]
    assert [one["actor_id"] for one in seeker] == [there.seeker.user_id, None, there.seeker.user_id]
    assert [one["number"] for one in short.json["items"] + rest.json["items"]] == [1, 2, 4]
