"""The workers are killed while posts and resumes come: in the end every pair is there, once, in its newest versions."""

import random
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hirehub.kernel.db import access
from hirehub.kernel.settings import Settings
from tests.support.product import product_settings, running
from tests.support.web_client import SERVICES, Visitor, Web
from tests.torture.scene import FULL

pytestmark = pytest.mark.torture

POSTS, RESUMES, KILLS = (30, 40, 30) if FULL else (4, 5, 2)
SECONDS = 600 if FULL else 60
SERVED = ("user", "job", "resume", "match")
MISSING = (
    "SELECT count(*) FROM job_profile AS j, resume_profile AS r WHERE NOT EXISTS"
    " (SELECT 1 FROM matched_pair AS p WHERE p.job_id = j.job_id AND p.resume_id = r.resume_id)"
)
FAILED = "SELECT count(*) FROM ai_tasks WHERE status = 'failed'"
RESUME = "Experience\nEngineer, Lumen\n2019.03 ~ 2021.02\nBuilt services with Python and PostgreSQL.\nNumber {}\n"


def test_every_pair_is_there_in_the_end(tmp_path: Path) -> None:
    env = product_settings(tmp_path / "data", HIREHUB_AI__MODEL__NAME="none", HIREHUB_AI__MATCHING__POLL="0.5")
    env |= {"HIREHUB_AI__RESUMES__POLL": "0.5", "HIREHUB_RESUME__MAX_RESUMES": "100", "HIREHUB_RESUME__UPLOADS": "0/60"}
    here = f"http://127.0.0.1:{env['HIREHUB_HTTP__PORT']}"
    env |= {f"HIREHUB_SERVICES__{name.upper()}": here for name in SERVED}
    settings = Settings(data_dir=tmp_path / "data")
    with running(["serve", *SERVED], env, tmp_path / "served"):
        web = Web(dict.fromkeys(SERVICES, here))
        boss, seeker = web.sign_up("boss@example.com", "company"), web.sign_up("seeker@example.com", "jobseeker")
        company = web.ask("POST", "/companies", {"name": "Lumen"}, boss)["id"]
        chance, coming = random.Random(5), [*(["post"] * POSTS), *(["resume"] * RESUMES)]
        chance.shuffle(coming)
        for number in range(KILLS):
            share = coming[number::KILLS]
            with running(["worker"], env, tmp_path / f"worker {number}") as worker:
                for what in share:
                    comes(web, what, boss, company, seeker)
                time.sleep(chance.uniform(0, 1.5))
                worker.process.kill()
        with running(["worker"], env, tmp_path / "last"):
            wait(settings)
        pairs = rows(settings, "match", "SELECT count(*), count(DISTINCT (job_id, resume_id)) FROM matches")
        missing, failed = rows(settings, "ai", MISSING), rows(settings, "ai", FAILED)
    assert (pairs, missing, failed) == ([(POSTS * RESUMES, POSTS * RESUMES)], [(0,)], [(0,)])


def comes(web: Web, what: str, boss: Visitor, company: str, seeker: Visitor) -> None:
    """A post or a resume."""
    if what == "resume":
        web.upload(seeker, RESUME.format(time.monotonic_ns()).encode(), "Resume")
        return
    post = {"company_id": company, "title": "Engineer", "description": "Python and PostgreSQL."}
    job_id = web.ask("POST", "/jobs", post, boss)["id"]
    assert web.ask("POST", f"/jobs/{job_id}/publish", None, boss)["status"] == "open"


def wait(settings: Settings) -> None:
    """Until everything is known and matched, and has arrived."""
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        known = rows(settings, "ai", "SELECT (SELECT count(*) FROM job_profile), (SELECT count(*) FROM resume_profile)")
        waiting = rows(settings, "ai", "SELECT (SELECT count(*) FROM match_work), (SELECT count(*) FROM resume_work)")
        stored = rows(settings, "match", "SELECT count(*) FROM matches")
        if (known, waiting, stored) == ([(POSTS, RESUMES)], [(0, 0)], [(POSTS * RESUMES,)]):
            return
        time.sleep(0.2)
    raise AssertionError(f"known {known}, waiting {waiting}, stored {stored}")


def rows(settings: Settings, service: str, statement: str) -> list[tuple[Any, ...]]:
    """What the administrator reads in a service's database."""
    with psycopg.connect(access.dsn(settings, service, "admin")) as db:
        return db.execute(statement.encode()).fetchall()
