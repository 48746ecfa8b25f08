"""Generated rows for measuring: as many as asked for, the same from the same seed on every machine.

A generated vector mixes three real ones and is then perturbed, since uniform noise has no neighbours worth finding.
Rows are made in blocks of a fixed size, each from its own seed: any number of rows fits in little memory, and the first
thousand of a million are the first thousand of two thousand. Only exact arithmetic is used (no BLAS, no libm), so that
a digest of the rows can be pinned. A row's keyword follows its vector, its company does not: each company holds about
one row in a hundred, the filter by which a selective search is measured.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from hirehub.runtime.sample import sample_files

Domain = Literal["recruit", "candidate"]
Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.uint8]

SEED = 20_240_601
BLOCK = 4096
START_MILLIS = 1_704_067_200_000
"""The first id's time: 2024-01-01 UTC. Each next row's is one second later."""
NOISE = 0.30
"""Length of the perturbation beside a mix of length 1."""
COMPANIES = tuple(
    f"{first} {second}"
    for first in ("Maple", "Harbor", "Granite", "Lumen", "Meadow", "Cobalt", "Juniper", "Orbit", "Saffron", "Willow")
    for second in ("Works", "Labs", "Logistics", "Health", "Foods", "Systems", "Energy", "Studio", "Capital", "Retail")
)
LEVELS = ("no_english", "basic", "pre", "intermediate", "upper", "fluent", None)
EDUCATION = ("high school", "associate", "bachelor", "master", "doctorate", None)
LOCATIONS = ("Seoul", "Busan", "Daejeon", "Pangyo", "Remote", None)
VECTORS = {"recruit": "job_post_vectors", "candidate": "candidate_vectors"}
"""The name of the vectors' column in a file of each domain."""


@dataclass(frozen=True)
class Rows:
    """Recruit rows in columns, in ascending order of id."""

    ids: Ids
    """(n, 16): UUID v7, big-endian."""
    vectors: Floats
    """(n, dimension), each of length 1."""
    company: list[str]
    years: npt.NDArray[np.int32]
    level: list[str | None]
    keyword: list[str]

    def __len__(self) -> int:
        """How many rows."""
        return len(self.ids)

    def texts(self) -> list[str]:
        """The ids as text."""
        return id_texts(self.ids)


@dataclass(frozen=True)
class CandidateRows:
    """Candidate rows in columns, in ascending order of id."""

    ids: Ids
    vectors: Floats
    name: list[str]
    skills: list[list[str]]
    years: npt.NDArray[np.int32]
    education: list[str | None]
    location: list[str | None]
    salary: list[int | None]

    def __len__(self) -> int:
        """How many rows."""
        return len(self.ids)

    def texts(self) -> list[str]:
        """The ids as text."""
        return id_texts(self.ids)


@dataclass(frozen=True)
class _Source:
    """The real rows that generated ones are mixed from."""

    vectors: Floats
    keywords: tuple[str, ...]
    names: tuple[str, ...]
    skills: tuple[tuple[str, ...], ...]


def generate(rows: int, dimension: int = 384, seed: int = SEED, source: Path | None = None) -> Rows:
    """`rows` recruit rows at once; `source` is a file of real rows in place of the shipped sample.

    Takes rows * dimension * 4 bytes; use `recruit_chunks` where that is too much.
    """
    parts = list(recruit_chunks(rows, dimension, seed, source))
    return Rows(
        ids=np.concatenate([part.ids for part in parts]),
        vectors=np.concatenate([part.vectors for part in parts]),
        company=[value for part in parts for value in part.company],
        years=np.concatenate([part.years for part in parts]),
        level=[value for part in parts for value in part.level],
        keyword=[value for part in parts for value in part.keyword],
    )


def generate_candidates(rows: int, dimension: int = 384, seed: int = SEED, source: Path | None = None) -> CandidateRows:
    """`rows` candidate rows at once."""
    parts = list(candidate_chunks(rows, dimension, seed, source))
    return CandidateRows(
        ids=np.concatenate([part.ids for part in parts]),
        vectors=np.concatenate([part.vectors for part in parts]),
        name=[value for part in parts for value in part.name],
        skills=[value for part in parts for value in part.skills],
        years=np.concatenate([part.years for part in parts]),
        education=[value for part in parts for value in part.education],
        location=[value for part in parts for value in part.location],
        salary=[value for part in parts for value in part.salary],
    )


