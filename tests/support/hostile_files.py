"""Any number of hostile files out of a seed: the named kinds once each, then kinds that vary; none can be read."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.support import documents as made
from tests.support import hostile_documents as known

NAMES: Final = ("cv.pdf", "cv.docx", "cv.hwp", "cv.hwpx", "cv.txt", "cv.exe", "cv", "%00.pdf", "a" * 250)
LEFT_OUT: Final = frozenset({"too many bytes"})
"""What no route takes in the first place; a test of its own holds that."""

Vary = Callable[[Random], bytes]


@dataclass(frozen=True)
class Hostile:
    """A file, under a name that tells nothing of what it is."""

    kind: str
    name: str
    content: bytes


def hostile_files(seed: int, numbers: range) -> Iterator[Hostile]:
    """The files of these numbers, each made when it is asked for; the same for the same seed."""
    fixed = {kind: make for kind, (code, make) in known.HOSTILE.items() if code != known.OK and kind not in LEFT_OUT}
    for number in numbers:
        rng = Random(f"{seed}/{number}")
        if number < len(fixed):
            kind, make = list(fixed.items())[number]
            content = make()
        else:
            kind = list(VARIED)[(number - len(fixed)) % len(VARIED)]
            content = VARIED[kind](rng)
        yield Hostile(kind, rng.choice(NAMES), content)


def hancom(section: str | None, **parts: bytes | str) -> bytes:
    """An HWPX that is taken for one, with parts that make it what it is."""
    found: dict[str, bytes | str] = {"mimetype": "application/hwp+zip", "Contents/content.hpf": "<package/>", **parts}
    if section is not None:
        found["Contents/section0.xml"] = section
    return made.archive({"Contents/header.xml": "<head/>", **found})


def cut(whole: bytes, least: float, most: float) -> Vary:
    """The first part of a file, a share between the two."""
    return lambda rng: whole[: max(8, int(len(whole) * rng.uniform(least, most)))]


def headed(head: bytes) -> Vary:
    """Noise behind the head of a kind."""
    return lambda rng: head + rng.randbytes(rng.randrange(1_000, 60_000))


def entity(rng: Random) -> str:
    """A text of XML that asks for something elsewhere."""
    targets = ("file:///etc/passwd", "file:///dev/zero", "http://127.0.0.1:1/", "http://example.com/x", "ftp://a/b")
    target = rng.choice(targets)
    word = rng.choice(
        (f'<!ENTITY x SYSTEM "{target}">', f'<!ENTITY % x SYSTEM "{target}"> %x;', f'<!ENTITY x PUBLIC "y" "{target}">')
    )
    return known.LIE.format(root="d", inner=word) + "<d>&x;</d>"


def in_itself(rng: Random) -> bytes:
    """A DOCX whose body is an archive, in an archive, in an archive."""
    data = made.docx(made.word_paragraph("deep inside"))
    for _ in range(rng.randrange(2, 30)):
        data = made.archive({"word/document.xml": data})
    return data


def many_attributes(rng: Random) -> bytes:
    """XML of one element with very many attributes."""
    names = " ".join(f'a{number}="{number}"' for number in range(rng.randrange(50_000, 100_000)))
    return known.word(f"<d {names}/>")


def flag_of_zip(rng: Random) -> bytes:
    """A DOCX whose parts say that they are packed by a method that nobody has."""
    data = bytearray(known.WHOLE_DOCX)
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(mark)
        while at >= 0:
            data[at + place : at + place + 2] = struct.pack("<H", rng.choice((6, 10, 18, 77)))
            at = data.find(mark, at + 4)
    return bytes(data)


def empty_parts(rng: Random) -> bytes:
    """A DOCX or HWPX whose parts have no byte."""
    if rng.random() < 0.5:
        return hancom("")
    return made.archive({"[Content_Types].xml": "", "word/document.xml": "", "word/header1.xml": ""})


def picture(rng: Random) -> bytes:
    """A PDF whose page is one huge picture, packed to little."""
    side = rng.randrange(10_000, 30_000)
    body = zlib.compress(b"\0" * 20_000_000, 9).decode("latin-1")
    drawn = "q 612 0 0 792 0 0 cm /I1 Do Q"
    return made.pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
                " /Resources << /XObject << /I1 5 0 R >> >> >>"
            ),
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
            (
                f"<< /Type /XObject /Subtype /Image /Width {side} /Height {side} /ColorSpace /DeviceRGB"
                f" /BitsPerComponent 8 /Filter /FlateDecode /Length {len(body)} >>\nstream\n{body}\nendstream"
            ),
        ]
    )


def object_streams(rng: Random) -> bytes:
    """A PDF whose objects lie in streams that unpack to very much."""
    body = zlib.compress(b"1 0 " + b" " * rng.randrange(30_000_000, 90_000_000), 9).decode("latin-1")
    stream = f"<< /Type /ObjStm /N 9999999 /First 10 /Filter /FlateDecode /Length {len(body)} >>\nstream\n{body}"
    data = made.pdf_of(["<< /Type /Catalog /Pages 9 0 R >>", stream + "\nendstream"])
    return data.replace(b"/Root 1 0 R", b"/Root 7 0 R")


def table_in_a_circle(rng: Random) -> bytes:
    """A PDF whose table of places names itself as the one before, and no page."""
    data = made.pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"])
    return data.replace(b"/Size", f"/Prev {data.rindex(b'xref', 0, -20) + rng.randrange(2)} /Size".encode())


def pages_in_a_circle(rng: Random) -> bytes:
    """A PDF whose tree of pages leads in a circle of some length, or nests very deep, without a page."""
    length = rng.randrange(2, 3_000)
    nodes = [
        f"<< /Type /Pages /Kids [{3 + number if number < length - 1 else 2} 0 R] /Count 1 >>"
        for number in range(length)
    ]
    return made.pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", *nodes])


def both(rng: Random) -> bytes:
    """A file of two kinds at once, none of them whole."""
    first, second = rng.sample((b"%PDF-1.4\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"GIF89a"), 2)
    return first + rng.randbytes(200) + second + rng.randbytes(rng.randrange(200, 20_000))


def broken_compound(rng: Random) -> bytes:
    """A compound file whose folder lies nowhere, with noise in its table of sectors."""
    data = bytearray(known.WHOLE_HWP)
    data[48:52] = struct.pack("<I", rng.choice((0xFFFFFFF0, 0x7FFFFFFF, 0x00FFFFFF)))
    data[512:1024] = rng.randbytes(512)
    return bytes(data)


def climbing(rng: Random) -> bytes:
    """An HWPX whose only section has a name that climbs out of the archive."""
    name = rng.choice(("../Contents/section0.xml", "/Contents/section0.xml", "..\\..\\section0.xml", "C:/section0.xml"))
    return hancom(None, **{name: made.hwpx_section("<hp:p><hp:t>text</hp:t></hp:p>")})


def twice(rng: Random) -> bytes:
    """An archive that names its body very often; only the last one counts, and it is no XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for number in range(rng.randrange(100, 2_000)):
            file.writestr("word/document.xml", made.word_body(str(number)))
        file.writestr("word/document.xml", b"\0" * rng.randrange(1, 5_000))
    return out.getvalue()


