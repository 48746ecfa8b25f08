"""What the child process does with a document: it tells the kind, reads the pages and makes their text plain."""

from typing import Any

from hirehub.services.ai.text import docx, hwp, hwpx, kinds, pdf, plain
from hirehub.services.ai.text.archive import Archive
from hirehub.services.ai.text.cleaning import clean
from hirehub.services.ai.text.document import FileKind
from hirehub.services.ai.text.errors import empty
from hirehub.services.ai.text.limits import Limits


def work(job: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The kind of the document and the texts of its pages."""
    limits = Limits(**job["limits"])
    if not data.strip(b"\x00 \t\r\n"):
        raise empty("it has no bytes" if not data else "it holds nothing but blanks")
    kind, pages = _read(data, limits)
    texts = [clean(page) for page in pages]
    if not any(text.strip() for text in texts):
        raise empty("it has no text")
    return {"kind": kind, "pages": texts}


def _read(data: bytes, limits: Limits) -> tuple[FileKind, list[str]]:
    """The kind by content, and the pages as they are."""
    if kinds.is_archive(data):
        archive = Archive(data, limits)
        kind = kinds.archive_kind(archive)
        return kind, docx.read(archive, limits) if kind is FileKind.DOCX else hwpx.read(archive, limits)
    if kinds.is_ole(data):
        return FileKind.HWP, hwp.read(data, limits)
    if kinds.plain_kind(data) is FileKind.PDF:
        return FileKind.PDF, pdf.read(data, limits)
    return FileKind.TXT, plain.read(data, limits)
