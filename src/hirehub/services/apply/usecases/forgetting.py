"""Forgetting a person: every word goes, the bare history of states stays, under an id that stands for nobody."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from hirehub.kernel.db import Transaction, tombstones
from hirehub.kernel.http.idempotency import forget_about, forget_caller
from hirehub.services.apply.domain.states import ENDED, Actor
from hirehub.services.apply.store import applications, events, interviews
from hirehub.services.apply.usecases.moving import By, enter

_END: Final = "withdrawn"


async def forget(tx: Transaction, people: Collection[UUID]) -> None:
    """Withdraws what is under way of people who are gone, and erases letters, notes, feedback and answers kept."""
    await tombstones.bury(tx, people)
    found = await applications.lock_of(tx, people)
    for one in found:
        if one.status not in ENDED:
            await enter(tx, one, _END, by=By(Actor.SYSTEM, None))
    for user_id in people:
        await applications.erase(tx, user_id)
        await interviews.erase(tx, user_id)
        await events.erase(tx, user_id)
        await forget_caller(tx, str(user_id))
    await forget_about(tx, [one.id for one in found])
