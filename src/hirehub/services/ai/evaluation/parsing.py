"""How well resumes and posts are read: years that posts ask for, and the share of resumes that give each kind of value.

A share of resumes with a value says that something was read, not that it is right: the sets have no marks for that.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hirehub.services.ai.evaluation.halves import halves
from hirehub.services.ai.parsing.model import Post, PostPart, Resume
from hirehub.services.ai.parsing.posts import parse_post
from hirehub.services.ai.parsing.resumes import parse_resume

FLOORS = {"minimum_years": {"coverage": 0.82, "accuracy": 0.95}}

TODAY = dt.date(2024, 6, 30)
"""The present of the evaluation, so that it gives the same figures on every day."""

_FIELDS: tuple[tuple[PostPart, str], ...] = (
    ("title", "title"),
    ("description", "intro"),
    ("tasks", "main_tasks"),
    ("required", "requirements"),
    ("preferred", "preferred"),
    ("benefits", "benefits"),
    ("location", "location"),
)


def parsing_figures(data: Path) -> dict[str, Any]:
    """Every figure of this stage, by set and half. `data` is the folder of sets."""
    import pyarrow.parquet as pq

    asked = [json.loads(line) for line in (data / "queries" / "kr_min_years.jsonl").read_text("utf-8").splitlines()]
    posts = {row["id"]: row for row in pq.read_table(data / "jobs" / "ko_general.parquet").to_pylist()}
    resumes = pq.read_table(data / "resumes" / "livecareer.parquet").to_pylist()
    profiles = pq.read_table(data / "djinni" / "candidates.parquet").to_pylist()
    return {
        "minimum_years": {
            half: minimum_years(rows, posts) for half, rows in halves(asked, lambda row: str(row["id"])).items()
        },
        "resumes": {half: coverage(rows) for half, rows in halves(resumes, lambda row: str(row["id"])).items()},
        "djinni_years": {
            half: stated_years(rows) for half, rows in halves(profiles, lambda row: str(row["id"])).items()
        },
    }


def read_post(row: Mapping[str, Any]) -> Post:
    """A row of the Korean posts as the product reads it."""
    return parse_post({part: row[name] for part, name in _FIELDS if row.get(name)})


def minimum_years(rows: list[dict[str, Any]], posts: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Coverage: posts with an answer; accuracy: right ones of those."""
    answered = right = total = 0
    for row in rows:
        if row["id"] not in posts:
            continue
        total += 1
        years = read_post(posts[row["id"]]).years
        if years is not None and years.least is not None:
            answered += 1
            right += years.least == row["gold_min_years"]
    return {
        "posts": total,
        "coverage": round(answered / max(total, 1), 4),
        "accuracy": round(right / max(answered, 1), 4),
    }


def coverage(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The share of resumes that give jobs, dated jobs, names of the position and the company, educations and skills."""
    names = ("experiences", "dated", "position", "company", "educations", "degree", "skills", "months")
    counts = dict.fromkeys(names, 0)
    jobs = 0
    for row in rows:
        read = parse_resume([(1, row["text"])], today=TODAY)
        jobs += len(read.experiences)
        for name, there in _shown(read).items():
            counts[name] += there
    shares = {name: round(count / max(len(rows), 1), 4) for name, count in counts.items()}
    return {"resumes": len(rows), "jobs_a_resume": round(jobs / max(len(rows), 1), 2), **shares}


def _shown(read: Resume) -> dict[str, bool]:
    return {
        "experiences": bool(read.experiences),
        "dated": any(one.period is not None for one in read.experiences),
        "position": any(one.position for one in read.experiences),
        "company": any(one.company for one in read.experiences),
        "educations": bool(read.educations),
        "degree": any(one.degree for one in read.educations),
        "skills": bool(read.skills),
        "months": read.months is not None,
    }


def stated_years(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Years of experience read from a profile's text, against the years in its own column."""
    answered, close = 0, 0
    for row in rows:
        read = parse_resume([(1, row["CV"] or "")], today=TODAY)
        months = read.stated_months if read.stated_months is not None else read.months
        if months is not None:
            answered += 1
            close += abs(months / 12 - row["Experience Years"]) <= 1
    return {
        "profiles": len(rows),
        "coverage": round(answered / max(len(rows), 1), 4),
        "within_a_year": round(close / max(answered, 1), 4),
    }
