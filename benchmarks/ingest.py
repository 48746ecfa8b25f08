"""Loads generated rows over a real socket, beside a bare COPY BINARY of the same rows and beside per-row upserts.

All sides write the same two tables with their foreign key and B-tree indexes; the index over the vectors is left out of
every side (the product builds it after the rows). The bare COPY sends buffers made beforehand, one connection, in the
faster of two ways: all in one transaction, or one for each 3,000 rows. Rounds alternate, so that a busy machine hits
both; medians are compared. Sender, receiver and PostgreSQL share this machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.ingest_sender import built_chunks, recruits
from benchmarks.rows import SEED
from hirehub.kernel.db import access
from hirehub.kernel.db.migrate import upgrade
from hirehub.kernel.db.provision import provision
from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.module import MODULE
from hirehub.services.vectors.pipeline.copybuffers import embedding_copy, metadata_copy
from hirehub.services.vectors.pipeline.decoding import decode
from hirehub.services.vectors.pipeline.group import Group, join
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.wire import read_chunk
from hirehub.services.vectors.settings import VectorsSettings

ROWS, GROUP, UPSERTS, CHUNK = 141_897, 3_000, 6_000, 300
COPY_METADATA = (
    "COPY recruit_metadata (id, company_name, exp_years, english_level, primary_keyword, updated_at)"
    " FROM STDIN (FORMAT BINARY)"
)
COPY_EMBEDDING = "COPY recruit_embedding (id, vector, updated_at) FROM STDIN (FORMAT BINARY)"
UPSERT_METADATA = (
    "INSERT INTO recruit_metadata (id, company_name, exp_years, english_level, primary_keyword)"
    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET company_name = excluded.company_name,"
    " exp_years = excluded.exp_years, english_level = excluded.english_level,"
    " primary_keyword = excluded.primary_keyword, updated_at = now()"
)
UPSERT_EMBEDDING = (
    "INSERT INTO recruit_embedding (id, vector) VALUES (%s, %s)"
    " ON CONFLICT (id) DO UPDATE SET vector = excluded.vector, updated_at = now()"
)


@dataclass(frozen=True)
class Bench:
    """A server with migrated tables, and who connects to it."""

    settings: Settings
    vectors: VectorsSettings
    server: EmbeddedPostgres

    @property
    def dimension(self) -> int:
        """Floats a vector."""
        return self.vectors.recruit.dimension

    def connect(self, role: str) -> "psycopg.Connection[Any]":
        """A session as that role."""
        return psycopg.connect(access.dsn(self.settings, "vectors", role), autocommit=True)

    def empty(self) -> None:
        """Empties the tables, as if nothing had been loaded yet, and settles the disk."""
        with self.connect("admin") as connection:
            connection.execute("TRUNCATE recruit_metadata CASCADE")
            connection.execute("UPDATE checkpoint SET last_processed_uuid = NULL")
            connection.execute("DROP INDEX IF EXISTS recruit_embedding_ann")
            connection.execute("CHECKPOINT")

    @property
    def environment(self) -> dict[str, str]:
        """What a receiver needs to find it."""
        own = {
            "HIREHUB_DATA_DIR": str(self.settings.data_dir),
            "HIREHUB_VECTORS__RECRUIT__DIMENSION": str(self.dimension),
        }
        return {**os.environ, **own}


@contextmanager
def bench(dimension: int) -> Iterator[Bench]:
    """Starts the embedded server in a folder of its own, with the product's defaults or what the environment says."""
    with tempfile.TemporaryDirectory(prefix="hirehub-bench-", ignore_cleanup_errors=True) as folder:
        settings = Settings(data_dir=Path(folder))
        own = VectorsSettings()
        recruit = own.recruit.model_copy(update={"dimension": dimension})
        vectors = own.model_copy(update={"recruit": recruit})
        with EmbeddedPostgres(settings.data_dir, settings.database) as server:
            provision(settings, MODULE)
            upgrade(settings, MODULE, service_settings=vectors)
            yield Bench(settings, vectors, server)