def recruit_chunks(rows: int, dimension: int = 384, seed: int = SEED, source: Path | None = None) -> Iterator[Rows]:
    """The same rows as `generate`, at most BLOCK at a time."""
    real = _read(source or sample_files()["recruit"], "recruit")
    for rng, start, size in _blocks(rows, seed, "recruit"):
        ids = _ids(rng, start)[:size]
        chief, vectors = _vectors(rng, real.vectors, dimension, seed)
        company, years, level = (rng.integers(0, most, BLOCK)[:size] for most in (len(COMPANIES), 21, len(LEVELS)))
        yield Rows(
            ids=ids,
            vectors=vectors[:size],
            company=[COMPANIES[at] for at in company],
            years=years.astype(np.int32),
            level=[LEVELS[at] for at in level],
            keyword=[real.keywords[at] for at in chief[:size]],
        )


def candidate_chunks(
    rows: int, dimension: int = 384, seed: int = SEED, source: Path | None = None
) -> Iterator[CandidateRows]:
    """The same rows as `generate_candidates`, at most BLOCK at a time."""
    real = _read(source or sample_files()["candidate"], "candidate")
    for rng, start, size in _blocks(rows, seed, "candidate"):
        ids = _ids(rng, start)[:size]
        chief, vectors = _vectors(rng, real.vectors, dimension, seed)
        most = (31, len(EDUCATION), len(LOCATIONS), 100)
        years, education, location, salary = (rng.integers(0, limit, BLOCK)[:size] for limit in most)
        yield CandidateRows(
            ids=ids,
            vectors=vectors[:size],
            name=[real.names[at] for at in chief[:size]],
            skills=[list(real.skills[at]) for at in chief[:size]],
            years=years.astype(np.int32),
            education=[EDUCATION[at] for at in education],
            location=[LOCATIONS[at] for at in location],
            salary=[int(at) * 1_000_000 + 30_000_000 if at < 90 else None for at in salary],
        )


def write_parquet(
    path: Path,
    rows: int,
    *,
    domain: Domain = "recruit",
    dimension: int = 384,
    seed: int = SEED,
    source: Path | None = None,
) -> Path:
    """Writes generated rows, sorted by id, as the AI server reads them; memory stays at a few blocks."""
    make = recruit_chunks if domain == "recruit" else candidate_chunks
    return write_rows(path, make(rows, dimension, seed, source))


def write_rows(path: Path, parts: Iterable[Rows] | Iterable[CandidateRows]) -> Path:
    """Writes rows at hand, a row group a part."""
    writer: pq.ParquetWriter | None = None
    try:
        for part in parts:
            table = recruit_table(part) if isinstance(part, Rows) else candidate_table(part)
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, compression="zstd", use_dictionary=False)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
    return path


def recruit_table(part: Rows) -> pa.Table:
    """The columns of a recruits' file."""
    return pa.table(
        {
            "id": pa.array(part.texts(), pa.string()),
            "Company Name": pa.array(part.company, pa.string()),
            "Exp Years": pa.array(part.years, pa.int32()),
            "English Level": pa.array(part.level, pa.string()),
            "Primary Keyword": pa.array(part.keyword, pa.string()),
            VECTORS["recruit"]: _lists(part.vectors),
        }
    )


def candidate_table(part: CandidateRows) -> pa.Table:
    """The columns of a candidates' file."""
    return pa.table(
        {
            "id": pa.array(part.texts(), pa.string()),
            "name": pa.array(part.name, pa.string()),
            "skills": pa.array(part.skills, pa.list_(pa.string())),
            "experience_years": pa.array(part.years, pa.int32()),
            "education_level": pa.array(part.education, pa.string()),
            "preferred_location": pa.array(part.location, pa.string()),
            "expected_salary": pa.array(part.salary, pa.int32()),
            VECTORS["candidate"]: _lists(part.vectors),
        }
    )


def id_texts(ids: Ids) -> list[str]:
    """Ids of 16 bytes in the text form of a UUID."""
    digits = ids.tobytes().hex()
    whole = (digits[at : at + 32] for at in range(0, len(digits), 32))
    return [f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in whole]


