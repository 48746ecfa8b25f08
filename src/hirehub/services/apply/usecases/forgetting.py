"""Forgetting a person: every word goes, the bare history of states stays, under an id that stands for nobody."""

from typing import Final
from uuid import UUID

from hirehub.kernel.db import Transaction, tombstones
from hirehub.kernel.http.idempotency import forget_about, forget_caller
from hirehub.services.apply.domain.states import ENDED, Actor
from hirehub.services.apply.store import applications, events, interviews
from hirehub.services.apply.usecases.moving import By, enter

_END: Final = "withdrawn"


async def forget(tx: Transaction, *, user_id: UUID) -> None:
    """Withdraws what is under way of a person who is gone, and erases letters, notes, feedback and answers kept."""
    await tombstones.bury(tx, [user_id])
    found = await applications.lock_of(tx, user_id)
    for one in found:
        if one.status not in ENDED:
            await enter(tx, one, _END, by=By(Actor.SYSTEM, None))
    await applications.erase(tx, user_id)
    await interviews.erase(tx, user_id)
    await events.erase(tx, user_id)
    await forget_caller(tx, str(user_id))
    await forget_about(tx, [one.id for one in found])
