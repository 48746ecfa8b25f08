"""Lists, details, recommendations and feedback over HTTP, and the score that an application gets."""

from uuid import UUID

from hirehub.kernel.settings import Settings
from tests.support.applying import Hiring, hiring
from tests.support.bus import until
from tests.support.matching import Pair, desk, tell
from tests.support.people import Person
from tests.support.platform import execute, platform, rows


async def test_matches_of_a_post_come_best_first_and_an_unknown_lifts_none(match_db: Settings) -> None:
    first = Pair()
    ranges = [
        ("known 60", "60.00", "60.00", "60.00"),
        ("unknown 60", "100.00", "60.00", "100.00"),
        ("known 70", "70.00", "70.00", "70.00"),
        ("nothing", None, "0.00", "100.00"),
        ("none of it", "0.00", "0.00", "0.00"),
        ("without range", "99.00", None, None),
    ]
    pairs = {name: Pair(job_id=first.job_id, company_id=first.company_id) for name, *_ in ranges}
    async with platform(match_db, "user", "match") as here, desk(match_db) as working:
        await working.hear(*(pairs[name].calculated(*scores) for name, *scores in ranges))
        names = {str(pair.resume_id): name for name, pair in pairs.items()}
        path, cursor, seen = f"/matches?job_id={first.job_id}&limit=4", "", []
        while True:
            answer = (await here.ask("GET", path + cursor, who=here.a_service())).json
            seen += [names[one["resume_id"]] for one in answer["items"]]
            if answer["next_cursor"] is None:
                break
            cursor = f"&cursor={answer['next_cursor']}"
        strong = await here.ask("GET", f"{path}&min_score=99&recommended=true", who=here.a_service())
        spoilt = await here.ask("GET", f"{path}&cursor=abc", who=here.a_service())
        described = here.api.openapi()
    assert seen == ["known 70", "known 60", "unknown 60", "none of it", "nothing", "without range"]
    assert {names[one["resume_id"]] for one in strong.json["items"]} == {"unknown 60", "without range"}
    assert spoilt.json["code"] == "bad_cursor"
    told = [described["paths"][f"/api/v1/{name}"]["get"]["description"] for name in ("matches", "recommendations")]
    assert all("by `low_score`, not" in text or "highest `low_score`, not" in text for text in told)
    assert (
        "lists sort by it" in described["components"]["schemas"]["MatchOut"]["properties"]["low_score"]["description"]
    )


async def test_a_detail_explains_itself_in_the_language_that_is_asked(match_db: Settings) -> None:
    async with platform(match_db, "user", "match") as here, desk(match_db) as working:
        who = await here.sign_up()
        await working.hear(Pair(user_id=UUID(who.user_id)).calculated("80.00", "70.00", "90.00"))
        ((match_id,),) = rows(match_db, "match", "SELECT id FROM matches")
        plain = await here.ask("GET", f"/matches/{match_id}", who=who)
        english = await here.ask("GET", f"/matches/{match_id}", who=who, **{"accept-language": "en-GB, ko;q=0.5"})
        korean = await here.ask("GET", f"/matches/{match_id}", who=who, **{"accept-language": "ko"})
    assert [one.json["ai_reasoning"] for one in (plain, english, korean)] == ["근거 0.", "Reason 0.", "근거 0."]
    assert english.headers["content-language"] == "en"
    assert (plain.json["overall_score"], plain.json["low_score"], plain.json["culture_score"]) == (80.0, 70.0, None)
    (evidence,) = plain.json["score_breakdown"]["evidence"]
    assert evidence["share"] == 1.0
    assert evidence["resume"] == [{"page": 1, "start": 10, "end": 16}]
    assert plain.json["score_breakdown"]["replay"]["code"] == "d" * 64


