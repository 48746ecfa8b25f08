"""The stages on the sets beside the clone: no figure falls below the floor that a simple method reaches."""

import json

import pyarrow.parquet as pq

from hirehub.services.ai.evaluation import parsing, skills
from hirehub.services.ai.evaluation.halves import half_of, halves
from tests.support.shared import shared_dir


def test_a_half_is_the_same_on_every_machine() -> None:
    assert [half_of(key) for key in ("a", "b", "e")] == ["open", "open", "kept"]
    assert {half: len(rows) for half, rows in halves(range(100), str).items()} == {"open": 44, "kept": 56}


def test_skills_of_sentences_are_found_above_the_floors_on_both_halves() -> None:
    found = skills.skill_figures(shared_dir() / "data")
    floors = skills.FLOORS["skillspan"]

    for half in ("open", "kept"):
        assert all(found["skillspan"][half][name] > floor for name, floor in floors.items())
    assert found["aliases"]["same_skill"] == found["aliases"]["pairs"]


def test_minimum_years_of_posts_are_read_above_the_floors_on_both_halves() -> None:
    data = shared_dir() / "data"
    lines = (data / "queries" / "kr_min_years.jsonl").read_text("utf-8").splitlines()
    posts = {row["id"]: row for row in pq.read_table(data / "jobs" / "ko_general.parquet").to_pylist()}
    floors = parsing.FLOORS["minimum_years"]

    for rows in halves([json.loads(line) for line in lines], lambda row: str(row["id"])).values():
        found = parsing.minimum_years(rows, posts)
        assert all(found[name] >= floor for name, floor in floors.items())


def test_resumes_give_jobs_and_schools() -> None:
    data = shared_dir() / "data"
    rows = pq.read_table(data / "resumes" / "livecareer.parquet").to_pylist()[:60]

    found = parsing.coverage(rows)

    assert min(found["dated"], found["educations"], found["skills"]) >= 0.9