@contextmanager
def sender(rows: int, dimension: int) -> Iterator[str]:
    """A sender in its own process; its address."""
    words = [sys.executable, "-m", "benchmarks.ingest_sender", str(rows), str(dimension), str(SEED)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()
        process.terminate()


def pull(made: Bench, target: str, *words: str) -> dict[str, Any]:
    """One pull in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ingest_receiver", target, *words],
        env=made.environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    report["rate"] = report["rows"] / report["seconds"]
    return report


def groups(rows: int, vectors: VectorsSettings, source: Path | None = None) -> Iterator[Group]:
    """The same rows, decoded, in groups of the size that the product writes by default."""
    rules = Rules.of(vectors, "recruit")
    dimension = vectors.recruit.dimension
    for number, (_, message) in enumerate(built_chunks(recruits(rows, dimension, SEED, source), GROUP)):
        yield decode(rules, read_chunk(message).rows, arrival_micros=1_700_000_000_000_000 + number)


Buffers = Sequence[tuple[bytes, bytes]]


def buffers(rows: int, vectors: VectorsSettings, source: Path | None = None) -> Buffers:
    """For each group what COPY reads, for both tables, without header and trailer."""
    return [(metadata_copy(group)[19:-2], bytes(embedding_copy(group)[1])) for group in groups(rows, vectors, source)]


def bare_copy(made: Bench, built: Buffers, rows: int, *, at_once: int) -> float:
    """Rows a second of nothing but COPY, `at_once` groups in a transaction."""
    header, trailer = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
    made.empty()
    with made.connect("app") as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for start in range(0, len(built), at_once):
            part = built[start : start + at_once]
            with connection.transaction():
                for table, statement in enumerate((COPY_METADATA, COPY_EMBEDDING)):
                    with cursor.copy(statement) as copy:
                        copy.write(header)
                        for pair in part:
                            copy.write(pair[table])
                        copy.write(trailer)
        return rows / (time.perf_counter() - began)


def upserts(made: Bench, group: Group) -> float:
    """Rows a second of two upserts a row, the vector as text, a commit for each chunk of 300."""
    made.empty()
    texts = ["[" + ",".join(map(str, vector)) + "]" for vector in group.vectors.tolist()]
    with made.connect("app") as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for start in range(0, len(group), CHUNK):
            with connection.transaction():
                for at in range(start, min(start + CHUNK, len(group))):
                    entity = group.ids[at].hex()
                    values = (column[at] or None for column in group.columns[2:])
                    cursor.execute(UPSERT_METADATA, (entity, group.columns[0][at], group.columns[1][at], *values))
                    cursor.execute(UPSERT_EMBEDDING, (entity, texts[at]))
                cursor.execute("UPDATE checkpoint SET last_processed_uuid = %s WHERE domain = 'recruit'", (entity,))
        return len(group) / (time.perf_counter() - began)


def tenths(report: dict[str, Any]) -> tuple[float, float]:
    """Rows a second of the first tenth and of the last."""
    marks = [(0.0, 0), *report["marks"]]
    total = report["rows"]
    first = next(mark for mark in marks if mark[1] >= total / 10)
    last = next(mark for mark in marks if mark[1] >= total * 9 / 10)
    return first[1] / first[0], (total - last[1]) / (marks[-1][0] - last[0])


def measure(rows: int, dimension: int, rounds: int) -> dict[str, Any]:
    """Bare COPY, the product's load and its repetition, `rounds` times in turn; then the upserts."""
    found: dict[str, Any] = {"rows": rows, "dimension": dimension, "rounds": rounds}
    with bench(dimension) as made, sender(rows, dimension) as target:
        built = buffers(rows, made.vectors)
        bare: list[float] = []
        first: list[dict[str, Any]] = []
        again: list[dict[str, Any]] = []
        for _ in range(rounds):
            bare.append(max(bare_copy(made, built, rows, at_once=count) for count in (1, len(built))))
            made.empty()
            first.append(pull(made, target))
            again.append(pull(made, target, "full"))
        sample = join([group for group, _ in zip(groups(UPSERTS, made.vectors), range(UPSERTS), strict=False)])
        found["upserts"] = upserts(made, sample)
    assert all(one["stored"] == rows for one in first)
    assert all(one["skipped"] == rows for one in again)
    found["bare"] = statistics.median(bare)
    found["bare_rounds"] = bare
    for name, reports in (("load", first), ("again", again)):
        rates = [one["rate"] for one in reports]
        found[name], found[f"{name}_rounds"] = statistics.median(rates), rates
        found[f"{name}_peak_mebibytes"] = max(one["peak_mebibytes"] for one in reports)
        found[f"{name}_processor_seconds"] = statistics.median(one["processor_seconds"] for one in reports)
    tenth = [tenths(one) for one in first]
    found["first_tenth"] = statistics.median(one[0] for one in tenth)
    found["last_tenth"] = statistics.median(one[1] for one in tenth)
    return found


def load_once(rows: int, dimension: int) -> dict[str, Any]:
    """One load, for its memory and its steadiness."""
    with bench(dimension) as made, sender(rows, dimension) as target:
        made.empty()
        report = pull(made, target)
    first, last = tenths(report)
    kept = {name: report[name] for name in ("rows", "rate", "peak_mebibytes", "seconds", "processor_seconds")}
    return {**kept, "dimension": dimension, "first_tenth": first, "last_tenth": last}


def told(found: dict[str, Any]) -> Iterator[str]:
    """The figures in words."""
    yield f"{found['rows']:,} rows x {found['dimension']}, medians of {found['rounds']} rounds"
    yield f"  bare COPY BINARY   {found['bare']:>10,.0f} rows/s"
    yield f"  load over a socket {found['load']:>10,.0f} rows/s   {found['load'] / found['bare']:.2f} of bare"
    yield f"  the same again     {found['again']:>10,.0f} rows/s   {found['again'] / found['load']:.2f} of the load"
    yield f"  per-row upserts    {found['upserts']:>10,.0f} rows/s   load is {found['load'] / found['upserts']:.0f} x"
    yield f"  receiver's peak    {found['load_peak_mebibytes']:>10,.0f} MiB"
    yield f"  first, last tenth  {found['first_tenth']:>10,.0f} rows/s  {found['last_tenth']:>10,.0f} rows/s"
    for name in ("larger", "wide"):
        if name in found:
            one = found[name]
            yield (
                f"  {one['rows']:,} x {one['dimension']}: {one['rate']:,.0f} rows/s, peak"
                f" {one['peak_mebibytes']:,.0f} MiB, first tenth {one['first_tenth']:,.0f} rows/s,"
                f" last {one['last_tenth']:,.0f} rows/s"
            )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--short", action="store_true", help="leave out four times the rows, and 1536 floats")
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    found = measure(words.rows, words.dimension, words.rounds)
    if not words.short:
        found["larger"] = load_once(4 * words.rows, words.dimension)
        found["wide"] = load_once(words.rows, 1536)
    print(json.dumps(found) if words.json else "\n".join(told(found)))


if __name__ == "__main__":
    main()
