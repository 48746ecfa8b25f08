"""Resumes: uploaded, named, chosen, worked on, removed."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hirehub.contracts.resume import ResumeRemoved, ResumeUpdated, ResumeUploaded
from hirehub.kernel.auth import Unauthenticated
from hirehub.kernel.blobs import Blobs
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import ReadTransaction, Transaction, tombstones
from hirehub.kernel.http.etags import PreconditionFailed
from hirehub.kernel.http.idempotency import forget_caller, forget_created
from hirehub.services.resume.domain.resumes import (
    NotReady,
    StillProcessing,
    TooManyResumes,
    keys_of,
    keys_of_person,
    no_such_resume,
    processed_key,
    same_entries,
)
from hirehub.services.resume.store import entries, resumes
from hirehub.services.resume.store.resumes import Resume

SOURCE = "resume"
CHANNEL = "resume.status"
"""Announced with each commit after which the status of a resume may be another."""


@dataclass(frozen=True)
class Upload:
    """A file that is kept already, and what is known of it."""

    resume_id: UUID
    key: str
    name: str
    kind: str
    size: int
    sha256: bytes


@dataclass(frozen=True)
class Outcome:
    """How the work on a resume has ended, and what was read."""

    status: str
    reason: str | None = None
    masked_content: str | None = None
    parsed_content: Mapping[str, Any] | None = None
    ai_summary: str | None = None
    experiences: Sequence[Mapping[str, object]] = ()
    skills: Sequence[Mapping[str, object]] = ()
    educations: Sequence[Mapping[str, object]] = ()
    masked: Mapping[str, int] = field(default_factory=dict)


async def begin(
    tx: Transaction, *, user_id: UUID, upload: Upload, title: str | None, most: int
) -> tuple[Resume, UUID | None]:
    """Keeps a resume that waits to be read, and the person's earlier one of the same bytes.

    TooManyResumes; Unauthenticated for somebody whose account has ended while the token still holds.
    """
    if await tombstones.buried(tx, [user_id]):
        raise Unauthenticated.bad_token("its account has ended")
    await resumes.alone(tx, user_id)
    if await resumes.count(tx, user_id) >= most:
        raise TooManyResumes(f"You have {most} resumes already.", hint="Remove one that you do not need.")
    values = {
        "id": upload.resume_id,
        "user_id": user_id,
        "title": title,
        "url": upload.key,
        "name": upload.name,
        "kind": upload.kind,
        "bytes": upload.size,
        "sha256": upload.sha256,
    }
    await resumes.add(tx, values)
    await resumes.settle(tx, user_id)
    body = ResumeUploaded(resume_id=upload.resume_id, user_id=user_id, file_url=upload.key)
    await publish(tx, [Fact.of(body, source=SOURCE)])
    twin = await resumes.twin(tx, user_id=user_id, sha256=upload.sha256, other_than=upload.resume_id)
    return await read(tx, resume_id=upload.resume_id), twin


async def read(tx: ReadTransaction, *, resume_id: UUID) -> Resume:
    """A resume; NoSuchResume."""
    found = await resumes.get(tx, resume_id)
    if found is None:
        raise no_such_resume()
    return found


async def rename(tx: Transaction, *, resume_id: UUID, title: str | None, versions: list[int] | None) -> Resume:
    """Gives a resume another title; PreconditionFailed where somebody else changed it."""
    before = await _locked(tx, resume_id)
    if versions is not None and before.version not in versions:
        raise PreconditionFailed.changed()
    if title != before.title:
        await resumes.rename(tx, resume_id, title)
    return await read(tx, resume_id=resume_id)


async def choose(tx: Transaction, *, resume_id: UUID) -> Resume:
    """Makes a resume its owner's primary one; NotReady for one that could not be read."""
    found = await _locked_alone(tx, resume_id)
    if found.status == "error":
        raise NotReady(
            "A resume that could not be read cannot be the primary one.",
            hint="Choose one that is ready, or upload the file again.",
        )
    await resumes.choose(tx, user_id=found.user_id, resume_id=resume_id)
    return await read(tx, resume_id=resume_id)


