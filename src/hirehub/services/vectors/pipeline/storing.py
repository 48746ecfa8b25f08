"""Stores a group of rows within its caller's transaction, and tells the fate of each.

New rows beyond the greatest id are copied straight in. Anything else goes through a staging table and is merged there
set by set. What PostgreSQL refuses is halved until the bad row stands alone; it becomes a dead letter, the others stay.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg

from hirehub.kernel.db import Transaction
from hirehub.kernel.errors import Conflict
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.domain.deadletters import DeadLetter
from hirehub.services.vectors.pipeline.computing import compute
from hirehub.services.vectors.pipeline.copybuffers import embedding_copy, metadata_copy, stage_copy
from hirehub.services.vectors.pipeline.faults import reach
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.letters import database_letter
from hirehub.services.vectors.pipeline.rules import LEAST_MICROS
from hirehub.services.vectors.store import rows, states, withdrawn

_ABOUT_ROWS: Final = ("22", "23", "44", "54", "P0")
"""SQLSTATE classes of errors that lie in a row: data, constraints, views' checks, limits, what triggers raise."""
_ROUNDS: Final = 5
_MESSAGE_CHARS: Final = 300


class DimensionChanged(Conflict):
    """The vector column was given another dimension while rows came in."""

    code = "dimension_changed"


class RowsUnsettled(Conflict):
    """Others add and remove the same rows faster than they can be merged."""

    code = "rows_unsettled"


@dataclass(frozen=True)
class Outcome:
    """What became of a group."""

    counts: Counts
    letters: tuple[DeadLetter, ...]
    """Of the rows found bad when they were read, and of those that PostgreSQL refused."""
    copied: bool
    """Whether the rows were copied straight in."""


@dataclass(frozen=True)
class _Part:
    """The fate of some rows: how many stored, and the refused ones; all others were older or equal."""

    stored: int
    refused: tuple[DeadLetter, ...] = ()

    def __add__(self, other: "_Part") -> "_Part":
        return _Part(self.stored + other.stored, self.refused + other.refused)


async def store_group(tx: Transaction, group: Group, *, fast: bool = False) -> Outcome:
    """Stores the sound rows of a group; `fast` says that all their ids seem to be new.

    The dead letters are returned, not written. Raises DimensionChanged where the column takes other vectors by now.
    """
    settled = group.settled()
    kept, dead = await _not_withdrawn(tx, settled)
    copied = fast and len(kept) > 0 and await _copied(tx, kept)
    part = _Part(len(kept)) if copied else await _merged(tx, kept)
    reach("after_store")
    letters = dead + part.refused
    causes: dict[str, int] = {}
    for letter in letters:
        causes[letter.cause.value] = causes.get(letter.cause.value, 0) + 1
    skipped = settled.received - part.stored - len(letters)
    return Outcome(Counts.of(stored=part.stored, skipped=skipped, causes=causes), letters, copied)


async def _not_withdrawn(tx: Transaction, group: Group) -> tuple[Group, tuple[DeadLetter, ...]]:
    """The sound rows and the dead letters but those of ids that were withdrawn: they are passed over, and not kept."""
    dead, domain = tuple(placed.letter for placed in group.dead), group.rules.domain
    if not await withdrawn.stay(tx, domain):
        return group, dead
    ids = [UUID(bytes=one) for one in group.ids]
    known = [letter.entity_id for letter in dead if letter.entity_id is not None]
    gone = await withdrawn.among(tx, domain, [*ids, *known])
    if not gone:
        return group, dead
    last = [gone.get(one, LEAST_MICROS - 1) for one in ids]
    places = [at for at, upto in enumerate(last) if upto is not None and group.micros[at] > upto]
    for_good = {one for one, upto in gone.items() if upto is None}
    return group.take(places), tuple(letter for letter in dead if letter.entity_id not in for_good)


async def _copied(tx: Transaction, group: Group) -> bool:
    """Copies new rows straight into both tables; False, with nothing changed, where that cannot be."""
    domain = group.rules.domain
    metadata, embedding = await compute(lambda: (metadata_copy(group), embedding_copy(group)))
    try:
        async with tx.savepoint():
            await rows.copy_metadata(tx, domain, (metadata,))
            reach("after_metadata")
            await rows.copy_embedding(tx, domain, embedding)
    except psycopg.Error as error:
        if not _about_rows(error):
            raise
        return False
    return True


async def _merged(tx: Transaction, group: Group) -> _Part:
    """Merges rows; where PostgreSQL refuses them, each half by itself, down to the row that is bad."""
    if not len(group):
        return _Part(0)
    try:
        async with tx.savepoint():
            return _Part(await _merge(tx, group))
    except psycopg.Error as error:
        if not _about_rows(error):
            raise
        await _require_dimension(tx, group)
        if len(group) == 1:
            told = _told(error)
            return _Part(0, (database_letter(group.rules, group.wire(0), told, group.arrival),))
    half = len(group) // 2
    return await _merged(tx, group.part(slice(0, half))) + await _merged(tx, group.part(slice(half, None)))


async def _merge(tx: Transaction, group: Group) -> int:
    """Stores those rows that are new or win; gives their number."""
    domain = group.rules.domain
    await rows.stage(tx, domain, (await compute(lambda: stage_copy(group)),))
    compared = await rows.compare(tx, domain)
    stored = 0
    for _ in range(_ROUNDS):
        written: list[UUID] = []
        added = await rows.insert(tx, domain, compared.new) if compared.new else []
        reach("after_metadata")
        written += added
        if compared.changed:
            written += await rows.update(tx, domain, compared.changed)
        if written:
            await rows.store_vectors(tx, domain, written)
        stored += len(written)
        taken = set(compared.new).difference(added)
        if not taken:
            return stored
        compared = await rows.compare(tx, domain, sorted(taken))
    raise RowsUnsettled("Other loads keep adding and removing the same rows.", hint="Try again when they have ended.")


def _about_rows(error: psycopg.Error) -> bool:
    """Whether an error lies in a row, so that the other rows may pass."""
    return (error.sqlstate or "").startswith(_ABOUT_ROWS)


def _told(error: psycopg.Error) -> str:
    """What PostgreSQL said, without the DETAIL, which quotes values."""
    primary = (error.diag.message_primary or type(error).__name__).replace("\0", "")
    return f"PostgreSQL refused the row ({error.sqlstate}): {primary[:_MESSAGE_CHARS]}"


async def _require_dimension(tx: Transaction, group: Group) -> None:
    """Tells a changed column from bad rows: with another dimension every row would die for no fault of its own."""
    actual = await states.column_dimension(tx, group.rules.domain)
    if actual != group.rules.dimension:
        name = group.rules.domain.name
        raise DimensionChanged(
            f"The {name} vectors have {actual} floats in the database by now, and {group.rules.dimension} came in.",
            hint=f"See: hirehub vectors dimension show {name}",
        )
