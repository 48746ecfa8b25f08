"""What `job` does about facts of others."""

from collections import Counter
from collections.abc import Sequence

from hirehub.contracts.apply import ApplicationSubmitted
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import Transaction
from hirehub.services.job.store import counts


async def count_applications(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Counts applications at their posts."""
    await counts.applied(tx, Counter(fact.read(ApplicationSubmitted).job_id for fact in facts))


HANDLERS = {ApplicationSubmitted.topic: count_applications}
