"""A file on its way from a request to the blob store."""

import hashlib
from collections.abc import AsyncIterator
from typing import Final

from fastapi import Request, Response, UploadFile

from hirehub.kernel.auth import Principal
from hirehub.kernel.db import Transaction
from hirehub.kernel.http.etags import etag
from hirehub.kernel.http.idempotency import Created, once
from hirehub.kernel.ids import uuid7
from hirehub.services.resume.domain.files import FileTooLarge, kind_of
from hirehub.services.resume.domain.resumes import keys_of, original_key
from hirehub.services.resume.routes.deps import PREFIX, ResumeService
from hirehub.services.resume.schemas import UploadedOut
from hirehub.services.resume.store import resumes as stored
from hirehub.services.resume.usecases import resumes
from hirehub.services.resume.usecases.resumes import Upload

_PIECE: Final = 262_144
_NAME: Final = 255
_GIVEN_UP: Final = 3_600
"""Seconds after which a file without a row is nobody's: no request takes so long."""


async def store_upload(
    who: Principal, service: ResumeService, request: Request, file: UploadFile, title: str | None, key: str | None
) -> Response:
    """Keeps the file, then the row that names it. Whatever fails after the file is kept, the file goes again."""
    resume_id = uuid7()
    kind = kind_of(file.file)
    place = original_key(who.person, resume_id, kind)
    prefixes = keys_of(who.person, resume_id)
    async with service.db.transaction() as tx:  # should we die before the row is there, the file goes later
        await stored.ask_removal(tx, prefixes, seconds=_GIVEN_UP)
    digest = hashlib.sha256()
    size = await service.blobs.put(place, _pieces(file, digest, service.settings.max_file))
    upload = Upload(resume_id, place, _name(file), kind, size, digest.digest())

    async def work(tx: Transaction) -> Created:
        found, twin = await resumes.begin(
            tx, user_id=who.person, upload=upload, title=title, most=service.settings.max_resumes
        )
        await stored.removed(tx, prefixes)
        headers = {"location": f"{PREFIX}/resumes/{found.id}", "etag": etag(found.version)}
        return Created(UploadedOut.model_validate({**vars(found), "duplicate_of": twin}), headers)

    return await once(
        service.db, request, caller=who.subject, key=key, work=work, fingerprint=_fingerprint(upload, title)
    )


async def _pieces(file: UploadFile, digest: "hashlib._Hash", most: int) -> AsyncIterator[bytes]:
    """The file in pieces, counted and digested; FileTooLarge."""
    size = 0
    while piece := await file.read(_PIECE):
        size += len(piece)
        if size > most:
            raise FileTooLarge(f"A resume may have {most} bytes.", hint="Leave out large pictures.")
        digest.update(piece)
        yield piece


def _fingerprint(upload: Upload, title: str | None) -> bytes:
    return hashlib.sha256(upload.sha256 + (title or "").encode()).digest()


def _name(file: UploadFile) -> str:
    """The file's own name, for its owner to see; without folders and control characters."""
    bare = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in bare if letter.isprintable())[-_NAME:] or "resume"
