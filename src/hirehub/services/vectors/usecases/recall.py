"""The recall self-check: does the index find what an exact scan finds?

Stored vectors are asked for their nearest others, through the index and exactly, in one snapshot. A neighbour counts as
found when it is as near as the farthest of the exact answer, so that equal distances are no mistakes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hirehub.kernel.db import Database
from hirehub.kernel.telemetry import get_logger
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.domain.indexes import OPERATORS, search_parameters
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import nearest, states
from hirehub.services.vectors.usecases.index import IndexState, report

NEIGHBOURS: Final = 10
_SECONDS = 120.0
_TOLERANCE = 1e-6

_log = get_logger(__name__)


@dataclass(frozen=True)
class Recall:
    """The share of true neighbours that the index found, over so many queries; `exact_only` when it is too low."""

    domain: str
    recall: float
    sampled: int
    exact_only: bool


async def check(db: Database, settings: VectorsSettings, domain: str) -> Recall | None:
    """Measures, and keeps what it found; None where there is no index, no vector, or no wish to measure."""
    measured = await measure(db, settings, domain)
    async with db.read() as tx:
        found = (await report(tx, settings, domain)).found
    definition = str(found) if found else None
    async with db.transaction() as tx:
        if measured is None:
            await states.set_unmeasured(tx, domain=domain, definition=definition)
        else:
            await states.set_measured(
                tx,
                domain=domain,
                recall=measured.recall,
                sampled=measured.sampled,
                exact_only=measured.exact_only,
                definition=definition,
            )
    if measured is not None and measured.exact_only:
        _log.warning(
            "recall_below_floor",
            domain=domain,
            recall=measured.recall,
            floor=settings.recall.floor,
            mend=f"hirehub vectors index build {domain}",
        )
    return measured


async def measure(db: Database, settings: VectorsSettings, domain: str) -> Recall | None:
    """Measures the recall of the present index, and keeps nothing."""
    described, index = by_name(domain), settings.of(domain).index
    operator = OPERATORS[index.metric]
    async with db.read(statement_timeout=_SECONDS, snapshot=True) as tx:
        if settings.recall.sample == 0 or (await report(tx, settings, domain)).state is not IndexState.SOUND:
            return None
        ids = await nearest.sample_ids(tx, described, settings.recall.sample)
        shares = []
        for entity in ids:
            await tx.set_local({**search_parameters(index), **nearest.THROUGH_INDEX})
            found = await nearest.nearest_distances(tx, described, of=entity, operator=operator, limit=NEIGHBOURS)
            await tx.set_local(nearest.EXACT)
            true = await nearest.nearest_distances(tx, described, of=entity, operator=operator, limit=NEIGHBOURS)
            shares.append(share_found(found, true))
    if not shares:
        return None
    recall = sum(shares) / len(shares)
    return Recall(domain, recall, len(shares), recall < settings.recall.floor)


def share_found(found: Sequence[float], true: Sequence[float]) -> float:
    """The share of the true neighbours' places that are filled by something as near; 1 where there is no neighbour."""
    if not true:
        return 1.0
    limit = true[-1] + _TOLERANCE * max(1.0, abs(true[-1]))
    return min(1.0, sum(distance <= limit for distance in found) / len(true))