async def test_a_person_is_recommended_each_open_post_once_by_the_best_of_his_resumes(match_db: Settings) -> None:
    async with platform(match_db, "user", "match") as here, desk(match_db) as working:
        who = await here.sign_up()
        user_id = UUID(who.user_id)
        posts = [Pair(user_id=user_id) for _ in range(3)]
        again = Pair(job_id=posts[0].job_id, company_id=posts[0].company_id, user_id=user_id)
        await working.hear(*(one.calculated(f"{70 + place}.00") for place, one in enumerate(posts)))
        await working.hear(again.calculated("99.00"), Pair(user_id=user_id).calculated("59.00"))

        async def jobs() -> list[str]:
            seen, cursor = [], ""
            while True:
                answer = (await here.ask("GET", f"/recommendations?limit=2{cursor}", who=who)).json
                seen += [one["resume_id"] for one in answer["items"]]
                if answer["next_cursor"] is None:
                    return seen
                cursor = f"&cursor={answer['next_cursor']}"

        best = [str(one.resume_id) for one in (again, posts[2], posts[1])]
        assert await jobs() == best
        await working.hear(posts[2].post("closed"))
        assert await jobs() == [best[0], best[2]]
        await working.hear(posts[2].post("open"))
        assert await jobs() == best


async def test_what_somebody_says_of_a_match_replaces_what_he_said_before(match_db: Settings) -> None:
    async with platform(match_db, "user", "match") as here, desk(match_db) as working:
        who = await here.sign_up()
        await working.hear(Pair(user_id=UUID(who.user_id)).calculated())
        ((match_id,),) = rows(match_db, "match", "SELECT id FROM matches")
        path = f"/matches/{match_id}/feedback"
        nothing = await here.ask("GET", path, who=who)
        said = {"feedback_type": "helpful"}
        first = await here.ask("POST", path, said, who=who, **{"idempotency-key": "k"})
        other = await here.ask("POST", path, {"feedback_type": "not_helpful"}, who=who)
        again = await here.ask("POST", path, said, who=who, **{"idempotency-key": "k"})
        now = await here.ask("GET", path, who=who)
    assert nothing.json["code"] == "no_feedback"
    assert first.json == again.json
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.json["id"], now.json["feedback_type"]) == (first.json["id"], "not_helpful")
    kept = rows(match_db, "match", "SELECT feedback_type, feedback_by FROM match_feedback")
    assert kept == [("not_helpful", UUID(who.user_id))]


async def test_an_application_bears_the_score_of_its_match_and_never_waits_for_one(match_db: Settings) -> None:
    async with hiring(match_db, "user", "job", "apply", "match") as there:
        scored, plain = there.resumes.of(there.seeker), await there.here.sign_up()
        pair = Pair(UUID(there.job_id), UUID(scored), UUID(there.seeker.user_id), UUID(there.company_id))
        await tell(match_db, [pair.calculated("87.50")])

        async def stored() -> int:
            return len(rows(match_db, "match", "SELECT 1 FROM matches"))

        await until(stored, lambda count: count == 1)
        seen = [await applied(there, there.seeker, scored), await applied(there, plain)]
        execute(match_db, "match", "ALTER TABLE matches RENAME TO hidden")
        try:
            seen.append(await applied(there, await there.here.sign_up()))
        finally:
            execute(match_db, "match", "ALTER TABLE hidden RENAME TO matches")

        async def told() -> list[tuple[object, ...]]:
            statement = "SELECT body->>'match_score' FROM fact WHERE topic = 'application.submitted' ORDER BY position"
            return rows(match_db, "bus", statement)

        assert await until(told, lambda found: len(found) == 3) == [("87.50",), (None,), (None,)]
    assert seen == [87.5, None, None]


async def applied(there: Hiring, who: Person, resume_id: str | None = None) -> float | None:
    """The score of a new application as the company sees it."""
    body = {"job_id": there.job_id, "resume_id": resume_id or there.resumes.of(who)}
    answer = await there.post("", body, who)
    assert answer.status == 201, answer.body
    score: float | None = (await there.state(answer.json["id"]))["match_score"]
    return score
