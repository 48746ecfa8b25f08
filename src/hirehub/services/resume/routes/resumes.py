"""Resumes over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from hirehub.contracts.user import UserType
from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.http.etags import IfMatch, etag
from hirehub.kernel.http.idempotency import Key
from hirehub.kernel.http.paging import Cursor, Limit, Page, after_id, page_of
from hirehub.kernel.http.shapes import Line200
from hirehub.services.resume.domain.files import MEDIA_TYPES
from hirehub.services.resume.domain.resumes import no_such_resume
from hirehub.services.resume.routes.deps import PREFIX, AService, JobSeeker, Limiter, Service
from hirehub.services.resume.routes.uploads import store_upload
from hirehub.services.resume.routes.watching import WatchResponse
from hirehub.services.resume.schemas import ChunksIn, OutcomeIn, ResumeChange, ResumeOut, ResumeWhole, UploadedOut
from hirehub.services.resume.store import resumes as stored
from hirehub.services.resume.store.resumes import State
from hirehub.services.resume.usecases import resumes
from hirehub.services.resume.usecases.resumes import Outcome

router = APIRouter(prefix=f"{PREFIX}/resumes", tags=["resumes"])

_FILES: Final = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}
_EVENT: Final = {
    "type": "object",
    "description": "One event; `data` is a JSON object with `id`, `status`, `status_reason` and `status_message`.",
    "required": ["event", "data"],
    "properties": {"event": {"type": "string", "const": "status"}, "data": {"type": "string"}},
}
_EVENTS: Final = {"text/event-stream": {"schema": _EVENT}}
_UPLOAD: Final = (
    "Keeps a file and begins to read it: PDF, DOCX, HWPX, HWP or text, told by its content. Follow `status`. Send"
    " `Idempotency-Key` to be able to send it again without creating anything twice."
)


@router.post("", status_code=201, response_model=UploadedOut, description=_UPLOAD)
async def upload_resume(
    who: JobSeeker,
    service: Service,
    limiter: Limiter,
    request: Request,
    file: Annotated[UploadFile, File(description="The resume as a file.")],
    title: Annotated[Line200 | None, Form(examples=["For restaurants"])] = None,
    key: Key = None,
) -> Response:
    """Keeps a file and begins to read it."""
    await limiter.spend("resume.upload", who.subject, service.settings.uploads)
    return await store_upload(who, service, request, file, title, key)


@router.get("")
async def list_resumes(who: JobSeeker, service: Service, limit: Limit = 20, cursor: Cursor = None) -> Page[ResumeOut]:
    """The caller's resumes, newest first."""
    async with service.db.transaction() as tx:
        rows = await stored.listed(tx, who.person, after=after_id(cursor), limit=limit + 1)
    return page_of(rows, limit, show=ResumeOut.model_validate, position=lambda row: (row.id,))


@router.get("/{resume_id}")
async def read_resume(who: Caller, resume_id: UUID, service: Service, response: Response) -> ResumeWhole:
    """A resume with what was read in it; for its owner, services, and members of companies that it was sent to.

    Companies see no file name, as it often holds the person's.
    """
    found = await service.shown(who, resume_id)
    async with service.db.transaction() as tx:
        content = await stored.content(tx, resume_id)
    response.headers["etag"] = etag(found.version)
    hidden = {"original_file_name": None} if who.user_type == UserType.COMPANY else {}
    return ResumeWhole.model_validate({**vars(found), **vars(content), **hidden})


@router.patch("/{resume_id}")
async def rename_resume(
    who: Caller, resume_id: UUID, body: ResumeChange, versions: IfMatch, service: Service, response: Response
) -> ResumeOut:
    """Gives a resume another title; for its owner."""
    await service.own(who, resume_id)
    async with service.db.transaction() as tx:
        found = await resumes.rename(tx, resume_id=resume_id, title=body.title, versions=versions)
    response.headers["etag"] = etag(found.version)
    return ResumeOut.model_validate(found)


@router.put("/{resume_id}")
async def finish_resume(_who: AService, resume_id: UUID, body: OutcomeIn, service: Service) -> ResumeOut:
    """Says how the work on a resume has ended, and what was read; for the service `ai`."""
    outcome = Outcome(
        status=body.status,
        reason=body.reason,
        masked_content=body.masked_content,
        parsed_content=body.parsed_content,
        ai_summary=body.ai_summary,
        experiences=[one.model_dump() for one in body.experiences],
        skills=[one.model_dump() for one in body.skills],
        educations=[one.model_dump() for one in body.educations],
        masked=body.masked,
    )
    async with service.db.transaction() as tx:
        return ResumeOut.model_validate(await resumes.finish(tx, service.blobs, resume_id=resume_id, outcome=outcome))


@router.put("/{resume_id}/chunks")
async def put_chunks(_who: AService, resume_id: UUID, body: ChunksIn, service: Service) -> ResumeOut:
    """Makes these the pieces of the masked text, with their vectors; for the service `ai`."""
    async with service.db.transaction() as tx:
        found = await resumes.put_chunks(
            tx, resume_id=resume_id, chunks=[(one.text, one.vector) for one in body.chunks]
        )
    return ResumeOut.model_validate(found)


@router.delete("/{resume_id}", status_code=204)
async def remove_resume(who: Caller, resume_id: UUID, service: Service) -> None:
    """Removes a resume, its file and everything that was read in it; for its owner."""
    await service.own(who, resume_id)
    async with service.db.transaction() as tx:
        await resumes.remove(tx, resume_id=resume_id)


@router.post("/{resume_id}/primary")
async def choose_resume(who: Caller, resume_id: UUID, service: Service) -> ResumeOut:
    """Makes a resume the owner's primary one; 409 for one that could not be read (`error`)."""
    await service.own(who, resume_id)
    async with service.db.transaction() as tx:
        return ResumeOut.model_validate(await resumes.choose(tx, resume_id=resume_id))


@router.get("/{resume_id}/original", response_class=StreamingResponse, responses={200: {"content": _FILES}})
async def read_original(who: Caller, resume_id: UUID, service: Service) -> StreamingResponse:
    """The file as it was uploaded; for its owner, services, and members of companies that it was sent to."""
    found = await service.shown(who, resume_id)
    if found.original_file_url is None:
        raise no_such_resume()
    kind = str(found.file_type)
    headers = {
        "content-disposition": f'attachment; filename="resume.{kind}"',
        "content-length": str(found.file_bytes),
        "cache-control": "no-store",
    }
    rest = service.blobs.get(found.original_file_url)
    first = await anext(rest, b"")  # a file that is lost is told before the answer begins
    return StreamingResponse(_pieces(first, rest), headers=headers, media_type=MEDIA_TYPES[kind])


async def _pieces(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


@router.get("/{resume_id}/events", response_class=StreamingResponse, responses={200: {"content": _EVENTS}})
async def watch_resume(who: Caller, resume_id: UUID, service: Service) -> StreamingResponse:
    """The resume's status as server-sent events, until it is ready or an error; for its owner and services."""
    found = await service.readable(who, resume_id)
    known = State(found.status, found.status_reason)
    return WatchResponse(service.watchers.begin(resume_id, who.user_id, known))
