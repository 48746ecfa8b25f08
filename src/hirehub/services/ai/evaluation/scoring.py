"""Whether the scorer alone puts resumes of fitting categories before the others.

Categories stand in for fit: this is retrieval sanity, not matching accuracy. Ties are broken by id, so that figures
repeat.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hirehub.services.ai.evaluation.halves import halves
from hirehub.services.ai.evaluation.parsing import TODAY
from hirehub.services.ai.parsing.model import PostPart
from hirehub.services.ai.parsing.posts import parse_post
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.scoring.facts import post_facts, resume_facts
from hirehub.services.ai.scoring.model import PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.scorer import numbers

FLOORS = {"job_to_resume": {"ndcg_at_10_tfidf": 0.48, "ndcg_at_10_lsa": 0.51}}

NEAREST = 10
_FIELDS: tuple[tuple[PostPart, str], ...] = (
    ("title", "title"),
    ("description", "description"),
    ("required", "requirements"),
    ("preferred", "preferred"),
    ("location", "location"),
)


def scoring_figures(data: Path, weights: Weights | None = None) -> dict[str, Any]:
    """nDCG@10 of the order of all resumes for each post, by half of the posts. `data` is the folder of sets."""
    import pyarrow.parquet as pq

    asked = [json.loads(line) for line in (data / "queries" / "en_job_to_resume.jsonl").read_text("utf-8").splitlines()]
    posts = {row["id"]: row for row in pq.read_table(data / "jobs" / "en.parquet").to_pylist()}
    resumes = pq.read_table(data / "resumes" / "livecareer.parquet").to_pylist()
    facts = {row["id"]: (row["category"], _resume(row["text"])) for row in resumes}
    given = weights or Weights()
    return {
        "job_to_resume": {
            half: {
                "posts": len(rows),
                "ndcg_at_10": round(
                    sum(_ndcg(row, _post(posts[row["id"]]), facts, given) for row in rows) / max(len(rows), 1), 4
                ),
            }
            for half, rows in halves((row for row in asked if row["id"] in posts), lambda row: str(row["id"])).items()
        }
    }


def _resume(text: str) -> ResumeFacts:
    pages = [(1, text)]
    return resume_facts(parse_resume(pages, today=TODAY), pages, today=TODAY)


def _post(row: Mapping[str, Any]) -> PostFacts:
    parts: dict[PostPart, str] = {part: row[name] for part, name in _FIELDS if row.get(name)}
    return post_facts(parse_post(parts), parts)


def _ndcg(
    row: Mapping[str, Any], post: PostFacts, facts: Mapping[str, tuple[str, ResumeFacts]], weights: Weights
) -> float:
    """nDCG@10 with gain 1 for a resume of a wanted category."""
    ranked = sorted(facts, key=lambda key: (numbers(facts[key][1], post, weights).rank, key))
    gains = [facts[key][0] in row["target"] for key in ranked[:NEAREST]]
    wanted = min(sum(category in row["target"] for category, _ in facts.values()), NEAREST)
    best = sum(1 / math.log2(place + 2) for place in range(wanted))
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains)) / best if best else 0.0
