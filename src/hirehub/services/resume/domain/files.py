"""What kind a file is, told by its first bytes and never by its name."""

import zipfile
from collections.abc import Mapping
from typing import BinaryIO, Final

from hirehub.kernel.errors import Invalid, LimitExceeded

KINDS: Final = ("pdf", "docx", "txt", "hwpx", "hwp")

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
    "hwpx": "application/hwp+zip",
    "hwp": "application/x-hwp",
}

_HEAD: Final = 1024
_MOST_ENTRIES: Final = 10_000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class UnknownFileType(Invalid):
    """A file of a kind that is not read."""

    code = "unknown_file_type"


class EmptyFile(Invalid):
    """A file without a byte."""

    code = "empty_file"


class FileTooLarge(LimitExceeded):
    """A file of more bytes than a resume may have."""

    code = "file_too_large"


def kind_of(file: BinaryIO) -> str:
    """The kind, one of KINDS; UnknownFileType, EmptyFile. The file is left at its start."""
    file.seek(0)
    head = file.read(_HEAD)
    try:
        if not head:
            raise EmptyFile("The file is empty.", hint="Choose the file again.")
        if b"%PDF-" in head:
            return "pdf"
        if head.startswith(b"PK\x03\x04"):
            return _of_archive(file)
        if head.startswith(_OLE):
            return "hwp"
        if _is_text(head):
            return "txt"
    finally:
        file.seek(0)
    raise _unknown()


def _of_archive(file: BinaryIO) -> str:
    """DOCX and HWPX are archives; their table of contents tells which. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist()[:_MOST_ENTRIES])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnknownFileType("The file is an archive that breaks off.", hint="Export it again.") from None
    if "word/document.xml" in names:
        return "docx"
    if "Contents/content.hpf" in names:
        return "hwpx"
    raise _unknown()


def _is_text(head: bytes) -> bool:
    """Whether the bytes can be text: with a mark of UTF-16, or without control characters."""
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or not any(
        byte < 32 and byte not in b"\t\n\r\f" for byte in head
    )


def _unknown() -> UnknownFileType:
    return UnknownFileType("The file is none of PDF, DOCX, HWPX, HWP or text.", hint="Export it as PDF or DOCX.")
