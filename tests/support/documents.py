"""Builds documents byte by byte, whole and broken ones: PDF, DOCX, HWPX and HWP 5 (a compound file of OLE)."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

Piece = tuple[float, float, str]
"""Left, bottom and text of a line on a page of a PDF, in points."""
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HANCOM = "http://www.hancom.co.kr/hwpml/2011/paragraph"


def pdf(pages: Sequence[Sequence[Piece]], *, extra: Mapping[str, str] | None = None, size: int = 11) -> bytes:
    """A PDF with these pieces on its pages, in Helvetica; `extra` adds entries to the trailer."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, pieces in enumerate(pages):
        drawn = "\n".join(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET" for x, y, text in pieces)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return pdf_of(objects, extra=extra)


def pdf_of(objects: Sequence[str], *, extra: Mapping[str, str] | None = None) -> bytes:
    """A PDF of these objects, numbered from 1, with its table of places."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1"))
    table = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    more = " ".join(f"/{key} {value}" for key, value in (extra or {}).items())
    out.write(
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {more} >>\nstartxref\n{table}\n%%EOF\n".encode("latin-1")
    )
    return out.getvalue()


def unicode_pdf(lines: Sequence[str]) -> bytes:
    """A PDF with these lines on its page, in any script."""
    return unicode_page([(60, 740 - 20 * at, line) for at, line in enumerate(lines)])


def unicode_page(pieces: Sequence[Piece]) -> bytes:
    """A PDF with these pieces on its page, in a font that says which character each of its codes is: any script."""
    drawn = "\n".join(
        f"BT /F1 11 Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET" for x, y, text in pieces
    )
    codes = "".join(f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>\n" for high in range(256))
    blocks = codes.splitlines()
    ranges = "".join(
        f"{len(part)} beginbfrange\n" + "\n".join(part) + "\nendbfrange\n"
        for part in (blocks[at : at + 100] for at in range(0, len(blocks), 100))
    )
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{ranges}endcmap end end"
    )
    inner = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 900 /FontDescriptor 8 0 R"
    return pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 792] /Contents 4 0 R"
                " /Resources << /Font << /F1 5 0 R >> >> >>"
            ),
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
            (
                "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R]"
                " /ToUnicode 7 0 R >>"
            ),
            f"{inner} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
            f"<< /Length {len(table)} >>\nstream\n{table}\nendstream",
            (
                "<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800"
                " /Descent -200 /CapHeight 700 /StemV 80 >>"
            ),
        ]
    )


def scanned_pdf() -> bytes:
    """A PDF whose only page shows a picture."""
    drawn = "q 612 0 0 792 0 0 cm /I1 Do Q"
    return pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
                " /Resources << /XObject << /I1 5 0 R >> >> >>"
            ),
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
            (
                "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
                " /Length 1 >>\nstream\n0\nendstream"
            ),
        ]
    )


def encrypted_pdf() -> bytes:
    """A PDF that asks for a password that nobody knows."""
    word = "<" + "5a" * 32 + ">"
    encrypt = f"<< /Filter /Standard /V 1 /R 2 /O {word} /U {word} /P -4 >>"
    return pdf([[(72, 700, "secret")]], extra={"Encrypt": encrypt, "ID": "[<00> <00>]"})


def archive(parts: Mapping[str, bytes | str], *, packed: bool = True) -> bytes:
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def word_body(inner: str) -> str:
    """The main part of a DOCX around some elements."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'


def word_paragraph(text: str) -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str, **parts: bytes | str) -> bytes:
    """A DOCX with these elements in its body, and more parts by name (`header1` for word/header1.xml)."""
    more = {f"word/{name}.xml": content for name, content in parts.items()}
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": word_body(body), **more})


def hwpx_section(inner: str) -> str:
    """A section of an HWPX around some elements."""
    return f'<hs:sec xmlns:hs="urn:section" xmlns:hp="{HANCOM}">{inner}</hs:sec>'


def hwpx(*sections: str, **parts: str) -> bytes:
    """An HWPX with these sections; `manifest` is META-INF/manifest.xml."""
    named = {f"Contents/section{number}.xml": hwpx_section(inner) for number, inner in enumerate(sections)}
    more = {"META-INF/manifest.xml": parts["manifest"]} if "manifest" in parts else {}
    return archive({"mimetype": "application/hwp+zip", "Contents/header.xml": "<head/>", **named, **more})


