"""What `match` does by itself: forgets old keys."""

from typing import Final

from hirehub.kernel.background import every
from hirehub.kernel.db import Database
from hirehub.kernel.http.idempotency import forget_old

_HOUR: Final = 3_600.0


async def forget_keys(db: Database) -> None:
    """Forgets Idempotency-Keys of more than a day ago, for ever."""

    async def all_old() -> None:
        async with db.transaction() as tx:
            await forget_old(tx)

    await every(_HOUR, all_old, name="match.keys")
