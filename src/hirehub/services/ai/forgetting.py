"""Forgetting a resume: work that waits for it, what is noted of that, and what it was compared by."""

from collections.abc import Sequence

from hirehub.contracts.resume import ResumeRemoved
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import Transaction
from hirehub.services.ai.store import profiles, tasks


async def forget(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Removes everything about resumes that are gone. One that is being worked on now, read or compared, is waited for
    before what that work leaves is removed.
    """
    gone = [fact.read(ResumeRemoved).resume_id for fact in facts]
    await tasks.stop(tx, gone)
    await profiles.forget(tx, "resume", gone)
    await tasks.forget(tx, gone)
