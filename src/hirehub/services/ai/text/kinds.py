"""Tells what a file is by its first bytes and, for archives, by the parts that it lists."""

from typing import Final

from hirehub.services.ai.text.archive import Archive
from hirehub.services.ai.text.document import FileKind
from hirehub.services.ai.text.errors import UnknownDocument, unknown

_PDF: Final = b"%PDF-"
_PDF_BEGINS: Final = 1024
"""A PDF's head may stand behind other bytes, as far as readers look."""
_ARCHIVE: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFUSED: Final = {
    b"{\\rtf": "RTF",
    b"HWP Document File": "a document of HWP 3",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"RIFF": "a picture or a sound",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"%!PS": "PostScript",
    b"SQLite format 3": "a database",
}


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as a zip archive does."""
    return data.startswith(_ARCHIVE)


def is_ole(data: bytes) -> bool:
    """Whether the bytes begin as a compound file of OLE does."""
    return data.startswith(_OLE)


def plain_kind(data: bytes) -> FileKind:
    """PDF or text; UnknownDocument for formats that are known and not read."""
    for start, name in _REFUSED.items():
        if data.startswith(start):
            raise unknown(name)
    return FileKind.PDF if _PDF in data[:_PDF_BEGINS] else FileKind.TXT


def archive_kind(archive: Archive) -> FileKind:
    """DOCX or HWPX by the parts of an archive; UnknownDocument for any other."""
    names = archive.names
    if any(name.startswith("word/document") and name.endswith(".xml") for name in names):
        return FileKind.DOCX
    if "Contents/section0.xml" in names or "Contents/header.xml" in names:
        return FileKind.HWPX
    raise _other(names)


def _other(names: tuple[str, ...]) -> UnknownDocument:
    for start, name in (("xl/", "a spreadsheet"), ("ppt/", "a presentation"), ("META-INF/", "a package")):
        if any(one.startswith(start) for one in names):
            return unknown(name)
    return unknown("an archive")
