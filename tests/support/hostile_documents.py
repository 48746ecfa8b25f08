"""Documents that mean harm or are broken, by name, each with the code of the error that it must end in."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.support import documents as made

Make = Callable[[], bytes]
LIE = "<!DOCTYPE {root} [{inner}]>"
OK = "read"
"""In place of a code: the file is read, without harm."""


def one(name: str, content: bytes | str) -> bytes:
    """A DOCX whose body is this text of XML."""
    return made.archive({name: content})


def word(xml: str) -> bytes:
    """A DOCX of this main part."""
    return one("word/document.xml", xml)


def laughs(levels: int, width: int) -> str:
    """Entities that grow by `width` a level."""
    rows = ['<!ENTITY e0 "ha">']
    rows += [f'<!ENTITY e{level} "{f"&e{level - 1};" * width}">' for level in range(1, levels)]
    return LIE.format(root="d", inner="".join(rows)) + f"<d>&e{levels - 1};</d>"


def deep(depth: int) -> str:
    """Elements inside each other."""
    return made.word_body("<w:p>" * depth + "</w:p>" * depth)


def bomb(size: int) -> bytes:
    """A DOCX whose body unpacks to `size` blanks."""
    return word("<w:document>" + " " * size + "</w:document>")


def linked() -> bytes:
    """A DOCX whose body is a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        info = zipfile.ZipInfo("word/document.xml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    return out.getvalue()


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    """The bytes with something else at every place of `old`."""
    if old not in data:
        raise ValueError("there is nothing to replace")
    return data.replace(old, new)


def locked() -> bytes:
    """A DOCX whose parts say that they are encrypted."""
    data = bytearray(made.docx(made.word_paragraph("x")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def lying(data: bytes) -> bytes:
    """An archive whose list says that each part unpacks to one byte."""
    out = bytearray(data)
    at = out.find(b"PK\x01\x02")
    while at >= 0:
        out[at + 24 : at + 28] = struct.pack("<I", 1)
        at = out.find(b"PK\x01\x02", at + 4)
    return bytes(out)


def nested() -> bytes:
    """An archive in an archive in an archive."""
    data = made.docx(made.word_paragraph("deep inside"))
    for _ in range(3):
        data = made.archive({"inner.zip": data})
    return data


def many_parts() -> bytes:
    """An archive of more parts than are taken."""
    return made.archive({f"word/{number}.xml": b"" for number in range(5000)}, packed=False)


def hwp_pack(size: int) -> bytes:
    """An HWP whose section unpacks to `size` zeros."""
    return made.hwp(made.packed(b"\0" * size))


def looping_ole() -> bytes:
    """A compound file whose table of sectors leads in a circle."""
    data = bytearray(made.hwp(made.packed(made.hwp_text("x"))))
    for at in range(512, 1024, 4):
        data[at : at + 4] = struct.pack("<I", 1)
    return bytes(data)


def looping_pages() -> bytes:
    """A PDF whose pages are their own children."""
    return made.pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 5 >>"])


def stream_bomb(size: int) -> bytes:
    """A PDF whose page's content unpacks to `size` blanks and no text."""
    data = zlib.compress(b" " * size, 9).decode("latin-1")
    return made.pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
            f"<< /Length {len(data)} /Filter /FlateDecode >>\nstream\n{data}\nendstream",
        ]
    )


def nested_arrays(depth: int) -> bytes:
    """A PDF with arrays inside each other."""
    return made.pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", "[" * depth + "]" * depth])


WHOLE_PDF = made.pdf([[(72, 700, "some text on a page")]])
WHOLE_DOCX = made.docx(made.word_paragraph("some text"))
WHOLE_HWP = made.hwp(made.packed(made.hwp_text("some text")))
WHOLE_HWPX = made.hwpx("<hp:p><hp:t>some text</hp:t></hp:p>")
EXTERNAL = '<!ENTITY x SYSTEM "file:///etc/passwd">'
WORDS = made.word_body(made.word_paragraph("&x;"))

PDFS: dict[str, tuple[str, Make]] = {
    "only a head": ("document_damaged", lambda: b"%PDF-1.7\n"),
    "head and noise": ("document_damaged", lambda: b"%PDF-1.4\n" + bytes(range(256)) * 40),
    "cut before its table of places": ("document_damaged", lambda: WHOLE_PDF[: WHOLE_PDF.rindex(b"xref\n0")]),
    "cut behind the catalog": ("document_damaged", lambda: WHOLE_PDF[:60]),
    "encrypted": ("document_encrypted", made.encrypted_pdf),
    "a picture": ("scan", made.scanned_pdf),
    "a blank page": ("document_empty", lambda: made.pdf([[]])),
    "no page": ("document_damaged", lambda: made.pdf([])),
    "ten thousand pages": ("document_too_large", lambda: made.pdf([[]] * 10_000)),
    "pages in a circle": ("document_empty", looping_pages),
    "a count that lies": ("document_too_large", lambda: patched(WHOLE_PDF, b"/Count 1", b"/Count 99999")),
    "a stream that is a bomb": ("document_empty", lambda: stream_bomb(30_000_000)),
    "arrays inside each other": ("document_damaged", lambda: nested_arrays(100_000)),
    "behind other bytes": (OK, lambda: b"\n\n" + WHOLE_PDF),
    "noise behind it": (OK, lambda: WHOLE_PDF + b"\0" * 5000),
    "a negative size": (OK, lambda: patched(WHOLE_PDF, b"[0 0 612 792]", b"[0 0 -61 -79]")),
    "an endless page": (OK, lambda: patched(WHOLE_PDF, b"[0 0 612 792]", b"[0 0 9e9 9e9]")),
}
WORD_FILES: dict[str, tuple[str, Make]] = {
    "billion laughs": ("document_damaged", lambda: word(laughs(10, 10))),
    "quadratic blow-up": ("document_damaged", lambda: word(laughs(2, 50_000))),
    "external entity": ("document_damaged", lambda: word(LIE.format(root="d", inner=EXTERNAL) + "<d>&x;</d>")),
    "external entity of the net": (
        "document_damaged",
        lambda: word(LIE.format(root="d", inner='<!ENTITY x SYSTEM "http://example.com/">') + "<d>&x;</d>"),
    ),
    "parameter entity": (
        "document_damaged",
        lambda: word(LIE.format(root="d", inner='<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;') + "<d/>"),
    ),
    "external document type": ("document_damaged", lambda: word('<!DOCTYPE d SYSTEM "http://example.com/d"><d/>')),
    "an entity that nobody defined": ("document_damaged", lambda: word(WORDS)),
    "deep elements": ("document_too_large", lambda: word(deep(100_000))),
    "just too deep": ("document_too_large", lambda: word(deep(250))),
    "elements without an end": ("document_damaged", lambda: word("<a>" * 100)),
    "no XML": ("document_damaged", lambda: word("no XML at all")),
    "nothing in the body": ("document_damaged", lambda: word("")),
    "an empty body": ("document_empty", lambda: made.docx("")),
    "a body of blanks": ("document_empty", lambda: made.docx(made.word_paragraph("  \t "))),
    "NUL in XML": ("document_damaged", lambda: word(made.word_body(made.word_paragraph("a\0b")))),
    "half a character in XML": ("document_damaged", lambda: word(made.word_body(made.word_paragraph("&#xD800;")))),
    "bytes of no encoding": ("document_damaged", lambda: one("word/document.xml", b"<d>\xff\xfe\xfa</d>")),
    "an encoding that nobody knows": (
        "document_damaged",
        lambda: word('<?xml version="1.0" encoding="x-none"?><d/>'),
    ),
    "a bomb": ("document_too_large", lambda: bomb(40_000_000)),
    "a larger bomb": ("document_too_large", lambda: bomb(90_000_000)),
    "a bomb that lies of its size": ("document_damaged", lambda: lying(bomb(40_000_000))),
    "many small bombs": (
        "document_too_large",
        lambda: made.archive(
            {
                "word/document.xml": made.word_body("x"),
                **{f"word/header{n}.xml": "<d>" + " " * 999_000 + "</d>" for n in range(80)},
            }
        ),
    ),
    "too much text": ("document_too_large", lambda: made.docx(made.word_paragraph("lots of words " * 30_000))),
    "too many pages": (
        "document_too_large",
        lambda: made.docx('<w:p><w:r><w:t>x</w:t><w:br w:type="page"/></w:r></w:p>' * 300),
    ),
    "a link": ("document_damaged", linked),
    "locked": ("document_encrypted", locked),
    "cut": ("document_damaged", lambda: WHOLE_DOCX[: len(WHOLE_DOCX) // 2]),
    "a broken check sum": ("document_damaged", lambda: flipped(WHOLE_DOCX)),
    "too many parts": ("document_too_large", many_parts),
    "parts that climb": (
        OK,
        lambda: made.archive({"../../evil.txt": "x", "word/document.xml": made.word_body(made.word_paragraph("ok"))}),
    ),
}
OTHERS: dict[str, tuple[str, Make]] = {
    "no bytes": ("document_empty", lambda: b""),
    "blanks": ("document_empty", lambda: b" \n\t\r\n" * 10),
    "zeros": ("document_empty", lambda: b"\0" * 10_000),
    "an archive of nothing": ("document_unknown", lambda: made.archive({})),
    "an archive in an archive": ("document_unknown", nested),
    "a spreadsheet": ("document_unknown", lambda: made.archive({"xl/workbook.xml": "<x/>"})),
    "an archive of text": ("document_unknown", lambda: made.archive({"resume.txt": "text"})),
    "half a head of an archive": ("document_damaged", lambda: b"PK\x03\x04"),
    "RTF": ("document_unknown", lambda: b"{\\rtf1 text}"),
    "HWP 3": ("document_unknown", lambda: b"HWP Document File V3.00 \x1a" + b"\1" * 100),
    "a picture": ("document_unknown", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "a program": ("document_unknown", lambda: b"\x7fELF" + b"\0" * 100),
    "noise": ("document_unknown", lambda: bytes(range(256)) * 100),
    "text with zeros": ("document_unknown", lambda: b"a\0b\0c\0" * 100),
    "UTF-16 without a mark": ("document_unknown", lambda: "plain text".encode("utf-16-le")),
    "half of UTF-16": (OK, lambda: b"\xff\xfea\0b"),
    "lone surrogates": (OK, lambda: b"\xff\xfea\0\x00\xd8b\0"),
    "text of one endless line": (OK, lambda: b"word " * 50_000),
    "too much text": ("document_too_large", lambda: b"word " * 80_000),
    "too many bytes": ("document_too_large", lambda: b"x" * (21 << 20)),
    "too many pages of text": ("document_too_large", lambda: b"page\f" * 300),
    "an HWPX with a document type": (
        "document_damaged",
        lambda: made.archive({"Contents/section0.xml": laughs(10, 10)}),
    ),
    "an HWPX without sections": ("document_damaged", made.hwpx),
    "an HWPX with a password": ("document_encrypted", lambda: made.hwpx("", manifest="<m><encryption-data/></m>")),
    "an HWPX cut": ("document_damaged", lambda: WHOLE_HWPX[:300]),
    "an HWP with a password": ("document_encrypted", lambda: made.hwp(b"x", flags=2)),
    "an HWP for distribution": ("document_encrypted", lambda: made.hwp(b"x", flags=5)),
    "an HWP that is a bomb": ("document_too_large", lambda: hwp_pack(90_000_000)),
    "an HWP of noise": ("document_damaged", lambda: made.hwp(b"\xff" * 5000)),
    "an HWP of endless records": (
        "document_damaged",
        lambda: made.hwp(made.hwp_record(67, b"")[:3] + b"\xff" * 5000, flags=0),
    ),
    "an HWP of another program": ("document_damaged", lambda: made.hwp(b"x", head=b"Something else")),
    "an HWP without a body": (
        "document_damaged",
        lambda: made.ole({"FileHeader": b"HWP Document File".ljust(256, b"\0")}),
    ),
    "an HWP cut": ("document_damaged", lambda: WHOLE_HWP[:2000]),
    "a compound file in a circle": (OK, looping_ole),
    "a locked DOCX": ("document_encrypted", lambda: made.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})),
    "an old Word document": ("document_unknown", lambda: made.ole({"WordDocument": b"x"})),
    "half a head of a compound file": ("document_damaged", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
}


def flipped(data: bytes) -> bytes:
    """An archive with one bit of its last part's bytes turned."""
    at = data.rfind(b"PK\x01\x02", 0, data.find(b"PK\x01\x02") + 1) - 8
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


HOSTILE: dict[str, tuple[str, Make]] = {
    **{f"pdf: {name}": made_by for name, made_by in PDFS.items()},
    **{f"docx: {name}": made_by for name, made_by in WORD_FILES.items()},
    **OTHERS,
}
