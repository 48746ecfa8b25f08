"""Who ends an account is forgotten everywhere: no table, no file and no log keeps a word of or about that person."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from hirehub.kernel.db import access, open_database
from hirehub.kernel.settings import Settings
from hirehub.runtime.modules import MODULES
from hirehub.services.apply.usecases.rebuild import rebuild
from tests.support.product import Product, product_settings, running
from tests.support.web_client import SERVICES as ADDRESSED
from tests.support.web_client import Visitor, Web

EMAIL: Final = "forgotten-person@example.com"
WORDS: Final = {
    name: f"zq{number}zq-{name}"
    for number, name in enumerate(
        ("name", "title", "file", "employer", "letter", "note", "reason", "place", "feedback", "device"), 1
    )
}
TRACES: Final = (EMAIL, *WORDS.values())
RESUME: Final = f"E-mail: {EMAIL}\n\nExperience\nEngineer, {WORDS['employer']}\n2019.03 ~ 2021.02\nPython\n"
SERVICES: Final = ("user", "job", "resume", "apply", "match", "ai.worker", "notification")
BARE: Final = {"bus.fact", "apply.applications", "notification.notifications", "match.removed_resume"}
"""Where the id of a resume that is no more may stay: in facts, in the bare application, in what a company was told, and
where late facts about it are turned away.
"""


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product of its own that logs as much as it can."""
    env = product_settings(
        tmp_path / "data",
        HIREHUB_LOG__LEVEL="debug",
        HIREHUB_RESUME__REMOVAL_INTERVAL="0.2",
        HIREHUB_AI__RESUMES__POLL="0.2",
    )
    with running(["serve", *SERVICES], env, tmp_path / "product") as up:
        yield up


def test_a_person_who_leaves_is_forgotten_everywhere(product: Product) -> None:
    web = Web(dict.fromkeys(ADDRESSED, f"http://127.0.0.1:{product.env['HIREHUB_HTTP__PORT']}"))
    settings = Settings(data_dir=Path(product.env["HIREHUB_DATA_DIR"]))
    boss, seeker = web.sign_up("boss@example.com", "company"), web.sign_up(EMAIL, "jobseeker")
    application_id, resume_id = applied(web, boss, seeker)
    decided(web, boss, application_id)
    web.until("/notifications?channel=email", seeker, lambda found: found["items"])
    web.until(f"/matches?resume_id={resume_id}", seeker, lambda found: found["items"])
    before = traces(settings, product)
    assert {word for words in before.values() for word in words} == set(TRACES)
    assert {"apply.application_events", "apply.idempotency_key", "resume.resumes", "files", "mail"} <= set(before)
    assert {"ai.resume_profile", "match.matches"} <= rows_about(settings, resume_id)
    assert web.ask("DELETE", "/users/me", None, seeker).status == 204
    waited(lambda: not traces(settings, product), lambda: traces(settings, product))
    found = web.ask("GET", f"/applications/{application_id}", None, boss).body
    history = web.ask("GET", f"/applications/{application_id}/events", None, boss)["items"]
    assert (found["status"], found["cover_letter"]) == ("withdrawn", None)
    assert (history[-1]["to_status"], history[-1]["actor_type"]) == ("withdrawn", "system")
    assert [one["payload"] for one in history if one["event_type"] == "feedback_added"] == [{"erased": True}]
    assert asyncio.run(differences(settings)) == (1, ())
    waited(lambda: rows_about(settings, resume_id) <= BARE, lambda: rows_about(settings, resume_id))


def applied(web: Web, boss: Visitor, seeker: Visitor) -> tuple[str, str]:
    """An application of the person with everything that somebody can write, and its resume."""
    company = web.ask("POST", "/companies", {"name": "Lumen"}, boss)["id"]
    post = {"company_id": company, "title": "Engineer", "description": "Engineers. Python."}
    job = web.ask("POST", "/jobs", post, boss)["id"]
    assert web.ask("POST", f"/jobs/{job}/publish", None, boss)["status"] == "open"
    resume = web.upload(seeker, RESUME.encode(), WORDS["title"], f"{WORDS['file']}.txt", idempotency_key="once")
    web.until(f"/resumes/{resume}", seeker, lambda found: found["status"] == "ready")
    assert web.ask("PATCH", "/profiles/me", {"name": WORDS["name"]}, seeker, if_match="*").status == 200
    device = {"device_type": "web", "token": WORDS["device"]}
    assert web.ask("POST", "/devices", device, seeker, idempotency_key="once").status == 201
    letter = {"job_id": job, "resume_id": resume, "cover_letter": WORDS["letter"]}
    return web.ask("POST", "/applications", letter, seeker, idempotency_key="once")["id"], resume


def decided(web: Web, boss: Visitor, application_id: str) -> None:
    """What a company writes about an applicant."""
    path = f"/applications/{application_id}"
    assert web.ask("POST", f"{path}/status", {"to_status": "reviewing", "note": WORDS["reason"]}, boss).status == 200
    assert web.ask("POST", f"{path}/events", {"note": WORDS["note"]}, boss, idempotency_key="once").status == 201
    soon = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    place = {"interview_type": "onsite", "scheduled_at": soon, "location": WORDS["place"]}
    interview = web.ask("POST", f"{path}/interviews", place, boss, idempotency_key="once")["id"]
    feedback = {"feedback": WORDS["feedback"]}
    assert web.ask("PATCH", f"/interviews/{interview}", feedback, boss, if_match="*").status == 200


def traces(settings: Settings, product: Product) -> dict[str, list[str]]:
    """Where something of the person is found: tables, files, kept mails, the log."""
    found = {**in_tables(settings, TRACES)}
    for place in ("files", "mail"):
        paths = [path for path in (settings.data_dir / place).rglob("*") if path.is_file()]
        text = "".join(f"{path} {path.read_bytes().decode(errors='replace')}" for path in paths)
        found[place] = [trace for trace in TRACES if trace in text]
    found["log"] = [trace for trace in TRACES if trace in product.said()]
    return {place: words for place, words in found.items() if words}


def in_tables(settings: Settings, wanted: tuple[str, ...]) -> Mapping[str, list[str]]:
    """By service and table, which of the words stand in some row."""
    found: dict[str, list[str]] = {}
    for module in (one for one in MODULES if one.name in (*SERVICES, "ai", "bus")):
        with psycopg.connect(access.dsn(settings, module.name, "admin")) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (table,) in tables:
                statement = f"SELECT DISTINCT word FROM {table} AS t, unnest(%s::text[]) AS word WHERE t::text ~ word"
                held = [row[0] for row in connection.execute(statement.encode(), (list(wanted),))]
                found[f"{module.name}.{table}"] = held
    return found


def rows_about(settings: Settings, resume_id: str) -> set[str]:
    """The tables that still name the resume: by its id alone."""
    return {table for table, held in in_tables(settings, (resume_id,)).items() if held}


async def differences(settings: Settings) -> tuple[int, tuple[object, ...]]:
    """How many applications there are, and which are not as their history says."""
    async with await open_database(settings, "apply") as db:
        report = await rebuild(db)
    return report.applications, report.differences


def waited(look: Callable[[], Any], told: Callable[[], object] = lambda: "") -> None:
    """Returns once it is so; AssertionError with what is seen when it does not become so."""
    for _ in range(150):
        if look():
            return
        time.sleep(0.2)
    raise AssertionError(told())
