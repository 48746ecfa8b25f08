"""A text as the rules read it: full-width digits, odd dashes and blanks made plain, invisible characters left out.

Rules match plain characters; `Reading` knows for each of them where it stands in the text that came.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_DASHES: Final = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_INVISIBLE: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


@dataclass(frozen=True)
class Reading:
    """Plain text, and for each of its characters (and the end) its place in the text that came."""

    text: str
    cells: str
    """The same with its tabs, which part the cells of a table; `text` has blanks there, unless it came as ASCII."""
    places: tuple[int, ...] | None
    """None where every character stands where it stood."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the plain text stands in the text that came."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def read(text: str) -> Reading:
    """The text as the rules read it."""
    if text.isascii() and not _CONTROLS.search(text):
        return Reading(text, text, None)
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if _INVISIBLE.match(character):
            continue
        plain.append(_plain(character))
        places.append(place)
    cells = "".join(plain)
    if len(places) == len(text):
        return Reading(cells.replace("\t", " "), cells, None)
    return Reading(cells.replace("\t", " "), cells, (*places, len(text)))


def _plain(character: str) -> str:
    """One plain character for one character."""
    if character in _DASHES:
        return _DASHES[character]
    if "\uac00" <= character <= "\ud7a3" or character in "\n\t" or " " <= character <= "~":
        return character
    if character in "\u2028\u2029\u0085":
        return "\n"
    if character.isspace():
        return " "
    if "\uff01" <= character <= "\uff5e":
        return unicodedata.normalize("NFKC", character)
    return character
