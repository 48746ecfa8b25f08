"""Results become matches: the newest of a pair stands, whatever order facts come in, and nobody is told twice."""

import asyncio
from decimal import Decimal
from itertools import permutations

import pytest

from hirehub.kernel.settings import Settings
from hirehub.services.match.settings import MatchSettings
from tests.support.bus import until
from tests.support.matching import Pair, desk, tell
from tests.support.platform import platform, rows

STANDS = "SELECT overall_score::text, job_version, resume_version, ai_reasoning FROM matches"
TITLES = "SELECT body->>'job_title' FROM outbox WHERE topic = 'match.recommended'"
PARTS = "SELECT overall_score, skill_score, experience_score, culture_score, low_score, high_score FROM matches"


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
async def test_the_newest_result_stands_in_whatever_order_they_come(match_alone: Settings, together: bool) -> None:
    pair = Pair()
    facts = [
        pair.calculated("10.00", versions=(1, 1), minute=9),
        pair.calculated("20.00", versions=(2, 1), minute=1),
        pair.calculated("30.00", versions=(2, 2), minute=2),
        pair.calculated("40.00", versions=(2, 2), minute=3),
    ]
    async with desk(match_alone) as here:
        for order in permutations(facts):
            async with here.db.transaction() as tx:
                await tx.execute("DELETE FROM matches")
            if together:
                await here.hear(*order)
            else:
                for fact in order:
                    await here.hear(fact)
            assert here.rows(STANDS) == [("40.00", 2, 2, "근거 3.")]


@pytest.mark.parametrize("versions", [(3, 1), (1, 3)])
async def test_a_result_of_one_older_version_never_overwrites(match_alone: Settings, versions: tuple[int, int]) -> None:
    pair = Pair()
    async with desk(match_alone) as here:
        await here.hear(pair.calculated("50.00", versions=(2, 2)))
        await here.hear(pair.calculated("90.00", versions=versions, minute=5))
        assert here.rows(STANDS) == [("50.00", 2, 2, "근거 0.")]


async def test_what_is_not_known_stays_unknown_and_all_that_was_told_is_kept(match_alone: Settings) -> None:
    async with desk(match_alone) as here:
        await here.hear(Pair().calculated(None, "0.00", "100.00", skill=None))
        assert here.rows(PARTS) == [(None, None, None, None, Decimal(0), Decimal(100))]
        ((kept,),) = here.rows("SELECT score_breakdown FROM matches")
    assert isinstance(kept, dict)
    assert kept["replay"] == {"resume": "a" * 64, "job": "b" * 64, "weights": "c" * 64, "code": "d" * 64}
    assert kept["weights"] == {"skill": 50, "experience": 35, "culture": 15}
    assert kept["reasoning"] == {"ko": "근거 0.", "en": "Reason 0."}
    assert kept["evidence"][0]["resume"] == [{"page": 1, "start": 10, "end": 16}]


@pytest.mark.parametrize("first", ["result", "end"])
@pytest.mark.parametrize("what", ["resume", "person"])
async def test_of_what_is_gone_nothing_stays_and_nothing_comes(match_alone: Settings, what: str, first: str) -> None:
    gone, other = Pair(), Pair()
    end = gone.resume_removed() if what == "resume" else gone.user_removed()
    async with desk(match_alone) as here:
        told = [gone.calculated(), other.calculated()]
        await here.hear(*((*told, end) if first == "result" else (end, *told)))
        await here.hear(gone.calculated("99.00", versions=(9, 9), minute=9))
        assert here.rows("SELECT resume_id FROM matches") == [(other.resume_id,)]
        recommended = {str(user_id) for user_id, _, _ in here.told()}
    assert recommended == ({str(gone.user_id), str(other.user_id)} if first == "result" else {str(other.user_id)})


async def test_a_removal_waits_for_results_that_are_being_stored_and_takes_them_along(match_alone: Settings) -> None:
    """Without the lock that both take, the result below would be stored after its resume has gone."""
    pair = Pair()
    async with desk(match_alone) as here, desk(match_alone) as there:
        fact = pair.calculated()
        async with here.db.transaction() as tx:
            await here.working[fact.topic](tx, [fact])
            removing = asyncio.create_task(there.hear(pair.resume_removed()))
            await asyncio.sleep(0.2)
            assert not removing.done()
        await removing
        assert here.rows("SELECT count(*) FROM matches") == [(0,)]


async def test_a_person_hears_of_a_post_once_and_never_again(match_alone: Settings) -> None:
    first = Pair()
    second = Pair(job_id=first.job_id, user_id=first.user_id, company_id=first.company_id)
    below = Pair(user_id=first.user_id)
    async with desk(match_alone) as here:
        await here.hear(first.calculated("70.00"), second.calculated("90.00"), below.calculated("59.99"))
        assert here.told() == [(str(first.user_id), str(first.job_id), "90.00")]
        await here.hear(first.calculated("10.00", versions=(2, 2)), second.calculated("10.00", versions=(2, 2)))
        await here.hear(first.calculated("95.00", versions=(3, 3)))
        assert len(here.told()) == 1
        await here.hear(below.calculated("60.00", versions=(1, 2)))
        assert here.told()[1:] == [(str(below.user_id), str(below.job_id), "60.00")]


async def test_a_recommendation_bears_the_title_of_the_posts_latest_version(match_alone: Settings) -> None:
    first, nameless = Pair(), Pair()
    second = Pair(job_id=first.job_id, company_id=first.company_id)
    async with desk(match_alone) as here:
        await here.hear(
            first.calculated(versions=(2, 1), title="Head cook"),
            second.calculated(versions=(1, 1), title="Cook"),
            nameless.calculated(),
        )
        assert sorted(str(title) for (title,) in here.rows(TITLES)) == ["Head cook", "Head cook", "None"]


async def test_what_is_sure_decides_and_the_line_is_a_setting(match_alone: Settings) -> None:
    unsure, plain, empty = Pair(), Pair(), Pair()
    async with desk(match_alone, MatchSettings(line=75)) as here:
        await here.hear(
            unsure.calculated("90.00", "74.99", "95.00"),
            plain.calculated("75.00", None, None),
            empty.calculated(None, None, None),
        )
        assert [job_id for _, job_id, _ in here.told()] == [str(plain.job_id)]
        assert here.rows("SELECT count(*) FROM matches WHERE is_recommended") == [(1,)]


async def test_a_closed_post_is_recommended_once_it_opens(match_alone: Settings) -> None:
    pair = Pair()
    closed, opened = pair.post("closed"), pair.post("open", title="Cook")
    async with desk(match_alone) as here:
        await here.hear(closed)
        await here.hear(pair.calculated())
        assert here.told() == []
        await here.hear(opened)
        assert len(here.told()) == 1
        assert here.rows(TITLES) == [("Cook",)]
        await here.hear(closed)  # told again, and older than what is known
        assert here.rows("SELECT status FROM post") == [("open",)]


async def test_results_reach_the_tables_over_the_bus_and_recommendations_the_bus(match_db: Settings) -> None:
    pairs = [Pair() for _ in range(5)]
    async with platform(match_db, "user", "match"):
        await tell(match_db, [pair.calculated() for pair in pairs])

        async def told() -> object:
            statement = "SELECT count(*) FROM fact WHERE topic = 'match.recommended'"
            return (await asyncio.to_thread(rows, match_db, "bus", statement))[0][0]

        assert await until(told, lambda count: count == 5) == 5
    assert rows(match_db, "match", "SELECT count(*) FROM matches") == [(5,)]
