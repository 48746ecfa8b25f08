"""Counts of views and applications, without a row that everybody waits for."""

import random
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from hirehub.kernel.db import Transaction

SLOTS: Final = 16

_TALLY = """
INSERT INTO view_tally (job_id, slot, count)
SELECT seen.job_id, %s, seen.count FROM unnest(%s::uuid[], %s::int[]) AS seen (job_id, count)
 WHERE EXISTS (SELECT 1 FROM jobs WHERE jobs.id = seen.job_id)
 ORDER BY seen.job_id
    ON CONFLICT (job_id, slot) DO UPDATE SET count = view_tally.count + EXCLUDED.count
"""
_FOLD = """
WITH gone AS (
    DELETE FROM view_tally WHERE (job_id, slot) IN (
        SELECT job_id, slot FROM view_tally ORDER BY job_id, slot LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING *
), summed AS (SELECT job_id, sum(count)::int AS count FROM gone GROUP BY job_id)
UPDATE jobs SET views_count = views_count + summed.count FROM summed WHERE jobs.id = summed.job_id
"""
_APPLIED = """
UPDATE jobs SET applies_count = applies_count + told.count
  FROM unnest(%s::uuid[], %s::int[]) AS told (job_id, count) WHERE jobs.id = told.job_id
"""


async def tally(tx: Transaction, views: Mapping[UUID, int]) -> None:
    """Counts views into one slot of many, chosen by chance."""
    slot = random.randrange(SLOTS)  # noqa: S311 - spreads writers, keeps no secret
    await tx.execute(_TALLY, (slot, list(views), list(views.values())))


async def fold(tx: Transaction, most: int) -> int:
    """Brings tallied views into the posts; of how many posts."""
    return await tx.execute(_FOLD, (most,))


async def applied(tx: Transaction, applications: Mapping[UUID, int]) -> None:
    """Counts applications."""
    await tx.execute(_APPLIED, (list(applications), list(applications.values())))