async def finish(tx: Transaction, blobs: Blobs, *, resume_id: UUID, outcome: Outcome) -> Resume:
    """Keeps how the work on a resume has ended; doing it again replaces what was there.

    One that ends as an error is not the primary any more; the newest other one is.
    """
    found = await _locked_alone(tx, resume_id)
    await _keep_files(blobs, found, outcome)
    await resumes.worked(
        tx,
        resume_id,
        status=outcome.status,
        reason=outcome.reason,
        masked_content=outcome.masked_content,
        parsed_content=outcome.parsed_content,
        ai_summary=outcome.ai_summary,
    )
    for table, rows in (
        ("resume_experiences", outcome.experiences),
        ("resume_skills", outcome.skills),
        ("resume_educations", outcome.educations),
    ):
        await entries.put(tx, table, resume_id, rows)
    await entries.log_masking(tx, resume_id, outcome.masked)
    await resumes.settle(tx, found.user_id)
    tx.announce(CHANNEL)
    return await read(tx, resume_id=resume_id)


async def _keep_files(blobs: Blobs, found: Resume, outcome: Outcome) -> None:
    """Keeps the masked text and the values as files too, as long as the resume is ready.

    The row is locked: nobody asks meanwhile that the files go. Cut off before the commit, they are there for a row of
    before, are replaced when it is worked again, and go with it.
    """
    parsed = None if outcome.parsed_content is None else json.dumps(outcome.parsed_content, ensure_ascii=False)
    for name, content in (("masked.txt", outcome.masked_content), ("parsed.json", parsed)):
        key = processed_key(found.user_id, found.id, name)
        if content is None or outcome.status != "ready":
            await blobs.remove(key)
        else:
            await blobs.put(key, _whole(content.encode(errors="replace")))


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def put_entries(
    tx: Transaction, *, resume_id: UUID, table: str, rows: Sequence[Mapping[str, object]]
) -> list[dict[str, Any]]:
    """Makes these a resume's experiences, skills or educations, and tells it where they differ.

    StillProcessing while they are being read.
    """
    before = await _locked(tx, resume_id)
    if before.status == "processing":
        raise StillProcessing("The resume is being read.", hint="Wait until its status is ready.")
    there = await entries.listed(tx, table, resume_id)
    if same_entries(entries.FIELDS[table], there, rows):
        return there
    await entries.put(tx, table, resume_id, rows)
    await resumes.touch(tx, resume_id)
    await publish(tx, [Fact.of(ResumeUpdated(resume_id=resume_id, user_id=before.user_id), source=SOURCE)])
    return await entries.listed(tx, table, resume_id)


async def put_chunks(
    tx: Transaction, *, resume_id: UUID, chunks: Sequence[tuple[str, Sequence[float] | None]]
) -> Resume:
    """Makes these the pieces of a resume's masked text, each with its vector where there is one."""
    found = await _locked(tx, resume_id)
    await entries.put_chunks(tx, resume_id, chunks)
    return found


async def remove(tx: Transaction, *, resume_id: UUID) -> None:
    """Removes a resume with everything that was read in it, and tells it; its files go soon after.

    The answer to its upload, which names it, goes too: the same upload with the same key begins another one.
    """
    found = await _locked_alone(tx, resume_id)
    await _remove(tx, found)
    await forget_created(tx, str(found.user_id), [resume_id])
    await resumes.settle(tx, found.user_id)


async def forget(tx: Transaction, *, user_id: UUID) -> None:
    """Removes all resumes of a person who is gone, with what else is kept of him; nothing of his comes in after it."""
    await tombstones.bury(tx, [user_id])
    for found in await resumes.lock_of(tx, user_id):
        await _remove(tx, found)
    await resumes.ask_removal(tx, keys_of_person(user_id))
    await forget_caller(tx, str(user_id))


async def _remove(tx: Transaction, found: Resume) -> None:
    await resumes.remove(tx, found.id, keys_of(found.user_id, found.id))
    tx.announce(CHANNEL)
    await publish(tx, [Fact.of(ResumeRemoved(resume_id=found.id, user_id=found.user_id), source=SOURCE)])


async def _locked_alone(tx: Transaction, resume_id: UUID) -> Resume:
    """The same as `_locked`, where its owner's primary resume may become another."""
    await resumes.alone(tx, (await read(tx, resume_id=resume_id)).user_id)
    return await _locked(tx, resume_id)


async def _locked(tx: Transaction, resume_id: UUID) -> Resume:
    found = await resumes.lock(tx, resume_id)
    if found is None:
        raise no_such_resume()
    return found
