"""From an uploaded resume to its visible matches among thousands of posts, and a post against thousands of resumes.

The product runs as `hirehub up` does, in a process of its own, with posts out of files: --data names a folder with
jobs/*.parquet and resumes/livecareer.parquet, as real as can be had. They are repeated until there are enough; each
gets another number into its title, so that no two are the same. Their vectors are drawn by chance and put beside, as
making them takes minutes; searching them costs the same. The bare side scores the same pairs in a loop, without
a database, a wire or evidence to write.
"""

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.matching_rows import posts, put_resumes, put_vectors, resumes, score_all
from hirehub.kernel.db import access
from hirehub.kernel.settings import Settings
from tests.support.product import product_settings, running
from tests.support.web_client import SERVICES, Visitor, Web

UNLIMITED = {
    "HIREHUB_RESUME__UPLOADS": "0/3600",
    "HIREHUB_RESUME__MAX_RESUMES": "100000",
    "HIREHUB_HTTP__REQUEST_TIMEOUT": "60",
}


def ai(settings: Settings, statement: str, *params: object) -> list[tuple[Any, ...]]:
    """What the administrator reads in the database of `ai`."""
    with psycopg.connect(access.dsn(settings, "ai", "admin")) as db:
        return db.execute(statement.encode(), params).fetchall()


def quiet(settings: Settings, count: int, told: str) -> float:
    """Seconds until so many posts are known and nothing waits."""
    began = time.perf_counter()
    statement = "SELECT (SELECT count(*) FROM job_profile), (SELECT count(*) FROM match_work)"
    while (now := ai(settings, statement)[0]) != (count, 0):
        print(f"\r{told}: {now[0]:,} known, {now[1]:,} wait ", end="", file=sys.stderr)
        time.sleep(0.5)
    print(file=sys.stderr)
    return time.perf_counter() - began


@contextmanager
def product(folder: Path, env: dict[str, str]) -> Iterator[tuple[Web, Settings, dict[str, str]]]:
    """The running product."""
    with running(["up", "--no-sample"], env, folder / "up"):
        web = Web(dict.fromkeys(SERVICES, f"http://127.0.0.1:{env['HIREHUB_HTTP__PORT']}"))
        yield web, Settings(data_dir=folder / "data"), env


def imported(web: Web, env: dict[str, str], folder: Path, data: Path, count: int) -> tuple[Visitor, str, int]:
    """A company with so many open posts, less those whose text the product refuses; how many there are."""
    boss = web.sign_up("boss@example.com", "company")
    company: str = web.ask("POST", "/companies", {"name": "Lumen"}, boss)["id"]
    file = folder / "posts.jsonl"
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in posts(data, count)))
    words = ["jobs", "import", str(file), "--company", company, "--open", "--json"]
    done = subprocess.run([sys.executable, "-m", "hirehub", *words], env=_env(env), stdout=subprocess.PIPE, check=False)
    return boss, company, json.loads(done.stdout)["stored"]


def _env(env: dict[str, str]) -> dict[str, str]:
    import os

    return {**os.environ, **env}


def uploads(web: Web, data: Path, count: int) -> list[float]:
    """Seconds from sending each file to the first answer that shows matches."""
    who = web.sign_up("seeker@example.com", "jobseeker")
    found = []
    for text in itertools.islice(resumes(data), count):
        began = time.perf_counter()
        resume_id = web.upload(who, text.encode(), "Resume")
        while not web.ask("GET", f"/matches?resume_id={resume_id}", None, who)["items"]:
            time.sleep(0.02)
        found.append(time.perf_counter() - began)
    return found


def steps(settings: Settings, source: str) -> dict[str, dict[str, float]]:
    """Median milliseconds of each step of the work, and of what the last one counts."""
    found: dict[str, dict[str, list[float]]] = {}
    for kind, millis, output in ai(
        settings,
        "SELECT task_type, processing_time_ms, output_data FROM ai_tasks WHERE source_type = %s"
        " AND status = 'completed' AND created_at > now() - interval '1 hour'",
        source,
    ):
        rows = found.setdefault(kind, {})
        for name, value in {"ms": millis, **(output or {})}.items():
            if name in ("ms", "candidates", "told", "search_ms", "score_ms"):
                rows.setdefault(name, []).append(value)
    return {kind: {name: statistics.median(values) for name, values in rows.items()} for kind, rows in found.items()}


def rematched(web: Web, settings: Settings, boss: Visitor, company: str, data: Path, count: int) -> dict[str, Any]:
    """A post that asks for other skills, against so many resumes: seconds until nothing waits, and its steps."""
    put_resumes(settings, data, count)
    post = next(one for one in posts(data, 100) if len(one["description"]) > 1_000)
    del post["reference"]
    made = web.ask("POST", "/jobs", {"company_id": company, **post}, boss)
    web.ask("POST", f"/jobs/{made['id']}/publish", None, boss)["status"]
    known = 1 + int(ai(settings, "SELECT count(*) FROM job_profile WHERE job_id <> %s", made["id"])[0][0])
    quiet(settings, known, "matching the post")
    began = time.perf_counter()
    skills = [{"name": name} for name in ("Python", "SQL", "Java")]
    web.ask("PUT", f"/jobs/{made['id']}/skills", {"skills": skills}, boss)["items"]
    while (done := _steps_of(settings, made["id"])) is None or len(done) < 2:
        time.sleep(0.05)
    return {"seconds": time.perf_counter() - began, "steps": done[-1]}


def _steps_of(settings: Settings, job_id: str) -> list[dict[str, Any]] | None:
    statement = (
        "SELECT output_data || jsonb_build_object('ms', processing_time_ms) FROM ai_tasks"
        " WHERE source_id = %s AND task_type = 'matching' ORDER BY created_at"
    )
    return [row[0] for row in ai(settings, statement, job_id)]


def main() -> None:
    """Prints the figures, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--posts", type=int, default=5_000)
    parser.add_argument("--resumes", type=int, default=10_000)
    parser.add_argument("--uploads", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        env = product_settings(Path(name) / "data", **UNLIMITED)
        with product(Path(name), {**env, "HIREHUB_AI__MODEL__NAME": "none"}) as (web, settings, first):
            _, company, count = imported(web, first, Path(name), asked.data, asked.posts)
            loading = quiet(settings, count, "reading posts")
            put_vectors(settings)
        result = {"posts": count, "posts_per_second": count / loading}
        with product(Path(name), env) as (web, settings, _):
            print(json.dumps({**result, **measured(web, settings, company, asked)}, indent=None if asked.json else 2))


def measured(web: Web, settings: Settings, company: str, asked: argparse.Namespace) -> dict[str, Any]:
    """The figures of uploads, then of a post that is matched anew."""
    boss = web.log_in("boss@example.com")
    seconds = sorted(uploads(web, asked.data, asked.uploads))
    upload = {
        "p50": statistics.median(seconds),
        "p95": seconds[int(len(seconds) * 0.95)],
        "most": seconds[-1],
        "steps": steps(settings, "resume"),
        "bare_score_ms": score_all(settings, asked.data) * 1_000,
    }
    rematch = rematched(web, settings, boss, company, asked.data, asked.resumes)
    return {"upload": upload, "rematch": rematch}


if __name__ == "__main__":
    main()
