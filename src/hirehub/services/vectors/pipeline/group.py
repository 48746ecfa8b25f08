"""Rows on their way into the tables, in columns: what one transaction stores.

Vectors are one array and never become Python numbers. Sound rows stand in order of arrival beside the dead letters
found among them; each dead letter knows how many sound rows came before it, so that a cut falls at the same place for
both and no row is counted on two sides of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from hirehub.services.vectors.domain.deadletters import DeadLetter
from hirehub.services.vectors.pipeline.rules import Floats, Rules


class Placed(NamedTuple):
    """A dead letter, and how many sound rows of its group came before it."""

    place: int
    letter: DeadLetter


@dataclass(frozen=True, eq=False)
class Group:
    """Sound rows in columns, and dead letters."""

    rules: Rules
    ids: list[bytes]
    """16 bytes each."""
    micros: npt.NDArray[np.int64]
    """updated_at, microseconds since 1970: as told, or else the time of arrival."""
    told: npt.NDArray[np.bool_]
    """Whether the row told its updated_at."""
    columns: tuple[list[Any], ...]
    """A list for each column of the domain, in its order."""
    vectors: Floats
    """(rows, dimension)."""
    arrival: int
    """Microseconds since 1970 at which the first of it came."""
    size: int = 0
    """Bytes on the wire."""
    dead: tuple[Placed, ...] = ()
    superseded: int = 0
    """Rows left out because another of the same id in the same group is newer."""

    def __len__(self) -> int:
        """Sound rows."""
        return len(self.ids)

    @property
    def received(self) -> int:
        """All rows that came."""
        return len(self.ids) + len(self.dead) + self.superseded

    @property
    def position(self) -> bytes | None:
        """The greatest sound id, dead rows included; None where no row has one."""
        entities = [placed.letter.entity_id.bytes for placed in self.dead if placed.letter.entity_id is not None]
        return max((*entities, *((max(self.ids),) if self.ids else ())), default=None)

    def sequence(self) -> Sequence[bytes]:
        """All sound ids, dead rows included, in order of arrival."""
        if not self.dead:
            return self.ids
        merged: list[bytes] = []
        done = 0
        for place, letter in self.dead:
            merged += self.ids[done:place]
            done = place
            if letter.entity_id is not None:
                merged.append(letter.entity_id.bytes)
        return merged + self.ids[done:]

    def split(self, at: int) -> tuple["Group", "Group"]:
        """The first `at` sound rows with the dead letters among them and right after them, and the rest."""
        size = self.size * at // max(1, len(self))
        first = replace(
            self.part(slice(0, at)), size=size, dead=tuple(placed for placed in self.dead if placed.place <= at)
        )
        rest = tuple(Placed(place - at, letter) for place, letter in self.dead if place > at)
        return first, replace(self.part(slice(at, None)), size=self.size - size, dead=rest)

    def part(self, rows: slice) -> "Group":
        """Some of the sound rows, without dead letters; vectors are shared, not copied."""
        return replace(
            self,
            ids=self.ids[rows],
            micros=self.micros[rows],
            told=self.told[rows],
            columns=tuple(column[rows] for column in self.columns),
            vectors=self.vectors[rows],
            dead=(),
            superseded=0,
        )

    def take(self, rows: Sequence[int]) -> "Group":
        """The sound rows at the given places, in that order, without dead letters."""
        return replace(
            self,
            ids=[self.ids[at] for at in rows],
            micros=self.micros[rows],
            told=self.told[rows],
            columns=tuple([column[at] for at in rows] for column in self.columns),
            vectors=self.vectors[rows],
            dead=(),
            superseded=0,
        )

    def settled(self) -> "Group":
        """One row an id, the newest (of equally new ones the later), in order of id: as it is stored.

        Rows in one order can be written by several transactions at once without waiting for each other in a circle.
        """
        ids = self.ids
        if all(map(bytes.__lt__, ids, ids[1:])):
            return self
        best: dict[bytes, int] = {}
        for place, (entity, micros) in enumerate(zip(ids, self.micros.tolist(), strict=True)):
            held = best.get(entity)
            if held is None or micros >= self.micros[held]:
                best[entity] = place
        kept = self.take([best[entity] for entity in sorted(best)])
        return replace(kept, dead=self.dead, superseded=self.superseded + len(ids) - len(kept))

    def wire(self, at: int) -> bytes:
        """The row at a place as it would be sent, for a dead letter (fields that the contract lacks are gone)."""
        row = self.rules.message(
            id=str(UUID(bytes=self.ids[at])),
            vector=self.vectors[at].tobytes(),
            updated_at_micros=int(self.micros[at]) if self.told[at] else 0,
        )
        for column, values in zip(self.rules.domain.columns, self.columns, strict=True):
            if column.kind == "text[]":
                getattr(row, column.name).extend(values[at])
            elif values[at] is not None:
                setattr(row, column.name, values[at])
        return row.SerializeToString(deterministic=True)


def join(groups: Sequence[Group]) -> Group:
    """Groups of one domain as one, in their order."""
    if len(groups) == 1:
        return groups[0]
    first = groups[0]
    dead: list[Placed] = []
    before = 0
    for group in groups:
        dead += [Placed(before + place, letter) for place, letter in group.dead]
        before += len(group)
    return replace(
        first,
        ids=[entity for group in groups for entity in group.ids],
        micros=np.concatenate([group.micros for group in groups]),
        told=np.concatenate([group.told for group in groups]),
        columns=tuple([value for group in groups for value in group.columns[at]] for at in range(len(first.columns))),
        vectors=np.concatenate([group.vectors for group in groups]),
        size=sum(group.size for group in groups),
        dead=tuple(dead),
        superseded=sum(group.superseded for group in groups),
    )