def lift(vectors: Floats, dimension: int, seed: int = SEED) -> Floats:
    """Carries vectors into another dimension so that neighbours stay neighbours.

    The target is filled with copies of the vector, each with its numbers shuffled and some signs turned, by the seed.
    Where the dimension is a multiple of the source's, angles stay as they were; otherwise the last copy is cut short
    and they change a little. The result is not of length 1; `generate` makes it so.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 7, dimension])))
    own = vectors.shape[1]
    if dimension == own:
        return vectors
    copies = -(-dimension // own)
    order = np.concatenate([rng.permutation(own) for _ in range(copies)])[:dimension]
    signs = np.where(rng.integers(0, 2, dimension) == 1, 1, -1).astype(np.float32)
    lifted: Floats = vectors[:, order] * signs
    return lifted


def unit(vectors: npt.NDArray[np.float64] | Floats) -> Floats:
    """Each row at length 1."""
    wide = vectors.astype(np.float64)
    scale = (1.0 / np.sqrt(np.square(wide).sum(axis=1))).astype(np.float32)
    scaled: Floats = vectors.astype(np.float32) * scale[:, None]
    return scaled


def _blocks(rows: int, seed: int, domain: Domain) -> Iterator[tuple[np.random.Generator, int, int]]:
    """For each block its own source of randomness, the number of its first row and how many rows are wanted of it."""
    kind = ("recruit", "candidate").index(domain)
    for start in range(0, rows, BLOCK):
        sequence = np.random.SeedSequence([seed, kind, start])
        yield np.random.Generator(np.random.PCG64(sequence)), start, min(BLOCK, rows - start)


def _ids(rng: np.random.Generator, start: int) -> Ids:
    """A block of ids that rise with the row's number."""
    millis = START_MILLIS + 1000 * np.arange(start, start + BLOCK, dtype=np.int64)
    ids = rng.integers(0, 256, (BLOCK, 16), dtype=np.uint8)
    ids[:, :6] = millis.astype(">u8").view(np.uint8).reshape(BLOCK, 8)[:, 2:]
    ids[:, 6] = ids[:, 6] & 0x0F | 0x70
    ids[:, 8] = ids[:, 8] & 0x3F | 0x80
    return ids


def _vectors(rng: np.random.Generator, real: Floats, dimension: int, seed: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """A block of vectors, and for each the number of the real one that weighs most in it."""
    picks = rng.integers(0, len(real), (3, BLOCK))
    chief = 0.5 + 0.4 * rng.random(BLOCK, dtype=np.float32)
    second = (1 - chief) * rng.random(BLOCK, dtype=np.float32)
    weights = (chief, second, 1 - chief - second)
    mixed = sum(real[pick] * weight[:, None] for pick, weight in zip(picks, weights, strict=True))
    noise = rng.random((BLOCK, dimension), dtype=np.float32) - np.float32(0.5)
    noise *= np.float32(NOISE) * np.float32((12 / dimension) ** 0.5)
    return picks[0], unit(unit(lift(np.asarray(mixed, np.float32), dimension, seed)) + noise)


@lru_cache(maxsize=4)
def _read(path: Path, domain: Domain) -> _Source:
    """The real rows of a file; candidates may come from a file of any preset, so their texts may lack."""
    table = pq.read_table(path)
    count, names = table.num_rows, set(table.column_names)
    flat = np.concatenate([np.asarray(row, np.float32) for row in table[VECTORS[domain]].to_pylist()])
    lists: list[list[str] | None] = table["skills"].to_pylist() if "skills" in names else [None] * count
    title = "name" if "name" in names else "Position"
    return _Source(
        vectors=flat.reshape(count, -1),
        keywords=tuple(map(str, table["Primary Keyword"].to_pylist())) if "Primary Keyword" in names else (),
        names=tuple(map(str, table[title].to_pylist())) if title in names else (),
        skills=tuple(tuple(skills or ()) for skills in lists),
    )


def _lists(vectors: Floats) -> "pa.Array[Any]":
    """Vectors as a column of lists, without a Python number."""
    count, dimension = vectors.shape
    offsets: pa.Int32Array = pa.array(np.arange(0, (count + 1) * dimension, dimension), pa.int32())
    numbers: pa.FloatArray = pa.array(vectors.reshape(-1), pa.float32())
    return pa.ListArray.from_arrays(offsets, numbers)
