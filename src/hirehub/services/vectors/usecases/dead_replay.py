"""Replays dead letters: rows that are sound by now are stored, and their letters removed, in one transaction.

Letters are locked while they are replayed, so that of two replays at once each takes its own; one that is gone was
replayed before. A row that does not tell its updated_at counts as of its arrival, not as of now: whatever came since
is newer and stays. Each domain's replay is a run, with counts that add up.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.domain.deadletters import Cause, wire_of
from hirehub.services.vectors.domain.domains import DOMAINS
from hirehub.services.vectors.pipeline.decoding import decode_row
from hirehub.services.vectors.pipeline.group import Group, join
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.storing import store_group
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import letters, runs
from hirehub.services.vectors.store.letters import Filter, WholeLetter
from hirehub.services.vectors.usecases.after import finish_load
from hirehub.services.vectors.usecases.dead import sound
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from hirehub.services.vectors.usecases.runs import RunSession, open_run

LETTERS_PER_WRITE: Final = 500
BY_HAND: Final = "dead letters"
BY_SCHEDULE: Final = "dead letters, by schedule"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Told = Callable[[Counts, int], None]
"""Is told the counts so far, and how many letters were to be replayed."""


@dataclass(frozen=True)
class ReplayReport:
    """A replay of one domain's letters."""

    run_id: UUID
    domain: str
    letters: int
    """Letters that were meant; those that others replayed meanwhile are not counted as received."""
    counts: Counts


@dataclass
class _Sorted:
    """Letters by what reading them again has shown."""

    sound: list[tuple[WholeLetter, Group]] = field(default_factory=list)
    bad: list[tuple[WholeLetter, Cause, str, int | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Replayer:
    """What a replay needs; `invalidator` is the process's own where it has one."""

    db: Database
    settings: VectorsSettings
    kernel: Settings
    invalidator: CacheInvalidator | None = None
    progress: Told | None = None

    async def replay(self, meant: Filter) -> list[ReplayReport]:
        """Replays the letters that are meant, domain by domain; a domain without any has no run."""
        reports = []
        for domain in DOMAINS if sound(meant).domain is None else (str(meant.domain),):
            async with self.db.read() as tx:
                ids = await letters.ids(tx, _within(meant, domain))
            if ids:
                reports.append(await self._run(domain, ids, BY_HAND))
        return reports

    async def replay_what_may_pass(self) -> list[ReplayReport]:
        """Replays what a change since may have mended; each letter is tried so a bounded number of times."""
        reports = []
        for domain in DOMAINS:
            async with self.db.read() as tx:
                ids = await letters.ids_that_may_pass(
                    tx,
                    domain=domain,
                    dimension=self.settings.of(domain).dimension,
                    levels=self.settings.english_levels,
                    attempts=self.settings.dead.attempts,
                )
            if ids:
                reports.append(await self._run(domain, ids, BY_SCHEDULE))
        return reports

    async def _run(self, domain: str, ids: Sequence[int], source: str) -> ReplayReport:
        rules, counts = Rules.of(self.settings, domain), Counts()
        options = {"letters": len(ids)}
        async with open_run(
            self.db, self.settings, domain=domain, kind="replay", source=source, options=options
        ) as run:
            async with run.step("receive"):
                for some in _portions(ids):
                    run.check()
                    async with self.db.transaction() as tx:
                        counts += await _replay(tx, run, rules, some)
                    if self.progress is not None:
                        self.progress(counts, len(ids))
            await finish_load(
                run,
                db=self.db,
                kernel=self.kernel,
                settings=self.settings,
                stored=counts.stored,
                invalidator=self.invalidator,
            )
        return ReplayReport(run.id, domain, len(ids), counts)


async def _replay(tx: Transaction, run: RunSession, rules: Rules, ids: Sequence[int]) -> Counts:
    """Gives each of some letters its fate, and counts it, in the caller's transaction."""
    held = await letters.lock(tx, ids)
    read = await asyncio.to_thread(_read, rules, held)
    counts = Counts()
    for wave in _waves(read.sound):
        counts += await _store(tx, wave)
    for whole, cause, message, dimension in read.bad:
        await letters.failed_again(tx, whole.letter.id, cause=cause, message=message, dimension=dimension)
        counts += Counts.of(causes={str(cause): 1})
    if counts.received:
        await runs.add_progress(tx, run.id, None, counts, None)
    return counts


async def _store(tx: Transaction, wave: Sequence[tuple[WholeLetter, Group]]) -> Counts:
    """Stores sound rows of different ids; what the database refuses stays a letter, all others go."""
    outcome = await store_group(tx, join([group for _, group in wave]))
    refused = {letter.entity_id: letter for letter in outcome.letters}
    done = []
    for whole, group in wave:
        again = refused.get(UUID(bytes=group.ids[0]))
        if again is None:
            done.append(whole.letter.id)
        else:
            await letters.failed_again(
                tx, whole.letter.id, cause=again.cause, message=again.message, dimension=again.dimension
            )
    await letters.remove(tx, done)
    return outcome.counts


def _read(rules: Rules, held: Sequence[WholeLetter]) -> _Sorted:
    """Judges the rows as if they were fresh, in order of arrival."""
    found = _Sorted()
    for whole in sorted(held, key=lambda whole: (whole.letter.arrived_at, whole.letter.id)):
        micros = (whole.letter.arrived_at - _EPOCH) // timedelta(microseconds=1)
        try:
            group = decode_row(rules, wire_of(whole.payload), arrival_micros=micros)
        except HirehubError as error:
            found.bad.append((whole, Cause(whole.letter.cause), error.message, whole.letter.dimension))
            continue
        if group.dead:
            again = group.dead[0].letter
            found.bad.append((whole, again.cause, again.message, again.dimension))
        else:
            found.sound.append((whole, group))
    return found


def _waves(rows: Sequence[tuple[WholeLetter, Group]]) -> Iterator[list[tuple[WholeLetter, Group]]]:
    """The rows in portions without two of one id, so that each fate belongs to one letter; earlier arrivals first."""
    waves: list[dict[bytes, tuple[WholeLetter, Group]]] = []
    for row in rows:
        entity = row[1].ids[0]
        for wave in waves:
            if entity not in wave:
                wave[entity] = row
                break
        else:
            waves.append({entity: row})
    for wave in waves:
        yield list(wave.values())


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), LETTERS_PER_WRITE):
        yield ids[start : start + LETTERS_PER_WRITE]


def _within(meant: Filter, domain: str) -> Filter:
    return Filter(meant.ids, domain, meant.cause, meant.run_id, meant.older_than, meant.newer_than)
