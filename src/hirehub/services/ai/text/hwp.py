"""Text of an HWP 5: the paragraphs of the body, out of its records; each section is a page.

A compound file of OLE holds the streams, `olefile` opens it. A stream of the body is packed by raw deflate and made of
records: a head of 32 bits (tag, level, size) and as many bytes. Of them all only the text of paragraphs is read.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Final

import olefile

from hirehub.services.ai.text.errors import damaged, encrypted, too_large, unknown
from hirehub.services.ai.text.flow import Flow
from hirehub.services.ai.text.limits import Limits

_SIGNATURE: Final = b"HWP Document File"
_FLAGS: Final = 36
"""Where the flags stand in the file's head."""
_PACKED: Final = 0x1
_PASSWORD: Final = 0x2
_DISTRIBUTED: Final = 0x4
_PARAGRAPH_TEXT: Final = 67
_LONG: Final = 0xFFF
"""A record's size that says: the next 32 bits hold it."""
_SECTION: Final = re.compile(r"Section(\d{1,4})$")
_SINGLE: Final = frozenset({0, 10, 13, 24, 25, 26, 27, 28, 29, 30, 31})
"""Control characters of one unit; any other below 32 takes eight."""
_SHOWN: Final = {9: "\t", 10: "\n", 13: "\n", 24: "-", 30: " ", 31: " "}


def read(data: bytes, limits: Limits) -> list[str]:
    """The pages of a compound file that is an HWP; UnknownDocument for any other."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return _pages(ole, limits)
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(f"no whole compound file ({type(error).__name__})") from None


def _pages(ole: "olefile.OleFileIO", limits: Limits) -> list[str]:
    flags = _head(ole, limits)
    names = [parts for parts in ole.listdir() if len(parts) == 2 and parts[0] == "BodyText"]
    sections = sorted((int(match[1]), parts) for parts in names if (match := _SECTION.match(parts[1])))
    if not sections:
        raise damaged("it has no section")
    flow = Flow(limits)
    left = limits.unpacked_bytes
    for _number, parts in sections:
        body = _stream(ole, parts, limits)
        if flags & _PACKED:
            body = _unpacked(body, left, limits)
        left -= len(body)
        for text in _paragraphs(body):
            flow.add(text)
        flow.end_page()
    return flow.finish()


def _head(ole: "olefile.OleFileIO", limits: Limits) -> int:
    """The file's flags."""
    if ole.exists("EncryptedPackage"):
        raise encrypted()
    if not ole.exists("FileHeader"):
        raise unknown("an old Word document" if ole.exists("WordDocument") else "a compound file of another program")
    head = _stream(ole, ["FileHeader"], limits)
    if not head.startswith(_SIGNATURE) or len(head) < _FLAGS + 4:
        raise damaged("its head is not that of an HWP")
    flags = int.from_bytes(head[_FLAGS : _FLAGS + 4], "little")
    if flags & (_PASSWORD | _DISTRIBUTED):
        raise encrypted()
    return flags


def _stream(ole: "olefile.OleFileIO", parts: list[str], limits: Limits) -> bytes:
    """The bytes of a stream; its size is that of the file at most."""
    if ole.get_size(parts) > limits.file_bytes:
        raise damaged("a stream is larger than the file")
    with ole.openstream(parts) as stream:
        return bytes(stream.read())


def _unpacked(body: bytes, most: int, limits: Limits) -> bytes:
    """A section, unpacked."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(body, most + 1)
    except zlib.error:
        raise damaged("a section cannot be unpacked") from None
    if len(plain) > most:
        raise too_large(f"more than {limits.unpacked_bytes:,} bytes when it is unpacked")
    if not plain:
        raise damaged("a section holds nothing")
    return plain


def _paragraphs(body: bytes) -> Iterator[str]:
    """The texts of a section's paragraphs."""
    at = 0
    while at + 4 <= len(body):
        head = int.from_bytes(body[at : at + 4], "little")
        at += 4
        size = head >> 20
        if size == _LONG:
            size = int.from_bytes(body[at : at + 4], "little")
            at += 4
        if at + size > len(body):
            raise damaged("a record ends behind its section")
        if head & 0x3FF == _PARAGRAPH_TEXT:
            yield _text(body[at : at + size])
        at += size


def _text(units: bytes) -> str:
    """The text of a paragraph: UTF-16 with control characters, of which most hold a place for what is drawn there."""
    parts: list[bytes] = []
    at = 0
    while at + 2 <= len(units):
        unit = int.from_bytes(units[at : at + 2], "little")
        if unit >= 32:
            parts.append(units[at : at + 2])
        elif unit in _SHOWN:
            parts.append(_SHOWN[unit].encode("utf-16-le"))
        at += 2 if unit >= 32 or unit in _SINGLE else 16
    text = b"".join(parts).decode("utf-16-le", "replace")
    return text if text.endswith("\n") else text + "\n"
