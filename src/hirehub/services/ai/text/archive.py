"""Reads single parts of a zip archive, never more of them than is allowed, and never to the disk.

What an archive says of itself is not believed: a part is unpacked piece by piece and given up at its bound.
"""

import io
import stat
import zipfile
import zlib
from typing import Final

from hirehub.services.ai.text.errors import damaged, encrypted, too_large
from hirehub.services.ai.text.limits import Limits

_PIECE: Final = 1 << 16
_SMALL: Final = 1 << 20
"""Parts up to this size may be packed as tightly as they like."""
_ENCRYPTED: Final = 0x1
_TAIL: Final = 66_000
_END: Final = b"PK\x05\x06"


class Archive:
    """An open archive. Parts count together against the bound on unpacked bytes."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._unpacked = 0
        self._refuse_many(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
            raise damaged(f"no whole archive ({type(error).__name__})") from None
        infos = self._zip.infolist()
        if len(infos) > limits.entries:
            raise self._too_many(len(infos))
        self._parts = {info.filename: info for info in infos}
        self.names = tuple(self._parts)

    def read(self, name: str) -> bytes:
        """A part, unpacked; damaged where it is missing, a link or does not add up, too large past the bounds."""
        info = self._parts.get(name)
        if info is None:
            raise damaged("a part is missing")
        if info.flag_bits & _ENCRYPTED:
            raise encrypted()
        if stat.S_ISLNK(info.external_attr >> 16):
            raise damaged("a part is a link")
        pieces: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as part:
                while piece := part.read(_PIECE):
                    size += len(piece)
                    self._count(len(piece), size, info.compress_size)
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise damaged(f"a part cannot be unpacked ({type(error).__name__})") from None
        return b"".join(pieces)

    def _count(self, piece: int, size: int, packed: int) -> None:
        """Counts unpacked bytes."""
        self._unpacked += piece
        if self._unpacked > self._limits.unpacked_bytes:
            raise too_large(f"more than {self._limits.unpacked_bytes:,} bytes when it is unpacked")
        if size > _SMALL and size > self._limits.ratio * max(packed, 1):
            raise too_large(f"a part that unpacks to more than {self._limits.ratio} times its size")

    def _refuse_many(self, data: bytes) -> None:
        """Refuses an archive by the count in its end record, before each part becomes an object."""
        at = data.rfind(_END, max(0, len(data) - _TAIL))
        count = int.from_bytes(data[at + 10 : at + 12], "little") if at >= 0 else 0
        if self._limits.entries < count < 0xFFFF:
            raise self._too_many(count)

    def _too_many(self, count: int) -> Exception:
        return too_large(f"{count:,} parts, {self._limits.entries:,} are taken")
