"""Files in a folder. A file is written beside its place and moved there: nobody sees half of one."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import BinaryIO, Final

from hirehub.kernel.blobs.port import NoSuchBlob, checked
from hirehub.kernel.data_dir import usable

_PIECE: Final = 262_144


class FolderBlobs:
    """The files below a folder that is the product's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, content: AsyncIterable[bytes]) -> int:
        """See Blobs.put."""
        place = self._place(key)
        draft = place.with_name(f".{secrets.token_hex(8)}")
        with usable():
            await asyncio.to_thread(place.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
            try:
                file = await asyncio.to_thread(_open, draft)
                written = 0
                try:
                    async for piece in content:
                        written += await asyncio.to_thread(file.write, piece)
                finally:
                    await asyncio.to_thread(_close, file)
                await asyncio.to_thread(_settle, draft, place)
            finally:
                await asyncio.to_thread(draft.unlink, missing_ok=True)
        return written

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """See Blobs.get."""
        try:
            file = await asyncio.to_thread(self._place(key).open, "rb")
        except (FileNotFoundError, IsADirectoryError):
            raise NoSuchBlob("There is no such file.") from None
        try:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece
        finally:
            file.close()

    async def remove(self, prefix: str) -> int:
        """See Blobs.remove."""
        with usable():
            return await asyncio.to_thread(_remove, self._place(prefix))

    def _place(self, key: str) -> Path:
        return self._folder.joinpath(*checked(key))


def _open(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _close(file: BinaryIO) -> None:
    with file:
        file.flush()
        os.fsync(file.fileno())


def _settle(draft: Path, place: Path) -> None:
    """Moves the file to its place, and has the disk know it."""
    draft.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(place: Path) -> int:
    if place.is_file():
        place.unlink()
        return 1
    if not place.is_dir():
        return 0
    found = sum(1 for path in place.rglob("*") if path.is_file())
    shutil.rmtree(place)
    return found
