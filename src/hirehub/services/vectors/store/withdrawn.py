"""Rows that were withdrawn: which may not come back, and the end of those that are here.

`upto` is the last moment of which a row of that id may not be: what somebody changed later is stored again. Of a row
that is gone for good none is later. Who stores rows asks under a lock that withdrawing waits for: neither slips past
the other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from hirehub.kernel.db import Transaction
from hirehub.services.vectors.domain.domains import Domain

FOR_GOOD: Final = "infinity"
_LOCK: Final = "hashtextextended('withdrawn ' || %s, 12)"

_STAY = f"SELECT pg_advisory_xact_lock_shared({_LOCK})"
_ALONE = f"SELECT pg_advisory_xact_lock({_LOCK})"
_ANY = "SELECT EXISTS (SELECT 1 FROM withdrawn WHERE domain = %s)"
_AMONG = """
SELECT id, CASE WHEN isfinite(upto) THEN (extract(epoch FROM upto) * 1000000)::bigint END
  FROM withdrawn WHERE domain = %s AND id = ANY(%s::uuid[])
"""
_NOTE = """
INSERT INTO withdrawn (domain, id, upto) SELECT %s, * FROM unnest(%s::uuid[], %s::timestamptz[])
    ON CONFLICT (domain, id) DO UPDATE SET upto = greatest(withdrawn.upto, excluded.upto)
"""
_ALLOW = """
DELETE FROM withdrawn AS w USING unnest(%s::uuid[], %s::timestamptz[]) AS again (id, at)
 WHERE w.domain = %s AND w.id = again.id AND w.upto <= again.at
"""
_REMOVE = "DELETE FROM {metadata} WHERE id = ANY(%s::uuid[])"
_REMOVE_LETTERS = "DELETE FROM dlq WHERE domain = %s AND entity_id = ANY(%s::uuid[])"


async def stay(tx: Transaction, domain: Domain) -> bool:
    """Lets nothing be withdrawn until the transaction ends; whether anything ever was."""
    await tx.execute(_STAY, (domain.name,))
    return bool(await tx.fetch_value(_ANY, (domain.name,)))


async def among(tx: Transaction, domain: Domain, ids: Sequence[UUID]) -> dict[UUID, int | None]:
    """Those of the ids that were withdrawn, with the last microsecond since 1970 that may not be; None for all."""
    return dict(await tx.fetch_all(_AMONG, (domain.name, list(ids)), binary=True))


async def withdraw(tx: Transaction, domain: Domain, upto: Mapping[UUID, datetime | str]) -> int:
    """Removes the rows of these ids, and keeps others of each out up to its moment or FOR_GOOD; how many were here.

    Waits for loads that are storing a group of rows.
    """
    ids = sorted(upto)
    await tx.execute(_ALONE, (domain.name,))
    await tx.execute(_NOTE, (domain.name, ids, [str(upto[one]) for one in ids]))
    return await tx.execute(_REMOVE.format(metadata=domain.metadata_table), (ids,))


async def remove_letters(tx: Transaction, domain: Domain, ids: Sequence[UUID]) -> None:
    """Removes dead letters of rows that are gone for good: they hold the rows."""
    await tx.execute(_REMOVE_LETTERS, (domain.name, list(ids)))


async def allow(tx: Transaction, domain: Domain, since: Mapping[UUID, datetime]) -> None:
    """Takes back what was withdrawn before these moments."""
    ids = sorted(since)
    await tx.execute(_ALLOW, (ids, [since[one] for one in ids], domain.name))
