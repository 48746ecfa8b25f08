"""Makes any text plain: no control characters, no half characters, one kind of line end, letters put together."""

import re
import unicodedata
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_LINE_ENDS: Final = re.compile(r"\r\n?|[\x0c\x85\u2028\u2029]")
_HALVES: Final = re.compile(r"[\ud800-\udfff]")
_TRAILING: Final = re.compile(r"[ \t]+(?=\n|$)")
_BLANK_LINES: Final = re.compile(r"\n{4,}")


def clean(text: str) -> str:
    """The text, plain; pairs of surrogates become their character, single ones the replacement character."""
    if _HALVES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    return _BLANK_LINES.sub("\n\n\n", _TRAILING.sub("", text))
