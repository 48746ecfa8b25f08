"""Forgetting a resume: work that waits for it and what is noted of work on it."""

from collections.abc import Sequence

from hirehub.contracts.resume import ResumeRemoved
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import Transaction
from hirehub.services.ai.store import tasks


async def forget(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Removes everything about resumes that are gone. One that is being worked on now is waited for."""
    await tasks.forget(tx, [fact.read(ResumeRemoved).resume_id for fact in facts])
