"""Forgetting a person: notifications, settings, devices and what waits; what comes later about him makes nothing."""

from uuid import UUID

from hirehub.kernel.db import Transaction, tombstones
from hirehub.kernel.http.idempotency import forget_caller
from hirehub.services.notification.store import notifications, outbox, people


async def forget(tx: Transaction, *, user_id: UUID) -> None:
    """Removes everything of a person who is gone."""
    await tombstones.bury(tx, [user_id])
    await outbox.forget_about(tx, user_id)
    await notifications.forget_person(tx, user_id)
    await people.forget(tx, user_id)
    await forget_caller(tx, str(user_id))
