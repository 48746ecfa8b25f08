"""Which passwords are taken: long ones that are not among the first to be tried. How they look is one's own matter."""

import unicodedata
from typing import Final

from hirehub.kernel.errors import Invalid

SHORTEST: Final = 10
LONGEST: Final = 128
_DIFFERENT: Final = 5
_NAME: Final = 4
"""Letters from which on the name in an address may not stand in the password; shorter ones stand in good words."""

_EDGES: Final = "0123456789 !@#$%^&*()-_=+.,?/~'\""
"""What is put before or behind a common word, and makes it no better."""
_WORDS: Final = """
password passwort passw0rd p@ssword p@ssw0rd pa55word mypassword passwordqwerty qwerty qwertyuiop qwertyqwerty
asdf asdfgh asdfghjkl asdfasdf zxcvbn zxcvbnm qazwsx qazwsxedc abc abcd abcde abcdef abcdefg iloveyou iloveu
letmein welcome changeme default secret superman starwars football baseball princess sunshine michael admin
administrator root user test testtest guest login master dragon monkey shadow trustno hirehub hello helloworld
korea 비밀번호 비밀번호입니다 사랑해 사랑해요 사랑합니다 안녕하세요 대한민국 qlalfqjsgh tkfkdgo tkfkdgkqslek
dkssudgktpdy eogksalsrnr
"""
"""Words that everybody takes, in the forms that are left once the edges are off; the last are Korean on Latin keys."""
_COMMON: Final = frozenset(_WORDS.split())
_ROWS: Final = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1234qwerasdfzxcv",
)
"""Ways along a keyboard or an alphabet."""


class WeakPassword(Invalid):
    """A password that is too easily guessed."""

    code = "weak_password"


def accepted(password: str, *addresses: str) -> str:
    """The password in the form that is hashed (NFKC, so that every keyboard gives the same); WeakPassword.

    The addresses are those of the account, which are known to everybody who tries.
    """
    text = normalised(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WeakPassword(f"A password has {SHORTEST} to {LONGEST} characters.", hint="Take a longer one.")
    plain = text.lower()
    if any(_tells(plain, address) for address in addresses):
        raise _weak("This password has the mail address in it.")
    if len(set(plain)) < _DIFFERENT or _repeats(plain):
        raise _weak("This password says the same again and again.")
    if plain.strip(_EDGES) in _COMMON or any(plain in row or plain[::-1] in row for row in _ROWS):
        raise _weak("This password is one of the first that are tried.")
    return text


def normalised(password: str) -> str:
    """The form in which passwords are compared."""
    return unicodedata.normalize("NFKC", password)


def _tells(plain: str, address: str) -> bool:
    """Whether a password is an address, or has the name in it; what is behind a plus sign is no name."""
    local = address.partition("@")[0]
    names = {local, local.partition("+")[0]}
    return plain in {address, *names} or any(len(name) >= _NAME and name in plain for name in names)


def _repeats(plain: str) -> bool:
    """Whether it is a shorter piece, said twice or more; the last time may be cut off."""
    return any(plain[size:] == plain[:-size] for size in range(1, len(plain) // 2 + 1))


def _weak(message: str) -> WeakPassword:
    return WeakPassword(message, hint="Take another, such as several words that have nothing to do with you.")
