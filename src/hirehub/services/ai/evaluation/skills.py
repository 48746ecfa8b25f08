"""How well skills are found: spans of knowledge in English sentences, tags and Korean names of developers' posts.

A sentence set marks what its annotators call knowledge, which is not what a taxonomy names; tags of a post name
many skills that its text never mentions. So figures here are far from 1 by nature, and the floors are those of simple
methods.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hirehub.services.ai.evaluation.halves import halves
from hirehub.services.ai.skills.finder import Finder, load_finder

FLOORS = {"skillspan": {"strict_f1": 0.25, "overlap_f1": 0.39}}

_POST = ("title", "main_tasks", "requirements", "preferred", "intro")
_NO_KNOWLEDGE = frozenset({"soft"})


def skill_figures(data: Path) -> dict[str, Any]:
    """Every figure of this stage, by set and half. `data` is the folder of sets."""
    finder = load_finder()
    sentences = [*_lines(data / "skill_extraction" / "skillspan_train.jsonl", "train")]
    sentences += _lines(data / "skill_extraction" / "skillspan_dev.jsonl", "dev")
    posts = read_posts(data)
    return {
        "skillspan": {
            half: span_scores(finder, rows) for half, rows in halves(sentences, lambda row: row["document"]).items()
        },
        "tags": {half: tag_recall(finder, rows) for half, rows in halves(posts, lambda row: str(row["id"])).items()},
        "aliases": alias_recall(finder, data, posts),
    }


def _lines(path: Path, share: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [{**row, "document": f"{share}-{row['source']}-{row['idx']}"} for row in rows]


def read_posts(data: Path) -> list[dict[str, Any]]:
    """The developers' posts with their tags."""
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(data / "jobs" / "ko_developer.parquet").to_pylist()
    return rows


def span_scores(finder: Finder, rows: list[dict[str, Any]]) -> dict[str, float]:
    """Precision, recall and F1 of knowledge spans: equal ones, and ones that share a token."""
    counts = dict.fromkeys(("sentences", "wanted", "found", "equal", "hit_found", "hit_wanted"), 0)
    for row in rows:
        wanted, found = set(_spans(row["tags_knowledge"])), set(_found(finder, row["tokens"]))
        counts["sentences"] += 1
        counts["wanted"] += len(wanted)
        counts["found"] += len(found)
        counts["equal"] += len(wanted & found)
        counts["hit_found"] += sum(any(a < d and c < b for c, d in wanted) for a, b in found)
        counts["hit_wanted"] += sum(any(a < d and c < b for c, d in found) for a, b in wanted)
    strict = _measure(counts["equal"], counts["found"], counts["equal"], counts["wanted"])
    overlap = _measure(counts["hit_found"], counts["found"], counts["hit_wanted"], counts["wanted"])
    return {
        "sentences": counts["sentences"],
        "spans": counts["wanted"],
        **{f"strict_{name}": value for name, value in strict.items()},
        **{f"overlap_{name}": value for name, value in overlap.items()},
    }


def _measure(right: int, found: int, reached: int, wanted: int) -> dict[str, float]:
    precision, recall = right / max(found, 1), reached / max(wanted, 1)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _spans(tags: list[str]) -> Iterator[tuple[int, int]]:
    """The spans of B, I and O marks, in tokens."""
    begin = None
    for place, tag in enumerate([*tags, "O"]):
        if begin is not None and tag != "I":
            yield begin, place
            begin = None
        if tag == "B":
            begin = place


def _found(finder: Finder, tokens: list[str]) -> Iterator[tuple[int, int]]:
    """The finder's spans of a sentence, in tokens."""
    starts, length = [], 0
    for token in tokens:
        starts.append(length)
        length += len(token) + 1
    for found in finder.find(" ".join(tokens)):
        if finder.taxonomy.skills[found.skill].category in _NO_KNOWLEDGE:
            continue
        yield bisect_right(starts, found.start) - 1, bisect_left(starts, found.end)


def post_text(post: Mapping[str, Any]) -> str:
    """A post's text without its tags and benefits."""
    return "\n".join(str(post[part]) for part in _POST if post.get(part))


def tag_recall(finder: Finder, posts: list[dict[str, Any]]) -> dict[str, float]:
    """How many tags of a post are found in its text, of all tags and of those that the text names at all."""
    counts = dict.fromkeys(("tags", "known", "found", "named", "named_found"), 0)
    for post in posts:
        text = post_text(post)
        skills = {found.skill for found in finder.find(text)}
        implied = {name for skill in skills for name in finder.taxonomy.implied(skill)}
        for tag in post["tech_stack"] or ():
            skill = finder.taxonomy.named(tag)
            there = tag.casefold() in text.casefold()
            hit = skill is not None and skill.name in skills | implied
            counts["tags"] += 1
            counts["known"] += skill is not None
            counts["found"] += hit
            counts["named"] += there
            counts["named_found"] += there and hit
    return {
        **counts,
        "recall": round(counts["found"] / max(counts["tags"], 1), 4),
        "recall_of_named": round(counts["named_found"] / max(counts["named"], 1), 4),
    }


def alias_recall(finder: Finder, data: Path, posts: list[dict[str, Any]]) -> dict[str, float]:
    """Whether both names of a skill lead to one, and in how many of its posts the text shows it."""
    rows = [json.loads(line) for line in (data / "queries" / "kr_alias.jsonl").read_text("utf-8").splitlines()]
    texts = {post["id"]: post_text(post) for post in posts}
    one = wanted = shown = 0
    for row in rows:
        english, korean = finder.taxonomy.named(row["en"]), finder.taxonomy.named(row["ko"])
        one += english is not None and english == korean
        for key in row["relevant"]:
            if key in texts and korean is not None:
                skills = {found.skill for found in finder.find(texts[key])}
                implied = {name for skill in skills for name in finder.taxonomy.implied(skill)}
                wanted += 1
                shown += korean.name in skills | implied
    return {"pairs": len(rows), "same_skill": one, "posts": wanted, "shown": round(shown / max(wanted, 1), 4)}
