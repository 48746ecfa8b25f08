"""Posts and resumes for the benchmark of matching, out of a folder of real ones."""

import datetime as dt
import hashlib
import itertools
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import psycopg
import pyarrow.parquet as pq

from hirehub.contracts.resume import ResumeText
from hirehub.kernel.db import access
from hirehub.kernel.settings import Settings
from hirehub.services.ai.embedding.opening import open_embedder
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.parsing.rows import experience_row
from hirehub.services.ai.profiles.resumes import resume_profile
from hirehub.services.ai.profiles.values import Profile, from_json, to_json
from hirehub.services.ai.scoring.model import PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.scorer import score
from hirehub.services.ai.scoring.versions import digest
from hirehub.services.ai.settings import AiSettings

_CANDIDATES = 600


def posts(data: Path, count: int) -> Iterator[dict[str, Any]]:
    """So many posts, as `hirehub jobs import` takes them."""
    rows = []
    for name, body in (("en", "description"), ("ko_developer", "main_tasks"), ("ko_general", "main_tasks")):
        found = pq.read_table(data / "jobs" / f"{name}.parquet").to_pylist()
        rows += [(row["title"], row[body], row["requirements"]) for row in found if row["title"] and row[body]]
    for number in range(count):
        title, body, asked = rows[number % len(rows)]
        yield {
            "title": f"{title[:180]} #{number}",
            "description": body[:40_000],
            "requirements": (asked or "")[:40_000] or None,
            "reference": str(number),
        }


def resumes(data: Path) -> Iterator[str]:
    """Texts of resumes, for ever."""
    texts = pq.read_table(data / "resumes" / "livecareer.parquet", columns=["text"]).column(0).to_pylist()
    yield from itertools.cycle(texts)


def put_resumes(settings: Settings, data: Path, count: int) -> None:
    """So many profiles of resumes, put beside the product; those of the same text are of different people."""
    today = dt.datetime.now(dt.UTC).date()
    random = np.random.default_rng(7)
    texts = {text: _profile(text, today) for text in set(itertools.islice(resumes(data), min(count, 981)))}
    with psycopg.connect(access.dsn(settings, "ai", "admin")) as db:
        model = db.execute("SELECT min(model) FROM job_profile").fetchone()
        for text in itertools.islice(resumes(data), count):
            own, vector = texts[text], random.normal(size=384)
            _put(db, own, str((vector / np.linalg.norm(vector)).tolist()), model[0] if model else None)


def put_vectors(settings: Settings) -> None:
    """A vector for each post, put beside the product, as if the model had made it."""
    random = np.random.default_rng(3)
    model = open_embedder(AiSettings().model, settings.data_dir).model
    with psycopg.connect(access.dsn(settings, "ai", "admin")) as db, db.cursor() as cursor:
        ids = [row[0] for row in db.execute("SELECT job_id FROM job_profile").fetchall()]
        vectors = random.normal(size=(len(ids), 384))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        rows = [(model, str(vector.tolist()), one) for one, vector in zip(ids, vectors, strict=True)]
        cursor.executemany("UPDATE job_profile SET model = %s, embedding = %s::vector WHERE job_id = %s", rows)


def _profile(text: str, today: dt.date) -> Profile:
    parsed = parse_resume([(1, text)], today=today)
    skills = [{"skill_name": one.name} for one in parsed.skills]
    rows = [experience_row(one) for one in parsed.experiences]
    return resume_profile(ResumeText(uuid4(), uuid4(), 1, "ready", text, asdict(parsed), rows, skills), today=today)


def _put(db: "psycopg.Connection[Any]", own: Profile, vector: str, model: str | None) -> None:
    resume_id, facts_hash = uuid4(), digest(own.facts)
    db.execute(
        "INSERT INTO scored_facts (hash, source_type, source_id, facts) VALUES (%s, 'resume', %s, %s)"
        " ON CONFLICT DO NOTHING",
        (facts_hash, resume_id, to_json(own.facts)),
    )
    db.execute(
        "INSERT INTO resume_profile (resume_id, user_id, version, language, facts_hash, text_hash, model, embedding)"
        " VALUES (%s, gen_random_uuid(), 1, %s, %s, %s, %s, CASE WHEN %s::text IS NULL THEN NULL ELSE %s::vector END)",
        (resume_id, own.language, facts_hash, hashlib.sha256(own.text.encode()).hexdigest(), model, model, vector),
    )
    db.execute(
        "INSERT INTO resume_skill (resume_id, skill, weight) SELECT %s, * FROM unnest(%s::text[], %s::int[])",
        (resume_id, list(own.skills), list(own.skills.values())),
    )


def score_all(settings: Settings, data: Path) -> float:
    """Seconds to score one resume against as many posts as an upload's candidates, and nothing else."""
    today = dt.datetime.now(dt.UTC).date()
    with psycopg.connect(access.dsn(settings, "ai", "admin")) as db:
        rows = db.execute(
            "SELECT facts::text FROM scored_facts WHERE source_type = 'job' LIMIT %s", (_CANDIDATES,)
        ).fetchall()
    facts = [from_json("job", row[0]) for row in rows]
    own = _profile(next(resumes(data)), today).facts
    began = time.perf_counter()
    for post in facts:
        assert isinstance(post, PostFacts)
        assert isinstance(own, ResumeFacts)
        score(own, post, Weights(), language="en")
    return time.perf_counter() - began
