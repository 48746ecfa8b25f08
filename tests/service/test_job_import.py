"""Posts out of files: brought once, refused by row, told of."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hirehub.contracts.user import UserType
from hirehub.kernel.clock import SystemClock
from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.job import files, imports
from hirehub.services.job.files import UnreadableFile
from hirehub.services.job.imports import Report, TooManyRows
from hirehub.services.job.settings import JobSettings
from tests.support.cli import Ran, hirehub
from tests.support.platform import platform, rows

ROWS: list[dict[str, Any]] = [
    {"reference": "r1", "title": "Cook", "description": "Cooks.", "skills": ["HACCP", "haccp"], "experience_min": 1},
    {"reference": "r2", "title": "", "description": "No title."},
    {"reference": "r3", "title": "Driver", "description": "Drives.", "experience_min": 9, "experience_max": 2},
    {"reference": "r4", "title": "Nurse", "description": "Nurses.", "colour": "blue"},
    {"title": "Without reference", "description": "May come twice."},
]


def written(path: Path, found: list[dict[str, Any]]) -> Path:
    names = sorted({name for row in found for name in row})
    if path.suffix == ".jsonl":
        path.write_text("\n".join(map(json.dumps, found)))
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist([{name: row.get(name) for name in names} for row in found]), path)
    else:
        names = sorted({name for row in found for name in row})
        cells = [
            [",".join(row.get(name, "")) if name == "skills" else row.get(name, "") for name in names] for row in found
        ]
        lines = [",".join(f'"{cell}"' for cell in row) for row in ([*names], *cells)]
        path.write_text("\ufeff" + "\r\n".join(lines))
    return path


async def brought(settings: Settings, path: Path, company_id: UUID, *, opened: bool = True, most: int = 100) -> Report:
    async with await open_database(settings, "job") as db:
        return await imports.run(
            db,
            JobSettings(import_batch=2, import_rows=most),
            SystemClock(),
            company_id=company_id,
            rows=files.read(path),
            opened=opened,
            told=lambda _: None,
        )


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
async def test_sound_rows_are_stored_once_and_others_refused_by_number(
    job_db: Settings, tmp_path: Path, kind: str
) -> None:
    path, company_id = written(tmp_path / f"posts.{kind}", ROWS), uuid4()
    report = await brought(job_db, path, company_id)
    again = await brought(job_db, path, company_id)
    assert (report.rows, report.stored, report.known, report.refused) == (5, 3, 0, 2)
    assert [number for number, _ in report.reasons] == [2, 3]
    assert (again.stored, again.known, again.refused) == (1, 2, 2)
    found = rows(job_db, "job", "SELECT title, status FROM jobs WHERE reference IS NOT NULL ORDER BY title")
    assert found == [("Cook", "open"), ("Nurse", "open")]
    assert [str(name).lower() for (name,) in rows(job_db, "job", "SELECT name FROM skill_tags")] == ["haccp"]
    assert rows(job_db, "job", "SELECT count(*) FROM outbox WHERE topic = 'job.created'") == [(4,)]


async def test_skills_that_python_writes_otherwise_than_the_database_end_no_import(
    job_db: Settings, tmp_path: Path
) -> None:
    for n, names in enumerate((["\u0130T"], ["it", "IT"], ["\u0391\u03a3"], ["\u03b1\u03c3", "\u03b1\u03c2"])):
        row = {"title": "Cook", "skills": names}
        report = await brought(job_db, written(tmp_path / f"{n}.jsonl", [row]), uuid4(), opened=False)
        assert (report.stored, report.refused) == (1, 0), names
    assert rows(job_db, "job", "SELECT count(DISTINCT job_id) FROM job_skills") == [(4,)]


async def test_imported_posts_are_seen_and_told(job_db: Settings, tmp_path: Path) -> None:
    async with platform(job_db, "user", "job") as here:
        who = await here.sign_up(UserType.COMPANY)
        company_id = await here.company(who)
        await brought(job_db, written(tmp_path / "posts.jsonl", ROWS), UUID(company_id))
        listed = await here.ask("GET", f"/jobs?company_id={company_id}")
    assert {item["title"] for item in listed.json["items"]} == {"Cook", "Nurse", "Without reference"}


async def test_a_file_with_too_many_rows_is_refused_and_what_is_stored_stays(job_db: Settings, tmp_path: Path) -> None:
    with pytest.raises(TooManyRows, match="more than 3 rows"):
        await brought(job_db, written(tmp_path / "posts.jsonl", ROWS), uuid4(), most=3)
    assert rows(job_db, "job", "SELECT count(*) FROM jobs") == [(1,)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("posts.xlsx", b"PK"),
        ("posts.jsonl", b'{"title": "\xff"}'),
        ("posts.jsonl", b'{"title": "' + b"x" * 2_000_000),
        ("posts.csv", b"title\n\xff\xfe\xfa"),
        ("posts.parquet", b"PAR1 and no more"),
    ],
)
async def test_a_file_that_is_none_is_refused_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="posts"):
        list(files.read(path))


async def test_a_line_that_cannot_be_is_refused_by_number_and_stops_no_other(job_db: Settings, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    over = '{"title": "Cleaner", "expires_at": "2020-01-01T00:00:00Z"}\n'
    path.write_text('{"title": "Cook"\n{"title": "Driver"}\n[1]\n' + "[" * 100_000 + '\n{"title": "Nurse"}\n' + over)
    report = await brought(job_db, path, uuid4(), opened=False)
    assert (report.rows, report.stored, report.refused) == (6, 2, 4)
    assert report.reasons[:3] == [(number, "The line is no JSON object.") for number in (1, 3, 4)]
    assert report.reasons[3] == (6, "expires_at is in the past.")


def imported(settings: Settings, path: Path, company_id: UUID, *words: str) -> Ran:
    """What the command says to a file."""
    env = {"HIREHUB_DATA_DIR": str(settings.data_dir)}
    return hirehub("jobs", "import", str(path), "--company", str(company_id), *words, env=env)


async def test_the_command_stores_a_file_and_reports_refused_rows(job_db: Settings, tmp_path: Path) -> None:
    ((company_id,),) = rows(job_db, "user", "INSERT INTO companies (name, status) VALUES ('A', 'active') RETURNING id")
    assert isinstance(company_id, UUID)
    path = written(tmp_path / "posts.csv", ROWS)
    mixed = imported(job_db, path, company_id, "--open")
    clean = imported(job_db, written(tmp_path / "clean.jsonl", [*ROWS[:1], *ROWS[4:]]), company_id, "--json")
    nobodys = imported(job_db, path, uuid4())
    assert (mixed.code, clean.code) == (1, 0)
    assert "5 rows: 3 stored, 0 known already, 2 refused." in mixed.out
    assert "  row 2: title: " in mixed.out
    assert "2 refused" in mixed.err
    assert "dead" not in mixed.err
    assert clean.document() == {"rows": 2, "stored": 1, "known": 1, "refused": 0, "reasons": []}
    assert (nobodys.code, nobodys.out) == (1, "")
    assert "company" in nobodys.err
    statuses = rows(job_db, "job", "SELECT status FROM jobs WHERE company_id = %s ORDER BY 1", company_id)
    assert statuses == [("draft",), ("open",), ("open",), ("open",)]
