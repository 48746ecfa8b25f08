"""Sends vectors of open posts and ready resumes to `vectors`, in batches, for as long as it takes.

What waits stands in a table and is written with the vector. Nothing is locked while rows are on their way: what is
asked for meanwhile is sent after them. Killed in between, the same rows are sent again, which changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from hirehub.contracts.vectors import CANDIDATE, RECRUIT, Wanted
from hirehub.kernel.background import heard
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.fresh import FreshRow, FreshRows
from hirehub.services.ai.handlers import FRESH
from hirehub.services.ai.profiles.posts import skill_weight
from hirehub.services.ai.profiles.values import Source
from hirehub.services.ai.scoring.model import PostFacts
from hirehub.services.ai.scoring.views import covered
from hirehub.services.ai.settings import FreshSettings
from hirehub.services.ai.skills.taxonomy import load_taxonomy
from hirehub.services.ai.store import fresh
from hirehub.services.ai.store.fresh import Vectored

DOMAINS: Final[Mapping[Source, str]] = {"job": RECRUIT, "resume": CANDIDATE}
NAMELESS: Final = "-"
"""In the place of a company's or a person's name, which is not known here; a row without any is refused."""
_LENT_SECONDS: Final = 120.0
"""Longer than an upload takes; after a kill rows wait so long."""
_MONTHS: Final = 12

_log = get_logger(__name__)


class FreshSender:
    """Sends what waits; several of it share the work."""

    def __init__(self, db: Database, rows: FreshRows, wanted: Mapping[str, Wanted], settings: FreshSettings) -> None:
        self._db, self._rows, self._wanted, self._settings = db, rows, wanted, settings

    async def run(self, begin: Callable[[], Awaitable[None]] | None = None) -> None:
        """Sends until cancelled; what `begin` waits for comes first."""
        if begin is not None:
            await begin()
        news = asyncio.Event()
        end = self._db.ring(FRESH, news.set)
        try:
            await self._tell_others()
            await self._send_all(news)
        finally:
            end()

    async def _send_all(self, news: asyncio.Event) -> None:
        failures = 0
        while True:
            news.clear()
            try:
                while await self.send_some():
                    failures = 0
                await heard(news, self._settings.poll)
                await asyncio.sleep(self._settings.gather)
            except HirehubError as error:
                _log.warning("fresh_vectors_wait", code=error.code)
                await asyncio.sleep(min(self._settings.backoff_limit, self._settings.backoff * 2**failures))
                failures = min(failures + 1, 30)

    async def send_some(self) -> bool:
        """Sends a batch of each kind; False where nothing waits. A HirehubError where nobody takes it."""
        sent = [await self._send(source) for source in DOMAINS]
        return any(sent)

    async def _send(self, source: Source) -> bool:
        """Sends a batch: as it is now, and no post that has been closed since."""
        domain = DOMAINS[source]
        wanted = self._wanted[domain]
        async with self._db.transaction() as tx:
            lent = await fresh.lend(tx, source, wanted, most=self._settings.batch, seconds=_LENT_SECONDS)
            found = await fresh.rows(tx, source, list(lent), wanted)
        try:
            if found:
                told = await self._rows.send(domain, [_row(one) for one in found])
                if told.refused:
                    _log.warning("fresh_vectors_refused", domain=domain, rows=told.refused)
        except BaseException:
            async with self._db.transaction() as tx:
                await fresh.give_back(tx, list(lent.values()))
            raise
        async with self._db.transaction() as tx:
            await fresh.done(tx, list(lent.values()))
        return bool(lent)

    async def _tell_others(self) -> None:
        """Tells of vectors that wait for good, unless the model is changed."""
        for source, domain in DOMAINS.items():
            wanted = self._wanted[domain]
            async with self._db.transaction() as tx:
                number = await fresh.others(tx, source, wanted)
            if number:
                _log.warning("fresh_vectors_of_another_model", domain=domain, rows=number, wanted=wanted.model)


def _row(one: Vectored) -> FreshRow:
    """What `vectors` keeps of it beside the vector: skills and years, nothing of a person or a company."""
    if isinstance(one.facts, PostFacts):
        return FreshRow(one.id, one.vector, one.at, _post_columns(one.facts))
    skills = [skill.name for skill in one.facts.skills]
    years = (covered(one.facts.jobs) or one.facts.stated_months or 0) // _MONTHS
    return FreshRow(one.id, one.vector, one.at, {"name": NAMELESS, "skills": skills, "experience_years": years})


def _post_columns(facts: PostFacts) -> dict[str, object]:
    taxonomy = load_taxonomy()
    heaviest = max(facts.skills, key=lambda skill: skill_weight(skill, taxonomy), default=None)
    return {
        "company_name": NAMELESS,
        "exp_years": facts.years.least if facts.years else 0,
        "primary_keyword": heaviest.name if heaviest else None,
    }
