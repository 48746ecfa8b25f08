"""The states of all applications, derived from their histories and held against the rows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from hirehub.kernel.db import Database, ReadTransaction
from hirehub.services.apply.domain.states import BrokenHistory, Step, replayed
from hirehub.services.apply.store import applications, events


@dataclass(frozen=True)
class Difference:
    """An application whose row does not say what its history says; `history` is None for one that is broken."""

    application_id: UUID
    row: str
    history: str | None
    reason: str = ""
    mended: bool = False


@dataclass(frozen=True)
class Report:
    """How many applications were looked at, and which differ."""

    applications: int
    differences: tuple[Difference, ...]


async def rebuild(db: Database, *, mend: bool = False, most: int = 10_000) -> Report:
    """Derives every state, and names up to `most` differences; with `mend` sets those rows to what their history says.

    A history that is broken is told, and its row left alone. Mending tells nobody: the facts were told with the events.
    """
    count, found = 0, list[Difference]()
    async with db.read(statement_timeout=0) as tx:
        async for application_id, row, steps in _each(tx):
            count += 1
            difference = _compared(application_id, row, steps)
            if difference is not None and len(found) < most:
                found.append(difference)
    if mend:
        found = [await _mended(db, one) for one in found]
    return Report(count, tuple(found))


async def _each(tx: ReadTransaction) -> AsyncIterator[tuple[UUID, str, list[Step]]]:
    """Each application with its whole history."""
    current: tuple[UUID, str, list[Step]] | None = None
    async for application_id, row, step in events.histories(tx):
        if current is None or current[0] != application_id:
            if current is not None:
                yield current
            current = (application_id, row, [])
        if step is not None:
            current[2].append(step)
    if current is not None:
        yield current


def _compared(application_id: UUID, row: str, steps: list[Step]) -> Difference | None:
    try:
        history = replayed(steps)
    except BrokenHistory as error:
        return Difference(application_id, row, None, error.message)
    return None if history == row else Difference(application_id, row, history)


async def _mended(db: Database, difference: Difference) -> Difference:
    """Sets one row, as its history is now."""
    if difference.history is None:
        return difference
    async with db.transaction() as tx:
        await applications.lock(tx, [difference.application_id])
        history = replayed(await events.steps(tx, difference.application_id))
        await applications.move(tx, difference.application_id, history)
    return Difference(difference.application_id, difference.row, history, mended=True)
