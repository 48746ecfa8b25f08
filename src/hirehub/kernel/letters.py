"""Which letters a reader sees. Text that shows nothing names nothing, and hidden letters make two names of one look."""

import re
import unicodedata
from typing import Final

_FILLERS: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U0001d159\U000e0000-\U000e0fff]"
)
"""Letters and marks by their category, which nevertheless show nothing: fillers of Hangul, an empty Braille cell,
choices between two shapes of the letter before."""

_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def is_hidden(letter: str) -> bool:
    """Whether a letter shows nothing and takes no room that a blank would take."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") or bool(_FILLERS.match(letter))


def is_visible(text: str) -> bool:
    """Whether the text has a letter that is seen by itself, and is no blank and no mark on another."""
    return any(unicodedata.category(letter) not in ("Zs", "Mn", "Me") and not is_hidden(letter) for letter in text)


def turns(text: str) -> bool:
    """Whether the text makes what follows read in another direction than it is written, as no name needs.

    The marks that a text in Arabic or Hebrew has between letters turn nothing, and are none of these.
    """
    return bool(_TURNING.search(text))
