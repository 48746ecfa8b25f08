"""What is written beside the rows, in their transaction: dead letters, the run's counts, the checkpoint, news owed.

All of it commits with the rows or not at all. So after a kill the counts and the checkpoint are those of the rows, and
the schedule still tells the API servers that their answers went stale.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from hirehub.kernel.db import Transaction
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.domain.deadletters import WIRE, DeadLetter
from hirehub.services.vectors.domain.domains import Domain
from hirehub.services.vectors.pipeline.faults import reach
from hirehub.services.vectors.pipeline.group import Group
from hirehub.services.vectors.pipeline.storing import Outcome
from hirehub.services.vectors.store import checkpoint, notices, runs
from hirehub.services.vectors.store.dead import put_dead_letters

_NEWS_SECONDS: Final = 60.0
"""Seconds without another stored group, or an end of the run, after which the schedule tells what is owed."""
_LETTER_BYTES: Final = 4_194_304
"""Bytes of dead letters that one statement carries."""


class Ledger:
    """The books of one run. `moves`: the checkpoint follows the rows (a pull in order)."""

    def __init__(
        self, run_id: UUID, token: UUID | None, domain: Domain, *, moves: bool, targets: Sequence[str]
    ) -> None:
        """`targets` are the API servers that will have to be told."""
        self._run_id = run_id
        self._token = token
        self._domain = domain
        self._moves = moves
        self._targets = targets

    async def seal(self, tx: Transaction, group: Group, outcome: Outcome) -> None:
        """The last writes of a group. Raises LeaseLost where this run may not write any more."""
        for letters in _slices(outcome.letters):
            await put_dead_letters(tx, self._run_id, letters)
        reach("after_dead_letters")
        position = group.position if self._moves else None
        await self.move(tx, outcome.counts, UUID(bytes=position) if position else None)
        if outcome.counts.stored:
            await notices.owe(tx, domain=self._domain.name, targets=self._targets, seconds=_NEWS_SECONDS)

    async def counted(self, tx: Transaction) -> int:
        """Rows that this run has counted; waits for a seal that is being committed."""
        return await runs.received(tx, self._run_id)

    async def move(self, tx: Transaction, counts: Counts, position: UUID | None) -> None:
        """Counts rows, and moves the checkpoint on to `position`."""
        await runs.add_progress(tx, self._run_id, self._token, counts, position)
        if position is not None:
            await checkpoint.move(tx, self._domain, position)
        reach("after_checkpoint")


def _slices(letters: Sequence[DeadLetter]) -> Iterator[list[DeadLetter]]:
    """The letters in portions, so that a statement stays small however large the rows are."""
    portion: list[DeadLetter] = []
    size = 0
    for letter in letters:
        portion.append(letter)
        size += len(str(letter.payload.get(WIRE, "")))
        if size >= _LETTER_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
