"""Accounts over HTTP: begun, entered, kept up and ended."""

from hirehub.kernel.settings import Settings
from tests.support.people import PASSWORD, address, people


async def test_who_signs_up_can_log_in_and_see_the_account(user_db: Settings) -> None:
    body = {"email": address(), "password": PASSWORD, "user_type": "jobseeker"}
    async with people(user_db) as here:
        signed_up = await here.ask("POST", "/auth/sign-up", body)
        logged_in = await here.ask("POST", "/auth/log-in", {"email": body["email"], "password": PASSWORD})
        token = logged_in.json["access_token"]
        me = await here.ask("GET", "/users/me", authorization=f"Bearer {token}")
    assert (signed_up.status, signed_up.json) == (202, {"status": "accepted"})
    assert logged_in.status == 200
    assert logged_in.json["expires_in"] == 600
    assert me.status == 200
    assert me.json["email"] == body["email"]
    assert (me.json["user_type"], me.json["status"]) == ("jobseeker", "active")
    assert me.json["created_at"].endswith("Z")
