"""Posts: written, changed, published, closed. Who may is asked before; a post never changes its company."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from hirehub.contracts.job import JobCreated, JobUpdated, Status
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import ReadTransaction, Transaction, tombstones
from hirehub.kernel.http.etags import PreconditionFailed
from hirehub.kernel.ids import uuid7
from hirehub.services.job.domain.posts import (
    CompanyIsClosed,
    NoSuchJob,
    WrongState,
    check_end,
    check_publishable,
    check_ranges,
    moved,
)
from hirehub.services.job.store import posts
from hirehub.services.job.store.posts import Closed, Job, New

SOURCE = "job"


async def begin(tx: Transaction, *, company_id: UUID, values: Mapping[str, object], now: datetime) -> Job:
    """Makes a draft; BadRange, OverAlready, CompanyIsClosed."""
    check_ranges(values)
    check_end(values, now)
    await check_alive(tx, company_id)
    job_id = uuid7()
    await posts.add(tx, company_id=company_id, rows=[New(job_id, values)])
    await publish(tx, [created(job_id, company_id, "draft")])
    return await read(tx, job_id=job_id)


async def read(tx: ReadTransaction, *, job_id: UUID) -> Job:
    """A post in any state; NoSuchJob."""
    found = await posts.get(tx, job_id)
    if found is None:
        raise no_such_job()
    return found


async def change(
    tx: Transaction, *, job_id: UUID, changes: Mapping[str, object], versions: list[int] | None, now: datetime
) -> Job:
    """Changes a post; PreconditionFailed where somebody else did, NotPublishable where an open one would lack much.

    OverAlready for another end that has passed; one that passed since it was written hinders no other change.
    """
    before = await locked(tx, job_id, versions)
    after = {**vars(before), **changes}
    different = {name: value for name, value in changes.items() if getattr(before, name) != value}
    check_ranges(after)
    check_end(different, now)
    if before.status == "open":
        check_publishable(after, now)
    if different:
        await posts.change(tx, job_id, different)
        title = str(different.get("title", before.title))
        await publish(tx, [updated(before, tuple(sorted(different)), before.status, title)])
    return await read(tx, job_id=job_id)


async def move(tx: Transaction, *, job_id: UUID, name: str, now: datetime) -> Job:
    """Publishes, closes or reopens a post; WrongState, NotPublishable, CompanyIsClosed."""
    before = await locked(tx, job_id, None)
    status = moved(name, before.status)
    if status == "open":
        check_publishable(vars(before), now)
        await check_alive(tx, before.company_id)
    await posts.move(tx, job_id, status)
    await publish(tx, [updated(before, ("status",), status, before.title)])
    return await read(tx, job_id=job_id)


async def remove(tx: Transaction, *, job_id: UUID, versions: list[int] | None) -> None:
    """Removes a draft; WrongState for a post that others have seen."""
    before = await locked(tx, job_id, versions)
    if before.status != "draft":
        raise WrongState("Only a draft can be removed.", hint="Close the post instead.", status=before.status)
    await posts.remove(tx, job_id)


async def close_over(tx: Transaction, *, most: int) -> int:
    """Closes the posts whose time is over; how many."""
    return await _told(tx, await posts.close_over(tx, most))


async def close_company(tx: Transaction, *, company_ids: Collection[UUID], most: int) -> int:
    """Lets no post of the companies open any more, and closes at most so many of those that are; how many."""
    await tombstones.bury(tx, company_ids)
    return await close_left(tx, most=most)


async def close_left(tx: Transaction, *, most: int) -> int:
    """Closes the open posts that closed companies have left; how many."""
    return await _told(tx, await posts.close_left(tx, most))


async def check_alive(tx: Transaction, company_id: UUID) -> None:
    """Raises CompanyIsClosed; else the company is not closed here until the transaction ends."""
    if await tombstones.buried(tx, [company_id]):
        raise CompanyIsClosed("The company is closed.", hint="Posts of a closed company are neither begun nor opened.")


async def _told(tx: Transaction, closed: Sequence[Closed]) -> int:
    """Tells that posts are closed; how many they are."""
    bodies = [
        JobUpdated(
            job_id=one.id, updated_fields=("status",), company_id=one.company_id, status="closed", job_title=one.title
        )
        for one in closed
    ]
    await publish(tx, [Fact.of(body, source=SOURCE) for body in bodies])
    return len(closed)


def created(job_id: UUID, company_id: UUID, status: Status) -> Fact:
    """The fact of a new post."""
    return Fact.of(JobCreated(job_id=job_id, company_id=company_id, status=status), source=SOURCE)


def updated(job: Job, fields: tuple[str, ...], status: str, title: str) -> Fact:
    """The fact of a changed post; its state and title are those after the change."""
    told = {"updated_fields": fields, "status": status, "job_title": title}
    body = {"job_id": job.id, "company_id": job.company_id, **told}
    return Fact.of(JobUpdated.model_validate(body), source=SOURCE)


def no_such_job() -> NoSuchJob:
    """The same for a post that is not there and one that is not for the caller to see."""
    return NoSuchJob("There is no such job post.", hint="Look at /api/v1/jobs for those that are open.")


async def locked(tx: Transaction, job_id: UUID, versions: list[int] | None) -> Job:
    """A post that nobody else changes until the transaction ends; NoSuchJob, PreconditionFailed."""
    found = await posts.lock(tx, job_id)
    if found is None:
        raise no_such_job()
    if versions is not None and found.version not in versions:
        raise PreconditionFailed.changed()
    return found
