"""What the service `resume` tells of resumes, and what `ai` tells of its work on them; whose one is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, Protocol
from uuid import UUID

from hirehub.kernel.bus.facts import FactBody

REASON_WORDS: Final = {
    "scan": ("글자가 없는 스캔 이미지입니다", "its pages are pictures without text"),
    "document_empty": ("글자가 없는 파일입니다", "it holds no text"),
    "document_encrypted": ("비밀번호로 잠긴 파일입니다", "it opens with a password only"),
    "document_damaged": ("파일이 손상되었습니다", "the file is damaged"),
    "document_unknown": ("읽을 수 없는 형식입니다", "it is of a format that is not read"),
    "document_too_large": ("파일이나 내용이 너무 큽니다", "it is too large"),
    "document_too_slow": ("읽는 데 너무 오래 걸립니다", "it takes too long to read"),
    "text_too_long": ("글이 너무 깁니다", "its text is too long"),
}
"""Why a resume could not be read, in Korean and English, by the code; any other code tells a person nothing."""


class ResumeUploaded(FactBody):
    """A file is kept and waits to be read."""

    topic: ClassVar[str] = "resume.uploaded"
    key_field: ClassVar[str] = "resume_id"

    resume_id: UUID
    user_id: UUID
    file_url: str
    """Where the file is in the blob store; no link that anybody could open."""


class ResumeProcessed(FactBody):
    """The work on a file has ended, well or not."""

    topic: ClassVar[str] = "resume.processed"
    key_field: ClassVar[str] = "resume_id"

    resume_id: UUID
    user_id: UUID
    status: Literal["ready", "error"]
    reason: str | None = None
    """The code of what went wrong."""


class ResumeUpdated(FactBody):
    """The owner has changed what a resume says; it is matched anew."""

    topic: ClassVar[str] = "resume.updated"
    key_field: ClassVar[str] = "resume_id"

    resume_id: UUID
    user_id: UUID


class ResumeRemoved(FactBody):
    """A resume is gone, and with it goes all that was made of it anywhere."""

    topic: ClassVar[str] = "resume.removed"
    key_field: ClassVar[str] = "resume_id"

    resume_id: UUID
    user_id: UUID


class ResumeFiles(Protocol):
    """What the work on a resume asks of the service `resume`."""

    async def original(self, resume_id: UUID) -> bytes | None:
        """The file as it was uploaded; None where it is gone. ServiceUnavailable where nobody answers."""
        ...

    async def finish(self, resume_id: UUID, outcome: Mapping[str, Any]) -> bool:
        """Says how the work has ended, as `PUT /resumes/{id}` takes it; False where the resume is gone."""
        ...


@dataclass(frozen=True)
class ResumeText:
    """A resume as it is held against posts: the masked text, what was read in it, and what its owner made of that."""

    id: UUID
    user_id: UUID
    version: int
    status: str
    masked_content: str
    parsed_content: Mapping[str, Any]
    experiences: Sequence[Mapping[str, Any]] = ()
    skills: Sequence[Mapping[str, Any]] = ()


class ResumeTexts(Protocol):
    """What resumes say; the service `resume` knows."""

    async def whole(self, resume_id: UUID) -> ResumeText | None:
        """A resume that is ready, or None; ServiceUnavailable where nobody can tell."""
        ...

    async def put_chunks(self, resume_id: UUID, chunks: Sequence[tuple[str, Sequence[float] | None]]) -> bool:
        """Makes these the pieces of its text with their vectors; False where the resume is gone."""
        ...


@dataclass(frozen=True)
class Resume:
    """Whose a resume is, and how far it has been read: `processing`, `ready` or `error`."""

    user_id: UUID
    status: str


class Resumes(Protocol):
    """Resumes, without what they say; the service `resume` knows them."""

    async def get(self, resume_id: UUID) -> Resume | None:
        """A resume in any state, or None; ServiceUnavailable where nobody can tell."""
        ...
