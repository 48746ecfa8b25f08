"""The log as its keeper reads it, all topics together."""

from collections.abc import Sequence

from hirehub.kernel.bus.facts import Fact
from hirehub.kernel.bus.transport import Delivered
from hirehub.kernel.db import ReadTransaction

_AFTER = """
SELECT position, id, topic, key, source, time, body::text FROM fact
 WHERE position > %(after)s AND (%(topic)s::text IS NULL OR topic = %(topic)s)
 ORDER BY position LIMIT %(most)s
"""
_LAST = """
SELECT coalesce(min(position) - 1, (SELECT coalesce(max(position), 0) FROM fact)) FROM (
    SELECT position FROM fact WHERE %(topic)s::text IS NULL OR topic = %(topic)s
     ORDER BY position DESC LIMIT %(most)s
) AS newest
"""


async def after(tx: ReadTransaction, position: int, *, topic: str | None, most: int) -> Sequence[Delivered]:
    """The next facts beyond a position."""
    rows = await tx.fetch_all(_AFTER, {"after": position, "topic": topic, "most": most})
    return [Delivered(row[0], Fact(*row[1:])) for row in rows]


async def before_newest(tx: ReadTransaction, most: int, *, topic: str | None) -> int:
    """The position before the newest so many facts."""
    return int(await tx.fetch_value(_LAST, {"topic": topic, "most": most}))