def hwp_record(tag: int, content: bytes) -> bytes:
    """A record of an HWP 5."""
    if len(content) < 0xFFF:
        return struct.pack("<I", tag | len(content) << 20) + content
    return struct.pack("<II", tag | 0xFFF << 20, len(content)) + content


def hwp_text(text: str) -> bytes:
    """The record of a paragraph's text."""
    return hwp_record(67, (text + "\r").encode("utf-16-le"))


def packed(body: bytes) -> bytes:
    """Raw deflate, as an HWP 5 packs its sections."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def hwp(*sections: bytes, flags: int = 1, head: bytes = b"HWP Document File") -> bytes:
    """An HWP 5 of these sections, as they are stored."""
    header = head.ljust(32, b"\0") + struct.pack("<II", 0x05000300, flags)
    body = {f"Section{number}": content for number, content in enumerate(sections)}
    return ole({"FileHeader": header}, {"BodyText": body})


_SECTOR, _FREE, _CHAIN_END, _FAT_SECTOR = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LEAST = 4096
"""A shorter stream would lie in the small sectors, which these files do without."""


def ole(streams: Mapping[str, bytes], storages: Mapping[str, Mapping[str, bytes]] | None = None) -> bytes:
    """A compound file of OLE; streams are filled up with zeros to 4,096 bytes."""
    entries: list[tuple[str, int, int, bytes]] = [("Root Entry", 5, 0, b"")]
    tops: list[int] = []
    children: dict[int, list[int]] = {}
    for name, content in streams.items():
        tops.append(len(entries))
        entries.append((name, 2, 0, content.ljust(_LEAST, b"\0")))
    for name, inside in (storages or {}).items():
        tops.append(len(entries))
        children[len(entries)] = list(range(len(entries) + 1, len(entries) + 1 + len(inside)))
        entries.append((name, 1, 0, b""))
        entries += [(one, 2, 0, content.ljust(_LEAST, b"\0")) for one, content in inside.items()]
    children[0] = tops
    return _compound(entries, children)


def _compound(entries: list[tuple[str, int, int, bytes]], children: dict[int, list[int]]) -> bytes:
    """The file: its head, one sector of the table a 128 sectors, the folder, the streams."""
    folder = -(-len(entries) * 128 // _SECTOR)
    lengths = [-(-len(content) // _SECTOR) for *_head, content in entries]
    tables = next(count for count in range(1, 109) if count * 128 >= count + folder + sum(lengths))
    table = [_FAT_SECTOR] * tables + _chain(tables, folder)
    at = tables + folder
    starts: list[int] = []
    for length in lengths:
        starts.append(at if length else _CHAIN_END)
        table += _chain(at, length)
        at += length
    table += [_FREE] * (tables * 128 - len(table))
    body = b"".join(_entry(one, entry, starts[one], children) for one, entry in enumerate(entries))
    streams = b"".join(
        content.ljust(length * _SECTOR, b"\0") for (*_h, content), length in zip(entries, lengths, strict=True)
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, _LEAST, _CHAIN_END, 0, _CHAIN_END, 0
    )
    head += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    return head + struct.pack(f"<{len(table)}I", *table) + body.ljust(folder * _SECTOR, b"\0") + streams


def _chain(first: int, length: int) -> list[int]:
    return [*range(first + 1, first + length), _CHAIN_END] if length else []


def _entry(number: int, entry: tuple[str, int, int, bytes], start: int, children: dict[int, list[int]]) -> bytes:
    """An entry of the folder; those beside each other hang in one chain to the right."""
    name, kind, _color, content = entry
    beside: Iterable[list[int]] = children.values()
    right = next((row[row.index(number) + 1] for row in beside if number in row[:-1]), _FREE)
    child = children.get(number, [_FREE])[0] if children.get(number) else _FREE
    wide = name.encode("utf-16-le") + b"\0\0"
    return (
        wide.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(wide), kind, 1, _FREE, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, len(content))
    )
