"""Works on posts and resumes that wait to be matched.

Whoever works one holds its row until everything is stored and told in one transaction: killed in between, somebody
else works it again, and the numbers are the same.
"""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, cast
from uuid import UUID

from hirehub.contracts.job import JobTexts
from hirehub.contracts.resume import ResumeTexts
from hirehub.kernel.background import drained, foreseen
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.errors import HirehubError, Kind
from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.handlers import FRESH, MATCHING
from hirehub.services.ai.matching import scores, telling
from hirehub.services.ai.matching.embedding import Vectors
from hirehub.services.ai.matching.rules import rules, weights_of
from hirehub.services.ai.module import MODULE
from hirehub.services.ai.profiles import posts, resumes
from hirehub.services.ai.profiles.values import Bounds, Facts, Other, Profile, Source, from_json, to_json
from hirehub.services.ai.scoring.model import Language
from hirehub.services.ai.scoring.versions import digest
from hirehub.services.ai.settings import MatchingSettings
from hirehub.services.ai.store import fresh, match_work, profiles, tasks
from hirehub.services.ai.store.match_work import Waiting
from hirehub.services.ai.store.profiles import Row
from hirehub.services.ai.store.tasks import Step

_OTHER: Final[dict[Source, Source]] = {"job": "resume", "resume": "job"}
_PASSING: Final = (Kind.UNAVAILABLE, Kind.BUSY)
_LONGEST: Final = 300.0
"""Seconds between two attempts at most."""
_DOUBLED: Final = 20
_CACHED: Final = 2_048
"""Facts that stay in memory, read."""

_log = get_logger(__name__)


