"""Ids as 16 bytes, in bulk: the order of rows in a file, on the wire and in PostgreSQL is the order of these bytes.

Keys are numpy byte strings of 16 ("S16"), which compare as memory does. An id that is no UUID has the least key, so
that such rows come before all others and never stand between two sound ids.
"""

import re
import uuid
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Keys: TypeAlias = npt.NDArray[np.bytes_]

KEY: Final = "S16"
LEAST: Final = bytes(16)
_TEXT = 36
_FORM = re.compile(
    r"(?:urn:uuid:)?(?:\{)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})(?:\})?",
    re.IGNORECASE,
)
_HYPHENS = (8, 13, 18, 23)
_DIGITS = np.array([at for at in range(_TEXT) if at not in _HYPHENS])
_NO_DIGIT = 0xFF
_VALUE = np.full(256, _NO_DIGIT, np.uint8)
for _base, _letters in ((0, b"0123456789"), (10, b"abcdef"), (10, b"ABCDEF")):
    _VALUE[np.frombuffer(_letters, np.uint8)] = np.arange(_base, _base + len(_letters))
_DIGIT = np.frombuffer(b"0123456789abcdef", np.uint8)


def parse_id(text: str) -> bytes | None:
    """The 16 bytes of an id in any of its usual spellings, or None."""
    found = _FORM.fullmatch(text)
    return bytes.fromhex("".join(found.groups())) if found else None


def key_text(key: bytes) -> str:
    """An id as text; numpy leaves out trailing zero bytes."""
    return str(uuid.UUID(bytes=key.ljust(16, b"\0")))


def parse_canonical(text: "npt.NDArray[np.uint8]") -> "tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]":
    """(n, 36) letters to (n, 16) bytes, and which of them are ids."""
    digits = _VALUE[text[:, _DIGITS]]
    sound = (digits != _NO_DIGIT).all(axis=1)
    for at in _HYPHENS:
        sound &= text[:, at] == ord("-")
    raw: npt.NDArray[np.uint8] = (digits[:, 0::2] << np.uint8(4)) | digits[:, 1::2]
    return raw, sound


def canonical_text(raw: "npt.NDArray[np.uint8]") -> "npt.NDArray[np.uint8]":
    """(n, 16) bytes to (n, 36) lower-case letters."""
    text = np.full((len(raw), _TEXT), ord("-"), np.uint8)
    digits = np.empty((len(raw), 32), np.uint8)
    digits[:, 0::2] = _DIGIT[raw >> 4]
    digits[:, 1::2] = _DIGIT[raw & 15]
    text[:, _DIGITS] = digits
    return text


def as_keys(raw: "npt.NDArray[np.uint8]") -> Keys:
    """(n, 16) bytes as keys."""
    keys: Any = np.ascontiguousarray(raw).view(KEY)
    return keys.reshape(len(raw))  # type: ignore[no-any-return]  # numpy cannot tell the type of a view


def is_sorted(keys: Keys) -> bool:
    """Whether keys never fall."""
    return bool((keys[1:] >= keys[:-1]).all())


def rows_after(keys: Keys, after: bytes | None) -> int:
    """How many of the sorted keys lie at or before `after`."""
    return 0 if after is None else int(np.searchsorted(keys, np.array(after, KEY), side="right"))
