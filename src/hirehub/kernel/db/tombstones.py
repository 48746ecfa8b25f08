"""Ids that are gone for good: what comes later about one of them makes nothing.

Facts of other topics come in no order, and a token may outlive what it stands for. Whoever is about to keep something
of an id asks `buried` in the same transaction; nobody buries the id until that has ended, and who buries it then sees,
and removes, what was kept.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Final
from uuid import UUID

from hirehub.kernel.db.transactions import Transaction

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

CREATE_1: Final = """
CREATE TABLE tombstone (
    id uuid PRIMARY KEY,
    buried_at timestamptz NOT NULL DEFAULT now()
);
"""
"""The table, for a service's revision; frozen, a later form gets a number of its own."""

_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(id::text, 9)) FROM unnest(%s::uuid[]) AS id"
_TOGETHER = "SELECT pg_advisory_xact_lock_shared(hashtextextended(id::text, 9)) FROM unnest(%s::uuid[]) AS id"
_BURY = "INSERT INTO tombstone (id) SELECT unnest(%s::uuid[]) ON CONFLICT (id) DO NOTHING"
_BURIED = "SELECT id FROM tombstone WHERE id = ANY(%s)"


def tombstone_table(metadata: "MetaData") -> "Table":
    """The table's description, for the service that keeps it; who only buries has no need of the library."""
    from sqlalchemy import Column, DateTime, Table, Uuid, func

    return Table(
        "tombstone",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("buried_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


async def bury(tx: Transaction, ids: Collection[UUID]) -> None:
    """Notes that the ids are gone, once nobody keeps anything of them any more; doing it again changes nothing."""
    ordered = sorted(ids)
    await tx.execute(_ALONE, (ordered,))
    await tx.execute(_BURY, (ordered,))


async def buried(tx: Transaction, ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are gone; the others stay until the transaction ends."""
    ordered = sorted(ids)
    await tx.execute(_TOGETHER, (ordered,))
    return {row[0] for row in await tx.fetch_all(_BURIED, (ordered,))}