class Matcher:
    """Matches posts and resumes one after the other; several of it share the work."""

    def __init__(
        self, db: Database, jobs: JobTexts, texts: ResumeTexts, vectors: Vectors, settings: MatchingSettings
    ) -> None:
        self._db, self._jobs, self._texts, self._vectors, self._settings = db, jobs, texts, vectors, settings
        self._weights = weights_of(settings)
        self._rules = rules(self._weights)
        self._bounds = Bounds(settings.candidates, settings.told)

    async def run(self) -> None:
        """Works until cancelled."""
        news = asyncio.Event()
        end = self._db.ring(MATCHING, news.set)
        try:
            await drained(self.work_one, news=news, seconds=self._settings.poll, name="ai.matching")
        finally:
            end()

    async def work_one(self) -> bool:
        """Works one that is due; False where none is."""
        async with self._db.transaction() as tx:
            waiting = await match_work.claim(tx)
            if waiting is None:
                return False
            try:
                async with tx.savepoint():
                    work = self._pairs if waiting.profiled else self._read
                    is_done, steps = await work(tx, waiting)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this one's alone
                await self._failed(tx, waiting, foreseen(error, name="ai.matching"))
                return True
            await (match_work.done if is_done else match_work.profiled)(tx, waiting)
            await tasks.log(tx, waiting.source_type, waiting.source_id, steps)
        return True

    async def _failed(self, tx: Transaction, waiting: Waiting, error: HirehubError) -> None:
        """Tries again later. After so many times it is logged as failed, and given up unless somebody does not answer:
        who is back then finds it waiting.
        """
        attempts = waiting.attempts + 1
        if attempts == self._settings.attempts:
            await tasks.log(tx, waiting.source_type, waiting.source_id, [Step("matching", 0, {}, error.code)])
        if attempts >= self._settings.attempts and error.kind not in _PASSING:
            await profiles.put_rules(tx, waiting.source_type, waiting.source_id, self._rules)  # else asked each hour
            await match_work.done(tx, waiting)
            return
        _log.warning("match_put_off", code=error.code, attempts=attempts)
        seconds = self._settings.backoff * 2 ** min(waiting.attempts, _DOUBLED)
        await match_work.put_off(tx, waiting, min(seconds, _LONGEST))

    async def _read(self, tx: Transaction, waiting: Waiting) -> tuple[bool, list[Step]]:
        """Keeps what is known of it now. The pairs come after the commit: of a post and a resume that are read at once
        one is then sure to find the other.
        """
        source = waiting.source_type
        own = await self._profile(source, waiting.source_id)
        if own is None:
            await self._withdraw(tx, source, waiting.source_id)
            return True, []
        before = await profiles.kept(tx, source, own.id)
        if before is not None and before.version > own.version:
            return True, []
        facts_hash, text_hash = digest(own.facts), hashlib.sha256(own.text.encode()).hexdigest()
        hashes = {"facts_hash": facts_hash, "text_hash": text_hash, "rules": self._rules}
        await profiles.put(tx, source, own, facts=to_json(own.facts), **hashes)
        steps = await self._vectors.keep(tx, source, own, before, text_hash)
        await fresh.ask(tx, source, own.id)
        tx.announce(FRESH)
        if before is None or not before.is_open:
            return False, steps
        made_by = {"facts_hash": before.facts_hash, "text_hash": before.text_hash, "rules": before.rules}
        return made_by == hashes, steps

    async def _profile(self, source: Source, source_id: UUID) -> Profile | None:
        """What its service says of it now; None for a post that is not open and a resume that is not ready."""
        if source == "job":
            post = await self._jobs.whole(source_id)
            if post is None or post.status != "open":
                return None
            return await asyncio.to_thread(posts.post_profile, post)
        resume = await self._texts.whole(source_id)
        if resume is None:
            return None
        return await asyncio.to_thread(resumes.resume_profile, resume, today=datetime.now(UTC).date())

    async def _withdraw(self, tx: Transaction, source: Source, source_id: UUID) -> None:
        """A post that is closed is no candidate any more; a resume that is gone is forgotten."""
        if source == "resume":
            await profiles.forget(tx, source, [source_id])
        elif (before := await profiles.kept(tx, source, source_id)) is not None:
            await profiles.close(tx, source_id, before.version)

    async def _pairs(self, tx: Transaction, waiting: Waiting) -> tuple[bool, list[Step]]:
        """Finds candidates, scores them and tells the best."""
        began = time.perf_counter()
        source, other = waiting.source_type, _OTHER[waiting.source_type]
        found = await profiles.own(tx, source, waiting.source_id)
        if found is None:
            return True, []
        own = (await _loaded(tx, source, [found[0]]))[0]
        known = await profiles.paired(tx, source, own.id)
        candidates = await self._candidates(tx, source, own.id, found[1])
        others = await _loaded(tx, other, await profiles.rows(tx, other, [*dict.fromkeys([*known, *candidates])]))
        sought = time.perf_counter()
        facts, said = await asyncio.to_thread(self._scored, own, others, known)
        scored = time.perf_counter()
        await publish(tx, facts)
        await profiles.pair(tx, source, own.id, said)
        millis = {"search_ms": round((sought - began) * 1000), "score_ms": round((scored - sought) * 1000)}
        counts = {"candidates": len(others), "told": len(facts)}
        return True, [Step("matching", round((time.perf_counter() - began) * 1000), {**counts, **millis})]

    def _scored(
        self, own: Other, others: Sequence[Other], known: dict[UUID, str]
    ) -> tuple[list[Fact], dict[UUID, str]]:
        """What is told of the candidates, and the numbers of each; takes up to seconds."""
        told = scores.best(own, others, self._weights, bounds=self._bounds, known=known)
        at = datetime.now(UTC)
        facts = [
            Fact.of(telling.calculated(own, candidate, match, self._weights, at), source=MODULE.name)
            for candidate, match in told
        ]
        return facts, {candidate.id: scores.said(match) for candidate, match in told}

    async def _candidates(self, tx: Transaction, source: Source, own_id: UUID, skills: dict[str, int]) -> list[UUID]:
        """Those of the other side that are near by their vectors, and those that name the same skills."""
        other, most = _OTHER[source], self._bounds.candidates
        found = await profiles.by_skill(tx, other, skills, most=most)
        if (vector := await profiles.vector(tx, source, own_id)) is not None:
            found += await profiles.nearest(tx, other, model=vector[0], vector=vector[1], most=most)
        return found


async def _loaded(tx: Transaction, source: Source, rows: Sequence[Row]) -> list[Other]:
    """Posts or resumes with their facts."""
    hashes = [row.facts_hash for row in rows]
    known = _READ.known(hashes)
    texts = await profiles.facts(tx, [one for one in hashes if one not in known])
    known |= _READ.keep({one: from_json(source, text) for one, text in texts.items()})
    return [
        Other(row.id, row.owner_id, row.version, cast("Language", row.language), known[row.facts_hash], row.title)
        for row in rows
        if row.facts_hash in known
    ]


class _Read:
    """Facts that were read before, by their hash, the latest ones; what a hash stands for never changes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._facts: dict[str, Facts] = {}

    def known(self, hashes: Sequence[str]) -> dict[str, Facts]:
        """Those that are here; the caller's own, whoever else pushes them out."""
        return {one: self._facts[one] for one in hashes if one in self._facts}

    def keep(self, facts: dict[str, Facts]) -> dict[str, Facts]:
        """Keeps them, in the place of the oldest."""
        self._facts |= facts
        for one in list(self._facts)[: max(0, len(self._facts) - self._most)]:
            del self._facts[one]
        return facts


_READ: Final = _Read(_CACHED)
