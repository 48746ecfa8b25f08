"""Did it commit? When a connection breaks while COMMIT is under way, the client cannot know; the server does.

A writer takes its transaction's number before it commits, and asks with it afterwards. So rows are counted once even
when the server dies at the very moment.
"""

from typing import Literal

from hirehub.kernel.db import ReadTransaction, Transaction

_NUMBER = "SELECT pg_current_xact_id()::text"
_FATE = "SELECT pg_xact_status(%s::text::xid8)"

Fate = Literal["committed", "aborted", "in progress"]


async def number(tx: Transaction) -> str:
    """The number of this transaction."""
    return str(await tx.fetch_value(_NUMBER))


async def fate(tx: ReadTransaction, number: str) -> Fate:
    """What became of a transaction."""
    found: Fate | None = await tx.fetch_value(_FATE, (number,))
    return found or "aborted"
