"""What `job` does about facts of others."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from hirehub.contracts.apply import ApplicationSubmitted
from hirehub.contracts.user import CompanyClosed
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import Transaction
from hirehub.services.job.store import counts
from hirehub.services.job.usecases import posts

_AT_ONCE: Final = 500
"""Posts that are closed with the fact; what is beyond is closed by the work that also closes posts at their end."""


async def count_applications(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Counts applications at their posts."""
    await counts.applied(tx, Counter(fact.read(ApplicationSubmitted).job_id for fact in facts))


async def close_companies(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Closes the posts of companies that are closed, for nobody would read who applies to them."""
    closed = {fact.read(CompanyClosed).company_id for fact in facts}
    await posts.close_company(tx, company_ids=closed, most=_AT_ONCE)


HANDLERS = {ApplicationSubmitted.topic: count_applications, CompanyClosed.topic: close_companies}
