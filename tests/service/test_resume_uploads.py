"""Resumes over HTTP: uploaded, told of, worked on, corrected, chosen, removed."""

import asyncio
import io
import json
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest

from hirehub.contracts.user import UserType
from hirehub.kernel.settings import Settings
from tests.support.bus import until
from tests.support.people import NOBODY, People, Person
from tests.support.platform import execute, platform, rows
from tests.support.web import Answer

PDF = b"%PDF-1.7\nnothing in it"
READ = {
    "status": "ready",
    "masked_content": "[name] writes Go",
    "experiences": [{"company_name": "Lumen", "start_date": "2019-03-01", "is_current": True}],
    "skills": [{"skill_name": "Go", "years": 4}],
    "educations": [{"degree": "Bachelor"}],
    "masked": {"name": 1},
}
CHUNKS = {"chunks": [{"text": "[name] writes Go", "vector": [0.0] * 383 + [1.0]}]}


def archive(*names: str) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return found.getvalue()


async def upload(here: People, who: Person, content: bytes, name: str = "cv.pdf", **headers: str) -> Answer:
    """Sends a file as a browser's form does."""
    line = "--part\r\n"
    body = f'{line}Content-Disposition: form-data; name="title"\r\n\r\nMine\r\n{line}'.encode()
    body += f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content
    form = {"content-type": "multipart/form-data; boundary=part", **headers}
    return await here.ask("POST", "/resumes", body + b"\r\n--part--\r\n", who=who, **form)


def files(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "files").rglob("*") if path.is_file()]


async def test_a_file_is_kept_told_of_and_given_back_to_its_owner_alone(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        who, other = await here.sign_up(), await here.sign_up()
        answer = await upload(here, who, PDF, name="../Jane.pdf")
        resume_id = answer.json["id"]
        told = await until(lambda: asyncio.to_thread(rows, resume_db, "bus", "SELECT topic, body FROM fact"), bool)
        original = await here.ask("GET", f"/resumes/{resume_id}/original", who=who)
        refused = [await here.ask("GET", f"/resumes/{resume_id}/original", who=one) for one in (other, NOBODY)]
    assert (answer.status, answer.json["status"], answer.json["file_type"]) == (201, "processing", "pdf")
    assert (answer.json["original_file_name"], answer.json["is_primary"]) == ("Jane.pdf", True)
    assert (original.status, original.body) == (200, PDF)
    assert original.headers["content-disposition"] == 'attachment; filename="resume.pdf"'
    assert [one.status for one in refused] == [404, 401]
    ((topic, body),) = told
    assert topic == "resume.uploaded"
    assert isinstance(body, dict)
    assert body["resume_id"] == resume_id
    assert "Jane" not in json.dumps(body)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (archive("word/document.xml"), "docx"),
        (archive("Contents/content.hpf"), "hwpx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "hwp"),
        ("이력서".encode(), "txt"),
        ("이력서".encode("cp949"), "txt"),
    ],
)
async def test_the_kind_is_told_by_the_content(resume_db: Settings, content: bytes, kind: str) -> None:
    async with platform(resume_db, "user", "resume") as here:
        answer = await upload(here, await here.sign_up(), content, name="cv.exe")
    assert (answer.status, answer.json.get("file_type")) == (201, kind)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"MZ\x00\x01", "unknown_file_type"),
        (archive("xl/workbook.xml"), "unknown_file_type"),
        (b"PK\x03\x04 and no more", "unknown_file_type"),
    ],
)
async def test_what_is_not_read_is_refused_by_name_and_leaves_nothing(
    resume_db: Settings, content: bytes, code: str
) -> None:
    before = set(files(resume_db))
    async with platform(resume_db, "user", "resume") as here:
        answer = await upload(here, await here.sign_up(), content)
    assert (answer.status, answer.json["code"]) == (422, code)
    assert set(files(resume_db)) == before
    assert rows(resume_db, "resume", "SELECT count(*) FROM resumes") == [(0,)]


