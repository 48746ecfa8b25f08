"""Which passwords are taken: long ones. How they look is the person's own matter."""

import unicodedata
from typing import Final

from hirehub.kernel.errors import Invalid

SHORTEST: Final = 10
LONGEST: Final = 128
_DIFFERENT: Final = 5


class WeakPassword(Invalid):
    """A password that is too easily guessed."""

    code = "weak_password"


def accepted(password: str, email: str) -> str:
    """The password in the form that is hashed (NFKC, so that every keyboard gives the same); WeakPassword."""
    text = normalised(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WeakPassword(f"A password has {SHORTEST} to {LONGEST} characters.", hint="Take a longer one.")
    if len(set(text)) < _DIFFERENT or email.partition("@")[0] == text.lower() or email == text.lower():
        raise WeakPassword("This password is too easily guessed.", hint="Take another, such as several words.")
    return text


def normalised(password: str) -> str:
    """The form in which passwords are compared."""
    return unicodedata.normalize("NFKC", password)