def many_pages(rng: Random) -> bytes:
    """A PDF of more pages than are taken, up to 10,000 of them."""
    return made.pdf([[]] * rng.randrange(201, 10_000))


VARIED: Final[dict[str, Vary]] = {
    "docx cut": cut(known.WHOLE_DOCX, 0.05, 0.9),
    "hwpx cut": cut(known.WHOLE_HWPX, 0.05, 0.9),
    "hwp cut": cut(known.WHOLE_HWP, 0.02, 0.3),
    "pdf cut": cut(known.WHOLE_PDF, 0.02, 0.1),
    "pdf head and noise": headed(b"%PDF-1.7\n"),
    "zip head and noise": headed(b"PK\x03\x04"),
    "compound head and noise": headed(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "program": headed(b"MZ\x90\0"),
    "zeros": lambda rng: b"\0" * rng.randrange(1, 2_000_000),
    "blanks": lambda rng: rng.choice((b" ", b"\n", b" \t")) * rng.randrange(1, 300_000),
    "text with zeros": lambda rng: b"some\0text\0 " * rng.randrange(1, 20_000),
    "UTF-16 without a mark": lambda rng: ("plain text " * rng.randrange(1, 9_000)).encode("utf-16-be"),
    "deep XML": lambda rng: known.word(known.deep(rng.randrange(201, 200_000))),
    "XML without an end": lambda rng: known.word("<a>" * rng.randrange(2, 150)),
    "billion laughs": lambda rng: known.word(known.laughs(rng.randrange(4, 12), rng.randrange(5, 30))),
    "quadratic blow-up": lambda rng: known.word(known.laughs(2, rng.randrange(10_000, 90_000))),
    "external entities": lambda rng: known.word(entity(rng)),
    "external entities in HWPX": lambda rng: hancom(entity(rng)),
    "laughs in HWPX": lambda rng: hancom(known.laughs(rng.randrange(4, 12), rng.randrange(5, 30))),
    "docx bomb": lambda rng: known.bomb(rng.randrange(30_000_000, 90_000_000)),
    "hwpx bomb": lambda rng: hancom("<d>" + " " * rng.randrange(30_000_000, 90_000_000) + "</d>"),
    "hwp bomb": lambda rng: known.hwp_pack(rng.randrange(70_000_000, 100_000_000)),
    "archives in each other": in_itself,
    "many attributes": many_attributes,
    "unknown packing": flag_of_zip,
    "parts of no bytes": empty_parts,
    "a huge picture": picture,
    "object streams": object_streams,
    "table in a circle": table_in_a_circle,
    "pages in a circle": pages_in_a_circle,
    "many pages": many_pages,
    "page of a bomb": lambda rng: known.stream_bomb(rng.randrange(20_000_000, 100_000_000)),
    "arrays in each other": lambda rng: known.nested_arrays(rng.randrange(1_000, 400_000)),
    "two kinds at once": both,
    "broken compound file": broken_compound,
    "names that climb": climbing,
    "a body named often": twice,
    "locked package": lambda rng: made.ole({"EncryptedPackage": rng.randbytes(5_000), "EncryptionInfo": b"x"}),
    "locked PDF": lambda rng: made.encrypted_pdf() + b"\n" * rng.randrange(50),
    "too much text": lambda rng: b"word " * rng.randrange(61_000, 2_000_000),
}
