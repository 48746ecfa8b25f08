"""What `resume` does about facts of others."""

from collections.abc import Sequence

from hirehub.contracts.user import UserRemoved
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import Transaction
from hirehub.services.resume.usecases import resumes


async def forget_people(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Removes all that is kept of people whose accounts have ended."""
    for fact in facts:
        await resumes.forget(tx, user_id=fact.read(UserRemoved).user_id)


HANDLERS = {UserRemoved.topic: forget_people}
