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
from tests.support.platform import execute, platform, rows

ROWS: list[dict[str, Any]] = [
    {"reference": "r1", "title": "Cook", "description": "Cooks.", "skills": ["HACCP", "haccp"], "experience_min": 1},
    {"reference": "r2", "title": "", "description": "No title."},
    {"reference": "r3", "title": "Driver", "description": "Drives.", "experience_min": 9, "experience_max": 2},
    {"reference": "r4", "title": "Nurse", "description": "Nurses.", "expires_at": "9999-12-31T23:59:59Z", "colour": 1},
    {"title": "Without reference", "description": "May come twice."},
]


UNFORESEEN: list[dict[str, Any]] = [
    {"reference": "u1", "title": "Driver", "description": "Drives.", "skills": ["Driving"]},
    {"reference": "u2", "title": "", "description": "No title."},
    {"reference": "u3", "title": "Nurse", "description": "Nurses."},
    {"reference": "u4", "title": "Tailor", "description": "Sews."},
]
"""A post that the rule of a test keeps out, among others."""


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


async def brought(
    settings: Settings, path: Path, company_id: UUID, *, opened: bool = True, most: int = 100, batch: int = 2
) -> Report:
    async with await open_database(settings, "job") as db:
        return await imports.run(
            db,
            JobSettings(import_batch=batch, import_rows=most),
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
        ("posts.csv", b""),
        ("posts.csv", b"title,description,title\na,b,c\n"),
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


async def test_a_row_of_more_cells_than_columns_is_refused_by_number(job_db: Settings, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("title,description\nCook,Cooks, bakes\nDriver,Drives\n")
    report = await brought(job_db, path, uuid4(), opened=False)
    assert (report.stored, [number for number, _ in report.reasons]) == (1, [1])
    assert "quotation marks" in report.reasons[0][1]


async def test_a_moment_that_no_database_holds_is_refused_by_number_and_stops_no_other(
    job_db: Settings, tmp_path: Path
) -> None:
    lines, table = tmp_path / "posts.jsonl", tmp_path / "posts.parquet"
    ends = ("9999-12-31T23:59:59-01:00", "2999-01-01T00:00:00+16:00", "9" * 20, "2999-01-01T00:00:00Z")
    lines.write_text("".join(json.dumps({"title": "Cook", "expires_at": end}) + "\n" for end in ends))
    moments = pa.array(
        [2**63 - 1, 32_472_144_000_000_000, -(2**63), 253_402_300_799_000_000], pa.timestamp("us", "UTC")
    )
    pq.write_table(pa.table({"title": ["Cook"] * 4, "expires_at": moments, "colour": moments}), table)
    for path in (lines, table):
        report = await brought(job_db, path, uuid4(), opened=False)
        assert [number for number, _ in report.reasons] == [1, 3], report.reasons
        assert all(reason.startswith("expires_at: ") for _, reason in report.reasons)
        assert (report.rows, report.stored) == (4, 2)


BAD: list[dict[str, Any]] = [
    {"title": "\0"},
    {"title": "\ud800"},
    {"title": "\u200b"},
    {"location": "\u3164"},
    {"skills": ["Go\u2066"]},
    {"title": "\u0958" * 201},
    {"description": "a\0"},
    {"description": "\udfff"},
    {"reference": "\0"},
    {"reference": "x" * 201},
    {"skills": ["\0"]},
    {"skills": ["\ud800"]},
    {"skills": ["\u0958" * 51]},
    {"salary_min": 2**31},
    {"salary_max": 10**400},
    {"salary_max": float("inf")},
    {"experience_min": -1},
    {"experience_min": 3, "experience_max": 2},
    {"job_type": "none"},
    {"remote_type": {}},
]
"""What makes a post one that the database would refuse."""


async def test_what_the_database_would_refuse_is_refused_before(job_db: Settings, tmp_path: Path) -> None:
    path = written(tmp_path / "posts.jsonl", [{"title": "Cook"}, *({"title": "Driver", **bad} for bad in BAD)])
    report = await brought(job_db, path, uuid4(), opened=False, batch=100)
    assert (report.stored, [number for number, _ in report.reasons]) == (1, [*range(2, len(BAD) + 2)])
    assert not [reason for _, reason in report.reasons if "database" in reason]


async def test_of_a_batch_that_the_database_does_not_take_the_one_bad_row_is_refused(
    job_db: Settings, tmp_path: Path
) -> None:
    """A rule that the import does not know stands for all that nobody has thought of."""
    execute(job_db, "job", "ALTER TABLE jobs ADD CONSTRAINT unforeseen CHECK (title <> 'Driver')")
    try:
        path, company_id = written(tmp_path / "posts.jsonl", [dict(ROWS[0]), *UNFORESEEN]), uuid4()
        report = await brought(job_db, path, company_id, batch=5)
        again = await brought(job_db, path, company_id, batch=5)
    finally:
        execute(job_db, "job", "ALTER TABLE jobs DROP CONSTRAINT unforeseen")
    assert (report.rows, report.stored, report.refused) == (5, 3, 2)
    assert report.reasons[0] == (2, "The database does not take it (23514).")
    assert report.reasons[1][0] == 3
    assert (again.stored, again.known) == (0, 3)
    assert rows(job_db, "job", "SELECT name FROM skill_tags") == [("HACCP",)]
    assert rows(job_db, "job", "SELECT count(*) FROM outbox WHERE topic = 'job.created'") == [(3,)]


@pytest.mark.parametrize(("name", "encoding"), [("a.csv", "cp949"), ("a.csv", "utf-8-sig"), ("a.jsonl", "utf-8-sig")])
async def test_a_file_is_read_as_programs_in_korea_save_it(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    row = {"title": "요리사", "location": "부산 똠방각하"}
    text = "title,location\n요리사,부산 똠방각하\n" if path.suffix == ".csv" else json.dumps(row, ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    assert list(files.read(path)) == [(1, row)]


def test_a_file_in_another_encoding_is_refused_before_its_first_row_and_told_which_to_use(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(b"title\n" + b"Cook\n" * 300_000 + "Caf\u00e9\n".encode("latin-1"))
    with pytest.raises(UnreadableFile, match=r"not in UTF-8 or CP949") as refused:
        next(iter(files.read(path)))
    assert "UTF-8" in str(refused.value.hint)


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
