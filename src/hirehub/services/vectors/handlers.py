"""What `vectors` does about facts of others: rows of resumes that are gone and of posts that are closed are withdrawn.

What API servers keep of them is dropped after the commit; that it is owed to them commits with the rows' end.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from hirehub.contracts.job import JobUpdated
from hirehub.contracts.resume import ResumeRemoved
from hirehub.kernel.bus import Fact, Handler
from hirehub.kernel.db import Transaction
from hirehub.services.vectors.domain.domains import CANDIDATE, RECRUIT, Domain
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import notices, withdrawn

OWED: Final = "cache_notice"
"""The channel on which who tells API servers listens."""


def handlers(settings: VectorsSettings) -> Mapping[str, Handler]:
    """The handler of each topic."""

    async def resumes(tx: Transaction, facts: Sequence[Fact]) -> None:
        gone = {fact.read(ResumeRemoved).resume_id for fact in facts}
        removed = await withdrawn.withdraw(tx, CANDIDATE, dict.fromkeys(gone, withdrawn.FOR_GOOD))
        await withdrawn.remove_letters(tx, CANDIDATE, sorted(gone))
        await _owe(tx, settings, CANDIDATE, removed)

    async def posts(tx: Transaction, facts: Sequence[Fact]) -> None:
        last = {body.job_id: (body.status, at) for body, at in ((fact.read(JobUpdated), fact.time) for fact in facts)}
        if opened := {job_id: at for job_id, (status, at) in last.items() if status == "open"}:
            await withdrawn.allow(tx, RECRUIT, opened)
        if closed := {job_id: at for job_id, (status, at) in last.items() if status == "closed"}:
            await _owe(tx, settings, RECRUIT, await withdrawn.withdraw(tx, RECRUIT, closed))

    return {ResumeRemoved.topic: resumes, JobUpdated.topic: posts}


async def _owe(tx: Transaction, settings: VectorsSettings, domain: Domain, removed: int) -> None:
    """Lets the API servers be told, where an answer may hold what was removed."""
    if removed:
        await notices.owe(tx, domain=domain.name, targets=settings.targets(), seconds=0)
        tx.announce(OWED)
