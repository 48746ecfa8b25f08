"""Text files: UTF-8, UTF-16 and UTF-32 with a mark, Korean CP949; a form feed begins a page."""

import codecs
from typing import Final

from hirehub.services.ai.text.errors import too_large, unknown
from hirehub.services.ai.text.limits import Limits

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOST_CONTROLS: Final = 0.02
"""Share of control characters from which on bytes are no text."""


def read(data: bytes, limits: Limits) -> list[str]:
    """The pages of a text; UnknownDocument for bytes that are no text."""
    text = _decoded(data)
    if len(text) > limits.characters:
        raise too_large(f"more than {limits.characters:,} characters")
    controls = sum(character < " " and character not in "\t\n\r\f" for character in text)
    if controls > _MOST_CONTROLS * len(text):
        raise unknown("no text")
    pages = [page for page in text.split("\f") if page.strip()]
    if len(pages) > limits.pages:
        raise too_large(f"more than {limits.pages} pages")
    return pages


def _decoded(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    for name in ("utf-8", "cp949"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise unknown("text in neither UTF-8, UTF-16 nor CP949, or no text")
