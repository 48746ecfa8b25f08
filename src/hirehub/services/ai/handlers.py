"""What `ai` does about facts of others: it lets things wait, and the workers are rung."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from hirehub.contracts.job import JobCreated, JobUpdated
from hirehub.contracts.resume import ResumeRemoved, ResumeUpdated, ResumeUploaded
from hirehub.kernel.bus import Fact, Handler
from hirehub.kernel.db import Transaction
from hirehub.services.ai.forgetting import forget
from hirehub.services.ai.store import match_work, tasks

READING: Final = "resume_work"
MATCHING: Final = "match_work"
FRESH: Final = "fresh_vector"
"""Channels on which the workers of this process listen."""


async def _uploaded(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Lets uploaded resumes wait to be read."""
    bodies = {body.resume_id: body.user_id for body in (fact.read(ResumeUploaded) for fact in facts)}
    await tasks.ask(tx, list(bodies.items()))
    tx.announce(READING)


async def _changed(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Lets resumes that their owners have changed wait to be matched anew."""
    ids = {fact.read(ResumeUpdated).resume_id for fact in facts}
    await match_work.ask(tx, "resume", sorted(ids), match_work.RESUME)
    tx.announce(MATCHING)


async def _posted(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Lets new posts that are open wait to be matched."""
    await _match(tx, {body.job_id for body in (fact.read(JobCreated) for fact in facts) if body.status == "open"})


async def _posts_changed(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Lets changed posts wait to be matched anew, or to be taken out; drafts are nobody's yet."""
    await _match(tx, {body.job_id for body in (fact.read(JobUpdated) for fact in facts) if body.status != "draft"})


async def _match(tx: Transaction, ids: set[UUID]) -> None:
    if ids:
        await match_work.ask(tx, "job", sorted(ids), match_work.POST)
        tx.announce(MATCHING)


HANDLERS: Final[Mapping[str, Handler]] = {
    ResumeUploaded.topic: _uploaded,
    ResumeUpdated.topic: _changed,
    ResumeRemoved.topic: forget,
    JobCreated.topic: _posted,
    JobUpdated.topic: _posts_changed,
}
