"""Text of a PDF: the text layer, put into reading order by where its characters stand.

pdfium reads the file and mends what it can; `columns` decides the order. Pages that are pictures give no text.
"""

import ctypes
from collections.abc import Iterator
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from hirehub.services.ai.text.columns import ordered
from hirehub.services.ai.text.errors import ScannedDocument, damaged, empty, encrypted, too_large
from hirehub.services.ai.text.limits import Limits
from hirehub.services.ai.text.runs import Place, Run

_SPACE: Final = 0.03
"""Share of a line's height from which a gap between two characters is a blank."""
_JUMP: Final = 1.8
"""Share from which it parts two runs, as columns and tables do."""
_BLANKS: Final = {0x20: " ", 0xA0: " ", 0x09: " ", 0x0A: "\n", 0x0D: "\n"}
_NOTHING: Final = frozenset({0, 0xFFFE, 0xFFFF})
_HYPHEN: Final = 0x02
"""What pdfium gives for a hyphen at the end of a line."""
_NOWHERE: Final = (0.0, 0.0, 0.0, 0.0)


def read(data: bytes, limits: Limits) -> list[str]:
    """The pages of a PDF; ScannedDocument where none of them has a text layer but pictures."""
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
            raise encrypted() from None
        raise damaged("no whole PDF") from None
    with file:
        count = len(file)
        if not count:
            raise empty("it has no page")
        if count > limits.pages:
            raise too_large(f"{count:,} pages, {limits.pages} are taken")
        pages: list[str] = []
        pictures = False
        left = limits.characters
        column: float | None = None
        for number in range(count):
            text, pictured, column = _page(file, number, left, column)
            left -= len(text)
            pictures = pictures or pictured
            pages.append(text)
    if any(page.strip() for page in pages):
        return pages
    if pictures:
        raise ScannedDocument(
            "the file's pages are pictures without text", hint="Send a PDF made by a word processor, or run OCR on it."
        )
    raise empty("its pages hold no text")


def _page(file: "pdfium.PdfDocument", number: int, left: int, column: float | None) -> tuple[str, bool, float | None]:
    """The text of a page, whether it holds a picture, and where its right column begins, as `column` is for the last.

    A page that cannot be loaded holds nothing.
    """
    try:
        page = file[number]
    except pdfium.PdfiumError:
        return "", False, column
    try:
        width, _height = page.get_size()
        text_page = page.get_textpage()
        try:
            if text_page.count_chars() > left:
                raise too_large("more characters than a resume has")
            text, column = ordered(list(_runs(text_page)), width, column)
        finally:
            text_page.close()
        return text, not text.strip() and _pictured(page), column
    except pdfium.PdfiumError:
        return "", False, column
    finally:
        page.close()


def _pictured(page: "pdfium.PdfPage") -> bool:
    """Whether anything is drawn on a page without text: a scan is a picture, at times drawn as shapes."""
    return next(iter(page.get_objects(max_depth=3)), None) is not None


def _runs(text_page: "pdfium.PdfTextPage") -> Iterator[Run]:
    """The characters in the file's order, put together as far as they follow each other on a line."""
    run: Run | None = None
    for character, place in _characters(text_page):
        if character == "\n":
            if run is not None:
                yield run
            run = None
        elif character == " ":
            if run is not None:
                run.blank = True
        elif run is not None and run.goes_on(place, _JUMP):
            run.add(character, place, _SPACE)
        else:
            if run is not None:
                yield run
            run = Run(*place, character)
    if run is not None:
        yield run


def _characters(text_page: "pdfium.PdfTextPage") -> Iterator[tuple[str, Place]]:
    """Each character and its place; a blank for every blank, a line feed for every end of a line."""
    box = raw.FS_RECTF()
    handle = text_page.raw
    half = 0
    for at in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, at)
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00) if half else 0xFFFD
        half = 0
        if code in _BLANKS:
            yield _BLANKS[code], _NOWHERE
        elif code not in _NOTHING and raw.FPDFText_GetLooseCharBox(handle, at, ctypes.byref(box)):
            yield "-" if code == _HYPHEN else chr(code), (box.left, box.bottom, box.right, box.top)
