"""The port of files by key. Keys are words of a safe alphabet with slashes between, and hold nothing of a person."""

import re
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final, Protocol

from hirehub.kernel.errors import Broken, Missing

_WORD: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_MOST_WORDS: Final = 8


class NoSuchBlob(Missing):
    """There is no file of that key."""

    code = "no_such_file"


class BadKey(Broken):
    """A key that no file may have; the program made it, not a caller."""

    code = "bad_key"


class Blobs(Protocol):
    """Where files are kept."""

    async def put(self, key: str, content: AsyncIterable[bytes]) -> int:
        """Keeps a file, whole or not at all, durably; how many bytes. What the key had before is replaced."""
        ...

    def get(self, key: str) -> AsyncIterator[bytes]:
        """A file's bytes in pieces; NoSuchBlob."""
        ...

    async def remove(self, prefix: str) -> int:
        """Removes the file of that key, or all whose keys begin with it and a slash; how many."""
        ...


def checked(key: str) -> list[str]:
    """A key's words; BadKey."""
    words = key.split("/")
    if not 0 < len(words) <= _MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        raise BadKey("a file was to be kept under a key that none may have")
    return words
