"""What is personal in a file stands in no table, log or kept file but the original, however the reading ends."""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import structlog

from hirehub.kernel.settings import Settings
from tests.service.test_resume_reading import SERVICES, ended
from tests.service.test_resume_uploads import files, upload
from tests.support import documents as made
from tests.support.platform import platform, rows

pytestmark = pytest.mark.usefixtures("cheap")

ADDRESS, PHONE, NUMBER = "applicant.{}@example.com", "010-5550-01{:02d}", "900101-12345{:02d}"
KOREAN = ("이메일: {}", "전화: {}", "주민등록번호: {}", "경력", "2019.03 ~ 2021.02 예시회사 개발자 Python")
ENGLISH = ("E-mail: {}", "Phone: {}", "Resident number: {}", "Experience", "2019.03 - 2021.02 Engineer Python")


@dataclass(frozen=True)
class Case:
    """A file, its name, and the values that were put into it."""

    name: str
    content: bytes
    values: tuple[str, ...]


def case(number: int, kind: str, words: tuple[str, ...], *, broken: bool = False) -> Case:
    """A file of a kind with values of its own, whole or broken."""
    values = (ADDRESS.format(number), PHONE.format(number), NUMBER.format(number))
    lines = [word.format(value) for word, value in zip(words, values, strict=False)] + list(words[3:])
    content = {"docx": _docx, "pdf": made.unicode_pdf, "txt": _text}[kind](lines)
    if broken:
        content = b"%PDF-1.7\n" + _text(lines) if kind == "pdf" else made.archive({"word/document.xml": _text(lines)})
    return Case(f"private-owner-{number}.{kind}", content, values)


def _docx(lines: list[str]) -> bytes:
    return made.docx("".join(made.word_paragraph(line) for line in lines))


def _text(lines: list[str]) -> bytes:
    return "\n".join(lines).encode()


WHOLE = [
    case(number, kind, words)
    for number, (kind, words) in enumerate(
        (kind, words) for kind in ("docx", "pdf", "txt") for words in (KOREAN, ENGLISH)
    )
]
BROKEN = [
    case(20 + number, kind, words, broken=True)
    for number, (kind, words) in enumerate((kind, words) for kind in ("docx", "pdf") for words in (KOREAN, ENGLISH))
]
REFUSED = Case("private-owner-90.exe", b"MZ\0\0 applicant.90@example.com 010-5550-0190", ("applicant.90@example.com",))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, down to the finest level."""
    target, root, before = io.StringIO(), logging.getLogger(), structlog.get_config()
    finest = structlog.make_filtering_bound_logger(logging.NOTSET)
    structlog.configure(**{**before, "wrapper_class": finest, "logger_factory": structlog.WriteLoggerFactory(target)})
    handler, level = logging.StreamHandler(target), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield target
    root.removeHandler(handler)
    root.setLevel(level)
    structlog.configure(**before)


async def test_what_went_in_stands_nowhere_but_in_the_original(resume_db: Settings, log: io.StringIO) -> None:
    async with platform(resume_db, *SERVICES) as here:
        who = await here.sign_up()
        sent = [await upload(here, who, one.content, one.name) for one in (*WHOLE, *BROKEN)]
        refused = await upload(here, who, REFUSED.content, REFUSED.name)
        found = [await ended(here, who, f"/resumes/{answer.json['id']}") for answer in sent]
    assert [one["status"] for one in found] == ["ready"] * len(WHOLE) + ["error"] * len(BROKEN)
    assert refused.status == 422
    values = [value for one in (*WHOLE, *BROKEN, REFUSED) for value in one.values]
    names = [one.name.rpartition(".")[0] for one in (*WHOLE, *BROKEN, REFUSED)]
    tables = [(service, table) for service in ("user", "resume", "ai", "bus") for table in _tables(resume_db, service)]
    texts = {where: _text_of(resume_db, *where) for where in tables}
    holding = {(where, value) for where, text in texts.items() for value in (*values, *names) if value in text}
    kept = {(("resume", "resumes"), one.name.rpartition(".")[0]) for one in (*WHOLE, *BROKEN)}
    assert holding == kept, "a file's own name is kept for its owner alone, and nothing else is"
    for text in (log.getvalue(), refused.body.decode(), *(str(answer.headers) for answer in sent)):
        assert [word for word in (*values, *names) if word in text] == []
    assert "http_request" in log.getvalue()
    others = [path for path in files(resume_db) if "original" not in path.parts]
    assert {path.name for path in others} == {"masked.txt", "parsed.json"}
    assert [path for path in others if any(value.encode() in path.read_bytes() for value in values)] == []
    assert [path for path in files(resume_db) if "private-owner" in str(path)] == []


def _tables(settings: Settings, service: str) -> list[str]:
    return [
        str(name) for (name,) in rows(settings, service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]


def _text_of(settings: Settings, service: str, table: str) -> str:
    return "\n".join(str(text) for (text,) in rows(settings, service, f"SELECT t::text FROM {table} AS t"))
