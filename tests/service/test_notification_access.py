"""Who may do what with notifications: every route of the service against every kind of caller, none without its row."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import pytest

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from tests.support.notices import changed, hear
from tests.support.people import People, Person
from tests.support.platform import execute, platform, rows
from tests.support.scenes import scene

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")


@dataclass(frozen=True)
class Row:
    """A route's answers by role, in the order of ROLES; things with an id are the owner's, a job seeker's."""

    route: str
    answers: str
    body: Any = None

    @property
    def expected(self) -> dict[str, int]:
        """The status for each role."""
        return dict(zip(ROLES, (int(word) for word in self.answers.split()), strict=True))


TABLE: Final = (
    #                                                      anon othr ownr strg memb prim admn serv
    Row("GET /api/v1/notifications", "                     401 200 200 200 200 200 200 403"),
    Row("POST /api/v1/notifications/read-all", "           401 200 200 200 200 200 200 403"),
    Row("POST /api/v1/notifications/{notification_id}/read", "401 404 200 404 404 404 404 403"),
    Row("GET /api/v1/notification-settings", "             401 200 200 200 200 200 200 403"),
    Row("PATCH /api/v1/notification-settings", "           401 200 200 200 200 200 200 403", {"push_enabled": False}),
    Row("GET /api/v1/devices", "                           401 200 200 200 200 200 200 403"),
    Row(
        "POST /api/v1/devices",
        "                                                  401 201 201 201 201 201 201 403",
        {"device_type": "web", "token": "t"},
    ),
    Row("DELETE /api/v1/devices/{device_id}", "            401 404 204 404 404 404 404 403"),
    Row("GET /api/v1/notification-templates", "            401 403 403 403 403 403 200 403"),
    Row("GET /api/v1/notification-templates/{template_id}", "401 403 403 403 403 403 200 403"),
    Row(
        "PATCH /api/v1/notification-templates/{template_id}",
        "                                                  401 403 403 403 403 403 200 403",
        {"is_active": True},
    ),
)


@pytest.mark.parametrize("row", TABLE, ids=[row.route for row in TABLE])
async def test_a_route_answers_each_kind_of_caller_as_the_table_says(notification_db: Settings, row: Row) -> None:
    method, _, pattern = row.route.partition(" ")
    found = {}
    async with platform(notification_db, "user", "notification") as here:
        there = scene(here)
        things = await put(here, there.roles["owner"])
        for role in ROLES:
            answer = await here.ask(method, pattern.format(**things), row.body, who=there.roles[role], if_match="*")
            found[role] = answer.status
            if answer.status in (401, 403, 404):
                assert answer.headers["content-type"] == "application/problem+json"
    assert found == row.expected


async def test_the_table_names_every_route_and_no_other(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        described = here.api.openapi()["paths"].items()
    known = {
        f"{method.upper()} {path}"
        for path, methods in described
        for method, told in methods.items()
        if "notifications" in told["tags"]
    }
    assert known == {row.route for row in TABLE}


async def test_what_is_anothers_is_neither_listed_nor_read_by_the_way(notification_db: Settings) -> None:
    async with platform(notification_db, "user", "notification") as here:
        there = scene(here)
        await put(here, there.roles["owner"])
        for path in ("/notifications", "/devices"):
            assert (await here.ask("GET", path, who=there.roles["other"])).json["items"] == []
            assert (await here.ask("GET", path, who=there.roles["owner"])).json["items"] != []
        everything = await here.ask("POST", "/notifications/read-all", who=there.roles["other"])
        unread = await here.ask("GET", "/notifications?unread=true&channel=in_app", who=there.roles["owner"])
    assert everything.json == {"read": 0}
    assert len(unread.json["items"]) == 1


async def put(here: People, owner: Person) -> dict[str, str]:
    """A notification and a device of the owner's, and any template."""
    async with await open_database(here.settings, "notification") as db:
        await hear(db, changed(owner.user_id))
    device = str(uuid4())
    statement = "INSERT INTO device_tokens (id, user_id, device_type, token) VALUES (%s, %s, 'web', %s)"
    execute(here.settings, "notification", statement, device, owner.user_id, f"token {device}")
    ((notice,),) = rows(here.settings, "notification", "SELECT id FROM notifications WHERE channel = 'in_app'")
    ((template,),) = rows(
        here.settings, "notification", "SELECT id FROM notification_templates WHERE name = 'match.digest.email.ko'"
    )
    return {"notification_id": str(notice), "device_id": device, "template_id": str(template)}
