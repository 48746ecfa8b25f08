"""Similarity searches at 141,897 rows: through the index and by the exact scan, with and without filters.

The product's own search beside the plain statement that reads every vector (PostgreSQL may use helpers for it), in
turn for some questions each, so that a busy machine hits both. The truth is numpy's own nearest in float64.
Questions are rows generated from another seed: nobody has stored them. Two distances that differ by less than float32
can tell count as equal.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from psycopg import sql

from benchmarks.ingest import Bench, bare_copy, bench, buffers
from benchmarks.rows import SEED, Rows, generate
from hirehub.kernel.db import Database, open_database
from hirehub.services.vectors.domain.domains import RECRUIT
from hirehub.services.vectors.domain.queries import Filter, FilterBuilder, QueryVector
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import filters
from hirehub.services.vectors.store.search import Search, nearest
from hirehub.services.vectors.usecases import index

ROWS, QUESTIONS, NEAREST = 141_897, 300, 10
BLOCK, WARMING, SEEN = 60, 10, 2_000
OTHER_SEED = SEED + 1
EQUAL = 1e-6
"""Distances nearer to each other than this count as equal."""

_SCAN = "SELECT e.id FROM recruit_embedding AS e {kept} ORDER BY (e.vector <=> %(query)s::vector) + 0 LIMIT 10"
_KEPT = "JOIN recruit_metadata AS m ON m.id = e.id WHERE {passes}"

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Kind:
    """A kind of search: its filter, and which rows that keeps."""

    name: str
    filter: Filter
    keeps: Mask


@dataclass
class Taken:
    """What a side of a kind of search was seen to do."""

    recall: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """Recall, and milliseconds at the middle and at the 95th percentile."""
        middle, late = np.percentile(self.seconds, [50, 95]) * 1000
        return {"recall": round(float(np.mean(self.recall)), 4), "p50_ms": round(middle, 2), "p95_ms": round(late, 2)}


def kinds(rows: Rows) -> list[Kind]:
    """Without a filter; one that keeps 1 % of the rows, one that keeps a tenth, one that keeps most of them."""
    company = np.array(rows.company)
    one = str(company[0])
    hundredth = FilterBuilder(RECRUIT).one_of("company_name", [one]).build()
    tenth = FilterBuilder(RECRUIT).between("exp_years", 0, 1).build()
    most = FilterBuilder(RECRUIT).between("exp_years", 3, None).build()
    return [
        Kind("no filter", Filter(), np.ones(len(rows), bool)),
        Kind("1 % (a company)", hundredth, company == one),
        Kind("10 % (years 0 to 1)", tenth, rows.years <= 1),
        Kind("86 % (years from 3)", most, rows.years >= 3),
    ]


def recall(found: Sequence[int], distances: npt.NDArray[np.float64]) -> float:
    """The share of `found` that lies no farther than the tenth nearest."""
    limit = np.partition(distances, NEAREST - 1)[NEAREST - 1]
    return float(sum(distances[row] <= limit + EQUAL for row in found)) / NEAREST


async def ask(db: Database, vectors: VectorsSettings, kind: Kind, question: Floats) -> list[bytes]:
    """One search as the API server asks it: the ids that it found."""
    own = vectors.recruit
    checked = QueryVector.of(question, dimension=own.dimension, metric=own.index.metric)
    search = Search(checked, NEAREST, kind.filter)
    async with db.read() as tx:
        found = await nearest(tx, RECRUIT, search, index=own.index, exact_rows=vectors.api.exact_rows)
    return [row.id.bytes for _, row in found.rows]


async def scan(db: Database, _: VectorsSettings, kind: Kind, question: Floats) -> list[bytes]:
    """The same by a plain statement that no index over vectors helps."""
    passes, params = filters.where(RECRUIT, kind.filter, "m")
    kept = sql.SQL(_KEPT).format(passes=passes) if kind.filter else sql.SQL("")
    async with db.read() as tx:
        rows: list[tuple[Any, ...]] = await tx.fetch_all(
            sql.SQL(_SCAN).format(kept=kept), {**params, "query": str(question.tolist())}
        )
    return [row[0].bytes for row in rows]


SIDES = {"index": ask, "exact": scan}


async def compare(made: Bench, rows: Rows, seen: Floats, questions: Floats) -> dict[str, Any]:
    """Both sides of every kind, in turn: each asks BLOCK questions, the first of which warm it up.

    Before all of it the session has searched for `seen`: a fresh one maps each page of the index at the first touch,
    which takes longer than the search.
    """
    places = {one.tobytes(): place for place, one in enumerate(rows.ids)}
    wide = rows.vectors.astype(np.float64)
    wide /= np.linalg.norm(wide, axis=1, keepdims=True)
    found: dict[str, Any] = {}
    async with await open_database(made.settings, "vectors", role="reader") as db:
        for question in seen:
            await ask(db, made.vectors, kinds(rows)[0], question)
        for kind in kinds(rows):
            taken = {name: Taken() for name in SIDES}
            for start in range(0, len(questions), BLOCK):
                block = questions[start : start + BLOCK]
                truth = np.where(kind.keeps[:, None], 1 - wide @ block.T.astype(np.float64), np.inf).T
                for name, side in SIDES.items():
                    for number, question in enumerate(block):
                        began = time.perf_counter()
                        ids = await side(db, made.vectors, kind, question)
                        if number >= WARMING:
                            taken[name].seconds.append(time.perf_counter() - began)
                        taken[name].recall.append(recall([places[one] for one in ids], truth[number]))
            told = {name: side.told() for name, side in taken.items()}
            found[kind.name] = {"kept": round(float(kind.keeps.mean()), 4), **told}
    return found


async def built(made: Bench) -> float:
    """Seconds that building the index took, as the product builds it."""
    began = time.perf_counter()
    await index.build(made.settings, made.vectors, "recruit")
    return time.perf_counter() - began


def size(made: Bench) -> int:
    """MiB of the index."""
    with made.connect("admin") as connection:
        named = sql.Literal(RECRUIT.index)
        row = connection.execute(sql.SQL("SELECT pg_relation_size({}::regclass)").format(named)).fetchone()
    return int(row[0]) >> 20 if row else 0


def measure(count: int, dimension: int, asked: int, source: Path | None) -> dict[str, Any]:
    """Loads the rows, builds the index, asks."""
    rows = generate(count, dimension, source=source)
    questions = generate(asked, dimension, seed=OTHER_SEED, source=source).vectors
    seen = generate(SEEN, dimension, seed=OTHER_SEED + 1, source=source).vectors
    with bench(dimension) as made:
        loaded = buffers(count, made.vectors, source)
        bare_copy(made, loaded, count, at_once=len(loaded))
        del loaded
        seconds = asyncio.run(built(made))
        with made.connect("admin") as connection:
            connection.execute("VACUUM ANALYZE")
        found = asyncio.run(compare(made, rows, seen, questions))
        wanted = made.vectors.recruit.index.model_dump()
        return {
            "rows": count,
            "dimension": dimension,
            "questions": asked,
            "index": {"seconds": round(seconds, 1), "mebibytes": size(made), **wanted},
            "searches": found,
        }


def told(found: dict[str, Any]) -> Iterator[str]:
    """The figures in words."""
    made = found["index"]
    yield f"{found['rows']:,} rows x {found['dimension']}, {found['questions']} questions, nearest {NEAREST}"
    yield f"  index {made['kind']}, built in {made['seconds']} s, {made['mebibytes']} MiB"
    for name, sides in found["searches"].items():
        one, other = sides["index"], sides["exact"]
        yield (
            f"  {name:20} recall {one['recall']:.4f}, p50 {one['p50_ms']:.1f} ms, p95 {one['p95_ms']:.1f} ms; exact"
            f" {other['recall']:.4f}, p50 {other['p50_ms']:.1f} ms, p95 {other['p95_ms']:.1f} ms:"
            f" p95 1/{other['p95_ms'] / one['p95_ms']:.0f}"
        )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--source", type=Path, help="a file of real rows that the generated ones are mixed from")
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    found = measure(words.rows, words.dimension, words.questions, words.source)
    print(json.dumps(found) if words.json else "\n".join(told(found)))


if __name__ == "__main__":
    main()
