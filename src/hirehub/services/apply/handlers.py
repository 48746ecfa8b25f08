"""What `apply` does about facts of others."""

from collections.abc import Sequence

from hirehub.contracts.user import UserRemoved
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import Transaction
from hirehub.services.apply.usecases import forgetting


async def forget_people(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Withdraws the applications of people whose accounts have ended, and erases what was said in them."""
    await forgetting.forget(tx, [fact.read(UserRemoved).user_id for fact in facts])


HANDLERS = {UserRemoved.topic: forget_people}
