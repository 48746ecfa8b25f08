"""A POST that is sent again: the same answer, and nothing created twice."""

import asyncio

import pytest

from hirehub.contracts.user import UserType
from hirehub.kernel.http.idempotency import forget_old
from hirehub.kernel.settings import Settings
from tests.support.people import people

pytestmark = pytest.mark.usefixtures("cheap")

BODY = {"name": "Lumen"}
KEY = {"idempotency_key": "a-key"}


async def test_the_same_key_and_body_give_the_same_answer(user_db: Settings) -> None:
    async with people(user_db) as here:
        who = await here.sign_up(UserType.COMPANY)
        first = await here.ask("POST", "/companies", BODY, who=who, **KEY)
        again = await here.ask("POST", "/companies", BODY, who=who, **KEY)
        fresh = await here.ask("POST", "/companies", BODY, who=who, idempotency_key="another")
        none = await here.ask("POST", "/companies", BODY, who=who)
    assert (first.status, again.status, again.json) == (201, 201, first.json)
    assert again.headers["location"] == first.headers["location"]
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert len({answer.json["id"] for answer in (first, again, fresh, none)}) == 3


async def test_twins_at_once_create_one(user_db: Settings) -> None:
    async with people(user_db) as here:
        who = await here.sign_up(UserType.COMPANY)
        answers = await asyncio.gather(*(here.ask("POST", "/companies", BODY, who=who, **KEY) for _ in range(6)))
        [(count,)] = here.rows("SELECT count(*) FROM companies")
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == count == 1


async def test_a_key_of_another_body_is_refused(user_db: Settings) -> None:
    async with people(user_db) as here:
        who = await here.sign_up(UserType.COMPANY)
        await here.ask("POST", "/companies", BODY, who=who, **KEY)
        other = await here.ask("POST", "/companies", {"name": "Other"}, who=who, **KEY)
        long = await here.ask("POST", "/companies", BODY, who=who, idempotency_key="k" * 256)
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    assert long.status == 422


async def test_a_key_belongs_to_its_caller_and_its_route(user_db: Settings) -> None:
    async with people(user_db) as here:
        first, second = await here.sign_up(UserType.COMPANY), await here.sign_up(UserType.COMPANY)
        made = [await here.ask("POST", "/companies", BODY, who=who, **KEY) for who in (first, second)]
        path = f"/companies/{made[0].json['id']}/members"
        invited = await here.ask("POST", path, {"email": "invited@example.com"}, who=first, **KEY)
    assert made[0].json["id"] != made[1].json["id"]
    assert invited.status == 201


async def test_a_request_that_failed_leaves_its_key_free(user_db: Settings) -> None:
    async with people(user_db) as here:
        who = await here.sign_up(UserType.COMPANY)
        body = {**BODY, "business_number": "000-00-00002"}
        taken = (await here.ask("POST", "/companies", body, who=who)).json["id"]
        refused = await here.ask("POST", "/companies", body, who=who, **KEY)
        change = {"business_number": None}
        assert (await here.ask("PATCH", f"/companies/{taken}", change, who=who, if_match="*")).status == 200
        passed = await here.ask("POST", "/companies", body, who=who, **KEY)
    assert (refused.status, passed.status) == (409, 201)


async def test_an_invitation_that_is_sent_again_goes_out_once(user_db: Settings) -> None:
    async with people(user_db) as here:
        who = await here.sign_up(UserType.COMPANY)
        path, body = f"/companies/{await here.company(who)}/members", {"email": "twice@example.com"}
        for _ in range(2):
            assert (await here.ask("POST", path, body, who=who, **KEY)).status == 201
        assert len(await here.mails("twice@example.com")) == 1


async def test_a_key_is_forgotten_after_a_day(user_db: Settings) -> None:
    async with people(user_db) as here:
        who = await here.sign_up(UserType.COMPANY)
        first = await here.ask("POST", "/companies", BODY, who=who, **KEY)
        here.execute("UPDATE idempotency_key SET created_at = now() - interval '25 hours'")
        async with here.service.db.transaction() as tx:
            assert await forget_old(tx) == 1
        again = await here.ask("POST", "/companies", BODY, who=who, **KEY)
    assert again.json["id"] != first.json["id"]