async def test_a_file_that_is_too_large_is_refused_and_what_came_of_it_goes(
    resume_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_RESUME__MAX_FILE", "2000000")
    before = set(files(resume_db))
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        large = await upload(here, who, PDF + b"x" * 2_000_000)
        fits = await upload(here, who, PDF + b"x" * 1_900_000)
    assert (large.status, large.json["code"]) == (413, "file_too_large")
    assert fits.status == 201
    assert len(set(files(resume_db)) - before) == 1


async def test_the_same_file_again_is_told_and_a_key_makes_one_of_two(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        who, other = await here.sign_up(), await here.sign_up()
        first, second = await upload(here, who, PDF), await upload(here, who, PDF)
        foreign = await upload(here, other, PDF)
        keyed = [await upload(here, who, PDF + b"2", **{"idempotency-key": "k"}) for _ in range(2)]
        misused = await upload(here, who, PDF + b"3", **{"idempotency-key": "k"})
    assert first.json["duplicate_of"] is None
    assert second.json["duplicate_of"] == first.json["id"]
    assert foreign.json["duplicate_of"] is None
    assert keyed[0].json["id"] == keyed[1].json["id"]
    assert (misused.status, misused.json["code"]) == (422, "idempotency_key_reused")


async def test_the_service_ai_says_what_was_read_and_its_owner_sees_and_corrects_it(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        who, other = await here.sign_up(), await here.sign_up()
        path = f"/resumes/{(await upload(here, who, PDF)).json['id']}"
        early = await here.ask("PUT", f"{path}/skills", {"skills": []}, who=who)
        denied = [await here.ask("PUT", path, READ, who=one) for one in (who, other, NOBODY)]
        done = [await here.ask("PUT", path, READ, who=here.a_service()) for _ in range(2)]
        done += [await here.ask("PUT", f"{path}/chunks", CHUNKS, who=here.a_service()) for _ in range(2)]
        whole = await here.ask("GET", path, who=who)
        jobs = await here.ask("GET", f"{path}/experiences", who=who)
        corrected = await here.ask("PUT", f"{path}/skills", {"skills": [{"skill_name": "Rust"}]}, who=who)
        foreign = await here.ask("PUT", f"{path}/skills", {"skills": []}, who=other)
    assert (early.status, early.json["code"]) == (409, "still_processing")
    assert [one.status for one in denied] == [403, 403, 401]
    assert [one.status for one in done] == [200] * 4
    assert (whole.json["status"], whole.json["masked_content"]) == ("ready", "[name] writes Go")
    assert [one["company_name"] for one in jobs.json["items"]] == ["Lumen"]
    assert [one["skill_name"] for one in corrected.json["items"]] == ["Rust"]
    assert foreign.status == 404
    assert rows(resume_db, "resume", "SELECT masked_fields FROM pii_masking_logs LIMIT 1") == [({"name": 1},)]
    assert rows(resume_db, "resume", "SELECT count(*) FROM resume_embeddings") == [(1,)]


async def test_what_the_owner_changes_or_removes_is_told_and_a_change_without_difference_is_not(
    resume_db: Settings,
) -> None:
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        path = f"/resumes/{(await upload(here, who, PDF)).json['id']}"
        await here.ask("PUT", path, READ, who=here.a_service())
        before = (await here.ask("GET", path, who=who)).json["version"]
        same = {"skills": [{"skill_name": "Go", "years": 4}]}
        kept = await here.ask("PUT", f"{path}/skills", same, who=who)
        between = (await here.ask("GET", path, who=who)).json["version"]
        await here.ask("PUT", f"{path}/experiences", {"experiences": [{"position": "Engineer"}]}, who=who)
        after = await here.ask("GET", path, who=who)
        assert (await here.ask("DELETE", path, who=who)).status == 204
        statement = "SELECT topic, body FROM fact ORDER BY position"
        told = await until(lambda: asyncio.to_thread(rows, resume_db, "bus", statement), lambda all_: len(all_) >= 3)
    ids = {"resume_id": path.rpartition("/")[2], "user_id": who.user_id}
    assert kept.status == 200
    assert (between, after.json["version"], after.headers["etag"]) == (before, before + 1, f'"{before + 1}"')
    assert [topic for topic, _ in told] == ["resume.uploaded", "resume.updated", "resume.removed"]
    assert [body for _, body in told[1:]] == [ids, ids]


async def test_one_of_several_is_the_primary(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        ids = [(await upload(here, who, PDF + bytes([number]))).json["id"] for number in range(48, 51)]
        await asyncio.gather(*(here.ask("POST", f"/resumes/{one}/primary", who=who) for one in ids))
        listed = (await here.ask("GET", "/resumes", who=who)).json["items"]
    assert [one["id"] for one in listed] == list(reversed(ids))
    assert sum(one["is_primary"] for one in listed) == 1


async def test_a_resume_that_cannot_be_read_is_no_primary_and_hands_it_on(resume_db: Settings) -> None:
    failed = {"status": "error", "reason": "scan"}
    async with platform(resume_db, "user", "resume") as here:
        who, ai = await here.sign_up(), here.a_service()

        async def primaries() -> list[str]:
            return [
                one["id"] for one in (await here.ask("GET", "/resumes", who=who)).json["items"] if one["is_primary"]
            ]

        first, second, third = [(await upload(here, who, PDF + bytes([n]))).json["id"] for n in range(48, 51)]
        seen = [await primaries()]
        await here.ask("PUT", f"/resumes/{second}", READ, who=ai)
        for one in (first, second):
            await here.ask("PUT", f"/resumes/{one}", failed, who=ai)
            seen.append(await primaries())
        refused = await here.ask("POST", f"/resumes/{first}/primary", who=who, **{"accept-language": "ko"})
        await here.ask("PUT", f"/resumes/{third}", failed, who=ai)
        seen.append(await primaries())
        again = await here.ask("PUT", f"/resumes/{first}", READ, who=ai)
        fourth = (await upload(here, who, PDF)).json["id"]
        seen.append(await primaries())
        await here.ask("DELETE", f"/resumes/{first}", who=who)
        seen.append(await primaries())
    assert seen == [[first], [second], [third], [], [first], [fourth]]
    assert (refused.status, refused.json["code"]) == (409, "resume_not_ready")
    assert (refused.json["detail"], "ready" in refused.json["hint"]) == (
        "읽지 못한 이력서는 대표 이력서로 정할 수 없습니다.",
        True,
    )
    assert again.json["is_primary"] is True


async def test_a_resume_can_be_watched_until_it_is_read(resume_db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_RESUME__WATCH_POLL", "60")
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        path = f"/resumes/{(await upload(here, who, PDF)).json['id']}"
        watching = [asyncio.ensure_future(here.ask("GET", f"{path}/events", who=who)) for _ in range(3)]
        await asyncio.sleep(0.3)
        failed = {"status": "error", "reason": "scan"}
        assert (await here.ask("PUT", path, failed, who=here.a_service())).status == 200
        async with asyncio.timeout(10):
            seen = await asyncio.gather(*watching)
    assert seen[0].headers["content-type"].startswith("text/event-stream")
    assert [statuses(one) for one in seen] == [[("processing", None), ("error", "scan")]] * 3


async def test_what_another_process_changes_is_found_and_a_person_watches_so_many_at_once(
    resume_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_RESUME__WATCHERS", "2")
    monkeypatch.setenv("HIREHUB_RESUME__WATCH_POLL", "0.2")
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        path = f"/resumes/{(await upload(here, who, PDF)).json['id']}"
        watching = [asyncio.ensure_future(here.ask("GET", f"{path}/events", who=who)) for _ in range(2)]
        await asyncio.sleep(0.3)
        refused = await here.ask("GET", f"{path}/events", who=who, accept_language="ko")
        by_a_service = asyncio.ensure_future(here.ask("GET", f"{path}/events", who=here.a_service()))
        await asyncio.sleep(0.1)
        execute(resume_db, "resume", "UPDATE resumes SET status = 'ready'")
        async with asyncio.timeout(10):
            seen = await asyncio.gather(*watching, by_a_service)
        again = await here.ask("GET", f"{path}/events", who=who)
    assert (refused.status, refused.json["code"]) == (409, "too_many_watchers")
    assert [statuses(one)[-1] for one in seen] == [("ready", None)] * 3
    assert statuses(again) == [("ready", None)]


def statuses(answer: Answer) -> list[tuple[str, str | None]]:
    """The states of a stream of events."""
    told = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    return [(one["status"], one["status_reason"]) for one in told]


async def test_what_is_removed_is_gone_with_its_file(resume_db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_RESUME__REMOVAL_INTERVAL", "0.1")
    before = set(files(resume_db))
    async with platform(resume_db, "user", "resume") as here:
        who, other = await here.sign_up(), await here.sign_up()
        path = f"/resumes/{(await upload(here, who, PDF)).json['id']}"
        assert (await here.ask("DELETE", path, who=other)).status == 404
        assert (await here.ask("DELETE", path, who=who)).status == 204
        assert (await here.ask("GET", path, who=who)).status == 404

        async def left() -> set[Path]:
            return set(files(resume_db)) - before

        assert await until(left, lambda found: not found) == set()


async def test_the_answer_kept_for_a_key_goes_with_its_resume_alone(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        first, second = [await upload(here, who, PDF, f"{key}.pdf", **{"idempotency-key": key}) for key in "ab"]
        removed = await here.ask("DELETE", f"/resumes/{first.json['id']}", who=who)
        kept = rows(resume_db, "resume", "SELECT key, body FROM idempotency_key")
        new, replayed = [await upload(here, who, PDF, "c.pdf", **{"idempotency-key": key}) for key in "ab"]
    assert removed.status == 204
    assert kept == [("b", second.body.decode())]
    assert (new.status, new.json["original_file_name"]) == (201, "c.pdf")
    assert new.json["id"] != first.json["id"]
    assert replayed.body == second.body


async def test_what_was_read_is_kept_as_files_as_long_as_it_holds(
    resume_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_RESUME__REMOVAL_INTERVAL", "0.1")
    async with platform(resume_db, "user", "resume") as here:
        who, ai = await here.sign_up(), here.a_service()
        ids = [(await upload(here, who, PDF)).json["id"] for _ in range(2)]
        folders = [resume_db.data_dir / "files" / "resumes" / "processed" / who.user_id / one for one in ids]
        read = [READ | {"masked_content": "[이름] Go", "parsed_content": {"months": 4}}, READ]
        for one, outcome in ((ids[0], read[0]), (ids[1], read[0]), (ids[1], read[1])):
            assert (await here.ask("PUT", f"/resumes/{one}", outcome, who=ai)).status == 200
        first, again = (contents(folder) for folder in folders)
        await here.ask("PUT", f"/resumes/{ids[1]}", {"status": "error", "reason": "scan"}, who=ai)
        failed = contents(folders[1])
        assert (await here.ask("DELETE", f"/resumes/{ids[0]}", who=who)).status == 204
        left = await until(lambda: asyncio.to_thread(contents, folders[0]), lambda found: not found)
        late = await here.ask("PUT", f"/resumes/{ids[0]}", read[0], who=ai)
    assert first == {"masked.txt": "[이름] Go", "parsed.json": '{"months": 4}'}
    assert again == {"masked.txt": READ["masked_content"]}, "what the later work did not read is gone"
    assert (failed, left, late.status, contents(folders[0])) == ({}, {}, 404, {})


def contents(folder: Path) -> dict[str, str]:
    """The files of a folder, none where it is not there."""
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*"))}


async def test_who_is_gone_uploads_nothing_with_a_token_that_still_holds(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        execute(resume_db, "resume", "INSERT INTO tombstone (id) VALUES (%s)", who.user_id)
        refused = await upload(here, who, PDF)
    assert (refused.status, refused.json["code"]) == (401, "unauthenticated")
    assert rows(resume_db, "resume", "SELECT count(*) FROM resumes") == [(0,)]


async def test_a_person_has_so_many_resumes_and_no_more(resume_db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_RESUME__MAX_RESUMES", "2")
    async with platform(resume_db, "user", "resume") as here:
        who = await here.sign_up()
        company = await here.sign_up(UserType.COMPANY)
        answers = await asyncio.gather(*(upload(here, who, PDF + str(uuid4()).encode()) for _ in range(4)))
        refused = await upload(here, company, PDF)
    assert sorted(answer.status for answer in answers) == [201, 201, 409, 409]
    assert refused.status == 403
